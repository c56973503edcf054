"""How fast articles are enriched on one core, and how long the slowest one takes."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any, NamedTuple

from bench.enrich.stories import Story
from bench.quality.rival import Rival
from newswire.article import SCHEMA
from services.enrich.core import Enrich, Job, process

NOW = datetime(2025, 2, 7, tzinfo=UTC)
# Turns of each; what else the machine does then meets both.
TURNS = 5


@contextmanager
def pinned() -> Iterator[int]:
    """Keep the process on one core meanwhile, whose number is the value."""
    before = os.sched_getaffinity(0)
    core = max(before)
    os.sched_setaffinity(0, {core})
    try:
        yield core
    finally:
        os.sched_setaffinity(0, before)


class Took(NamedTuple):
    """Seconds by the clock, and of processor time: the same on a core that nobody else wants."""

    clock: float
    processor: float


def enriched(enrich: Enrich, stories: Sequence[Story]) -> Took:
    """From the bytes of the raw topic to those of the enriched one, all of them."""
    started, used = time.perf_counter(), time.process_time()
    for story in stories:
        process(Job(story.value, SCHEMA, NOW), enrich, now=lambda: NOW)
    return Took(time.perf_counter() - started, time.process_time() - used)


def speed(enrich: Enrich, stories: Sequence[Story], rival: Rival | None) -> dict[str, Any]:
    """Articles a second of processor time, in turns with the rival on the same core.

    The ratio is the median of all turns; ``ratio_by_clock`` is it with whatever else
    the core had to do meanwhile.
    """
    texts = [story.text for story in stories]
    # The rival gets a part of them: it would take minutes for all.
    share = max(len(stories) // 6, 32)
    ours: list[Took] = []
    theirs: list[Took] = []
    enriched(enrich, stories[:share])
    if rival:
        rival.took(texts[:32])
    for turn in range(TURNS):
        ours.append(_each(enriched(enrich, stories), len(stories)))
        if rival:
            part = [texts[(turn * share + at) % len(texts)] for at in range(share)]
            theirs.append(_each(Took(*rival.took(part)), share))
    figures: dict[str, Any] = {
        "articles_per_second": 1 / median(one.processor for one in ours),
        "by_clock": 1 / median(one.clock for one in ours),
        "turns": TURNS,
        "articles": len(stories),
    }
    if theirs:
        turns = list(zip(ours, theirs, strict=True))
        figures["rival_articles_per_second"] = 1 / median(one.processor for one in theirs)
        figures["ratio"] = median(other.processor / one.processor for one, other in turns)
        figures["ratio_by_clock"] = median(other.clock / one.clock for one, other in turns)
    return figures


def slowest(enrich: Enrich, stories: Sequence[Story]) -> dict[str, Any]:
    """Milliseconds of single articles, after a tenth of them to warm up.

    All are of processor time but ``slowest_by_clock``, which on a machine that has
    other things to do tells of those.
    """
    enriched(enrich, stories[: len(stories) // 10])
    took = sorted(((enriched(enrich, [story]), story) for story in stories), key=lambda one: -one[0].processor)
    times = [1000 * one.processor for one, _ in took]
    worst = took[0][1]
    return {
        "slowest": times[0],
        "slowest_by_clock": 1000 * max(one.clock for one, _ in took),
        "its_kind": worst.kind,
        "its_words": worst.words,
        "p99": times[len(times) // 100],
        "median": times[len(times) // 2],
        "articles": len(stories),
    }


def _each(took: Took, count: int) -> Took:
    return Took(took.clock / count, took.processor / count)
