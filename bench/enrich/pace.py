"""How fast articles are enriched on one core, and how long the slowest one takes."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any

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


def seconds(enrich: Enrich, stories: Sequence[Story]) -> float:
    """From the bytes of the raw topic to those of the enriched one, all of them."""
    started = time.perf_counter()
    for story in stories:
        process(Job(story.value, SCHEMA, NOW), enrich, now=lambda: NOW)
    return time.perf_counter() - started


def speed(enrich: Enrich, stories: Sequence[Story], rival: Rival | None) -> dict[str, Any]:
    """Articles a second on one core, in turns with the rival on the same core; the ratio is the median of all turns."""
    texts = [story.text for story in stories]
    # The rival gets a part of them: it would take minutes for all.
    share = max(len(stories) // 6, 32)
    ours, theirs = [], []
    seconds(enrich, stories[:share])
    if rival:
        rival.seconds(texts[:32])
    for turn in range(TURNS):
        ours.append(len(stories) / seconds(enrich, stories))
        if rival:
            part = [texts[(turn * share + at) % len(texts)] for at in range(share)]
            theirs.append(share / rival.seconds(part))
    figures: dict[str, Any] = {"articles_per_second": median(ours), "turns": TURNS, "articles": len(stories)}
    if theirs:
        figures["rival_articles_per_second"] = median(theirs)
        figures["ratio"] = median(one / other for one, other in zip(ours, theirs, strict=True))
    return figures


def slowest(enrich: Enrich, stories: Sequence[Story]) -> dict[str, Any]:
    """Milliseconds of single articles, after a tenth of them to warm up.

    ``slowest`` is by the clock; ``slowest_again`` leaves out what the machine did
    meanwhile: the ten slowest were measured three times more, and the fastest time counts.
    """
    seconds(enrich, stories[: len(stories) // 10])
    took = sorted(((seconds(enrich, [story]), story) for story in stories), key=lambda one: -one[0])
    again = [(min(seconds(enrich, [story]) for _ in range(3)), story) for _, story in took[:10]]
    best, worst = max(again, key=lambda one: one[0])
    times = [1000 * one for one, _ in took]
    return {
        "slowest": times[0],
        "slowest_again": 1000 * best,
        "its_kind": worst.kind,
        "its_words": worst.words,
        "p99": times[len(times) // 100],
        "median": times[len(times) // 2],
        "articles": len(stories),
    }
