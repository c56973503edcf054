"""Where words of war are only words: sport, business, culture.

"They stormed into the final" and "a battle for market share" use the vocabulary of
conflict. A sentence of such a domain that speaks of nothing grave makes its
triggers doubtful.
"""

from typing import Final

from services.enrich.events.rules import book
from services.enrich.events.scan import Clause

DOMAINS: Final = ("sport", "business", "culture")
# What no figure of speech brings into a sports or business page.
GRAVE: Final = ("kill", "rescue", "police", "armed_group", "chemical_agent", "suicide", "abduct", "sexual")
FAMILIES: Final = ("conflict.", "unrest.", "disaster.", "crime.", "law.", "politics.", "humanitarian.")
DOUBT: Final = 0.45  # leaves even the surest trigger below the threshold of an event


class Domain:
    """The domain words of a text, counted once."""

    def __init__(self, clauses: list[Clause]) -> None:
        bits = book().phrases.bit
        self._domain = sum(bits[name] for name in DOMAINS)
        self._grave = sum(bits[name] for name in GRAVE)
        words = sum(
            1 for clause in clauses if clause.mask & self._domain for hit in clause.hits if hit.classes & self._domain
        )
        self._some = words >= 2
        self._dense = words >= max(2, len(clauses))  # one a sentence: the whole text is of the domain

    def trust(self, clause: Clause, tag: str) -> float:
        """What is left of a trigger's weight in a sentence: all of it, or ``DOUBT``."""
        if not tag.startswith(FAMILIES) or clause.mask & self._grave:
            return 1.0
        light = self._dense or (self._some and clause.mask & self._domain)
        return DOUBT if light else 1.0
