"""How many were killed, hurt, missing, arrested or displaced, as the sentence says.

Numbers are found by `quantity`, what befell those they count by `fate`, tolls by `toll`.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from newswire.enriched import Count
from services.enrich.dates.numbers import WORDS, read
from services.enrich.events.fate import befell
from services.enrich.events.quantity import (
    AROUND,
    DATA,
    PERSON,
    any_of,
    bounded,
    count_of,
    has_numbers,
    quantities,
    together,
)
from services.enrich.events.rules import mask_of
from services.enrich.events.toll import changed

# What joins two numbers of one count: "a woman and her two children", "three in Texas and two in Oklahoma".
_joint: Final = re.compile(
    rf"(?: (?!{any_of(DATA['words']['passive'], 'has, have, had', *DATA['after'].values())}\b)[a-z-]+){{1,3}},?"
    r" (?:and|as well as) (?:his |her |their |the )?$"
)
_parallel: Final = re.compile(r"(?: [a-z]+)?? (?P<where>in |at |near )[^,;:.\d]{1,30}(?:,|,? and) $")
_emptied: Final = re.compile(rf"\b{AROUND['emptied']}\b")
_GATE: Final = ("kill", "injure", "arrest", "displaced_word", "befallen")
_share: Final = re.compile(r"(\d{1,3}(?:\.\d+)?) ?(?:%|percent|per cent)")
_population: Final = re.compile(
    rf"population of (?:about |around |some |nearly |over |almost |roughly |more than )?(?P<a>{WORDS})"
    rf"|(?<![\w,.])(?P<b>{WORDS})[ -](?:people|residents|inhabitants|population|citizens)"
)


def may_count(mask: int, lower: str = "") -> bool:
    """Whether a sentence of these classes speaks of people killed, hurt, missing, arrested or displaced at all.

    "Police held 40" is of no class; it is found where the sentence is given, in lower case.
    """
    return bool(mask & _gate()) or "police held" in lower


@cache
def _gate() -> int:
    return mask_of(*_GATE)


class Told(NamedTuple):
    """The counts of a sentence by the field of an event they belong to; those of ``tolls`` replace earlier ones."""

    counts: dict[str, Count]
    tolls: frozenset[str]


NOBODY: Final = Told({}, frozenset())


def find_counts(sentence: str) -> Told:
    """The counts of a sentence.

    A toll that changes is its latest number; otherwise the first number of each kind
    counts, with those that "and" joins to it. One person of whom that is told only
    vaguely ("the driver was killed") gives way to a number.
    """
    lower = f" {sentence.lower()}"
    if not has_numbers(lower):
        return NOBODY
    found, lower = changed(_without_asides(lower))
    tolls = frozenset(found)
    vague: set[str] = set()
    last: tuple[int, str | None] = (0, None)  # where the number before ended, and of whom it is told
    for m in quantities(lower):
        kind, sure = befell(lower, m)
        joined = False
        if last[1] and kind in (None, last[1]):
            gap = lower[last[0] : m.start()]
            if PERSON.match(lower, m.end()):
                joined = _joint.fullmatch(gap) is not None
            elif kind is None and (where := _parallel.fullmatch(gap)) and lower.startswith(where["where"], m.end() + 1):
                joined = True
            kind = last[1] if joined else kind
        counted = False
        if kind and kind not in tolls and (count := count_of(m)):
            if joined:
                found[kind] = together(found[kind], count)
                vague.discard(kind)
            elif kind not in found or kind in vague:
                found[kind] = count
                vague = vague - {kind} if sure else vague | {kind}
            counted = found[kind] is count or joined
        if kind or not m["single"]:
            last = (m.end(), kind if counted else None)
    return Told(found, tolls)


# What may open an aside, and an aside opened so.
_short: Final = r"[^–—();:]{1,90}?"
_dashed: Final = re.compile(rf" [–—-]{{1,2}} {_short} [–—-]{{1,2}},?(?= )|—{_short}—")
_bracketed: Final = re.compile(rf" ?\({_short}\),?")
_apposed: Final = re.compile(rf", (?:{AROUND['aside']}|{WORDS} of (?:them|whom))\b[^,;:.()]{{1,90}},")
_ASIDES: Final = (
    ("(", _bracketed),
    *((dash, _dashed) for dash in (" – ", " - ", "—")),
    *((sign, _apposed) for sign in (", inclu", ", most", ", among ", " of them")),
)
_befallen: Final = re.compile(rf"[ (—](?:{any_of(*DATA['after'].values(), *DATA['before'].values())})\b")


def _without_asides(lower: str) -> str:
    """A sentence with a comma for each aside that only says who they are of whom it tells."""
    for sign, aside in _ASIDES:
        if sign in lower:
            lower = aside.sub(_comma, lower)
    return lower


def _comma(aside: re.Match[str]) -> str:
    if _befallen.search(aside[0]):
        return aside[0]
    return ", " if aside[0].startswith("—") else ","


def emptied(sentence: str, around: str) -> Count | None:
    """A share of a population that is gone: "fallen by 90%" of "about 30,000" is 27,000.

    The share stands in ``sentence``, the population there or in ``around``.
    """
    lower = sentence.lower()
    share = _share.search(lower)
    if not share or not _emptied.search(lower):
        return None
    population = _population.search(lower) or _population.search(around.lower())
    number = read(population["a"] or population["b"]) if population else None
    if not number or float(share[1]) > 100:
        return None
    people = round(number * float(share[1]) / 100)
    return bounded(people, people)
