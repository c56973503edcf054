"""What was asked: words, filters, and how the hits are to come."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

Order = Literal["relevance", "newest", "oldest"]
ORDERS: Final[tuple[Order, ...]] = ("relevance", "newest", "oldest")
# What one page may hold; more than a person reads, and far below Elasticsearch's window of 10,000.
LARGEST_PAGE: Final = 1000


class QuestionError(ValueError):
    """What was asked cannot be meant; the message is a sentence with the next step."""


class Circle(NamedTuple):
    """All that lies within ``km`` of a point."""

    lat: float
    lon: float
    km: float


class Area(NamedTuple):
    """Where something is to be: at a place of one of ``names``, at one of ``ids``, or around a point.

    ``ids`` are the geonameids of the place and of what lies in it, so that the place of
    one event can be asked for. ``circle`` and ``country`` (ISO code) say the same of an
    article in one word instead of thousands.
    """

    shown: str
    names: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    circle: Circle | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. The values of one filter are alternatives; filters narrow one another.

    ``tags``, ``statuses``, ``fatalities`` and, beside any of them, ``places`` ask for
    one event that has all of it. ``first`` is inclusive and ``end`` exclusive.
    ``now`` is the moment that "recent" is measured from.
    """

    text: str = ""
    tags: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    fatalities: int | None = None
    places: tuple[Area, ...] = ()
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    first: datetime | None = None
    end: datetime | None = None
    order: Order | None = None
    size: int = 10
    folded: bool = True
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def sorting(self) -> Order:
        """The order asked for; without one, the best first where there are words, else the newest."""
        return self.order or ("relevance" if self.text.strip() else "newest")
