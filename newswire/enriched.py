"""The message on ``newswire.enriched.v1`` and the document in Elasticsearch (CONTRACT.md, section 4).

Offsets are Unicode code points, end exclusive, into the text of the field they
name; ``field_text[start:end] == text`` always holds.
"""

from typing import Annotated, Final, Literal

import msgspec

from newswire.article import Instant, Pubstatus, Source, Subhead

SCHEMA: Final = "enriched/1"

Field = Literal["body", "title", "caption", "dateline"]
EntityType = Literal["person", "organization", "place", "group", "nationality", "event", "work", "other"]
ENTITY_TYPES: tuple[EntityType, ...] = (
    "person",
    "organization",
    "place",
    "group",
    "nationality",
    "event",
    "work",
    "other",
)
PlaceKind = Literal["city", "admin1", "admin2", "country", "region", "other"]
EventStatus = Literal["reported", "claimed", "denied", "negated", "planned", "hypothetical", "historical"]
EnrichmentStatus = Literal["ok", "partial", "failed", "skipped"]
Score = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Dateline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The place line at the head of a report, as written and as resolved."""

    text: str
    place: str | None = None
    geonameid: int | None = None


class Mention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One occurrence of an entity's name."""

    text: str
    start: int
    end: int
    field: Field = "body"


class Entity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One real thing an article names, with every place where it does; ``salience`` orders as a reader would."""

    type: EntityType
    name: str
    id: str | None
    mentions: list[Mention]
    count: int
    salience: Score


class Location(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """WGS 84, degrees."""

    lat: float
    lon: float


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stretch of one field."""

    start: int
    end: int
    field: Field = "body"


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A toponym resolved against the gazetteer; ``country`` is ISO 3166-1 alpha-2.

    ``geonameid`` is None where GeoNames has no one record for it: Darfur, the Black Sea.
    """

    geonameid: int | None
    name: str
    kind: PlaceKind
    country: str | None
    admin1: str | None
    location: Location | None
    confidence: Score
    mentions: list[Span]


class DateMention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time expression of the body; ``value`` as in TIMEX3 (``2025-02-07``, ``2024-SU``, ``P3D``)."""

    text: str
    start: int
    end: int
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str


class Quote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words between quotation marks, ``body[start:end]``, and who the text says spoke them.

    ``speaker`` and ``speaker_id`` are name and id of one of the entities. The speaker's
    span is what names the speaker in ``body``: a name, a noun phrase ("a spokesman") or
    a pronoun; null where the text names none.
    """

    start: int
    end: int
    speaker: str | None = None
    speaker_id: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None


class Interval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """ISO dates, both inclusive; serialised as ``from`` and ``to``."""

    start: str = msgspec.field(name="from")
    end: str = msgspec.field(name="to")


class EventPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an event happened: one of the article's places."""

    geonameid: int
    name: str


class Count(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many people; an open end is null ("at least nine" is 9 to null)."""

    min: int | None
    max: int | None


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event with its arguments and the sentences that carry it (``evidence``: spans of ``body``)."""

    type: str
    score: Score
    status: EventStatus
    claimed_by: list[str] = []
    denied_by: list[str] = []
    actors: list[str] = []
    targets: list[str] = []
    place: EventPlace | None = None
    date: Interval | None = None
    fatalities: Count | None = None
    injured: Count | None = None
    missing: Count | None = None
    arrested: Count | None = None
    displaced: Count | None = None
    evidence: list[tuple[int, int]]
    story: str | None = None
    acled: str | None = None
    plover: str | None = None
    cameo: str | None = None


class Enrichment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What enrichment did: ``version`` is its own (0-127), ``errors`` are reasons of the closed list."""

    status: EnrichmentStatus
    version: Annotated[int, msgspec.Meta(ge=0, le=127)]
    model: str
    milliseconds: int = 0
    errors: list[str] = []
    truncated: bool = False


class Enriched(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An article with what enrichment found in it."""

    id: str
    revision: int
    schema: Literal["enriched/1"] = SCHEMA
    pubstatus: Pubstatus = "usable"
    title: str | None
    body: str
    subheads: list[Subhead] = []
    caption: str | None = None
    credit: str | None = None
    byline: str | None = None
    agency: str | None = None
    language: str | None = None
    cluster: str | None = None
    published_at: Instant | None = None
    updated_at: Instant | None = None
    ingested_at: Instant | None = None
    enriched_at: Instant | None = None
    indexed_at: Instant | None = None
    source: Source | None = None
    uri: str | None = None
    dateline: Dateline | None = None
    entities: list[Entity] = []
    places: list[Place] = []
    dates: list[DateMention] = []
    quotes: list[Quote] = []
    events: list[Event] = []
    event_tags: list[str] = []
    people: list[str] = []
    organizations: list[str] = []
    place_names: list[str] = []
    countries: list[str] = []
    locations: list[Location] = []
    enrichment: Enrichment


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Enriched)


def encode(document: Enriched) -> bytes:
    """The bytes that go to Kafka and, with ``indexed_at``, to Elasticsearch."""
    return _encoder.encode(document)


def decode(value: bytes) -> Enriched:
    """The document in ``value``; raises msgspec.DecodeError or msgspec.ValidationError with the field's path."""
    return _decoder.decode(value)
