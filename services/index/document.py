"""The document that Elasticsearch holds: the enriched article, and what is read off it for those who search and count.

Kibana's charts and controls do not look into nested events, so what they need of
them stands flat beside ``event_tags``. Everything here follows from the enriched
article alone: a later version of Newswire can work it out again from what is
stored (``project``), which is how a new index generation is filled.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final, TypeVar

import msgspec

from newswire.article import Instant
from newswire.enriched import Count, Enriched, Event, EventStatus, Location

T = TypeVar("T", str, date)

# What the article reports as having happened. A figure of a plan, a fear, a denial of the whole or of years ago is no
# figure of this article's news.
COUNTED: Final[frozenset[EventStatus]] = frozenset({"reported", "claimed", "denied"})


class Document(Enriched, frozen=True, kw_only=True):
    """An enriched article as it is stored; lists are sorted and free of duplicates, figures are people.

    ``timestamp`` (``@timestamp``) is never null: the day an article belongs to, its
    publication or else the moment it came in. An ``event_…`` figure is the largest
    certain number of one event of the article ("at least nine" is 9), so that the
    maximum over articles never counts the same dead twice. ``quoted`` are the names of
    those whose words the article quotes.
    """

    timestamp: Instant = msgspec.field(name="@timestamp")
    quoted: list[str]
    event_statuses: list[str]
    event_actors: list[str]
    event_targets: list[str]
    event_claimed_by: list[str]
    event_denied_by: list[str]
    event_places: list[str]
    event_locations: list[Location]
    event_dates: list[date]
    event_stories: list[str]
    event_fatalities: int | None
    event_injured: int | None
    event_missing: int | None
    event_arrested: int | None
    event_displaced: int | None


class _Stored(Enriched, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The enriched article inside a stored document, whichever version stored it."""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Stored)
ENRICHED_FIELDS = tuple(field.name for field in msgspec.structs.fields(Enriched))


def project(article: Enriched, *, indexed_at: datetime) -> Document:
    """What is stored of ``article``; also of one that was stored before, by whatever version."""
    known = {name: getattr(article, name) for name in ENRICHED_FIELDS} | {"indexed_at": indexed_at}
    events = article.events
    where = {place.geonameid: place.location for place in article.places if place.geonameid and place.location}
    happened = {event.place.geonameid: event.place.name for event in events if event.place}
    counted = [event for event in events if event.status in COUNTED]
    return Document(
        **known,
        timestamp=article.published_at or article.ingested_at or indexed_at,
        quoted=_several(quote.speaker for quote in article.quotes if quote.speaker),
        event_statuses=_several(event.status for event in events),
        event_actors=_several(name for event in events for name in event.actors),
        event_targets=_several(name for event in events for name in event.targets),
        event_claimed_by=_several(name for event in events for name in event.claimed_by),
        event_denied_by=_several(name for event in events for name in event.denied_by),
        event_places=_several(happened.values()),
        event_locations=[where[place] for place in sorted(happened) if place in where],
        event_dates=_several(day for event in events if (day := _day(event))),
        event_stories=_several(event.story for event in events if event.story),
        event_fatalities=_largest(counted, lambda event: event.fatalities),
        event_injured=_largest(counted, lambda event: event.injured),
        event_missing=_largest(counted, lambda event: event.missing),
        event_arrested=_largest(counted, lambda event: event.arrested),
        event_displaced=_largest(counted, lambda event: event.displaced),
    )


def encode(document: Document) -> bytes:
    """The bytes that go to Elasticsearch."""
    return _encoder.encode(document)


def decode(source: bytes) -> Enriched:
    """The enriched article of a stored document, its derived fields left out.

    Raises msgspec.DecodeError or msgspec.ValidationError where it is none.
    """
    return _decoder.decode(source)


def _several(values: Iterable[T]) -> list[T]:
    return sorted(set(values))


def _day(event: Event) -> date | None:
    try:
        return date.fromisoformat(event.date.start) if event.date else None
    except ValueError:  # the mapping will say so of the event itself, with the field's name
        return None


def _largest(events: Iterable[Event], figure: Callable[[Event], Count | None]) -> int | None:
    return max((count.min for event in events if (count := figure(event)) and count.min is not None), default=None)
