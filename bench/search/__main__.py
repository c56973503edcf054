"""``make eval-search``: nDCG@10 of ``newswire search`` beside two plain ways to search, on the same index."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.search import corpus
from bench.search.judged import questions
from bench.search.measure import FAILED, measure
from newswire import elastic
from newswire.local import LocalStack
from newswire.settings import ElasticsearchSettings, load

INDEX = "judged"


def main() -> None:
    """Measure on a server of its own and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="every question with what was found")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument(
        "--elasticsearch", metavar="URL", help="a server to use instead; the index `judged` is made anew"
    )
    options = parser.parse_args()
    console = Console(stderr=options.json, highlight=False)
    with (
        tempfile.TemporaryDirectory(prefix="newswire-search-") as directory,
        # Only Elasticsearch is needed: an address for Kafka keeps it from being started.
        LocalStack(
            Path(directory),
            kafka="127.0.0.1:9",
            elasticsearch=options.elasticsearch,
            elasticsearch_port=0,
            progress=console,
        ) as stack,
    ):
        settings = load(ElasticsearchSettings, {"NEWSWIRE_ELASTICSEARCH": stack.elasticsearch})
        with elastic.client(settings) as client:
            console.print("enriching and indexing the judged articles …", style="dim")
            figures = measure(client, INDEX, corpus.index(client, INDEX))
    if options.json:
        json.dump(figures, sys.stdout, indent=2)
    else:
        show(console, figures, verbose=options.verbose)


def show(console: Console, figures: dict[str, Any], *, verbose: bool) -> None:
    """The means of each way, the questions that failed, and with ``verbose`` all of them."""
    held = sum(one.held_out for one in questions())
    console.print(
        f"\n{figures['questions']} questions ({held} of them held out) over {figures['articles']} articles; "
        "nDCG@10, in brackets the mean reciprocal rank"
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "tuned on", "held out", "all"):
        table.add_column(name, justify="left" if not name else "right")
    for way, figure in figures["ways"].items():
        cells = (f"{figure[part]['ndcg']:.3f} ({figure[part]['mrr']:.2f})" for part in ("tuned_on", "held_out", "all"))
        table.add_row(way, *cells)
    console.print(table)
    good = {one.text: one.good for one in questions()}
    for one in figures["ways"]["newswire search"]["questions"]:
        if verbose or one["ndcg"] < FAILED:
            mark = " (held out)" if one["held_out"] else ""
            console.print(f"\n{one['ndcg']:.3f}  {one['text']}{mark}", markup=False)
            found = [f"{name} {good[one['text']].get(name, 0)}" for name in one["found"]]
            console.print(f"       {', '.join(found) or 'nothing'}", style="dim", markup=False)


if __name__ == "__main__":
    main()
