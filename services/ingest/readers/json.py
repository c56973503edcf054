"""Articles as JSON: one object, or a list of them of any length.

Every record stands for itself: a bad one is refused with its own bytes, the
others go on.
"""

import re
from collections.abc import Iterator
from itertools import chain

from newswire.reasons import Reason
from services.ingest.readers.encoding import BLANK
from services.ingest.readers.format import Bytes, Context, Head
from services.ingest.readers.jsonlist import elements
from services.ingest.readers.jsonrecord import records
from services.ingest.readers.ndjson import NAMES, is_object, lines
from services.ingest.readers.record import Record, Refused
from services.ingest.readers.source import Source
from services.ingest.readers.transcode import as_utf8

# So many things in a row that are no objects, and it is no list of articles.
MOST_STRAYS = 1_000

_BEGINNING = re.compile(r'\{\s*["}]|\[\s*[\[\]{"]|[\[{]\s*\Z')
_WIDE = (b"{\0", b"\0{", b"[\0", b"\0[")  # UTF-16 without a mark
_SPACE = b" \t\r\n"


def recognises(head: Head) -> bool:
    """By its beginning, else by its name: what is called JSON and is not is told so."""
    return bool(_BEGINNING.match(head.text)) or head.data.startswith(_WIDE) or head.name.endswith((".json", *NAMES))


def read(stream: Bytes, context: Context) -> Iterator[Record]:
    """See ``format.Stream``."""
    source = Source(as_utf8(stream))
    first = b""
    while not first and (data := source.read()):
        first = data.lstrip(_SPACE)
    source.put_back(first)
    match first[:1]:
        case b"":
            yield Refused(reason=Reason.EMPTY, message=BLANK)
        case b"[":
            yield from _list(source, context)
        case b"{":
            yield from _object(source, context)
        case _:
            message = "It is named as JSON and begins neither with { nor with [; correct its content or its name."
            yield Refused(reason=Reason.BAD_FORMAT, message=message)


def _object(source: Source, context: Context) -> Iterator[Record]:
    """One object, or objects a line, whose first was too long to be recognised by it."""
    most = context.limits.document
    data = source.upto(most + 1)
    first, _, rest = data.partition(b"\n")
    if rest.strip() and is_object(first):
        source.put_back(data)
        for line in lines(source, most):
            yield from [line] if isinstance(line, Refused) else records(line, context, alone=False)
    elif len(data) <= most:
        yield from records(data, context, alone=True)
    else:
        message = f"It has more than {most:,} bytes, which is the limit; split it or raise the limit."
        yield Refused(reason=Reason.TOO_LARGE, message=message)


def _list(source: Source, context: Context) -> Iterator[Record]:
    """The records of a list; what stands among them and is no object is refused as one with its neighbours."""
    strays: list[bytes] = []
    is_empty = True
    for element in chain(elements(source, context.limits.document), [None]):
        if isinstance(element, bytes) and not element.lstrip().startswith(b"{"):
            if is_empty or len(strays) == MOST_STRAYS:
                message = "It is a JSON list, but not of articles: each must be an object with a title and a body."
                yield Refused(reason=Reason.BAD_FORMAT, message=message)
                return
            strays.append(element.strip())
            continue
        if strays:
            yield _not_objects(strays)
            strays = []
        if isinstance(element, bytes):
            yield from records(element.strip(), context, alone=False)
        elif element is not None:
            yield element
        elif is_empty:
            yield Refused(reason=Reason.EMPTY, message="It is a list without articles; send it again when it has some.")
        is_empty = False


def _not_objects(strays: list[bytes]) -> Refused:
    what = "It is not a JSON object" if len(strays) == 1 else f"{len(strays):,} elements in a row are not JSON objects"
    message = f"{what} with a title and a body; see the formats in the documentation."
    return Refused(reason=Reason.BAD_FORMAT, message=message, original=b", ".join(strays))
