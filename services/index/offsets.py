"""Which offset may be committed: the one after the last of an unbroken run of finished messages."""

from collections.abc import Iterable

from kafka import TopicPartition

from newswire.kafka import next_offset


class Offsets:
    """Per partition, what was taken, in order, and what of it is finished.

    Not thread-safe: the loop that polls owns it. A partition that was given up
    is forgotten with all it had in flight; its late results change nothing.
    """

    def __init__(self) -> None:
        self._open: dict[TopicPartition, dict[int, float | None]] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._ready: dict[TopicPartition, int] = {}

    def taken(self, partition: TopicPartition, offset: int, *, at: float) -> None:
        """A message was read at Unix time ``at``; offsets of a partition come in ascending order."""
        self._open.setdefault(partition, {})[offset] = at

    def finished(self, partition: TopicPartition, offset: int) -> None:
        """A message is indexed, stale or dead-lettered; the letter is acknowledged."""
        run = self._open.get(partition)
        if run is None or offset not in run:
            return
        run[offset] = None
        while run:
            first = next(iter(run))
            if run[first] is not None:
                break
            del run[first]
            # Never back: what a rebalance delivers again, below what is finished, was finished once.
            self._ready[partition] = max(self._ready.get(partition, 0), next_offset(first))

    def committable(self) -> dict[TopicPartition, int]:
        """The offsets to commit that are not committed yet."""
        return {p: offset for p, offset in self._ready.items() if self._committed.get(p) != offset}

    def committed(self, offsets: dict[TopicPartition, int]) -> None:
        """The broker has these."""
        self._committed.update(offsets)

    def forget(self, partitions: Iterable[TopicPartition]) -> None:
        """These belong to another member now."""
        for partition in partitions:
            for table in (self._open, self._committed, self._ready):
                table.pop(partition, None)

    @property
    def partitions(self) -> set[TopicPartition]:
        """The partitions of which anything is known."""
        return self._open.keys() | self._ready.keys()

    @property
    def in_flight(self) -> int:
        """How many messages are taken and not finished, or finished behind one that is not."""
        return sum(len(run) for run in self._open.values())

    @property
    def oldest(self) -> float:
        """When the oldest unfinished message was taken (Unix time); 0.0 when there is none."""
        return min((run[next(iter(run))] or 0.0 for run in self._open.values() if run), default=0.0)
