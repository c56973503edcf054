"""The rows of a table (CSV, TSV) out of its bytes, each with what it was read from.

A bad row is refused alone, and one that is too large is not the end: what a quote
that is never closed has swallowed is looked through for the next row.
"""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import chain

from newswire.reasons import Reason
from services.ingest.readers.encoding import codec_of
from services.ingest.readers.format import Context
from services.ingest.readers.guess import SAMPLE, guess
from services.ingest.readers.record import Refused
from services.ingest.readers.source import Source

LONGEST_HEADER = 16 * 1024  # characters

# The library's own limit is one for the whole process; what bounds a row is ``Rows``.
csv.field_size_limit(2**31 - 1)


class _Dialect(csv.excel):
    strict = True  # an unclosed quote is told instead of swallowed


class Rows:
    """The rows of a table, and the bytes of the one that was read last."""

    def __init__(self, source: Source, context: Context) -> None:
        self._most = context.limits.document
        self._lines: Iterator[bytes] = _lines(source, self._most)
        self._charset = codec_of(context.charset)
        self._sample = source.upto(SAMPLE)
        source.put_back(self._sample)
        self._codec = "utf-8"
        self._is_guessed = False
        self._row: list[bytes] = []
        self._size = 0
        self._refused: Refused | None = None
        self._over: bytes | None = None

    @property
    def refused(self) -> Refused | None:
        """What is wrong where the first line has no end."""
        return self._too_large(goes_on=False) if self._over is not None else None

    @property
    def original(self) -> bytes:
        """What the last row was read from."""
        return b"".join(self._row)

    def first(self) -> str:
        """The next line that holds anything, without its end; "" where there is none."""
        return next((line.strip("\r\n") for line in self._texts() if line.strip()), "")

    def read(self, delimiter: str, is_row: Callable[[list[str]], bool]) -> Iterator[list[str] | Refused]:
        """The rows that hold anything; a bad one is refused alone.

        After one that is too large, perhaps because a quote in it is never closed,
        it goes on at the next line that is a row by itself, as ``is_row`` says.
        """
        reader = csv.reader(self._texts(), _Dialect, delimiter=delimiter)
        while True:
            self._row, self._size, self._refused = [], 0, None
            try:
                cells = next(reader, None)
            except csv.Error as error:
                cells, self._refused = [], self._refused or self._bad(error)
            if self._over is not None:
                goes_on = self._resume(self._over, delimiter, is_row)
                yield self._too_large(goes_on=goes_on)
                if not goes_on:
                    return
                reader = csv.reader(self._texts(), _Dialect, delimiter=delimiter)
            elif self._refused:
                yield self._refused
            elif cells is None:
                return
            elif any(cell.strip() for cell in cells):
                yield cells

    def _texts(self) -> Iterator[str]:
        """The lines with their ends; ends where a row is larger than it may be, and keeps the line in ``_over``."""
        for line in self._lines:
            self._size += len(line)
            if self._size > self._most:
                self._over = line
                return
            self._row.append(line)
            yield self._text(line)

    def _resume(self, over: bytes, delimiter: str, is_row: Callable[[list[str]], bool]) -> bool:
        """Find the next row among the lines that the row before swallowed and those that follow."""
        lines = chain(self._row[1:], (over,), self._lines)
        self._row, self._over = [], None
        begins = True
        for line in lines:
            if begins and len(line) <= self._most and is_row(cells_of(self._text(line), delimiter)):
                self._lines = chain((line,), lines)
                return True
            begins = line.endswith((b"\n", b"\r"))
        return False

    def _too_large(self, *, goes_on: bool) -> Refused:
        after = "it is read on at the next line that is a row" if goes_on else "what follows it is not read"
        message = f"A row has more than {self._most:,} bytes, which is the limit; {after}. Is a quote never closed?"
        return Refused(reason=Reason.TOO_LARGE, message=message)

    def _text(self, line: bytes) -> str:
        try:
            return line.decode(self._codec).replace("\0", "")
        except UnicodeDecodeError:
            if not self._is_guessed:
                self._is_guessed = True
                self._codec = self._charset or guess(self._sample) or guess(line) or self._codec
                return self._text(line)
        message = "It is not UTF-8, and what else it is cannot be told; save it as UTF-8 and drop it again."
        self._refused = Refused(reason=Reason.BAD_ENCODING, message=message, original=line)
        return line.decode(self._codec, "replace")

    def _bad(self, error: csv.Error) -> Refused:
        if "unexpected end" in str(error):
            message = "A cell of its last row has no closing quote; send it again, whole."
            return Refused(reason=Reason.TRUNCATED, message=message)
        message = f"Its row is not written as CSV ({error}); a quote inside a quoted cell is written twice."
        return Refused(reason=Reason.BAD_FORMAT, message=message, detail=str(error), original=self.original)


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line by itself, as far as a header may go; [] where it is not written as CSV."""
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(line[:LONGEST_HEADER]), delimiter=delimiter), [])]
    except csv.Error:
        return []


def _lines(source: Source, most: int) -> Iterator[bytes]:
    """The lines with their ends, of any of the three kinds; one that is larger than ``most`` in pieces."""
    rest = b""
    while data := source.read():
        found = (rest + data).splitlines(keepends=True) if len(rest) <= most else [rest, data]
        # The last may go on, and a carriage return at the end may be half of a line end.
        rest = found.pop()
        yield from found
    yield from rest.splitlines(keepends=True)
