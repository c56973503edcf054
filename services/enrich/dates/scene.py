"""What a reader of one time expression knows about its surroundings."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.enrich.dates.calendar import Stretch
from services.enrich.dates.words import words
from services.enrich.model import Text, Time

_ahead: Final = words("ahead") | words("arranged")
_ahead_phrases: Final = (" is to ", " are to ", " to be held ", " no later than ")
# The same after an expression that opens its sentence ("On Friday, voters will …").
_ahead_after: Final = re.compile(
    r"[^.;]{0,70}?\b(?:will|is to|are to|is due|are due|is set|are set|(?:is|are) expected)\b"
)
# A verb of speech right before: the expression tells when somebody spoke, which is past.
_spoke: Final = re.compile(
    r"\b(?:said|says|told \w+|announced|reported|confirmed|added|warned|claimed|denied|stated|tweeted|wrote)"
    r"(?: (?:on|in a statement|late|early|in a statement on))?,? $"
)
_LONGEST_SPEECH: Final = 40
_in_numbers: Final = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})/(?:19|20)\d\d(?!\d)")
# A text with three past years and none of these words is no report of what happened this week.
_of_the_day: Final = re.compile(
    r"\b(?:today|yesterday|tomorrow|tonight|overnight|now|ago|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:this|last|next) (?:week|month|year|night))\b"
)
# Begins with a set, so that the engine skips to it.
_years: Final = re.compile(r"[12](?<![\d.,$€£].)(?:(?<=1)[5-9]|(?<=2)0)\d\d(?![\d%]|[.,]\d)")
_CHRONICLE: Final = 3
# Days: a longer stretch is no base for "the following year".
_LONGEST_BASE: Final = 366


@dataclass(slots=True)
class Scene:
    """The text around an expression, and the times mentioned before it ("the following day", "that year").

    ``last_day`` is the last single day, ``last_told`` the first day of the last
    stretch of the calendar up to a year long, ``last_quarter`` the last quarter,
    ``last_clock`` the last time of day (``19:30``).
    """

    text: Text
    lower: str
    written: date | None
    _starts: list[int] = field(init=False)
    last_day: date | None = None
    last_told: date | None = None
    last_quarter: Stretch | None = None
    last_clock: str | None = None
    _order: str | None = None
    _chronicle: bool | None = None

    def __post_init__(self) -> None:
        self._starts = [sentence.start for sentence in self.text.sentences]

    def before(self, start: int, reach: int = 70) -> str:
        """The lower-cased text before ``start`` in its sentence: ``reach`` characters, from a semicolon at most."""
        at = bisect_right(self._starts, start) - 1
        floor = self._starts[at] if at >= 0 else 0
        return self.lower[max(floor, start - reach) : start].rpartition(";")[2]

    def word_before(self, start: int) -> str:
        """The word before ``start``, lower case; empty at the head of a sentence."""
        words = self.before(start, 24).rstrip(" ").rsplit(None, 1)
        return words[-1].strip("(\"'“‘") if words else ""

    def capitalised(self, start: int) -> bool:
        """Whether the word at ``start`` is written as a name is."""
        return self.text.body[start : start + 1].isupper()

    def begins_sentence(self, start: int) -> bool:
        """Whether a sentence begins at ``start``."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._starts[at] == start

    def within_name(self, start: int, end: int) -> bool:
        """Whether a capitalised word from ``start`` to ``end`` has another right before or behind it ("Daily Mail")."""
        if not self.capitalised(start):
            return False
        after = self.text.body[end : end + 2]
        if after[:1] == " " and after[1:].isupper():
            return True
        before = self.text.body[max(0, start - 24) : start].rsplit(None, 1)
        return (
            not self.begins_sentence(start) and bool(before) and before[-1][:1].isupper() and before[-1][-1:].isalpha()
        )

    def forward(self, start: int, end: int) -> bool:
        """Whether the sentence speaks of what is still to come at the expression."""
        before = self.before(start)
        if _spoke.search(before[-_LONGEST_SPEECH:]):
            return False
        if not _ahead.isdisjoint(before.split()) or any(phrase in before for phrase in _ahead_phrases):
            return True
        opening = before.strip() in ("", "on", "in", "by", "this", "late", "early", "later")
        return opening and _ahead_after.match(self.lower, end) is not None

    def order_in_numbers(self) -> str:
        """``day`` or ``month``: which comes first in the article's dates in numbers; empty where they do not tell."""
        if self._order is None:
            told = {
                "day" if int(m[1]) > 12 else "month"
                for m in _in_numbers.finditer(self.lower)
                if (int(m[1]) > 12) != (int(m[2]) > 12)
            }
            self._order = told.pop() if len(told) == 1 else ""
        return self._order

    def year_told(self, month: int) -> int | None:
        """For a month without year in a chronicle: the year the text has come to, the next one after its December.

        None in a report of the day, which counts from the day of writing.
        """
        if self.last_told is None or self.written is None or self.last_told.year >= self.written.year:
            return None
        if self._chronicle is None:
            past = {year for year in _years.findall(self.lower) if int(year) < self.written.year}
            self._chronicle = len(past) >= _CHRONICLE and not _of_the_day.search(self.lower)
        if not self._chronicle:
            return None
        return self.last_told.year + (month < self.last_told.month)

    def time(self, start: int, end: int, kind: str, stretch: Stretch) -> Time:
        """The expression from ``start`` to ``end`` with what it means."""
        return Time(start, end, self.text.body[start:end], kind, stretch.value, stretch.first, stretch.last)

    def remember(self, kind: str, stretch: Stretch) -> None:
        """Keep a time as the base of those counted from it."""
        if kind == "TIME" and stretch.value[:1] == "T":
            self.last_clock = stretch.value[1:6]
        first, last = stretch.first, stretch.last
        if kind not in ("DATE", "TIME") or first is None or last is None:
            return
        if first == last:
            self.last_day = first
        if (last - first).days <= _LONGEST_BASE:
            self.last_told = first
        if "-Q" in stretch.value:
            self.last_quarter = stretch


Reading = tuple[str, Stretch]
