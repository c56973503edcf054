"""``make bench-enrich``: speed beside ``en_core_web_sm`` (ner only), memory, start, slowest article, time by part.

One process on one core, from the bytes of the raw topic to those of the enriched
one. The rival reads whole articles in batches of 32, on the same core, in turns.
Times are of the processor, so that what else the machine does falls out of them;
those by the clock stand beside them.
"""

import argparse
import json
import sys
from contextlib import nullcontext
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from bench.enrich import pace, steps, stories, worker
from bench.quality import rival
from bench.quality.rival import NAME, Rival
from services.enrich.child import enricher

PARTS = ("speed", "start", "memory", "slowest", "steps")


class Goal(NamedTuple):
    """What a figure is held against; ``more`` where more is better."""

    floor: float
    aim: float
    more: bool = False


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.enrich", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this; may be given several times")
    parser.add_argument("--articles", type=int, default=300, help="how many the speed is measured on (default 300)")
    parser.add_argument("--varied", type=int, default=2000, help="how many the slowest is one of (default 2000)")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    console = Console(stderr=options.json, highlight=False)
    figures = measure(options.part or PARTS, options.articles, options.varied, console)
    if options.json:
        json.dump(figures, sys.stdout, indent=2)
    else:
        show(console, figures)


def measure(parts: tuple[str, ...] | list[str], articles: int, varied: int, console: Console) -> dict[str, Any]:
    """The figures of each part."""
    figures: dict[str, Any] = {}
    wire = stories.wire(articles, seed=1)
    mixed = stories.varied(varied, seed=2)
    if "start" in parts:
        console.print("starting workers …", style="dim")
        figures["start"] = worker.ready()
    if "memory" in parts:
        console.print("filling two workers …", style="dim")
        figures["memory"] = worker.memory(mixed[:600] + wire[:200])
    with pace.pinned() as core:
        enrich = enricher()
        if "speed" in parts:
            if not rival.installed():
                console.print(rival.MISSING, style="yellow")
            console.print(f"{articles} articles of {stories.WORDS} words, in turns …", style="dim")
            with Rival(core) if rival.installed() else nullcontext() as other:
                figures["speed"] = pace.speed(enrich, wire, other)
        if "slowest" in parts:
            console.print(f"{varied} varied articles, one by one …", style="dim")
            figures["slowest"] = pace.slowest(enrich, mixed)
        if "steps" in parts:
            console.print("where the time goes …", style="dim")
            figures["steps"] = steps.shares(enrich, wire)
    return figures


def show(console: Console, figures: dict[str, Any]) -> None:
    """A row for each figure, with what it is held against."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("", "measured", "floor", "aim"):
        table.add_column(column, justify="right" if column else "left", min_width=8 if column else None)
    if speed := figures.get("speed"):
        table.add_row("articles a second, one core", f"{speed['articles_per_second']:.0f}")
        table.add_row("the same by the clock", f"{speed['by_clock']:.0f}")
        if "ratio" in speed:
            table.add_row(f"{NAME}, ner only", f"{speed['rival_articles_per_second']:.1f}")
            _row(table, "times as fast", speed["ratio"], Goal(5, 15, more=True), "×")
    if start := figures.get("start"):
        _row(table, "a worker, from start to ready", start["processor"], Goal(3, 1), "s")
        table.add_row("the same by the clock", f"{start['clock']:.1f} s")
    if memory := figures.get("memory"):
        _row(table, "peak memory of a worker", memory["peak_rss"], Goal(350, 200), "MB")
        table.add_row(f"its share of {memory['workers']} workers' (PSS)", f"{memory['pss']:.0f} MB")
    if slow := figures.get("slowest"):
        _row(
            table,
            f"slowest of {slow['articles']} ({slow['its_kind']}, {slow['its_words']} words)",
            slow["slowest"],
            Goal(250, 60),
            "ms",
        )
        table.add_row("the slowest by the clock", f"{slow['slowest_by_clock']:.1f} ms")
        table.add_row("99th percentile", f"{slow['p99']:.1f} ms")
        table.add_row("median", f"{slow['median']:.1f} ms")
    for part, share in figures.get("steps", {}).items():
        table.add_row(f"time in {part}", f"{share:.1%}")
    console.print(table)


def _row(table: Table, name: str, value: float, goal: Goal, unit: str) -> None:
    better = (lambda limit: value >= limit) if goal.more else (lambda limit: value <= limit)
    style = "green" if better(goal.aim) else "" if better(goal.floor) else "red"
    table.add_row(name, f"{value:.1f} {unit}", f"{goal.floor:g} {unit}", f"{goal.aim:g} {unit}", style=style)


if __name__ == "__main__":
    main()
