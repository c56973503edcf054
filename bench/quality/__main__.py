"""``make eval``: names, places, dates and events against gold sets, beside ``en_core_web_sm`` on the same texts.

Our own gold texts are always scored; development data where a directory holds them
(``--data``, else ``NEWSWIRE_EVAL_DATA``, else ``../shared/data``).
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.quality import event_scores, misses, report, rival
from bench.quality.answers import Answer, answered
from bench.quality.event_texts import halves
from bench.quality.measure import measured
from bench.quality.rival import Rival
from bench.quality.sample import GoldSet
from bench.quality.sets import DATA, gold_sets
from services.enrich.pipeline import Enricher


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("--data", type=Path, metavar="DIR", help="development data: *dev*.jsonl, anywhere below DIR")
    parser.add_argument("--set", action="append", metavar="NAME", help="only this set; may be given several times")
    parser.add_argument("--verbose", action="store_true", help="what was missed and what was too much, but in held-out")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    console = Console(stderr=options.json, highlight=False, soft_wrap=True)
    sets = _chosen(gold_sets(_data(options.data, console)), options.set, parser)
    enricher = Enricher()
    figures: dict[str, Any] = {}
    with Rival() if rival.installed() else nullcontext() as other:
        if other is None:
            console.print(rival.MISSING, style="yellow")
        for one in sets:
            answers = {sample.id: answered(enricher, sample) for sample in one.samples}
            figures[one.name] = measured(one, answers, other)
            if options.verbose:
                _misses(one, answers, console)
        read = event_scores.reader(enricher)
        for half in halves():
            if half.name in figures:
                told = event_scores.measured(half, read)
                figures[half.name]["event_texts"] = told.plain()
                if options.verbose and "held out" not in half.name:
                    console.print(f"\n{half.name}, texts about events", style="bold")
                    for line in told.misses:
                        console.print(line, markup=False)
    if options.json:
        json.dump(figures, sys.stdout, indent=2)
    else:
        for table in report.tables(figures):
            console.print()
            console.print(table)


def _data(given: Path | None, console: Console) -> Path | None:
    """The directory with development data, or None, which is said."""
    named = given or (Path(os.environ["NEWSWIRE_EVAL_DATA"]) if os.environ.get("NEWSWIRE_EVAL_DATA") else None)
    directory = named or DATA
    if directory.is_dir():
        return directory
    if named:
        raise SystemExit(f"newswire: there is no directory {named}.")
    console.print("No development data are at hand (--data DIR): our own texts alone are scored.", style="yellow")
    return None


def _chosen(sets: list[GoldSet], names: Iterable[str] | None, parser: argparse.ArgumentParser) -> list[GoldSet]:
    known = {one.name: one for one in sets}
    for name in names or ():
        if name not in known:
            parser.error(f"there is no set {name!r}; there are {', '.join(known)}.")
    return [known[name] for name in names or known]


def _misses(one: GoldSet, answers: dict[str, Answer], console: Console) -> None:
    """What is held out is not shown: who has seen it will tune on it."""
    if "held out" not in one.name:
        console.print(f"\n{one.name}", style="bold")
        for line in misses.lines(one, answers):
            console.print(line, markup=False)


if __name__ == "__main__":
    main()
