"""One batch, one attempt: records become actions, actions become outcomes, the dead become letters.

Runs on a writer's thread. What has to be sent again goes back to the loop, which
knows when, and whether the partition is still ours.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from newswire.dead_letter import LONGEST_NAME
from newswire.logging import get_logger
from newswire.metrics import IndexMetrics
from newswire.reasons import RetryReason
from services.index.batch import Batch
from services.index.blame import Blame
from services.index.bulk import Answered, BulkClient
from services.index.item import Item, Record, Refusal, Unusable, action, bare_letter, letter_for
from services.index.letters import Letters
from services.index.outcome import Dead, Indexed, Retry, Stale

log = get_logger()

# What a sound server may answer, or something before it; all else that is tried again means that it has trouble, and
# wants less at once.
NO_PUSH_BACK = frozenset({RetryReason.SERVER_ERROR, RetryReason.BAD_ANSWER, RetryReason.REFUSED})


class Written(NamedTuple):
    """What became of one attempt.

    ``finished`` may be committed; ``again`` has to be sent again. What is in
    neither comes again from Kafka: the service stops.
    """

    finished: list[Record]
    again: Batch | None = None
    pushed_back: bool = False


class Writer:
    """Writes batches; one instance is used by several threads.

    ``on_settled()`` is told when Elasticsearch has taken or judged anything;
    ``on_written(available_at)`` when there is something to refresh, with an instant
    for each article whose latency counts; ``on_retry(reason, items, message)`` of
    everything that has to be sent again.
    """

    def __init__(
        self,
        client: BulkClient,
        letters: Letters,
        *,
        metrics: IndexMetrics,
        now: Callable[[], datetime],
        on_settled: Callable[[], None],
        on_written: Callable[[list[datetime]], None],
        on_retry: Callable[[RetryReason, int, str], None],
    ) -> None:
        self._client = client
        self._letters = letters
        self._metrics = metrics
        self._now = now
        self._on_settled = on_settled
        self._blame = Blame()
        self._on_written = on_written
        self._on_retry = on_retry

    def write(self, batch: Batch) -> Written:
        """Steps 2 and 3 of the loop. Blocks for one request, and for as long as the broker takes no letters."""
        started = time.monotonic()
        now = self._now()
        items = list(batch.items)
        finished: list[Record] = []
        again: list[Item] = []
        dead: list[Refusal] = []
        for record in batch.fresh:
            match action(record, now=now):
                case Item() as item:
                    items.append(item)
                case Unusable(_, reason, message):
                    dead.append(Refusal(record, None, reason, message))
        answered = self._blame.send(self._client, items, batch.case)
        for item, outcome in answered:
            match outcome:
                case Indexed() | Stale():
                    finished.append(item.record)
                case Retry():
                    again.append(item)
                case Dead(reason, message) if not item.is_letter:
                    dead.append(Refusal(item.record, item, reason, message))
                case Dead(_, message):
                    if bare := self._bared(item, message, batch, now):
                        again.append(bare)
                    else:
                        finished.append(item.record)
        self._count(answered)
        if self._bury(dead, now):
            finished += [one.record for one in dead]
        self._metrics.stage_seconds.observe(time.monotonic() - started)
        self._metrics.batch_articles.observe(len(batch))
        return Written(
            finished,
            replace(batch, fresh=[], items=again, attempt=batch.attempt + 1) if again else None,
            pushed_back=any(isinstance(o, Retry) and o.reason not in NO_PUSH_BACK for _, o in answered),
        )

    def _bared(self, letter: Item, cause: str, batch: Batch, now: datetime) -> Item | None:
        """A letter that Elasticsearch refuses is stored with its metadata alone; the whole stays in the topic."""
        bare = None if letter.id in batch.bared else bare_letter(letter, now=now)
        if bare is None:
            log.error("letter not indexed; it stays in the topic", key=letter.record.key[:LONGEST_NAME], cause=cause)
        else:
            batch.bared.add(letter.id)
        return bare

    def _bury(self, dead: Sequence[Refusal], now: datetime) -> bool:
        """Step 3; False when the service is to stop before every letter was acknowledged."""
        if not self._letters.send([(letter_for(*one, now=now), one.record.trail) for one in dead]):
            return False
        for one in dead:
            self._metrics.out["dead"].inc()
            self._metrics.dead[one.reason].inc()
            log.warning("dead letter", reason=one.reason.value, key=one.record.key[:LONGEST_NAME], cause=one.message)
        return True

    def _count(self, answered: Answered[Item]) -> None:
        """Every way out of an attempt, once."""
        retries: Counter[RetryReason] = Counter()
        said: dict[RetryReason, str] = {}
        for _, outcome in answered:
            if isinstance(outcome, Retry):
                retries[outcome.reason] += 1
                said[outcome.reason] = outcome.message
        indexed = [item for item, outcome in answered if isinstance(outcome, Indexed)]
        articles = [item for item in indexed if not item.is_letter]
        self._metrics.out["ok"].inc(len(articles))
        self._metrics.out["stale"].inc(sum(isinstance(o, Stale) for item, o in answered if not item.is_letter))
        self._metrics.bytes_out.inc(sum(len(item.lines) for item in articles))
        if articles:
            self._metrics.last_success.set_to_current_time()
        if len(answered) > retries.total():
            self._on_settled()
        if indexed:
            # A replay, perhaps weeks later, is no latency.
            self._on_written([i.record.trail.available_at for i in articles if i.record.trail.attempts == 1])
        for reason, count in retries.items():
            self._on_retry(reason, count, said[reason])
