"""A batch on its way to Elasticsearch, and the queue of what waits for a writer."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, Self

from services.index.blame import Case
from services.index.item import Item, Record


@dataclass(slots=True)
class Batch:
    """What goes into one request: ``fresh`` records, or ``items`` that were sent before and have to be sent again.

    ``attempt`` counts the requests, the next one included; ``case`` is what they
    came to so far (``services.index.blame``); ``bared`` has the ids of letters that
    are down to their metadata; ``round`` is the limit's when the batch was sent.
    """

    fresh: list[Record] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    attempt: int = 1
    case: Case = field(default_factory=Case)
    bared: set[str] = field(default_factory=set)
    round: int = 0

    @property
    def size(self) -> int:
        """Bytes, as they came from Kafka."""
        return sum(len(one.value) for one in self.fresh) + sum(len(one.record.value) for one in self.items)

    def __len__(self) -> int:
        return len(self.fresh) + len(self.items)

    def only(self, partitions: Collection[Any]) -> Self:
        """The same with nothing but what belongs to ``partitions``."""
        return replace(
            self,
            fresh=[one for one in self.fresh if one.partition in partitions],
            items=[one for one in self.items if one.record.partition in partitions],
        )


class Waiting:
    """Records read ahead, cut into batches bounded in count, bytes and time, and batches that wait to be sent again.

    All times are of one monotonic clock, seconds. Not thread-safe: the loop owns it.
    A batch is cut when it is full or when its first record has waited for
    ``linger``; a single record larger than ``size`` is a batch of its own.
    """

    def __init__(self, *, articles: int, size: int, linger: float) -> None:
        self._articles = articles
        self._size = size
        self._linger = linger
        self._records: deque[tuple[Record, float]] = deque()
        self._again: list[tuple[float, Batch]] = []
        self._record_bytes = 0

    def add(self, record: Record, *, now: float) -> None:
        """A record came from Kafka."""
        self._records.append((record, now))
        self._record_bytes += len(record.value)

    def add_again(self, batch: Batch, *, due: float) -> None:
        """What is left of a batch is to be sent again at ``due``."""
        self._again.append((due, batch))

    def hurry(self, now: float) -> None:
        """Elasticsearch takes requests again: nothing has to wait any longer."""
        self._again = [(min(due, now), batch) for due, batch in self._again]

    @property
    def size(self) -> int:
        """Bytes of everything that waits."""
        return self._record_bytes + sum(batch.size for _, batch in self._again)

    @property
    def backing_off(self) -> bool:
        """Whether anything waits to be sent again."""
        return bool(self._again)

    def take(self, now: float, *, fresh: bool) -> Batch | None:
        """What has been due again for longest; else, where ``fresh`` ones may go, a batch of records that is ready."""
        first = min(self._again, key=_due, default=None)
        if first is not None and first[0] <= now:
            self._again.remove(first)
            return first[1]
        return self._cut() if fresh and self._records and self._ready_at(now) <= now else None

    def idle(self, now: float, *, fresh: bool) -> float | None:
        """Seconds until ``take`` has something; None when nothing of the kind waits."""
        moments = [due for due, _ in self._again]
        if fresh and self._records:
            moments.append(self._ready_at(now))
        return max(0.0, min(moments) - now) if moments else None

    def keep(self, partitions: Collection[Any]) -> None:
        """Forget all else: it belongs to another member now, which writes what is left of it."""
        self._records = deque(pair for pair in self._records if pair[0].partition in partitions)
        self._record_bytes = sum(len(record.value) for record, _ in self._records)
        left = [(due, batch.only(partitions)) for due, batch in self._again]
        self._again = [(due, batch) for due, batch in left if len(batch)]

    def _ready_at(self, now: float) -> float:
        """When the next batch may be cut: now if it is full, else when its first record has waited long enough."""
        full = len(self._records) >= self._articles or self._record_bytes >= self._size
        return now if full else self._records[0][1] + self._linger

    def _cut(self) -> Batch:
        taken: list[Record] = []
        size = 0
        while self._records and len(taken) < self._articles:
            record = self._records[0][0]
            size += len(record.value)
            if taken and size > self._size:
                break
            taken.append(record)
            self._records.popleft()
            self._record_bytes -= len(record.value)
        return Batch(fresh=taken)


def _due(pair: tuple[float, Batch]) -> float:
    return pair[0]
