"""The work of a replay, a small batch at a time, so that live traffic hardly notices it.

1. read a batch up to the fixed end
2. choose: what is an article, and selected
3. send each at the given pace, while the stages keep up, and await every acknowledgement
4. commit how far that is

Killed anywhere, the batch comes again: each article goes out at least once, and the
index takes the second for the first. The messages are sent as they are, to the
partition they came from, but for ``attempts``.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError

from newswire import article, enriched
from newswire.article import Article
from newswire.enriched import Enriched
from newswire.kafka import ACK_TIMEOUT, next_offset
from newswire.pace import Pace
from newswire.reasons import Stage
from newswire.replay import job as jobs
from newswire.replay.job import Job
from newswire.topics import Headers, one_more, read_headers

# What a crash sends twice, and what the broker is given at once: a second or two at the usual pace.
BATCH = 100  # articles
POLL = 500  # milliseconds
# The client reconnects quietly and for ever; somebody waits for this.
SILENCE = 30.0  # seconds

ATTEMPTS = "attempts"

_FORMATS: dict[Stage, tuple[Callable[[bytes], Article | Enriched], str]] = {
    Stage.ENRICH: (article.decode, article.SCHEMA),
    Stage.INDEX: (enriched.decode, enriched.SCHEMA),
}


class Tally(NamedTuple):
    """What became of the messages read: sent (or would be), not selected, or no articles at all."""

    sent: int = 0
    others: int = 0
    unreadable: int = 0

    def plus(self, more: "Tally") -> "Tally":
        """Both together."""
        return Tally(*(mine + theirs for mine, theirs in zip(self, more, strict=True)))


class Replay:
    """Runs a job. ``producer`` is None for a dry run: everything but 3 and 4. Used by one thread.

    ``room`` blocks while the stage is behind, and is False when the work is to stop; a dry run does not ask it.
    """

    def __init__(
        self,
        job: Job,
        *,
        consumer: KafkaConsumer,
        producer: Any | None,
        index: Elasticsearch,
        pace: Pace,
        room: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._job = job
        self._consumer = consumer
        self._producer = producer
        self._index = index
        self._pace = pace
        self._room = room
        self._clock = clock
        self._reached = {partition: span.next for partition, span in job.spans.items()}
        self.tally = Tally()

    def run(self, advance: Callable[[int], None]) -> bool:
        """Work until the end; False where the pace was stopped first. ``advance`` is told of offsets left behind.

        Raises KafkaError, ApiError or TransportError; what was not committed comes again.
        """
        waiting = {partition: span.end for partition, span in self._job.spans.items() if span.next < span.end}
        self._consumer.assign(list(waiting))
        for partition in waiting:
            self._consumer.seek(partition, self._reached[partition])
        heard = self._clock()
        while waiting:
            before = dict(self._reached)
            messages = self._read(waiting)  # 1
            finished = self._handle(messages)  # 2 and 3
            if finished:
                self._pass_gaps(waiting)
            moved = {one: offset for one, offset in self._reached.items() if offset != before[one]}
            if moved and self._producer is not None:
                jobs.commit(self._consumer, self._job, moved)  # 4
            advance(sum(offset - before[one] for one, offset in moved.items()))
            for partition in [one for one, end in waiting.items() if self._reached[one] >= end]:
                del waiting[partition]
                self._consumer.pause(partition)
            if not finished:
                return not waiting
            heard = self._clock() if moved else heard
            if waiting and self._clock() - heard > SILENCE:
                raise KafkaTimeoutError(f"no article came for {SILENCE:.0f} s, and there should be more")
        return True

    def _read(self, waiting: Mapping[TopicPartition, int]) -> list[Any]:
        polled = self._consumer.poll(timeout_ms=POLL)
        return [one for partition, found in polled.items() for one in found if one.offset < waiting.get(partition, 0)]

    def _handle(self, messages: Sequence[Any]) -> bool:
        """Steps 2 and 3 for one batch; False where the pace was stopped before its end."""
        ids = [_id(self._job.terms.stage, message) for message in messages]
        selected = self._job.terms.selection.of(self._index, [one for one in ids if one])
        under_way = []
        finished = self._pace.step(0)
        for message, article_id in zip(messages, ids, strict=True):
            chosen = article_id in selected
            finished = finished and (self._producer is None or self._room()) and self._pace.step(1 if chosen else 0)
            if not finished:
                break
            if chosen and self._producer is not None:
                under_way.append(_send(self._producer, message))
            self.tally = self.tally.plus(Tally(chosen, not chosen and article_id is not None, article_id is None))
            self._reached[TopicPartition(message.topic, message.partition)] = next_offset(message.offset)
        for sent in under_way:
            sent.get(timeout=ACK_TIMEOUT)
        return finished

    def _pass_gaps(self, waiting: Mapping[TopicPartition, int]) -> None:
        """Where retention or a transaction left no message, the consumer's position is what moves on."""
        for partition, end in waiting.items():
            position = min(self._consumer.position(partition), end)
            self._reached[partition] = max(self._reached[partition], position)


def again(pairs: Sequence[tuple[str, bytes]]) -> Headers:
    """The headers of a message that is sent once more."""
    _, trail = read_headers(list(pairs), now=datetime.now(UTC))
    return [pair for pair in pairs if pair[0] != ATTEMPTS] + [(ATTEMPTS, str(one_more(trail.attempts)).encode())]


def _send(producer: Any, message: Any) -> Any:
    return producer.send(
        message.topic,
        key=message.key,
        value=message.value,
        headers=again(message.headers),
        partition=message.partition,
    )


def _id(stage: Stage, message: Any) -> str | None:
    """The article's id; None of what this version cannot read: that is a dead letter already."""
    decode, schema = _FORMATS[stage]
    named, _ = read_headers(message.headers, now=datetime.now(UTC))
    if named not in (None, schema):
        return None
    try:
        return decode(message.value or b"").id
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return None
