"""An invented newsroom: stories, what desks do to them afterwards, and series that only look alike.

A story is a list of paragraphs. ``EDITS`` make the next version of one, which must
join its cluster; ``SERIES`` make two reports of one kind (forecasts, market closes,
results), and ``NEIGHBOURS`` two stories that share people, places or background;
neither may join. The same random numbers make the same texts.
"""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

Paragraphs = list[str]
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_SENTENCES: list[str] = _WORDS["sentences"]
_SLOTS: dict[str, list[str]] = _WORDS["slots"]
_SLOT = re.compile(r"\{(\w+)\}")


class Pair(NamedTuple):
    """Two articles' bodies, and what they are to each other."""

    kind: str
    first: str
    second: str


def fill(rng: Random, pattern: str, cast: dict[str, list[str]]) -> str:
    """``pattern`` with each slot replaced by a word of its list, or by a number."""

    def one(slot: re.Match[str]) -> str:
        name = slot[1]
        if name == "n":
            return f"{rng.randint(2, 980):,}"
        if name == "d":
            return f"{rng.randint(1, 99)}.{rng.randint(0, 9)}"
        if name == "k":
            return f"{rng.randint(11, 420) * 100:,}"
        return rng.choice(cast[name])

    return _SLOT.sub(one, pattern)


def cast(rng: Random) -> dict[str, list[str]]:
    """The few people, places and bodies that one story is about; everything else is at hand for all."""
    few = {name: rng.sample(_SLOTS[name], 2) for name in ("person", "place", "body")}
    return _SLOTS | few


def story(rng: Random, paragraphs: int, about: dict[str, list[str]] | None = None) -> Paragraphs:
    """A story of so many paragraphs of two or three sentences each."""
    about = about or cast(rng)
    return [
        " ".join(fill(rng, pattern, about) for pattern in rng.sample(_SENTENCES, rng.choice((1, 2, 2, 3))))
        for _ in range(paragraphs)
    ]


def text(paragraphs: Paragraphs) -> str:
    """A body as readers hand it on."""
    return "\n\n".join(paragraphs)


# --- what desks do to a story: the second is a version of the first --------------------------------------


def corrected(rng: Random, was: Paragraphs) -> Paragraphs:
    """One figure is another, and a note says so."""
    numbers = [(i, m) for i, paragraph in enumerate(was) for m in re.finditer(r"\d[\d,.]*\d|\d", paragraph)]
    now = list(was)
    if numbers:
        at, found = rng.choice(numbers)
        now[at] = now[at][: found.start()] + str(rng.randint(2, 99)) + now[at][found.end() :]
    return [*now, "Corrects a figure in an earlier version."] if rng.random() < 0.5 else now


def extended(rng: Random, was: Paragraphs) -> Paragraphs:
    """New paragraphs where they fit: up to half as many as there were."""
    now = list(was)
    for paragraph in story(rng, rng.randint(1, max(1, len(was) // 2))):
        now.insert(rng.randint(1, len(now)), paragraph)
    return now


def cut(rng: Random, was: Paragraphs) -> Paragraphs:
    """The end is gone: half to nine tenths are left."""
    return was[: max(2, round(len(was) * rng.uniform(0.5, 0.9)))]


def writethru(rng: Random, was: Paragraphs) -> Paragraphs:
    """A new lead, one or two paragraphs gone, some new, two exchanged."""
    now = list(was)
    for _ in range(rng.randint(0, max(1, len(was) // 6))):
        now.pop(rng.randrange(len(now)))
    for paragraph in story(rng, rng.randint(1, max(1, len(was) // 4))):
        now.insert(rng.randint(0, len(now)), paragraph)
    a, b = rng.randrange(len(now)), rng.randrange(len(now))
    now[a], now[b] = now[b], now[a]
    return [*story(rng, 1), *now]


def subbed(rng: Random, was: Paragraphs) -> Paragraphs:
    """A sub-editor's pass: one word in sixty is another, quotes are typographic."""
    words = _SLOTS["verb"] + _SLOTS["thing"]
    changed = [
        " ".join(rng.choice(words) if rng.random() < 1 / 60 else word for word in paragraph.split())
        for paragraph in was
    ]
    return [re.sub(r'"([^"]*)"', "“\\1”", paragraph).replace("'", "’") for paragraph in changed]


def grown(rng: Random, was: Paragraphs) -> Paragraphs:
    """From a first version to the full story: as much again and more after what was there."""
    return was + story(rng, round(len(was) * rng.uniform(0.8, 1.5)))


def resent(rng: Random, was: Paragraphs) -> Paragraphs:
    """The same again, for other clients: a line before, a line behind."""
    return ["Eds: adds media links.", *was, f"Newsroom: +44 20 {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}"]


# --- what only looks alike ------------------------------------------------------------------------------


def same_people(rng: Random, paragraphs: int) -> tuple[Paragraphs, Paragraphs]:
    """Two stories on the same people, places and bodies."""
    about = cast(rng)
    return story(rng, paragraphs, about), story(rng, paragraphs, about)


def same_background(rng: Random, paragraphs: int) -> tuple[Paragraphs, Paragraphs]:
    """Tomorrow's story with today's background: up to two fifths of it is word for word the same."""
    background = story(rng, max(1, round(paragraphs * rng.uniform(0.2, 0.4))))
    rest = max(2, paragraphs - len(background))
    return story(rng, rest) + background, story(rng, rest) + background


def same_foot(rng: Random, paragraphs: int) -> tuple[Paragraphs, Paragraphs]:
    """Two stories under one standing text: contacts, disclaimer, rights."""
    return [*story(rng, paragraphs), *_WORDS["foot"]], [*story(rng, paragraphs), *_WORDS["foot"]]


Edit = Callable[[Random, Paragraphs], Paragraphs]
Neighbours = Callable[[Random, int], tuple[Paragraphs, Paragraphs]]
EDITS: tuple[Edit, ...] = (corrected, extended, cut, writethru, subbed, grown, resent)
NEIGHBOURS: tuple[Neighbours, ...] = (same_people, same_background, same_foot)
SERIES: dict[str, list[str]] = _WORDS["series"]


def report(rng: Random, series: str) -> str:
    """One report of a series; its names and figures are its own, its sentences are not."""
    return "\n\n".join(fill(rng, pattern, _SLOTS) for pattern in SERIES[series])


def versions(rng: Random, count: int) -> list[Pair]:
    """So many pairs of each kind of edit, of stories of four paragraphs to twenty."""
    made = []
    for edit in EDITS:
        for _ in range(count):
            was = story(rng, rng.randint(4, 20))
            made.append(Pair(edit.__name__, text(was), text(edit(rng, was))))
    return made


def strangers(rng: Random, count: int) -> list[Pair]:
    """So many pairs of each kind of likeness that is none."""
    made = []
    for neighbours in NEIGHBOURS:
        for _ in range(count):
            one, other = neighbours(rng, rng.randint(4, 20))
            made.append(Pair(neighbours.__name__, text(one), text(other)))
    for series in SERIES:
        made += [Pair(series, report(rng, series), report(rng, series)) for _ in range(count)]
    return made
