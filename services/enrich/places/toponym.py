"""One mention of a name the gazetteer has, before and after it is decided which place it means."""

import msgspec

from services.enrich.places.gazetteer import Candidate


class Toponym(msgspec.Struct, eq=False):
    """One mention of a name the gazetteer has, in the order of the text.

    ``key`` is what it is looked up by; ``division`` (its level, or 0) and ``city`` say
    that the words around it name the kind; ``container`` is the place named right after it,
    ``inside`` how surely that contains it, ``holds`` the one that this is named right after as its container;
    ``listed`` are the names it is listed with, itself among them;
    ``sense`` is the answer, with ``confidence`` between 0 and 1.
    """

    key: int
    candidates: tuple[Candidate, ...]
    division: int = 0
    city: bool = False
    container: "Toponym | None" = None
    inside: float = 1.0
    holds: "Toponym | None" = None
    listed: "tuple[Toponym, ...]" = ()
    sense: Candidate | None = None
    confidence: float = 0.0
