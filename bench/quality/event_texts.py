"""Our own gold texts about events, as plain text that a person can read, check and correct.

Each half – ``gold/events/tuned_on`` and ``gold/events/held_out`` – has five files. A tag is
written by its last part, which only one tag has; what stands behind ``;`` may be
found or not: two more readers went through all articles, without seeing these tags, and what
one of them found at all, be it debatable, is not wrong.

    articles.txt   == id date tag … [; tag …]      the tags of the whole article, or none;
                   headline, blank line, body
    unlike.txt     the same form; written from the definitions alone, before any rule was changed for them
    counts.txt     fatalities 9- injured 12 | …    9 exactly, 9- at least, -9 at most, 9-12 between; none
    status.txt     claimed tag by Name | …         also ``denied tag no Name``; otherwise ``status tag | …``
    stories.txt    same tag, or different tag      two texts, each ``date | text``
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, get_args

from bench.quality.marked import GOLD
from newswire.enriched import Count, EventStatus
from services.enrich.events.taxonomy import TAGS

HALVES: Final = {"own": GOLD / "events" / "tuned_on", "own, held out": GOLD / "events" / "held_out"}
KINDS: Final = ("fatalities", "injured", "missing", "arrested", "displaced")
# The day on which sentences without a date of their own are written.
WRITTEN: Final = "2025-02-07"

_LEAVES: Final = {tag.rpartition(".")[2]: tag for tag in TAGS}
_HEAD = re.compile(r"^== ([a-z0-9-]+) (\d{4}-\d\d-\d\d) ([a-z_ ]+?)(?: ; ([a-z_ ]+))?\n", re.MULTILINE)
_BOUNDS = re.compile(r"(?P<exact>\d+)|(?P<low>\d+)-(?P<high>\d+)?|-(?P<top>\d+)")


class TextError(ValueError):
    """A line that cannot be read; the message shows it."""


class ArticleText(NamedTuple):
    """An article with the tags that it must have, and those that it may have."""

    id: str
    date: str
    tags: frozenset[str]
    optional: frozenset[str]
    title: str
    body: str


class Counted(NamedTuple):
    """A sentence with all that it says about numbers of people."""

    sentence: str
    counts: dict[str, Count]


class Stated(NamedTuple):
    """A sentence with the status of its event, and who claims or denies it."""

    sentence: str
    tag: str
    status: EventStatus
    by: str | None


class Pair(NamedTuple):
    """Two texts, each with its day, that tell of one event of this tag or of two."""

    tag: str
    same: bool
    texts: tuple[tuple[str, str], tuple[str, str]]


class Half(NamedTuple):
    """All four kinds; ``name`` is what the tables call them."""

    name: str
    articles: list[ArticleText]
    unlike: list[ArticleText]
    counts: list[Counted]
    statuses: list[Stated]
    pairs: list[Pair]


def halves() -> list[Half]:
    """The half that may be looked at while something is changed, and the half that may not.

    Raises TextError at the first line that is wrong.
    """
    return [
        Half(
            name,
            list(articles(directory / "articles.txt")),
            list(articles(directory / "unlike.txt")),
            [_counted(*_split(line)) for line in _lines(directory / "counts.txt")],
            [_stated(*_split(line)) for line in _lines(directory / "status.txt")],
            [_pair(part) for part in (directory / "stories.txt").read_text("utf-8").strip().split("\n\n")],
        )
        for name, directory in HALVES.items()
    ]


def articles(file: Path) -> Iterator[ArticleText]:
    """The articles of a file; raises TextError at the first that is wrong."""
    parts = _HEAD.split(file.read_text("utf-8"))
    if parts[0].strip():
        raise TextError(f"no article begins with {parts[0][:40]!r}.")
    for at in range(1, len(parts), 5):
        name, day, tags, optional, text = parts[at : at + 5]
        title, _, body = text.strip().partition("\n\n")
        must = frozenset() if tags == "none" else frozenset(map(_tag, tags.split()))
        yield ArticleText(name, day, must, frozenset(map(_tag, (optional or "").split())), title, body)


def _counted(head: str, sentence: str) -> Counted:
    words = [] if head == "none" else head.split()
    counts = dict(zip(words[::2], map(_bounds, words[1::2]), strict=True))
    if not set(KINDS).issuperset(counts):
        raise TextError(f"{head!r} counts what is not counted.")
    return Counted(sentence, counts)


def _bounds(written: str) -> Count:
    found = _BOUNDS.fullmatch(written)
    if not found:
        raise TextError(f"{written!r} is no number, nor one with an open end.")
    low, high = found["exact"] or found["low"], found["exact"] or found["high"] or found["top"]
    return Count(min=int(low) if low else None, max=int(high) if high else None)


def _stated(head: str, sentence: str) -> Stated:
    status, leaf, *by = head.split(maxsplit=3)
    word = {"claimed": ["by"], "denied": ["no"]}.get(status, [])
    if status not in get_args(EventStatus) or by[:1] != word:
        raise TextError(f"{head!r} is no status, or does not say whose.")
    return Stated(sentence, _tag(leaf), status, by[1] if by else None)  # type: ignore[arg-type]


def _pair(part: str) -> Pair:
    head, *texts = part.split("\n")
    same, leaf = head.split()
    (first, second) = map(_split, texts)
    if same not in ("same", "different"):
        raise TextError(f"{head!r} is neither same nor different.")
    return Pair(_tag(leaf), same == "same", (first, second))


def _tag(leaf: str) -> str:
    if leaf not in _LEAVES:
        raise TextError(f"{leaf!r} is the last part of no tag.")
    return _LEAVES[leaf]


def _split(line: str) -> tuple[str, str]:
    head, bar, text = line.partition(" | ")
    if not bar:
        raise TextError(f"there is no bar in {line!r}.")
    return head, text


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").strip().splitlines()
