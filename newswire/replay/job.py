"""A replay as the broker remembers it: the offsets of a consumer group of its own.

Everything a job needs in order to go on is in the metadata of those offsets: what it
takes, how fast, and where each partition begins and ends. The end is fixed before the first
article is sent, so a job never reads what it wrote itself, and one that was killed
goes on to the same end. Kafka forgets a group that nobody used for a week
(``offsets.retention.minutes``), and the job with it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition

from newswire import kafka
from newswire.article import Instant
from newswire.reasons import Stage
from newswire.replay.selection import Selection
from newswire.settings import KafkaSettings
from newswire.topics import ENRICHED, RAW, Topic, rfc3339

GROUP = "newswire-replay-"
SOURCES: dict[Stage, Topic] = {Stage.ENRICH: RAW, Stage.INDEX: ENRICHED}
COMMIT_TIMEOUT = 10_000  # milliseconds
# A quarter of what enrichment does on two cores: live articles wait for little.
RATE = 50.0  # a second


class Span(NamedTuple):
    """What a job takes of one partition: offsets from ``first`` to before ``end``; ``next`` is where it stands."""

    first: int
    next: int
    end: int

    @property
    def done(self) -> int:
        """How many offsets lie behind it."""
        return max(0, min(self.next, self.end) - self.first)


Spans = dict[TopicPartition, Span]


class Terms(msgspec.Struct, frozen=True):
    """What a job was begun with: messages written from ``first`` to before ``last`` (None: until it was begun)."""

    stage: Stage
    first: Instant
    last: Instant | None = None
    rate: float = RATE
    selection: Selection = Selection()

    @property
    def options(self) -> str:
        """The same, as somebody writes it on the command line."""
        named = [("--stage", self.stage.value), ("--from", _written(self.first))]
        if self.last is not None:
            named.append(("--to", _written(self.last)))
        named += [("--status", status) for status in self.selection.statuses]
        if self.selection.version_below is not None:
            named.append(("--version-below", str(self.selection.version_below)))
        return " ".join(f"{option} {value}" for option, value in [*named, ("--rate", f"{self.rate:g}")])


class Job(NamedTuple):
    """One replay: what it takes, and how far it is."""

    name: str
    terms: Terms
    spans: Spans

    @property
    def total(self) -> int:
        """The messages it reads, from its beginning to its end."""
        return sum(max(0, span.end - span.first) for span in self.spans.values())

    @property
    def done(self) -> int:
        """How many of them lie behind it."""
        return sum(span.done for span in self.spans.values())

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left."""
        return self.done >= self.total


class _Metadata(msgspec.Struct, frozen=True):
    """What stands beside each committed offset; a few hundred bytes of the 4,096 that a broker takes."""

    terms: Terms
    first: int
    end: int


def consumer(settings: KafkaSettings, name: str, stage: Stage, batch: int) -> KafkaConsumer:
    """A consumer that reads and commits for the job, and is a member of no group."""
    cap = SOURCES[stage].max_message_bytes
    return kafka.consumer(
        settings,
        GROUP + name,
        max_poll_records=batch,
        max_partition_fetch_bytes=cap,
        fetch_max_bytes=2 * cap,
        **kafka.AT_A_TERMINAL,
    )


def between(client: KafkaConsumer, terms: Terms) -> Spans:
    """Where the messages lie that a job of these terms reads, if it is begun now."""
    topic = SOURCES[terms.stage].name
    partitions = [TopicPartition(topic, number) for number in sorted(client.partitions_for_topic(topic) or ())]
    ends = client.end_offsets(partitions)

    def at(instant: datetime) -> dict[TopicPartition, int]:
        found = client.offsets_for_times({one: max(0, round(instant.timestamp() * 1000)) for one in partitions})
        return {one: found[one].offset if found[one] else ends[one] for one in partitions}

    starts, stops = at(terms.first), at(terms.last) if terms.last else ends
    return {one: Span(starts[one], starts[one], max(starts[one], min(stops[one], ends[one]))) for one in partitions}


def find(settings: KafkaSettings, name: str) -> Job | None:
    """The job of that name as the broker remembers it."""
    with kafka.admin(settings, **kafka.AT_A_TERMINAL) as client:
        return _read(name, client.list_group_offsets(GROUP + name).get(GROUP + name, {}))


def known(settings: KafkaSettings) -> list[Job]:
    """Every job that the broker remembers."""
    with kafka.admin(settings, **kafka.AT_A_TERMINAL) as client:
        groups = sorted(group["group_id"] for group in client.list_groups() if str(group["group_id"]).startswith(GROUP))
        offsets = client.list_group_offsets(groups) if groups else {}
    jobs = (_read(group.removeprefix(GROUP), offsets.get(group, {})) for group in groups)
    return [job for job in jobs if job]


def commit(client: KafkaConsumer, job: Job, reached: Mapping[TopicPartition, int]) -> None:
    """Remember that ``job`` stands at ``reached``; durable when it returns. Raises KafkaError."""
    client.commit(
        {
            partition: OffsetAndMetadata(offset, _metadata(job, job.spans[partition]))
            for partition, offset in reached.items()
        },
        timeout_ms=COMMIT_TIMEOUT,
    )


def begin(client: KafkaConsumer, job: Job) -> None:
    """Remember the whole job, before anything is sent; an older one of its name is forgotten."""
    commit(client, job, {partition: span.first for partition, span in job.spans.items()})


def _written(instant: datetime) -> str:
    """An instant as short as it is exact."""
    return rfc3339(instant).replace(".000Z", "Z").replace(":00Z", "Z")


def _metadata(job: Job, span: Span) -> str:
    return msgspec.json.encode(_Metadata(job.terms, span.first, span.end)).decode()


def _read(name: str, offsets: Mapping[TopicPartition, Any]) -> Job | None:
    spans: Spans = {}
    terms: Terms | None = None
    for partition, committed in offsets.items():
        if committed.offset < 0 or not committed.metadata:
            continue
        try:
            mine = msgspec.json.decode(committed.metadata, type=_Metadata)
        except (msgspec.DecodeError, msgspec.ValidationError):  # of a version that remembered otherwise
            continue
        # Another stage's offsets: of an older job of this name.
        if partition.topic != SOURCES[mine.terms.stage].name or (terms and mine.terms.stage is not terms.stage):
            continue
        terms = mine.terms
        spans[partition] = Span(mine.first, committed.offset, mine.end)
    return Job(name, terms, spans) if terms else None
