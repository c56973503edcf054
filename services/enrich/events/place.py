"""Where: the place a sentence gives its event, or the ones before it."""

import re
from functools import cache
from typing import Final

from services.enrich.events.rules import mask_of
from services.enrich.events.scan import Clause, is_country
from services.enrich.events.wording import leads, words
from services.enrich.model import Name

_areas, _locating, _before_places = words("areas"), words("locating"), words("before_places")
_grounds, _shores = words("grounds"), words("shores")
_talking, _before_talking = words("talking"), words("before_talking")
_where: Final = re.compile(r" *(?:region|province|district|city)? *where\b")
# How far back a place still holds for what follows, in sentences.
CARRY: Final = 6
# What a place is worth: a preposition before it counts most, then its precision, then its nearness.
LOCATED, WHERE, ABROAD = 3.0, 3.0, -4.0
# So much less it is worth as where something comes from or goes to, and as where somebody spoke.
PASSED, TALKED = -1.5, -3.0
NEXT: Final = 60  # characters from a place to a deed behind "where"
NEARNESS: Final = 40  # characters that cost one point
UNFIT: Final = -3.0
# A place so near is never unfit: that is the least that one can be worth.
FIT: Final = (1.0 + LOCATED + PASSED + TALKED - UNFIT) * NEARNESS


def precision(clause: Clause, name: Name) -> int:
    """3 for a town, 2 for a region, 1 for a state."""
    if is_country(name):
        return 1
    after = clause.text(name.end, name.end + 14).split()
    if after and after[0] in _areas:
        return 2
    before = clause.text(name.start - 24, name.start)
    return 2 if before.endswith(" of ") and before[:-4].rpartition(" ")[2] in _areas else 3


def _is_located(clause: Clause, name: Name) -> bool:
    return leads(clause.text(name.start - 48, name.start), _locating, _before_places)


def _acts(clause: Clause, name: Name) -> bool:
    """A country or capital is somebody, not somewhere, without a preposition or as an owner ("of Russia's").

    As the owner of a part of itself ("Beirut's southern suburbs") it is somewhere.
    """
    if not (is_country(name) or name.state_actor):
        return False
    if clause.text(name.end, name.end + 3) == " s ":
        owned = _shores if is_country(name) else _grounds
        return owned.isdisjoint(clause.text(name.end + 3, name.end + 30).split()[:3])
    return not _is_located(clause, name)


def places(clause: Clause) -> list[Name]:
    """The places of a sentence that somebody can be at, in order."""
    return [
        name for name in clause.names if name.type == "place" and name.geonameid is not None and not _acts(clause, name)
    ]


@cache
def _sayings() -> int:
    """The class of verbs of speech."""
    return mask_of("sayings")


def worth(clause: Clause, name: Name) -> float:
    """What a place of a sentence is worth wherever a deed stands in it."""
    told = float(precision(clause, name))
    if _is_located(clause, name):
        told += LOCATED
        if clause.text(name.start - 6, name.start).endswith((" from ", " to ")):
            told += PASSED
        if clause.mask & _sayings() and leads(clause.text(name.start - 60, name.start), _talking, _before_talking):
            told += TALKED
    return told


def is_near(name: Name, start: int, end: int) -> bool:
    """Whether a place stands so near a deed at ``start`` to ``end`` that it is the deed's, if no other is there."""
    return name.start - end < FIT and start - name.end < FIT


def _fitness(clause: Clause, name: Name, start: int, end: int, abroad: str | None) -> float:
    """What is added to a place's worth for a deed."""
    if name.start >= end:
        fitness = (end - name.start) / NEARNESS
    else:
        fitness = (name.end - start) / NEARNESS
        if 0 <= start - name.end <= NEXT and _where.match(clause.text(name.end, start)):
            fitness += WHERE
    return fitness + ABROAD if abroad is not None and name.country == abroad else fitness


def best(clause: Clause, candidates: list[tuple[Name, float]], start: int, end: int, abroad: str | None) -> Name | None:
    """The place of the sentence that fits a deed at ``start`` to ``end`` best, or None.

    ``candidates`` are its places, each with its worth. ``abroad`` is the country of a state
    that acts on another: its own soil fits badly.
    """
    found, most = None, UNFIT
    for name, told in candidates:
        # Of two that fit alike it is the first.
        if (fit := told + _fitness(clause, name, start, end, abroad)) > most:
            found, most = name, fit
    return found


def only_country(clause: Clause) -> Name | None:
    """The one state that a sentence names as such: where it happens ("Senegal counts the votes")."""
    countries = [name for name in clause.names if name.type == "place" and is_country(name)]
    return countries[0] if countries and len({name.geonameid for name in countries}) == 1 else None


class Ground:
    """The places the text has been to: what "the town" and "there" go back to."""

    def __init__(self, dateline: Name | None) -> None:
        self.dateline = dateline
        self._steps: list[tuple[int, list[Name]]] = []

    def walk(self, at: int, candidates: list[Name]) -> None:
        """Remember the places of sentence ``at``, but for whole countries, once its own events are done."""
        if candidates and (towns := [name for name in candidates if not is_country(name)]):
            self._steps.append((at, towns))

    def recall(self, at: int, abroad: str | None) -> Name | None:
        """The first place of the latest sentence with one, at most ``CARRY`` back; rather not one of ``abroad``."""
        if not self._steps or at - self._steps[-1][0] > CARRY:
            return None
        towns = self._steps[-1][1]
        return next((name for name in towns if abroad is None or name.country != abroad), towns[-1])
