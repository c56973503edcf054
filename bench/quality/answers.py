"""What enrichment says of a sample, in the terms of the scores."""

from datetime import datetime
from typing import NamedTuple

from bench.quality.sample import Expression, Named, Sample, Span
from newswire.article import Article, Source
from newswire.enriched import Enriched
from services.enrich.pipeline import Enricher

# Armed groups and parties are organisations to everybody who counts three types.
TYPES = {"person": "PER", "organization": "ORG", "group": "ORG", "place": "LOC"}


class Located(NamedTuple):
    """Where a toponym was put."""

    lat: float | None
    lon: float | None
    country: str | None
    kind: str


class Answer(NamedTuple):
    """One sample's; ``event`` is the type of the first event, ``tags`` are those of all."""

    names: frozenset[Named]
    places: dict[Span, Located]
    times: tuple[Expression, ...]
    event: str | None
    tags: frozenset[str] = frozenset()


def answered(enricher: Enricher, sample: Sample) -> Answer:
    """Enrich ``sample`` as ``newswire annotate --format ndjson`` does."""
    article = Article(
        id=sample.id,
        revision=1,
        title=sample.title,
        body=sample.body,
        published_at=datetime.fromisoformat(sample.published_at) if sample.published_at else None,
        source=Source(path=sample.id, format="ndjson", bytes=0, sha256=""),
    )
    return of(enricher.enrich(article))


def of(document: Enriched) -> Answer:
    """The answer that a document holds."""
    names = frozenset(
        Named(Span(mention.field, mention.start, mention.end), TYPES[entity.type])
        for entity in document.entities
        if entity.type in TYPES
        for mention in entity.mentions
        if mention.field in ("title", "body")
    )
    places: dict[Span, Located] = {}
    for place in document.places:
        at = place.location
        located = Located(at.lat if at else None, at.lon if at else None, place.country, place.kind)
        for mention in place.mentions:
            span = Span(mention.field, mention.start, mention.end)
            if span not in places or places[span].lat is None:
                places[span] = located
    times = tuple(Expression(time.start, time.end, time.type, time.value) for time in document.dates)
    first = document.events[0].type if document.events else None
    return Answer(names, places, times, first, frozenset(document.event_tags))
