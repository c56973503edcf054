"""Telling an item that breaks a sound server from a server in trouble that breaks on everything.

Both answer with an unknown server error. It is the item's fault only where the
server did other work meanwhile, again and again; without such evidence the item is
tried for as long as it takes.
"""

import threading
from typing import NamedTuple

from newswire.reasons import Reason, RetryReason
from services.index.bulk import A, Answered
from services.index.outcome import Dead, Retry

# With the longest pauses between them, the better part of a minute: a shard that comes to its senses has had time to.
LIMIT = 20  # failures


class Failures(NamedTuple):
    """Of one item: how many failures count against it, and how much the server had settled at the last one."""

    counted: int
    seen: int


class Blame:
    """Judges the server errors of all writers of one process; may be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settled = 0

    def judge(self, answered: Answered[A], failures: dict[str, Failures]) -> Answered[A]:
        """``answered``, with the items dead that failed ``LIMIT`` times while others went well.

        ``failures``, by id, are of the batch that was sent, and are brought up to date.
        """
        well = sum(not isinstance(outcome, Retry) for _, outcome in answered)
        with self._lock:
            before, self._settled = self._settled, self._settled + well
        judged: Answered[A] = []
        for item, outcome in answered:
            if isinstance(outcome, Retry) and outcome.reason is RetryReason.SERVER_ERROR:
                counted, seen = failures.get(item.id, Failures(0, before))
                # What was settled since: beside it in this request, or by anybody since its last failure.
                counted += before + well > seen
                failures[item.id] = Failures(counted, before + well)
                if counted >= LIMIT:
                    judged.append((item, Dead(Reason.REFUSED, f"{outcome.message} ({counted} attempts)")))
                    continue
            judged.append((item, outcome))
        return judged
