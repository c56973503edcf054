"""What happens to one message, without Kafka, processes or a clock of its own: bytes in, answer out.

    Answer = Enriched bytes (Done) | what cannot be an article (Refused)

An article that cannot be enriched still goes on, bare, with the reason in
``enrichment.errors``; only what is no article at all becomes a letter.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import msgspec

from newswire import article as articles
from newswire import enriched
from newswire.article import Article
from newswire.enriched import Enriched, Enrichment, EnrichmentStatus
from newswire.reasons import Reason
from newswire.topics import ENRICHED_CAP

# Raised with every change that finds other things in the same text; a replay then replaces the older documents.
VERSION = 7
MODEL = "newswire-tagger-1"


class Job(msgspec.Struct, frozen=True, array_like=True):
    """One message of the raw topic, as it goes to a worker process."""

    value: bytes
    schema: str | None
    ingested_at: datetime


class Done(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A document for the enriched topic, and what the metrics count of it."""

    value: bytes
    status: EnrichmentStatus
    entities: dict[str, int]
    tags: dict[str, int]


class Slow(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """An article is still at work; ``done`` is what there is of it."""

    done: "Answer"


class Refused(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """No article, or one that cannot be sent: a dead letter."""

    reason: Reason
    message: str
    article_id: str | None = None
    revision: int | None = None
    path: str | None = None
    record: int | None = None


Answer = Done | Refused
SoFar = Callable[[Enriched], None]
Enrich = Callable[[Article, SoFar], Enriched]


def nobody(_: Enriched) -> None:
    """For who does not listen while an article is at work."""


def process(
    job: Job, enrich: Enrich, *, now: Callable[[], datetime], so_far: Callable[[Answer], None] = lambda _: None
) -> Answer:
    """Enrich one message; raises nothing that a message could cause.

    ``so_far`` is given what would be the answer if no more were found, while an article is slow.
    """
    article = _article(job)
    if isinstance(article, Refused):
        return article
    return _answer(enrich(article, lambda document: so_far(_answer(document, job, now))), job, now)


def without_enrichment(job: Job, reason: Reason, *, now: Callable[[], datetime]) -> Answer:
    """The answer for a message that enrichment crashed on or took too long for."""
    article = _article(job)
    return article if isinstance(article, Refused) else _answer(bare(article, "failed", [reason.value]), job, now)


def bare(article: Article, status: EnrichmentStatus, errors: list[str]) -> Enriched:
    """The document of an article in which nothing was looked for; a withdrawn one carries no text."""
    withdrawn = article.pubstatus == "canceled"
    return Enriched(
        id=article.id,
        revision=article.revision,
        pubstatus=article.pubstatus,
        title=None if withdrawn else article.title,
        body="" if withdrawn else article.body,
        subheads=[] if withdrawn else article.subheads,
        caption=None if withdrawn else article.caption,
        credit=article.credit,
        byline=article.byline,
        agency=article.agency,
        language=article.language,
        cluster=article.cluster,
        published_at=article.published_at,
        updated_at=article.updated_at,
        source=article.source,
        uri=article.uri,
        enrichment=Enrichment(status=status, version=VERSION, model=MODEL, errors=errors),
    )


def _article(job: Job) -> Article | Refused:
    if job.schema not in (None, articles.SCHEMA):
        return Refused(Reason.UNKNOWN_SCHEMA, f"This version does not know the schema {job.schema!r}.")
    try:
        return articles.decode(job.value)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        return Refused(Reason.BAD_MESSAGE, f"The message is no {articles.SCHEMA} article: {error}.")


def _answer(document: Enriched, job: Job, now: Callable[[], datetime]) -> Answer:
    document = msgspec.structs.replace(document, ingested_at=job.ingested_at, enriched_at=now())
    value = fit(document)
    if value is None:
        source = document.source
        return Refused(
            Reason.TOO_LARGE,
            f"The article's text alone is larger than the {ENRICHED_CAP} bytes that fit into a message.",
            document.id,
            document.revision,
            source.path if source else None,
            source.record if source else None,
        )
    return Done(
        value,
        document.enrichment.status,
        dict(Counter(entity.type for entity in document.entities)),
        dict(Counter(event.type for event in document.events)),
    )


def fit(document: Enriched, cap: int = ENRICHED_CAP) -> bytes | None:
    """The document's bytes, trimmed until they fit ``cap``: mentions first, then all that was found; None: never."""
    value = enriched.encode(document)
    if len(value) <= cap:
        return value
    cut = msgspec.structs.replace(document.enrichment, truncated=True)
    without_mentions = msgspec.structs.replace(
        document,
        enrichment=cut,
        entities=[msgspec.structs.replace(entity, mentions=[]) for entity in document.entities],
        places=[msgspec.structs.replace(place, mentions=[]) for place in document.places],
        dates=[],
    )
    value = enriched.encode(without_mentions)
    if len(value) <= cap:
        return value
    value = enriched.encode(msgspec.structs.replace(without_mentions, entities=[], places=[], quotes=[], events=[]))
    return value if len(value) <= cap else None
