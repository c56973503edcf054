"""Web archives (WARC 0.17 to 1.1): the pages that a crawler recorded, each a member read as the format it is in.

    WARC/1.1
    WARC-Type: response
    WARC-Target-URI: https://harbour.example/ferry-late
    Content-Type: application/http;msgtype=response
    Content-Length: 1234

    HTTP/1.1 200 OK …

Only pages and feeds that a server gave out with success are members. Requests,
metadata, redirects, pictures, scripts, and pages that were not stored again
(``revisit``) are passed over without a record. A compressed archive is a gzip file
around this one.
"""

import io
import re
from collections.abc import Iterator

from newswire.reasons import Reason
from services.ingest.readers import http
from services.ingest.readers.encoding import clean
from services.ingest.readers.format import Context, Head, Member
from services.ingest.readers.limits import Broken, Budget, Bytes
from services.ingest.readers.source import CHUNK, Source

RESPONSE, RESOURCE = "response", "resource"

# What may hold articles. Scripts' data, style sheets and robots.txt come as JSON and plain text, and hold none.
READ = frozenset(("text/html", "application/xhtml+xml", "application/rss+xml", "application/atom+xml"))

LONGEST_HEADERS = 64 * 1024  # bytes of a record
LONGEST_NAME = 1_000  # characters

BEGINNING = b"WARC/"
_LENGTH = re.compile(r"\d{1,15}")


def recognises(head: Head) -> bool:
    """By its first bytes."""
    return head.data.startswith(BEGINNING)


def members(stream: Bytes, context: Context) -> Iterator[Member]:
    """See ``format.Container``."""
    source = Source(stream)
    budget = context.budget or Budget(context.limits)
    limit = context.limits.document
    while head := _head(source):
        fields = http.headers(head)
        written = fields.get("content-length", "")
        if not _LENGTH.fullmatch(written):
            message = "One of its records does not say how long it is; what was read before stands. Record it again."
            raise Broken(Reason.BAD_FORMAT, message)
        block = _Block(source, int(written))
        if (member := _member(fields, block, limit, budget)) is not None:
            yield member
        block.finish()


def _head(source: Source) -> bytes:
    """The version and the headers of the next record; b"" at the end."""
    held = b""
    while data := source.read(CHUNK):
        held = (held + data).lstrip(b"\r\n")
        end = re.search(rb"\r?\n\r?\n", held)
        if held and not held.startswith(BEGINNING[: len(held)]):
            message = "Between its records stands something else; what was read before stands. Record it again."
            raise Broken(Reason.BAD_FORMAT, message)
        if end:
            source.put_back(held[end.end() :])
            return held[: end.start()]
        if len(held) > LONGEST_HEADERS:
            message = f"One of its records has more than {LONGEST_HEADERS:,} bytes of headers; record it again."
            raise Broken(Reason.BAD_FORMAT, message)
    if held:
        raise source.cut()
    return b""


def _member(fields: dict[str, str], block: "_Block", limit: int, budget: Budget) -> Member | None:
    """The page in a record; None where there is none."""
    type_, said = fields.get("warc-type", "").lower(), http.kind(fields.get("content-type"))
    uri = clean(fields.get("warc-target-uri", "").strip("<> "))[:LONGEST_NAME]
    if type_ == RESOURCE and said.name in READ:
        return Member(uri or "a page without address", io.BytesIO(block.upto(limit + 1)), uri or None, said.charset)
    if type_ != RESPONSE or not said.name.startswith("application/http"):
        return None
    start = block.upto(http.LONGEST_HEADERS)
    answer = http.answer(start)
    if answer is None or answer.status // 100 != 2 or answer.kind.name not in READ:
        return None
    packed = start[answer.size :] + block.upto(max(0, limit + 1 - len(start)))
    page = http.page(answer, packed, limit + 1)
    budget.unpacked(len(page))
    return Member(uri or "a page without address", io.BytesIO(page), uri or None, answer.kind.charset)


class _Block:
    """What a record holds."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self._left = size

    def upto(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer only at the end of the record."""
        size = min(size, self._left)
        self._left -= size
        return self._source.exactly(size) if size else b""

    def finish(self) -> None:
        """Pass over the rest."""
        self._source.skip(self._left)
        self._left = 0
