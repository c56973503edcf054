"""Tolls that are told to have changed: "the death toll rose from 9 to 12", "bringing the toll to 142"."""

import re
from typing import Final

from newswire.enriched import Count
from services.enrich.dates.numbers import WORDS, read
from services.enrich.events.phrases import split
from services.enrich.events.quantity import AROUND, DATA, NO_THING, any_of, bounded, kinds

# "the toll from the floods rose from 9 to 12", "passed 200": the latest number, and whether it is only a floor.
_degree: Final = (
    rf"(?: (?:(?P<least>{any_of(DATA['at_least'])})|(?P<more>{any_of(DATA['more_than'])})|{any_of(DATA['about'])}))?"
)
_toll: Final = re.compile(
    rf"\b(?:{kinds('toll')})\b[^.;:\d]{{0,60}}?"
    rf" (?:{AROUND['risen']}|(?P<over>{AROUND['passed']}))"
    rf"(?: (?:by \w+ )?from {WORDS})?(?: to| at)?"
    rf"{_degree} (?P<number>{WORDS}){NO_THING}"
)
# "bringing the toll to 142", "lowered the toll from 32 to 27"
_brought: Final = re.compile(
    rf"\b{AROUND['brought']}(?: [a-z]+){{1,3}}? (?:{kinds('toll')})\b[^.;:]{{0,60}}?(?: to| at|(?P<over> above| past))"
    rf"{_degree} (?P<number>{WORDS}){NO_THING}"
)
_elsewhere: Final = re.compile(rf"\b{AROUND['elsewhere']}\b")
_tolls: Final = tuple(sorted({phrase.split()[0] for phrases in DATA["toll"].values() for phrase in split(phrases)}))


def changed(lower: str) -> tuple[dict[str, Count], str]:
    """The tolls of a sentence in lower case, the latest number of each, and the sentence with a comma for them.

    The toll of a war and an earlier one are nobody's number, and become a comma too.
    """
    found: dict[str, Count] = {}

    def note(toll: re.Match[str]) -> str:
        number = read(toll["number"])
        if number and not _elsewhere.search(toll.string, max(0, toll.start() - 20), toll.end() + 40):
            over = bool(toll["over"] or toll["more"])
            if count := bounded(number + over, None if over or toll["least"] else number):
                found[next(kind for kind in DATA["toll"] if toll[kind])] = count
        return ","

    if any(word in lower for word in _tolls):
        for changes in (_toll, _brought):
            lower = changes.sub(note, lower)
    return found, lower
