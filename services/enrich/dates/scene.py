"""What a reader of one time expression knows about its surroundings."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.enrich.dates.calendar import Stretch
from services.enrich.model import Text

# Words before an expression, in its clause, that make it point forward.
_ahead: Final = re.compile(
    r"\b(?:will|shall|plans?|planned|planning|due|scheduled|expected|set|to be held|going to|upcoming|ahead of|"
    r"deadline|is to|are to|no later than|until|till|next)\b(?! said)"
)
# The same after an expression that opens its sentence ("On Friday, voters will …").
_ahead_after: Final = re.compile(
    r"[^.;]{0,70}?\b(?:will|is to|are to|is due|are due|is set|are set|(?:is|are) expected)\b"
)
# A verb of speech right before: the expression tells when somebody spoke, which is past.
_spoke: Final = re.compile(
    r"\b(?:said|says|told \w+|announced|reported|confirmed|added|warned|claimed|denied|stated|tweeted|wrote)"
    r"(?: (?:on|in a statement|late|early|in a statement on))?,? $"
)


@dataclass(slots=True)
class Scene:
    """The text around an expression, and the last day mentioned before it ("the following day")."""

    text: Text
    lower: str
    written: date | None
    _starts: list[int] = field(init=False)
    last_day: date | None = None

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

    def forward(self, start: int, end: int) -> bool:
        """Whether the sentence speaks of what is still to come at the expression."""
        before = self.before(start)
        if _spoke.search(before):
            return False
        if _ahead.search(before):
            return True
        opening = before.strip() in ("", "on", "in", "by", "this", "late", "early", "later")
        return opening and _ahead_after.match(self.lower, end) is not None

    def remember(self, stretch: Stretch) -> None:
        """Keep a single day as the base of "the following day"."""
        if stretch.first is not None and stretch.first == stretch.last:
            self.last_day = stretch.first


Reading = tuple[str, Stretch]
