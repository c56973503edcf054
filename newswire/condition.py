"""The condition of the whole system at one moment, from everybody who knows a part of it.

Whoever does not answer leaves a gap and a sentence in ``troubles``; the rest stands.
"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from kafka.errors import KafkaError

from newswire import elastic, kafka
from newswire.backlog import Backlog, backlogs
from newswire.elastic import INDEX_ALIAS
from newswire.figures import Figures
from newswire.letters.filed import State
from newswire.letters.register import Filters, Register
from newswire.metrics import INBOX_STATES
from newswire.reasons import Stage
from newswire.settings import ElasticsearchSettings, KafkaSettings, load, redact
from newswire.stages import RunningStage
from services.ingest.answers import Totals

T = TypeVar("T")

PATIENCE = 5.0  # seconds


class StageCondition(msgspec.Struct, frozen=True, kw_only=True):
    """One service; counts are since it was started. ``oldest`` is since when its oldest article waits."""

    stage: str
    address: str
    up: bool
    ready: bool
    causes: dict[str, str]
    articles_in: int = 0
    ok: int = 0
    duplicate: int = 0
    stale: int = 0
    dead: int = 0
    in_flight: int = 0
    oldest: datetime | None = None


class Articles(msgspec.Struct, frozen=True):
    """Documents in the index: those that can be found, and the tombstones of withdrawn ones."""

    found: int
    withdrawn: int


class OpenLetters(msgspec.Struct, frozen=True):
    """Open dead letters of one stage and reason; ``oldest`` is when the first of them failed."""

    stage: str
    reason: str
    letters: int
    oldest: str


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """``inbox`` counts the files that are not in the ledger yet; None is what nobody could say."""

    at: datetime
    kafka: str
    elasticsearch: str
    stages: list[StageCondition]
    files: Totals | None
    inbox: dict[str, int] | None
    backlogs: list[Backlog] | None
    articles: Articles | None
    letters: list[OpenLetters] | None
    troubles: list[str]

    @property
    def is_ready(self) -> bool:
        """Whether every stage is ready and everybody has answered."""
        return all(one.ready for one in self.stages) and not self.troubles

    @property
    def seen(self) -> int | None:
        """Files that ever came: those of the ledger, the ones it let go, and those that wait."""
        if self.files is None or self.inbox is None:
            return None
        return (
            sum(one.files for one in self.files.states.values()) + self.files.forgotten.files + sum(self.inbox.values())
        )


def look(stages: list[RunningStage], totals: Callable[[], Totals | None]) -> Condition:
    """Ask everybody; takes a few seconds at most where somebody is away."""
    troubles: list[str] = []
    to_kafka, to_elastic = load(KafkaSettings), load(ElasticsearchSettings)
    figures = {one.stage: one.figures() for one in stages}

    def asked(question: Callable[[], T]) -> T | None:
        try:
            return question()
        except KafkaError as error:
            troubles.append(kafka.explain(error, to_kafka))
        except (TransportError, ApiError) as error:
            troubles.append(elastic.explain(error, to_elastic))
        except (OSError, sqlite3.Error) as error:
            troubles.append(f"{error}.")
        return None

    with elastic.client(to_elastic, request_timeout=PATIENCE) as client:
        articles = asked(lambda: _articles(client))
        # One sentence on an Elasticsearch that is away is enough.
        letters = asked(lambda: _letters(client)) if articles else None
    ingest = figures.get(Stage.INGEST)
    return Condition(
        at=datetime.now(UTC),
        kafka=to_kafka.bootstrap,
        elasticsearch=redact(to_elastic.url),
        stages=[_stage(one, figures[one.stage]) for one in stages],
        files=totals(),
        inbox=_inbox(ingest) if ingest else None,
        backlogs=asked(lambda: backlogs(to_kafka)),
        articles=articles,
        letters=letters,
        troubles=troubles,
    )


def _stage(service: RunningStage, figures: Figures | None) -> StageCondition:
    up, ready, causes = service.readiness()
    if figures is None:
        return StageCondition(
            stage=service.stage.value, address=service.url, up=up, ready=ready and up, causes=dict(causes)
        )
    out = {outcome: int(count) for outcome, count in figures.by("articles_out_total", "outcome").items()}
    oldest = figures.total("oldest_unfinished_timestamp_seconds")
    return StageCondition(
        stage=service.stage.value,
        address=service.url,
        up=up,
        ready=ready,
        causes=dict(causes),
        articles_in=int(figures.total("articles_in_total")),
        **out,
        in_flight=int(figures.total("in_flight_articles")),
        oldest=datetime.fromtimestamp(oldest, UTC) if oldest else None,
    )


def _inbox(figures: Figures) -> dict[str, int]:
    """Waiting and settling: what is embargoed has a row in the ledger already."""
    return {state: int(figures.total("inbox_files", state=state)) for state in INBOX_STATES if state != "embargoed"}


def _articles(client: Elasticsearch) -> Articles:
    behind = client.count(index=list(client.indices.get_alias(name=INDEX_ALIAS)))["count"]
    found = client.count(index=INDEX_ALIAS)["count"]
    return Articles(found=found, withdrawn=max(0, behind - found))


def _letters(client: Elasticsearch) -> list[OpenLetters]:
    return [OpenLetters(*one) for one in Register(client).counts(Filters(states=(State.OPEN,)))]
