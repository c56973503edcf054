"""``make bench-clusters``: how well versions of a story are told from what only looks alike, and what that costs."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from struct import pack
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import memory
from bench.clusters import newsroom
from bench.clusters.newsroom import EDITS, Pair
from bench.clusters.wire import DAY, WINDOW, Wire, named
from services.ingest.cluster import Clusters, sketch
from services.ingest.cluster.sketch import KEPT

BATCH = 500  # articles, as ingest takes them
SERIES = 2000  # reports of each mould on one wire: a week of them, and more


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.clusters", description=__doc__)
    parser.add_argument("--pairs", type=int, default=500, help="pairs of texts of each kind (default 500)")
    parser.add_argument("--articles", type=int, default=200_000, help="the largest ledger (default 200000)")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    console = Console(stderr=options.json, highlight=False)
    figures = {"pairs": judged(options.pairs), "series": floods(), "sketch": sketched(500)}
    with tempfile.TemporaryDirectory(prefix="newswire-clusters-") as directory:
        figures["ledger"] = list(grown(Path(directory) / "ledger.sqlite", options.articles, console))
    if options.json:
        json.dump(figures, sys.stdout, indent=2)
    else:
        show(console, figures)


def judged(count: int) -> dict[str, dict[str, Any]]:
    """How many pairs of each kind share a cluster, all first texts of all kinds being there already."""
    rng = Random(11)  # noqa: S311 - repeatable on purpose
    pairs = newsroom.versions(rng, count) + newsroom.strangers(rng, count)
    edits = {edit.__name__ for edit in EDITS}
    wire, found = Wire(), dict[str, dict[str, Any]]()
    # Each kind is a wire: reports of one mould meet all others of it, versions all other stories.
    issuer = {pair.kind: "versions" if pair.kind in edits else pair.kind for pair in pairs}
    first = _clusters(wire, pairs, [pair.first for pair in pairs], issuer, 0)
    second = _clusters(wire, pairs, [pair.second for pair in pairs], issuer, len(pairs))
    for pair, one, other in zip(pairs, first, second, strict=True):
        kind = found.setdefault(pair.kind, {"versions": pair.kind in edits, "pairs": 0, "joined": 0})
        kind["pairs"] += 1
        kind["joined"] += one == other
    return found


def _clusters(wire: Wire, pairs: list[Pair], texts: list[str], issuer: dict[str, str], after: int) -> list[str]:
    stories = [
        named(after + number, sketch(text), issuer[pair.kind])
        for number, (pair, text) in enumerate(zip(pairs, texts, strict=True))
    ]
    return [cluster for at in range(0, len(stories), BATCH) for cluster in wire.take(stories[at : at + BATCH])[0]]


def floods() -> dict[str, dict[str, float]]:
    """``SERIES`` reports of one mould on one wire: how many clusters, whether one sent again is known, and the cost."""
    found = {}
    for name in newsroom.SERIES:
        rng, wire = Random(3), Wire()  # noqa: S311 - repeatable on purpose
        reports = [newsroom.report(rng, name) for _ in range(SERIES)]
        stories = [named(number, sketch(text)) for number, text in enumerate(reports)]
        batches = [wire.take(stories[at : at + BATCH]) for at in range(0, SERIES, BATCH)]
        clusters = [cluster for batch, _ in batches for cluster in batch]
        again, _ = wire.take([named(SERIES + n, sketch(text + " Repeats.")) for n, text in enumerate(reports)])
        known = sum(one == other for one, other in zip(clusters, again, strict=True))
        seconds = sum(seconds for _, seconds in batches)
        found[name] = {
            "clusters": len(set(clusters)),
            "known_again": known / SERIES,
            "microseconds": seconds / SERIES * 1e6,
        }
    return found


def sketched(count: int) -> dict[str, float]:
    """What a signature costs, of texts of about 3.5 kB."""
    rng = Random(2)  # noqa: S311 - repeatable on purpose
    texts = [newsroom.text(newsroom.story(rng, 20)) for _ in range(count)]
    best = min(_seconds(texts) for _ in range(5))
    return {"bytes": sum(map(len, texts)) / count, "microseconds": best / count * 1e6}


def _seconds(texts: list[str]) -> float:
    began = time.perf_counter()
    for text in texts:
        sketch(text)
    return time.perf_counter() - began


def grown(path: Path, most: int, console: Console) -> Iterator[dict[str, float]]:
    """What an article costs in a ledger of 1,000, 10,000, … stories, none like another, all of one window."""
    rng, wire = Random(5), Wire(path)  # noqa: S311 - repeatable on purpose
    size, seconds = 0, [0.0]
    for goal in [size for size in (1000, 10_000, 100_000, 300_000, 1_000_000) if size < most] + [most]:
        with console.status(f"filling a ledger with {goal:,} stories"):
            while size < goal:
                stories = [named(size + n, _signature(rng)) for n in range(min(BATCH, goal - size))]
                seconds.append(wire.take(stories, DAY + size)[1] / len(stories))
                size += len(stories)
        began = time.perf_counter()
        Clusters(wire.db, window=WINDOW)
        opened = time.perf_counter() - began
        latest = sorted(seconds[-20:])
        yield {
            "stories": size,
            "microseconds": latest[len(latest) // 2] * 1e6,
            "open_seconds": opened,
            "peak_megabytes": memory.peak(os.getpid()),
        }


def _signature(rng: Random) -> bytes:
    """The signature of a text of 600 words that shares nothing with any other."""
    return pack(f"<{KEPT}I", *sorted(rng.randrange(0, (1 << 32) * KEPT // 600) for _ in range(KEPT)))


def show(console: Console, figures: dict[str, Any]) -> None:
    """The figures as tables."""
    pairs = Table("pairs", "of", "in one cluster", box=None, header_style="dim")
    for kind, one in sorted(figures["pairs"].items(), key=lambda item: not item[1]["versions"]):
        what = "a version" if one["versions"] else "another article"
        pairs.add_row(f"{kind.replace('_', ' ')}: {what}", str(one["pairs"]), f"{one['joined'] / one['pairs']:.1%}")
    series = Table("reports of one mould", "clusters", "known when sent again", "µs", box=None, header_style="dim")
    for name, one in figures["series"].items():
        series.add_row(name, f"{one['clusters']:,}", f"{one['known_again']:.1%}", f"{one['microseconds']:.0f}")
    ledger = Table("stories", "µs an article", "s to open", "peak MB", box=None, header_style="dim")
    for one in figures["ledger"]:
        ledger.add_row(
            f"{one['stories']:,}",
            f"{one['microseconds']:.0f}",
            f"{one['open_seconds']:.2f}",
            f"{one['peak_megabytes']:.0f}",
        )
    for table in (pairs, series, ledger):
        console.print(table)
        console.print()
    cost = figures["sketch"]
    console.print(f"a signature of {cost['bytes']:,.0f} bytes: {cost['microseconds']:.0f} µs")


if __name__ == "__main__":
    main()
