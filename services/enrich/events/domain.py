"""Where words of war are only words: sport, business, culture, science.

"They stormed into the final" and "a battle for market share" use the vocabulary of
conflict. A sentence of such a domain that speaks of nothing grave makes its
triggers doubtful, and so does a text that is of the domain as a whole.
"""

from typing import Final

from msgspec.structs import replace

from services.enrich.events.rules import mask_of
from services.enrich.events.scan import Clause
from services.enrich.events.trigger import FAINT, Carried

DOMAINS: Final = ("sport", "business", "culture", "science")
# What no figure of speech brings into a sports or business page.
GRAVE: Final = ("kill", "rescue", "police", "armed_group", "chemical_agent", "suicide", "abduct", "sexual")
# Who has no part in a page of sport or science; without any of them in all the text, bacteria may kill and ants invade.
SERIOUS: Final = (
    "police",
    "armed_group",
    "state_force",
    "rescue",
    "prosecutor",
    "court_word",
    "protest_word",
    "injure",
)
FAMILIES: Final = ("conflict.", "unrest.", "disaster.", "crime.", "law.", "politics.", "humanitarian.")
# What such a page can well tell of: a study of an epidemic, a match after the earthquake.
PLAIN: Final = ("disaster.", "humanitarian.")
DOUBT: Final = 0.45  # leaves even the surest trigger below the threshold of an event
THOROUGH: Final = 3  # domain words that make a text without anybody serious one of the domain


class Domain:
    """The domain words of a text without a headline, counted once."""

    def __init__(self, clauses: list[Clause]) -> None:
        self._domain, self._grave, serious = mask_of(*DOMAINS), mask_of(*GRAVE), mask_of(*SERIOUS)
        words = sum(
            1 for clause in clauses if clause.mask & self._domain for hit in clause.hits if hit.classes & self._domain
        )
        self._some = words >= 2
        self._dense = words >= max(2, len(clauses))  # one a sentence: the whole text is of the domain
        self._thorough = words >= THOROUGH and not any(clause.mask & serious for clause in clauses)

    def trusted(self, clause: Clause, carried: Carried) -> Carried:
        """What is left of the triggers of a sentence."""
        weighed = [replace(one, weight=one.weight * self._trust(clause, one.tag)) for one in carried.triggers]
        likeliest = carried.likeliest
        if likeliest is not None and self._trust(clause, likeliest.tag) < 1.0:
            likeliest = None
        return replace(carried, triggers=[one for one in weighed if one.weight >= FAINT], likeliest=likeliest)

    def _trust(self, clause: Clause, tag: str) -> float:
        """What is left of a trigger's weight in a sentence: all of it, or ``DOUBT``."""
        if not tag.startswith(FAMILIES):
            return 1.0
        if self._thorough and not tag.startswith(PLAIN):
            return DOUBT
        if clause.mask & self._grave:
            return 1.0
        light = self._dense or (self._some and clause.mask & self._domain)
        return DOUBT if light else 1.0
