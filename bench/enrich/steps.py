"""Which part of enrichment the time goes into: a look at the stack every millisecond.

A moment belongs to the innermost package of ``services/enrich`` on the stack, so
a new package has its row without being named here.
"""

import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from bench.enrich.pace import enriched
from bench.enrich.stories import Story
from services import enrich as package
from services.enrich.core import Enrich

# The kernel's timers for processor time are four times as coarse; this one is by the clock.
INTERVAL = 0.001  # seconds
ROOT = str(Path(package.__file__).parent)


def shares(enrich: Enrich, stories: Sequence[Story]) -> dict[str, float]:
    """The share of each package, the largest first; ``rest`` is messages, and what belongs to none."""
    found = Counter[str]()

    def look(_number: int, frame: FrameType | None) -> None:
        found[_part(frame)] += 1

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, INTERVAL, INTERVAL)
    try:
        enriched(enrich, stories)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return {part: count / found.total() for part, count in found.most_common()}


def _part(frame: FrameType | None) -> str:
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(ROOT) and "/" in (inside := name[len(ROOT) + 1 :]):
            return inside.partition("/")[0]
        frame = frame.f_back
    return "rest"
