"""The records of a big XML file one by one, each as text, without a tree around them.

An export of a weblog has hundreds of megabytes and one stray ampersand; a feed is
put together by strangers. Cut out first and parsed one by one, every record stands
for itself: a broken one is refused alone, and none is held longer than it is read.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from services.ingest.readers.format import Bytes

# Large, because what was left of the last chunk is copied in front of the next.
CHUNK = 1024 * 1024  # bytes
# The longest start tag that is found where a chunk ends.
LONGEST_TAG = 4096  # characters

# These hide tags.
_CLOSES = {"<![CDATA[": "]]>", "<!--": "-->"}


class Piece(NamedTuple):
    """A record with its tags; between records ``name`` is "" and the text comes in as many pieces as it likes.

    ``fault`` says why the text of a record is not all of it: it has no end tag, is
    cut off by the end of the file, or is longer than the limit.
    """

    name: str
    text: str
    fault: str | None = None


UNENDED, CUT, TOO_LARGE = "unended", "cut", "too large"


def decoded(stream: Bytes, encoding: str) -> Iterator[str]:
    """The text of ``stream`` in chunks; bytes that are none of ``encoding`` stay, as lone surrogates."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding == "utf-8" else "replace")
    while data := stream.read(CHUNK):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def pieces(chunks: Iterator[str], names: tuple[str, ...], limit: int) -> Iterator[Piece]:
    """Cut the elements called ``names``, with any prefix, out of a text; at most ``limit`` characters of each.

    They do not lie inside one another: a start tag inside one ends it, with a fault.
    """
    cutter = _Cutter(names, limit)
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield from cutter.feed("", final=True)


class _Cutter:
    """Where the cutting is in the text: ``_text[_start:_scanned]`` is looked through and not handed on."""

    def __init__(self, names: tuple[str, ...], limit: int) -> None:
        alternatives = "|".join(map(re.escape, names))
        self._marks = re.compile(
            r"<!\[CDATA\[|<!--|"
            rf"<(?P<end>/)?(?:[\w.-]{{1,40}}:)?(?P<name>{alternatives})(?=[\s/>])[^<>]{{0,{LONGEST_TAG - 100}}}>"
        )
        self._limit = limit
        self._text = ""
        self._start = self._scanned = 0
        self._closes = ""  # what ends the section that hides tags, if in one
        self._name = ""  # of the record that begins at _start; "" between records
        self._dropping = False  # the rest of a record that was too large

    def feed(self, chunk: str, *, final: bool = False) -> Iterator[Piece]:
        """Go on with ``chunk``; what is left is kept for the next."""
        self._text = self._text[self._start :] + chunk
        self._scanned -= self._start
        self._start = 0
        while mark := self._next():
            yield from self._mark(mark)
        if final:
            yield from self._cut(len(self._text), CUT if self._name else None)
        elif not self._name or self._dropping or self._scanned > self._limit:
            yield from self._cut(self._scanned, TOO_LARGE if self._name else None)
            self._dropping = bool(self._name)

    def _next(self) -> re.Match[str] | None:
        """The next tag of a record, or beginning of a section, outside sections; None where the text ends first."""
        if self._closes:
            at = self._text.find(self._closes, self._scanned)
            if at < 0:
                self._scanned = max(self._scanned, len(self._text) - 2)
                return None
            self._scanned = at + len(self._closes)
            self._closes = ""
        mark = self._marks.search(self._text, self._scanned)
        if mark is None:
            self._scanned = max(self._scanned, len(self._text) - LONGEST_TAG)
        return mark

    def _mark(self, mark: re.Match[str]) -> Iterator[Piece]:
        self._scanned = mark.end()
        if mark["name"] is None:
            self._closes = _CLOSES[mark[0]]
        elif not mark["end"]:
            yield from self._cut(mark.start(), UNENDED if self._name else None)
            self._name = mark["name"]
            if mark[0].endswith("/>"):
                yield from self._cut(mark.end(), None)
        elif self._name == mark["name"]:
            yield from self._cut(mark.end(), None)

    def _cut(self, end: int, fault: str | None) -> Iterator[Piece]:
        """What stands before ``end``, as one piece; it is between records afterwards, or in the next."""
        text, name = self._text[self._start : end], self._name
        self._start = end
        dropped, self._dropping = self._dropping, False
        if fault != TOO_LARGE:
            self._name = ""
        if text and not dropped:
            is_too_large = name and len(text) > self._limit
            yield Piece(name, text[: self._limit], TOO_LARGE) if is_too_large else Piece(name, text, fault)
