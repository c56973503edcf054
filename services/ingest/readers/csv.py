"""Articles as rows of a table (CSV, TSV): the first row names the columns, in the words of our own JSON form.

::

    title;body;published_at;id
    "The headline";"The text; it may have delimiters,
    ""quotes"" and line ends.";2025-02-07;123

Commas, semicolons, tabs and bars delimit, whichever makes known columns of the first
row. Columns that are not known are left out; every row stands for itself.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from newswire.reasons import Reason
from services.ingest.inbox import shown
from services.ingest.readers.address import address
from services.ingest.readers.encoding import BLANK, codec_of
from services.ingest.readers.fields import article
from services.ingest.readers.format import Bytes, Context, Head
from services.ingest.readers.guess import SAMPLE, guess
from services.ingest.readers.iptc import when
from services.ingest.readers.names import OWN
from services.ingest.readers.record import Record, Refused
from services.ingest.readers.source import Source
from services.ingest.readers.transcode import as_utf8

NAMES = (".csv", ".tsv", ".tab", ".psv")
DELIMITERS = ",;\t|"

# A text may begin with a word that is a column's name, hardly with two of them and a delimiter between.
FEWEST_KNOWN = 2
LONGEST_HEADER = 16 * 1024  # characters

# Of the columns of a file that has none that is known, so many are told.
SHOWN = 10

# The library's own limit is one for the whole process; what bounds a row is ``_Rows``.
csv.field_size_limit(2**31 - 1)

_LINE_END = re.compile(r"[\r\n]")
# No more than a glance for what is no table; the columns themselves decide.
_TEXTS = "|".join(re.escape(name).replace("_", "[ _-]?") for name in OWN.names["body"])
_MAY_BE = re.compile(
    f"(?:{_TEXTS})[^{DELIMITERS}]{{0,9}}[{DELIMITERS}]|[{DELIMITERS}][^{DELIMITERS}]{{0,9}}(?:{_TEXTS})", re.I
)


# A teaser alone is an article of it.
_TEXT_FIELDS = frozenset(("body", "summary"))


class _Dialect(csv.excel):
    strict = True  # an unclosed quote is told instead of swallowed


def recognises(head: Head) -> bool:
    """By a first row with a column for the text and one more that is known, else by its name."""
    if head.name.endswith(NAMES):
        return True
    line = _LINE_END.split(head.text[:LONGEST_HEADER], maxsplit=1)[0]
    if not any(delimiter in line for delimiter in DELIMITERS) or not _MAY_BE.search(line):
        return False
    columns = [_known(cell) for cell in _header(line, _delimiter(line))]
    known = {field for field, _ in filter(None, columns)}
    return "body" in known and len(known) >= FEWEST_KNOWN


def read(stream: Bytes, context: Context) -> Iterator[Record]:
    """See ``format.Stream``."""
    rows = _Rows(Source(as_utf8(stream)), context)
    first = rows.first()
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        delimiter, first = first.strip()[-1], rows.first()  # what Excel writes before the names
    else:
        delimiter = _delimiter(first)
    if not first:
        yield rows.refused or Refused(reason=Reason.EMPTY, message=BLANK)
        return
    header = _header(first, delimiter)
    columns = [_known(cell) for cell in header]
    if not any(field in _TEXT_FIELDS for field, _ in filter(None, columns)):
        names = ", ".join(shown(cell[:40]) for cell in header[:SHOWN]) + ("" if len(header) <= SHOWN else ", …")
        message = (
            f"Its first row names no column {_either(OWN.names['body'][:3])}, but {names}; name the columns in it."
        )
        yield Refused(reason=Reason.BAD_FORMAT, message=message)
        return
    is_empty = True
    for cells in rows.read(delimiter, lambda cells: _is_row(cells, columns, context)):
        is_empty = False
        yield cells if isinstance(cells, Refused) else _record(cells, columns, rows, context)
    if is_empty:
        yield Refused(
            reason=Reason.EMPTY,
            message="It has a row of names and no article below it; send it again when it has some.",
        )


def _record(cells: Sequence[str], columns: Sequence[tuple[str, str] | None], rows: "_Rows", context: Context) -> Record:
    # What stands in an incomplete row may be of an article that is not to be published yet.
    is_held = any(field in ("embargo", "pubstatus") for field, _ in filter(None, columns))
    extra = cells[len(columns) :]
    if len(cells) < len(columns) or any(extra):
        message = f"Its row has {len(cells)} cells and the first row {len(columns)}; quote cells that hold delimiters."
        return Refused(reason=Reason.BAD_FORMAT, message=message, original=b"" if is_held else rows.original)
    row: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell.strip():
            row.setdefault(column[1], cell)
    return article(row, OWN, context.zone, rows.original)


def _is_row(cells: Sequence[str], columns: Sequence[tuple[str, str] | None], context: Context) -> bool:
    """Whether a line is a row, and not one of many in a cell: it has the dates and addresses that a row has."""
    if len(cells) != len(columns):
        return False
    row = {column[0]: cell for column, cell in zip(columns, cells, strict=True) if column and cell.strip()}
    told: list[object] = [when(row[field], context.zone) for field in ("published_at", "updated_at") if field in row]
    told += [address(row["uri"])] if "uri" in row else []
    return bool(told) and None not in told


class _Rows:
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
            if begins and len(line) <= self._most and is_row(_header(self._text(line), delimiter)):
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


def _lines(source: Source, most: int) -> Iterator[bytes]:
    """The lines with their ends, of any of the three kinds; one that is larger than ``most`` in pieces."""
    rest = b""
    while data := source.read():
        found = (rest + data).splitlines(keepends=True) if len(rest) <= most else [rest, data]
        # The last may go on, and a carriage return at the end may be half of a line end.
        rest = found.pop()
        yield from found
    yield from rest.splitlines(keepends=True)


def _delimiter(line: str) -> str:
    """The one that makes the most known columns of a first row."""
    return max(DELIMITERS, key=lambda one: sum(_known(cell) is not None for cell in _header(line, one)))


def _header(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(line[:LONGEST_HEADER]), delimiter=delimiter), [])]
    except csv.Error:
        return []


def _known(cell: str) -> tuple[str, str] | None:
    """The field that a column is of, and its name in our own form: ``Published at`` is ``published_at``."""
    return OWN.field(cell.strip())


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)
