"""Finds and reads every time expression of a body.

A cheap automaton looks for the words an expression cannot do without; the one
expression of the grammar runs only around its hits. A shape's reader then
says what the expression means, or that it is none.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from daachorse import CharwiseDoubleArrayAhoCorasick

from services.enrich.dates import absolute, clock, periods, relative, span
from services.enrich.dates.grammar import EXPRESSION, TRIGGERS
from services.enrich.dates.scene import Reading, Scene
from services.enrich.model import Text, Time

READERS: Final[dict[str, Callable[[re.Match[str], Scene], Reading | None]]] = {
    "iso": absolute.iso,
    "slash": absolute.slash,
    "dmy": absolute.dmy,
    "mdy": absolute.mdy,
    "my": absolute.my,
    "month": absolute.month,
    "season": periods.season,
    "year": periods.year,
    "decade": periods.decade,
    "century": periods.century,
    "quarter": periods.quarter,
    "weekday": relative.weekday,
    "deictic": relative.deictic,
    "anaphor": relative.anaphor,
    "unit": relative.unit,
    "ago": span.ago,
    "stretch": span.stretch,
    "set": span.repeated,
    "clock": clock.clock,
}

_triggers: Final = CharwiseDoubleArrayAhoCorasick(list(TRIGGERS))
# Characters from a trigger to the ends of the longest expression, as in "Wednesday, 24 September, 2024".
BEFORE, AFTER = 44, 40
# A time of day belongs to the day named this close to it, in the same sentence.
NEAR = 30
_END: Final = re.compile(r"\. |[;\n]")


def lowered(body: str) -> str:
    """``body`` in lower case at the same length; İ alone would grow."""
    return body.replace("İ", "I").lower()


def _windows(lower: str) -> Iterator[tuple[int, int]]:
    start = end = -1
    for hit_start, hit_end, _ in _triggers.find(lower):
        if hit_start - BEFORE <= end:
            end = hit_end + AFTER
            continue
        if end >= 0:
            yield start, end
        start, end = max(0, hit_start - BEFORE), hit_end + AFTER
    if end >= 0:
        yield start, end


def _whole_words(lower: str, start: int, end: int) -> tuple[int, int]:
    """The window with no word cut at its ends; a run without spaces is cut all the same, after 60 characters."""
    left = lower.rfind(" ", max(0, start - 60), start + 1)
    right = lower.find(" ", end, end + 60)
    return (left if left >= 0 else start), (right if right >= 0 else min(len(lower), end + 60))


def find_times(text: Text) -> list[Time]:
    """Every time expression of ``text.body`` in order, none overlapping another.

    Values are TIMEX3; where ``text.written`` is None only what does not need it is
    given. ``body[time.start:time.end] == time.text`` always. Never raises.
    """
    lower = lowered(text.body)
    scene = Scene(text, lower, text.written)
    found: list[Time] = []
    done = 0
    for start, end in _windows(lower):
        left, right = _whole_words(lower, start, end)
        for m in EXPRESSION.finditer(lower, max(left, done), right):
            done = m.end()
            reading = READERS[m.lastgroup or ""](m, scene)
            if reading is None:
                continue
            kind, stretch = reading
            scene.remember(stretch)
            found.append(Time(m.start(), m.end(), text.body[m.start() : m.end()], kind, *stretch))
    return _placed(found, scene)


def _placed(times: list[Time], scene: Scene) -> list[Time]:
    """Times of day on the day named beside them, else on the day of writing."""
    placed = []
    for at, time in enumerate(times):
        if time.value.startswith("T"):
            day = _day_beside(times, at, scene) or scene.written
            if day is not None:
                placed.append(time._replace(**clock.on_day(time.value, day)._asdict()))
                continue
        placed.append(time)
    return placed


def _day_beside(times: list[Time], at: int, scene: Scene) -> date | None:
    time = times[at]
    for other in times[at + 1 : at + 2] + times[max(0, at - 1) : at]:
        gap = scene.text.body[min(time.end, other.end) : max(time.start, other.start)]
        if len(gap) <= NEAR and not _END.search(gap) and other.first and other.first == other.last:
            return other.first
    return None
