"""A page of the documentation, taken apart: its sections, the examples in them, and their tables."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]

_SECTION = re.compile(r"^#{2,3} (?P<title>.+)\n(?P<text>(?:(?!#{2,3} ).*\n)*)", re.MULTILINE)
_EXAMPLE = re.compile(r"^```\w+ (?P<name>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)
# Pictures of the 32 control characters, which no page can show.
_PICTURES = {0x2400 + code: code for code in range(32)}


class Section(NamedTuple):
    """What stands under one heading."""

    title: str
    text: str

    @property
    def examples(self) -> dict[str, bytes]:
        """The files in it, by the names after their languages."""
        return {found["name"]: found["text"].translate(_PICTURES).encode() for found in _EXAMPLE.finditer(self.text)}

    def tables(self) -> list[list[dict[str, str]]]:
        """Its tables: rows by the names of their columns."""
        return [_rows(found[0]) for found in _TABLE.finditer(self.text)]

    def table(self, column: str) -> list[dict[str, str]]:
        """The first table that has ``column``."""
        return next(rows for rows in self.tables() if column in rows[0])


def sections(name: str) -> dict[str, Section]:
    """The sections of ``docs/<name>`` by their titles."""
    text = (ROOT / "docs" / name).read_text("utf-8")
    return {found["title"]: Section(found["title"], found["text"]) for found in _SECTION.finditer(text)}


def code(cell: str) -> list[str]:
    """What a cell says in code; a dash is nothing."""
    return [found[1] or "" for found in re.finditer(r"`([^`]+)`|–", cell)]


def _rows(table: str) -> list[dict[str, str]]:
    head, _, *rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rows]
