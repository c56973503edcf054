"""Finds and reads every time expression of a body.

A cheap automaton looks for the words an expression cannot do without. Only around
its hits, and there only at words that may begin an expression, the shapes with that
beginning are tried. A shape's reader then says what the expression means, or that it
is none.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from daachorse import CharwiseDoubleArrayAhoCorasick

from services.enrich.dates import absolute, anaphora, beside, clock, holidays, periods, relative, span, vague
from services.enrich.dates.grammar import BY_OPENING, FOUR_DIGITS, OPENING, TRIGGERS
from services.enrich.dates.numeric import numeric_times
from services.enrich.dates.origin import day_of_writing
from services.enrich.dates.scene import Reading, Scene
from services.enrich.model import Text, Time

READERS: Final[dict[str, Callable[[re.Match[str], Scene], Reading | None]]] = {
    "iso": absolute.iso,
    "slash": absolute.slash,
    "known": holidays.known,
    "dmy": absolute.dmy,
    "mdy": absolute.mdy,
    "my": absolute.my,
    "month": absolute.month,
    "holiday": holidays.holiday,
    "season": periods.season,
    "half": periods.half,
    "year": periods.year,
    "decade": periods.decade,
    "century": periods.century,
    "quarter": periods.quarter,
    "fiscal": periods.fiscal,
    "year_ago": periods.year_ago,
    "week_ago": relative.week_ago,
    "weekday": relative.weekday,
    "deictic": relative.deictic,
    "unit": relative.unit,
    "anaphor": anaphora.anaphor,
    "ref": vague.ref,
    "ago": span.ago,
    "plural": span.plural,
    "long": span.long,
    "stretch": span.stretch,
    "set": span.repeated,
    "clock": clock.clock,
}

_triggers: Final = CharwiseDoubleArrayAhoCorasick(list(TRIGGERS))
# Months only with a capital; by far most are verbs.
_VERBS: Final = frozenset(("may", "march"))
_reaches: Final = list(TRIGGERS.values())


def lowered(body: str) -> str:
    """``body`` in lower case at the same length; İ alone would grow."""
    return body.replace("İ", "I").lower()


def _windows(lower: str) -> Iterator[tuple[int, int]]:
    """The stretches around triggers, in order, without overlaps; the space put before the text lets " now" begin it."""
    start = end = -1
    for hit_start, hit_end, number in _triggers.find(f" {lower}"):
        before, after = _reaches[number]
        if hit_start - before <= end:
            end = max(end, hit_end + after)
            continue
        if end >= 0:
            yield start, end
        start, end = max(0, hit_start - before), hit_end + after
    if end >= 0:
        yield start, end


def _whole_words(lower: str, start: int, end: int) -> tuple[int, int]:
    """The window with no word cut at its ends; a run without spaces is cut all the same, after 60 characters."""
    left = lower.rfind(" ", max(0, start - 60), start + 1)
    right = lower.find(" ", end, end + 60)
    return (left if left >= 0 else start), (right if right >= 0 else min(len(lower), end + 60))


def find_times(text: Text, language: str | None = None) -> list[Time]:
    """Every time expression of ``text.body`` in order, none overlapping another.

    ``language`` is the article's (BCP 47), None for English; in another one only what
    is written in numbers is read.
    Values are TIMEX3; where nobody knows when the article was written only what does
    not need it is given. ``body[time.start:time.end] == time.text`` always. Never raises.
    """
    lower = lowered(text.body)
    scene = Scene(text, lower, day_of_writing(text))
    if language not in (None, "en"):
        return numeric_times(scene)
    found: list[Time] = []
    done = 0
    for start, end in _windows(lower):
        left, right = _whole_words(lower, start, end)
        for opening in OPENING.finditer(lower, max(left, done), right):
            at = opening.start()
            if at < done or (at and lower[at - 1] in "$€£#_"):
                continue
            word = opening.group()
            if word in _VERBS and text.body[at].islower():
                continue
            matched = _matched(word, lower, at, right)
            if matched is None:
                continue
            shape, m = matched
            reading = READERS[shape](m, scene)
            done = m.end()
            if reading is None:
                continue
            kind, stretch = reading
            scene.remember(kind, stretch)
            found.append(scene.time(at, done, kind, stretch))
    return beside.joined(found, scene)


def _matched(word: str, lower: str, at: int, right: int) -> tuple[str, re.Match[str]] | None:
    """The first shape that matches at ``at``, where ``word`` stands."""
    for shape, match in BY_OPENING.get(word, FOUR_DIGITS):
        m = match(lower, at, right)
        if m:
            return shape, m
    return None
