"""Telling an item that breaks a sound server from a server in trouble that breaks on everything.

Both look the same from outside: an unknown server error, or the word of something
between (a proxy, a firewall) that refuses the whole request. It is the item's fault
only where others went well meanwhile, again and again; without such evidence the
item is tried for as long as it takes.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from newswire.reasons import Reason, RetryReason
from services.index.bulk import A, Answered, BulkClient, send, sort_out, try_one
from services.index.outcome import Dead, Retry

# With the longest pauses between them, the better part of a minute: a shard that comes to its senses has had time to.
LIMIT = 20  # failures
# What was refused as a whole so often is looked at item by item: a rule that was just being changed is not worth it.
TOGETHER = 2  # refusals


class Failures(NamedTuple):
    """Of one item: how many failures count against it, and how much had been settled at the last one."""

    counted: int
    seen: int


@dataclass(slots=True)
class Case:
    """What is held against one batch: how often in a row something refused it, and the failures of its items.

    ``seen`` is how much had been settled when it was sent last.
    """

    refused: int = 0
    seen: int = 0
    failures: dict[str, Failures] = field(default_factory=dict)


class Blame:
    """Judges the failures of all writers of one process; may be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settled = 0

    def send(self, client: BulkClient, items: Sequence[A], case: Case) -> Answered[A]:
        """Send ``items`` once, as ``bulk.send`` does; dead is also who failed ``LIMIT`` times while others went well.

        ``case`` is that of the batch they belong to, and is brought up to date.
        """
        if case.refused < TOGETHER:
            answered = send(client, items)
        elif self._settled > case.seen:
            answered = sort_out(client, items)
        else:
            answered = try_one(client, items, turn=case.refused)
        refused = any(isinstance(o, Retry) and o.reason is RetryReason.REFUSED for _, o in answered)
        case.refused = case.refused + 1 if refused else 0
        judged = self._judge(answered, case.failures)
        case.seen = self._settled
        return judged

    def _judge(self, answered: Answered[A], failures: dict[str, Failures]) -> Answered[A]:
        well = sum(not isinstance(outcome, Retry) for _, outcome in answered)
        with self._lock:
            before, self._settled = self._settled, self._settled + well
        judged: Answered[A] = []
        for item, outcome in answered:
            if isinstance(outcome, Retry) and _may_be_its_fault(outcome):
                counted, seen = failures.get(item.id, Failures(0, before))
                # What was settled since: beside it in this attempt, or by anybody since its last failure.
                counted += before + well > seen
                failures[item.id] = Failures(counted, before + well)
                if counted >= LIMIT:
                    judged.append((item, Dead(Reason.REFUSED, f"{outcome.message} ({counted} attempts)")))
                    continue
            judged.append((item, outcome))
        return judged


def _may_be_its_fault(outcome: Retry) -> bool:
    """Whether the failure was this item's and no other's."""
    return outcome.alone or outcome.reason is RetryReason.SERVER_ERROR
