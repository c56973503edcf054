"""An enriched article in the terminal: names in colour, or between brackets where there is none."""

import sys
from collections import Counter

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from newswire.cli.annotated.facts import Happening, about, happenings, paragraphs, tables
from newswire.cli.annotated.marks import CODES, KINDS, Mark, change, marks, runs
from newswire.enriched import Enriched
from newswire.logging import printable

# Longer lines are hard to read; a pipe has no width of its own.
WIDTH = 100  # columns
STYLES = {
    "person": "bold cyan",
    "organization": "bold magenta",
    "place": "bold green",
    "group": "bold yellow",
    "nationality": "blue",
    "event": "bold red",
    "work": "italic yellow",
    "other": "italic",
    "date": "underline",
}


def console() -> Console:
    """Standard output; coloured where it is a terminal and nobody objects (``NO_COLOR``, ``TERM=dumb``)."""
    # The file is named, because rich believes only a file that it was given when it says that it takes ASCII alone.
    made = Console(file=sys.stdout, highlight=False)
    made.width = min(made.width, WIDTH) if made.is_terminal else WIDTH
    return made


def show(out: Console, document: Enriched) -> None:
    """Print one article: its text, the legend, and what was found."""
    shown = _Shown(document, coloured=out.color_system is not None and not out.no_color)
    out.print(Rule(style="dim", characters="-" if out.options.ascii_only else "─"))
    if document.title:
        out.print(shown.field("title", document.title, "bold"))
    for name, value in about(document):
        out.print(Text.assemble((f"{name:<11}", "dim"), printable(value)))
    if document.dateline:
        out.print(Text.assemble(("dateline   ", "dim"), shown.field("dateline", document.dateline.text)))
    if document.caption:
        out.print(Text.assemble(("caption    ", "dim"), shown.field("caption", document.caption)))
    for paragraph in paragraphs(document):
        out.print()
        for heading in paragraph.headings:
            out.print(Text(_escaped(heading), style="bold"))
        out.print(shown.field("body", document.body, "", paragraph.start, paragraph.end))
    out.print()
    out.print(shown.legend())
    for found in tables(document):
        out.print()
        table = Table(*found.columns, box=None, pad_edge=False, header_style="dim")
        for row in found.rows:
            table.add_row(*(Text(printable(cell)) for cell in row))
        out.print(Text(found.title, style="bold"))
        out.print(table)
    several = happenings(document)
    if several:
        out.print()
        out.print(Text("Events", style="bold"))
    for event in several:
        _event(out, event, document.body)


class _Shown:
    """The fields of one document with their marks."""

    def __init__(self, document: Enriched, *, coloured: bool) -> None:
        self._marks = marks(document)
        self._coloured = coloured

    def field(self, name: str, text: str, style: str = "", start: int = 0, end: int | None = None) -> Text:
        """A field, or a part of it."""
        made = Text(style=style)
        open_marks: tuple[Mark, ...] = ()
        for run in runs(text, self._marks.get(name, []), start, end):
            self._brackets(made, open_marks, run.marks)
            open_marks = run.marks
            inner = STYLES[run.marks[-1].kind] if run.marks and self._coloured else ""
            made.append(_escaped(run.text), style=inner)
        self._brackets(made, open_marks, ())
        return made

    def legend(self) -> Text:
        """The kinds that occur, with how often, each looking as it does in the text."""
        found = Counter(mark.kind for several in self._marks.values() for mark in several)
        parts = [
            Text(f"{kind} {found[kind]}", style=STYLES[kind])
            if self._coloured
            else Text(f"{CODES[kind]} {kind} {found[kind]}")
            for kind in KINDS
            if found[kind]
        ]
        return Text("   ").join(parts) if parts else Text("no names and no dates", style="dim")

    def _brackets(self, made: Text, before: tuple[Mark, ...], after: tuple[Mark, ...]) -> None:
        if not self._coloured:
            closed, opened = change(before, after)
            made.append("]" * len(closed) + "".join(f"[{CODES[mark.kind]} " for mark in opened))


def _event(out: Console, event: Happening, body: str) -> None:
    out.print(Text.assemble((printable(event.type), "magenta"), f"  {event.status}  ", (event.score, "dim")))
    facts = [Text.assemble((f"{name} ", "dim"), printable(value)) for name, value in event.facts]
    if facts:
        out.print(Padding(Text("; ").join(facts), (0, 0, 0, 2)))
    for start, end in event.evidence:
        out.print(Padding(Text(f'"{printable(" ".join(body[start:end].split()))}"', style="italic"), (0, 0, 0, 2)))


def _escaped(text: str) -> str:
    """Line by line, so that a text keeps its lines and nothing else that a terminal would obey."""
    return "\n".join(map(printable, text.split("\n")))
