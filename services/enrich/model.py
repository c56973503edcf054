"""What the steps of enrichment hand to one another.

The order is text → names and places → times → events; each step reads what the
ones before it found and adds its own. All offsets are code points into the field
they name, end exclusive.
"""

from datetime import date

import msgspec

from newswire.enriched import EntityType, Field


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """A sentence of the body; ``paragraph`` counts from 0, ``heading`` is how many subheads stand before it."""

    start: int
    end: int
    paragraph: int
    heading: int


class Name(msgspec.Struct, frozen=True, gc=False):
    """One mention of a name, already decided.

    ``canonical`` is the name of the thing ("Toretsk" for a mention "Dzerzhinsk"),
    ``id`` its key across mentions (``geonames:709354``, ``country:UA``,
    ``org:kremlin``) or None. ``country`` is the ISO 3166-1 alpha-2 code of the
    state that the thing is, belongs to or lies in ("Ukrainian", "Kyiv" and
    "Ukraine's foreign ministry": UA). ``geonameid`` is set for resolved places.
    ``state_actor`` says that the mention may stand for a state's government
    (a country, its capital, "the Kremlin", a ministry, a nationality).
    """

    start: int
    end: int
    field: Field
    text: str
    type: EntityType
    canonical: str
    id: str | None = None
    country: str | None = None
    geonameid: int | None = None
    state_actor: bool = False


class Time(msgspec.Struct, frozen=True, gc=False, order=True):
    """One time expression of the body, normalised.

    ``value`` is TIMEX3; ``first`` and ``last`` are the days it covers, both
    inclusive, None where it has no place on the calendar (durations, sets).
    """

    start: int
    end: int
    text: str
    type: str
    value: str
    first: date | None = None
    last: date | None = None


class Text(msgspec.Struct, frozen=True):
    """The article's text as every step sees it.

    ``written`` is the day the article counts its "Friday" and "last month" from:
    the publication date in the source's zone, or None where nobody knows. ``head`` is
    the place of a dateline that is still in the body, as a span of it; ``dateline``
    is then None and no sentence covers it.
    """

    body: str
    title: str | None
    caption: str | None
    dateline: str | None
    sentences: list[Sentence]
    written: date | None
    head: tuple[int, int] | None = None
