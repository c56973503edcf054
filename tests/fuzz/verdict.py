"""What has to hold for any bytes whatever: the fuzzer's oracle."""

import io
import unicodedata
from datetime import UTC

import msgspec

from newswire import article as articles
from newswire.article import Source
from services.ingest.identify import Draft, draft
from services.ingest.readers import read
from services.ingest.readers.format import Context, Found, Limits
from services.ingest.readers.record import RawArticle

LIMITS = Limits(document=2 * 1024 * 1024, unpacked=32 * 1024 * 1024, members=1_000)

# Every few hundred bytes of an input may be a record; more come of a reader that goes in circles.
MOST_RECORDS = 400_000

_TEXTS = ("title", "body", "caption", "credit", "byline", "agency", "dateline", "language", "uri")
_SOURCE = Source(path="a", format="a", bytes=0, sha256="")


class Dribble:
    """A stream that gives fewer bytes than it is asked for, as decompressors and network mounts do."""

    def __init__(self, data: bytes, step: int) -> None:
        self._stream = io.BytesIO(data)
        self._step = step

    def read(self, size: int = -1, /) -> bytes:
        """See ``limits.Bytes``."""
        return self._stream.read() if size < 0 else self._stream.read(min(size, self._step))


def complaint(name: str, data: bytes, step: int | None = None) -> str | None:
    """What is wrong with what the readers make of ``data``; None where all is as it should be.

    With ``step`` the bytes are read again in pieces of that size, and have to give the
    same. Raises what the readers raise, which is a complaint too.
    """
    found = _found(io.BytesIO(data), name)
    for one in found:
        if told := _wrong(one):
            return told
    if step is not None and (again := _found(Dribble(data, step), name)) != found:
        at = next((n for n, pair in enumerate(zip(found, again, strict=False)) if pair[0] != pair[1]), None)
        return f"read in pieces of {step} it is something else, from record {at} of {len(found)} and {len(again)} on"
    return None


def _found(stream: io.BytesIO | Dribble, name: str) -> list[Found]:
    found = []
    for one in read(stream, Context(name, UTC, LIMITS)):
        found.append(one)
        if len(found) > MOST_RECORDS:
            break
    return found


def _wrong(found: Found) -> str | None:
    record = found.record
    if not isinstance(record, RawArticle):
        msgspec.msgpack.encode(record)
        if record.detail and "Traceback" in record.detail:
            return record.detail
        return None if record.message else "a refusal without a sentence"
    for field in _TEXTS:
        text = getattr(record, field)
        if text is None:
            continue
        if field != "uri" and not unicodedata.is_normalized("NFC", text):
            return f"{field} is not NFC: {text[:100]!r}"
        if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text):
            return f"{field} has control characters: {text[:100]!r}"
    if not record.body and record.pubstatus == "usable":
        return "an article without a text"
    if any(not 0 <= one.at < len(record.body) for one in record.subheads):
        return "a sub-heading of nothing"
    for instant in (record.published_at, record.updated_at, record.embargo):
        if instant is not None and instant.tzinfo is None:
            return f"an instant without a zone: {instant}"
    made = draft(record, _SOURCE)
    if isinstance(made, Draft):
        msgspec.msgpack.encode(made)
        if articles.decode(articles.encode(made.article)) != made.article:
            return "an article that is another one after the wire"
    return None
