"""Articles as rows of a table (CSV, TSV): the first row names the columns, in the words of our own JSON form.

::

    title;body;published_at;id
    "The headline";"The text; it may have delimiters,
    ""quotes"" and line ends.";2025-02-07;123

Commas, semicolons, tabs and bars delimit, whichever makes known columns of the first
row. Columns that are not known are left out; every row stands for itself.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from newswire.reasons import Reason
from services.ingest.inbox import shown
from services.ingest.readers.address import address
from services.ingest.readers.csvrows import LONGEST_HEADER, Rows, cells_of
from services.ingest.readers.encoding import BLANK
from services.ingest.readers.fields import article
from services.ingest.readers.format import Bytes, Context, Head
from services.ingest.readers.iptc import when
from services.ingest.readers.names import OWN
from services.ingest.readers.record import Record, Refused
from services.ingest.readers.source import Source
from services.ingest.readers.transcode import as_utf8

NAMES = (".csv", ".tsv", ".tab", ".psv")
DELIMITERS = ",;\t|"

# A text may begin with a word that is a column's name, hardly with two of them and a delimiter between.
FEWEST_KNOWN = 2

# Of the columns of a file that has none that is known, so many are told.
SHOWN = 10

# No more than a glance for what is no table; the columns themselves decide.
_TEXTS = "|".join(re.escape(name).replace("_", "[ _-]?") for name in OWN.names["body"])
_MAY_BE = re.compile(
    f"(?:{_TEXTS})[^{DELIMITERS}]{{0,9}}[{DELIMITERS}]|[{DELIMITERS}][^{DELIMITERS}]{{0,9}}(?:{_TEXTS})", re.I
)
_CELL = re.compile(f"[^{DELIMITERS}]+")
# A line without any of these, which are in all the others, is not even worth that.
_WORDS = [name.upper() for name in OWN.names["body"] if sum(other in name for other in OWN.names["body"]) == 1]

# A teaser alone is an article of it.
_TEXT_FIELDS = frozenset(("body", "summary"))


def recognises(head: Head) -> bool:
    """By a first row with a column for the text and one more that is known, else by its name."""
    if head.name.endswith(NAMES):
        return True
    line = head.text[:LONGEST_HEADER].partition("\n")[0].partition("\r")[0]
    if not any(delimiter in line for delimiter in DELIMITERS) or not may_have_text(line) or not _may_be(line):
        return False
    columns = [_known(cell) for cell in cells_of(line, _delimiter(line))]
    known = {field for field, _ in filter(None, columns)}
    return "body" in known and len(known) >= FEWEST_KNOWN


def may_have_text(line: str) -> bool:
    """Whether a word for a text is in ``line``, in the capitals of any language."""
    capitals = line.upper().replace("İ", "I")
    return any(word in capitals for word in _WORDS)


def _may_be(line: str) -> bool:
    """Whether a word for a text stands beside a delimiter; only the cells that have one are searched."""
    return any(
        may_have_text(cell[0]) and _MAY_BE.search(line, max(0, cell.start() - 1), cell.end() + 1)
        for cell in _CELL.finditer(line)
    )


def read(stream: Bytes, context: Context) -> Iterator[Record]:
    """See ``format.Stream``."""
    rows = Rows(Source(as_utf8(stream)), context)
    first = rows.first()
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        delimiter, first = first.strip()[-1], rows.first()  # what Excel writes before the names
    else:
        delimiter = _delimiter(first)
    if not first:
        yield rows.refused or Refused(reason=Reason.EMPTY, message=BLANK)
        return
    header = cells_of(first, delimiter)
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


def _record(cells: Sequence[str], columns: Sequence[tuple[str, str] | None], rows: Rows, context: Context) -> Record:
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


def _delimiter(line: str) -> str:
    """The one that makes the most known columns of a first row."""
    return max(DELIMITERS, key=lambda one: sum(_known(cell) is not None for cell in cells_of(line, one)))


def _known(cell: str) -> tuple[str, str] | None:
    """The field that a column is of, and its name in our own form: ``Published at`` is ``published_at``."""
    return OWN.field(cell.strip())


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)
