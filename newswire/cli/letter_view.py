"""Dead letters in the terminal, escaped and cut: anybody may have written what they hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newswire.letters.filed import FiledLetter, State
from newswire.letters.original import Original
from newswire.letters.register import Count
from newswire.logging import printable

# Enough to name a letter among millions; any unambiguous beginning will do.
SHORT_ID = 10  # characters
# A pipe has no width of its own; a line of a log may be this long.
WIDTH = 240  # columns
# What of an original is shown unasked.
PREVIEW_LINES = 30
PREVIEW_COLUMNS = 200
STYLES = {State.OPEN: "red", State.REPLAYED: "yellow", State.RESOLVED: "green"}


def console() -> Console:
    """Standard output, wide where it is no terminal."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=WIDTH)


def table(letters: Sequence[FiledLetter]) -> Table:
    """A row for each letter. What names it and says what became of it is never cut; the sentence wraps."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("letter", "failed", "reason", "tries", "state"):
        shown.add_column(name, no_wrap=True, min_width=max(map(len, (name, *(_cell(name, one) for one in letters)))))
    shown.add_column("message", overflow="fold")
    for letter in letters:
        shown.add_row(
            *(_cell(name, letter) for name in ("letter", "failed", "reason", "tries")),
            Text(letter.state.value, style=STYLES[letter.state]),
            Text(printable(_told(letter))),
        )
    return shown


def _cell(column: str, letter: FiledLetter) -> str:
    return {
        "letter": letter.id[:SHORT_ID],
        "failed": f"{letter.last_at:%Y-%m-%d %H:%M}",
        "reason": letter.reason.value,
        "tries": str(letter.attempts),
        "state": letter.state.value,
    }[column]


def _told(letter: FiledLetter) -> str:
    """The sentence, and where it does not begin with it, the file."""
    said, where = letter.message[:PREVIEW_COLUMNS], source(letter)
    return said if said.startswith(letter.path or where) else f"{letter.stage.value}, {where}: {said}"


def counts(found: Sequence[Count]) -> Table:
    """A line for each stage and reason."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("stage", "reason", "letters", "oldest"):
        shown.add_column(name, justify="right" if name == "letters" else "left")
    for one in found:
        shown.add_row(printable(one.stage), printable(one.reason), f"{one.letters:,}", printable(one.oldest[:19]))
    return shown


def lines(letter: FiledLetter) -> list[Text]:
    """Everything about one letter but its original."""
    facts = [
        ("letter", letter.id),
        ("state", f"{letter.state.value} since {when(letter.state_at)}" if letter.state_at else letter.state.value),
        ("failed in", f"{letter.stage.value}: {letter.reason.value}"),
        ("message", letter.message),
        ("source", source(letter)),
        ("key", letter.key),
        ("article", letter.article_id),
        ("revision", letter.revision),
        ("put away", letter.put_away),
        ("attempts", letter.attempts),
        ("first", when(letter.first_at)),
        ("last", when(letter.last_at)),
        ("by version", letter.version),
        ("note", letter.note),
        ("detail", letter.detail),
    ]
    return [
        Text.assemble((f"{name:<11}", "dim"), printable(str(value)[:1000]))
        for name, value in facts
        if value is not None
    ]


def preview(original: Original) -> list[Text]:
    """The beginning of the bytes that failed: text as text, anything else as hexadecimal numbers."""
    data = original.data
    what = "all of them" if original.complete else "cut; the rest is not in the letter"
    shown = [Text(f"{'original':<11}{len(data):,} bytes, {what}", style="dim")]
    text = data[: PREVIEW_LINES * PREVIEW_COLUMNS].decode("utf-8", "replace")
    # What is mostly no text says more in numbers.
    if "\0" in text or text.count("\ufffd") > len(text) // 10:
        rows = [data[start : start + 16].hex(" ") for start in range(0, min(len(data), 16 * PREVIEW_LINES), 16)]
        rest = len(data) > 16 * PREVIEW_LINES
    else:
        rows = text.splitlines()[:PREVIEW_LINES]
        rest = sum(map(len, rows)) + len(rows) < len(text) or len(text) < len(data.decode("utf-8", "replace"))
    shown += [Text(f"  {printable(row[:PREVIEW_COLUMNS])}") for row in rows]
    if rest:
        shown.append(Text("  … `newswire dlq show ID --original > FILE` writes it as it is", style="dim"))
    return shown


def record(letter: FiledLetter, *, original: Original | None = None) -> dict[str, Any]:
    """A letter for a program; its original (base64) only where it is given."""
    fields: dict[str, Any] = msgspec.to_builtins(letter)
    fields.pop("original")
    if original is not None:
        fields |= {"original": msgspec.to_builtins(original.data), "bytes_complete": original.complete}
    return fields


def source(letter: FiledLetter) -> str:
    """The file and the record in it, else the key."""
    if letter.source is None:
        return letter.key
    number = letter.source.record
    # People count from one, as the letter's own sentence does.
    return letter.source.path if number is None else f"{letter.source.path}, record {number + 1}"


def brief(letter: FiledLetter) -> str:
    """One letter in a few words, not yet fit to be printed."""
    return f"{letter.id[:SHORT_ID]} ({letter.stage.value}: {letter.reason.value}, {source(letter)})"


def when(instant: datetime) -> str:
    """An instant as a person reads it, UTC."""
    return f"{instant:%Y-%m-%d %H:%M:%S}"
