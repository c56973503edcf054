"""Prometheus metrics: every name and every label value exists here and nowhere else (CONTRACT.md, section 6).

All label sets are created at start, so a counter that never moved reads 0 and
an alert on it works. No article, file or address ever becomes a label.
"""

from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from newswire import __version__
from newswire.enriched import ENTITY_TYPES
from newswire.reasons import REASONS, RETRY_REASONS, Stage

# The creation time of each counter would double what a scrape reads, and nothing asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]

OUTCOMES = ("ok", "duplicate", "stale", "dead")
INBOX_STATES = ("waiting", "settling", "embargoed")

# One millisecond to ten seconds: a stage's work on one article or one batch.
STAGE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BATCH_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
# Dense where the promise lies (a second or so), then up to the half hour of a backlog.
END_TO_END_BUCKETS = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


class StageMetrics:
    """What all three stages count, bound to one stage; one instance a process.

    Times are seconds. ``in_flight`` is what was taken and not yet finished;
    ``last_success`` and ``oldest_unfinished`` are Unix times (0: none).
    """

    def __init__(self, stage: Stage, registry: CollectorRegistry | None = None) -> None:
        self.stage = stage
        self.registry = registry or CollectorRegistry()
        if registry is None:
            ProcessCollector(registry=self.registry)
            PlatformCollector(registry=self.registry)
        one = {"stage": stage.value}
        self.articles_in = self._counter("articles_in", "Articles taken in", "stage").labels(**one)
        self._articles_out = self._counter("articles_out", "Articles finished, by outcome", "stage", "outcome")
        self.bytes_in = self._counter("bytes_in", "Bytes taken in", "stage").labels(**one)
        self.bytes_out = self._counter("bytes_out", "Bytes passed on", "stage").labels(**one)
        self.stage_seconds = self._histogram("stage_seconds", "Work on one batch", STAGE_BUCKETS).labels(**one)
        self.batch_articles = self._histogram("batch_articles", "Articles in one batch", BATCH_BUCKETS).labels(**one)
        self.in_flight = self._gauge("in_flight_articles", "Articles taken and not finished", "stage").labels(**one)
        self._retries = self._counter("retries", "Requests sent again, by reason", "stage", "reason")
        self._dead = self._counter("dead_letters", "Dead letters written, by reason", "stage", "reason")
        self.last_success = self._gauge(
            "last_success_timestamp_seconds", "When an article last went on", "stage"
        ).labels(**one)
        self.oldest_unfinished = self._gauge(
            "oldest_unfinished_timestamp_seconds", "Since when the oldest unfinished article waits", "stage"
        ).labels(**one)
        self._gauge("build_info", "The version that runs", "version").labels(version=__version__).set(1)
        self.out = {outcome: self._articles_out.labels(outcome=outcome, **one) for outcome in OUTCOMES}
        self.retries = {reason: self._retries.labels(reason=reason.value, **one) for reason in RETRY_REASONS[stage]}
        self.dead = {reason: self._dead.labels(reason=reason.value, **one) for reason in REASONS[stage]}

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"newswire_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"newswire_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: Iterable[float]) -> Histogram:
        return Histogram(f"newswire_{name}", text, ("stage",), registry=self.registry, buckets=tuple(buckets))


class IngestMetrics(StageMetrics):
    """Ingest's own: what waits in the inbox, and what the watcher missed."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        super().__init__(Stage.INGEST, registry)
        inbox = self._gauge("inbox_files", "Files in the inbox, by state", "state")
        self.inbox_files = {state: inbox.labels(state=state) for state in INBOX_STATES}
        self.watch_overflows = self._counter("watch_overflows", "Times the kernel's event queue overflowed")
        self.rescan_found = self._counter("rescan_found", "Files found by the rescan and not by an event")


class EnrichMetrics(StageMetrics):
    """Enrich's own: what was found; ``tags`` is the closed set of the taxonomy."""

    def __init__(self, tags: Iterable[str], registry: CollectorRegistry | None = None) -> None:
        super().__init__(Stage.ENRICH, registry)
        entities = self._counter("entities", "Entities found, by type", "type")
        events = self._counter("events", "Events found, by tag", "tag")
        self.entities = {kind: entities.labels(type=kind) for kind in ENTITY_TYPES}
        self.events = {tag: events.labels(tag=tag) for tag in tags}


class IndexMetrics(StageMetrics):
    """Index's own: the way from a file to a searchable article, and how much Elasticsearch takes at once."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        super().__init__(Stage.INDEX, registry)
        self.end_to_end = Histogram(
            "newswire_end_to_end_seconds",
            "From a file's close or move to its article being searchable",
            registry=self.registry,
            buckets=END_TO_END_BUCKETS,
        )
        self.request_limit = Gauge(
            "newswire_bulk_requests_limit",
            "Bulk requests that may be under way at once; falls while Elasticsearch pushes back",
            registry=self.registry,
        )
