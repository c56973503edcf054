"""``make bench-index``: the index service from Kafka to searchable, beside the best of ``elasticsearch.helpers``.

Both write the same documents, with the same versions, into indices of the same
template on the same server, in turns, so that whatever the machine does besides
hits both. The best configuration of the helpers is found by a sweep in the same run.
"""

import argparse
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from rich.console import Console
from rich.table import Table

from bench import memory, rivals
from bench.corpus import Corpus
from newswire import elastic, enriched, kafka
from newswire.elastic import INDEX_ALIAS
from newswire.figures import Figures, scrape
from newswire.local import LocalStack
from newswire.local.ports import free_port
from newswire.local.supervise import Child
from newswire.settings import ElasticsearchSettings, KafkaSettings, TopicSettings, load
from newswire.topics import ENRICHED, INDEX_GROUP, Trail, headers
from services.index import schema

SAMPLES = Path(__file__).parents[1] / "samples"
PATIENCE = 600.0  # seconds
# Of the articles, for the sweep: enough for a second or two, and for the compiler to have seen all there is.
SLICE = 5000
TARGET = 0.9  # of the best configuration of the helpers
MEMORY_LIMIT = 150  # MB
# How often it is looked whether all is searchable; the first figure is off by this at most.
LOOK = 0.05  # seconds


def main() -> None:
    """Measure and print; exit status 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.index", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=50_000, help="how many each run writes (default 50000)")
    parser.add_argument("--runs", type=int, default=2, help="how often each side is measured, in turns (default 2)")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    console = Console(stderr=options.json, highlight=False)
    with tempfile.TemporaryDirectory(prefix="newswire-bench-") as directory:
        figures = measure(Path(directory), options.articles, options.runs, console)
    if options.json:
        json.dump(figures, sys.stdout, indent=2)
    else:
        show(console, figures)
    sys.exit(0 if figures["ratio"] >= TARGET and figures["memory"] <= MEMORY_LIMIT else 1)


def measure(place: Path, count: int, runs: int, console: Console) -> dict[str, Any]:
    """Run everything in ``place``; returns the figures by name. Rates are articles per second."""

    def say(line: str) -> None:
        console.print(line, style="dim", markup=False)

    say("enriching the articles …")
    corpus = Corpus(count, SAMPLES)
    with LocalStack(place, kafka_port=0, elasticsearch_port=0, progress=say) as stack:
        environ = os.environ | {"NEWSWIRE_KAFKA": stack.kafka, "NEWSWIRE_ELASTICSEARCH": stack.elasticsearch}
        settings = load(ElasticsearchSettings, environ)
        kafka.declare(load(KafkaSettings, environ), load(TopicSettings, environ))
        with elastic.client(settings, request_timeout=PATIENCE) as client:
            schema.declare(client, settings)
            say(f"sending {count:,} articles to Kafka …")
            _publish(load(KafkaSettings, environ), corpus)
            part = min(count, SLICE)
            sweep: dict[rivals.Rival, float] = {}
            rivals.measure(client, corpus, rivals.RIVALS[-1], part)  # warms everything up
            for rival in rivals.RIVALS:
                sweep[rival] = rivals.measure(client, corpus, rival, part)
                say(f"{rival}: {sweep[rival]:,.0f} a second")
            best = max(sweep, key=lambda rival: sweep[rival])
            service, helpers, peaks = [], [], []
            for run in range(runs):
                helpers.append(rivals.measure(client, corpus, best, count))
                say(f"run {run + 1}: {best}: {helpers[-1]:,.0f} a second")
                rate, peak = _service(environ, settings, client, place / "index.log", count)
                service.append(rate)
                peaks.append(peak)
                say(f"run {run + 1}: newswire index: {rate:,.0f} a second, {peak:.0f} MB at most")
    return {
        "articles": count,
        "bytes": corpus.mean_bytes,
        "cores": os.cpu_count(),
        "sweep": {str(rival): rate for rival, rate in sweep.items()},
        "best": str(best),
        "helpers": helpers,
        "service": service,
        "ratio": statistics.mean(service) / statistics.mean(helpers),
        "memory": max(peaks),
    }


def _publish(settings: KafkaSettings, corpus: Corpus) -> None:
    pending: list[Any] = []
    with kafka.producer(settings, linger_ms=5) as producer:
        now = datetime.now(UTC)
        trail = headers(enriched.SCHEMA, Trail("bench", now, now))
        for key, value in corpus.messages():
            pending.append(producer.send(ENRICHED.name, key=key.encode(), value=value, headers=trail))
            if len(pending) == 2000:  # the library itself bounds nothing
                for future in pending:
                    future.get(timeout=PATIENCE)
                pending.clear()
        for future in pending:
            future.get(timeout=PATIENCE)


def _service(
    environ: Mapping[str, str], settings: ElasticsearchSettings, client: Elasticsearch, log: Path, count: int
) -> tuple[float, float]:
    """Rate and peak memory of one run from the first message on; the first batch only starts the clock."""
    _forget(environ, settings, client)
    with _running(environ, log) as (child, port):
        _until(lambda: _done(scrape(port)) > 0, child)
        first, started = _done(scrape(port)), time.monotonic()
        _until(lambda: client.count(index=INDEX_ALIAS)["count"] >= count, child)
        took = time.monotonic() - started
        return (count - first) / took, memory.peak(child.pid or 0)


def _forget(environ: Mapping[str, str], settings: ElasticsearchSettings, client: Elasticsearch) -> None:
    """An empty index, and a group that has read nothing."""
    for name in client.indices.get_alias(name=INDEX_ALIAS):
        client.indices.delete(index=name)
    schema.declare(client, settings)
    with kafka.admin(load(KafkaSettings, environ)) as admin:
        if any(group["group_id"] == INDEX_GROUP for group in admin.list_groups()):
            admin.delete_groups([INDEX_GROUP])


@contextlib.contextmanager
def _running(environ: Mapping[str, str], log: Path) -> Iterator[tuple[Child, int]]:
    port = free_port()
    argv = [sys.executable, "-m", "newswire", "index"]
    child = Child("index", argv, log, env=dict(environ) | {"NEWSWIRE_INDEX_PORT": str(port)})
    child.start()
    try:
        yield child, port
    finally:
        child.stop()


def _done(figures: Figures | None) -> float:
    return figures.total("articles_out_total") if figures else 0.0


def _until(condition: Callable[[], bool], child: Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline or not child.alive:
            raise RuntimeError("the index service did not finish:\n" + "\n".join(child.tail()))
        time.sleep(LOOK)


def show(console: Console, figures: dict[str, Any]) -> None:
    """The figures as tables."""
    console.print(
        f"\n{figures['articles']:,} enriched articles of {figures['bytes']:,} bytes, {figures['cores']} cores, "
        "servers on the same machine"
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("written by", no_wrap=True)
    for run in range(len(figures["service"])):
        table.add_column(f"run {run + 1}", justify="right")
    table.add_column("mean, articles/s", justify="right")
    for name, key in (("newswire index, from Kafka", "service"), (figures["best"], "helpers")):
        rates = figures[key]
        table.add_row(name, *(f"{rate:,.0f}" for rate in rates), f"{statistics.mean(rates):,.0f}")
    console.print(table)
    console.print(
        f"ratio {figures['ratio']:.2f} (at least {TARGET}), peak memory {figures['memory']:.0f} MB "
        f"(at most {MEMORY_LIMIT})"
    )


if __name__ == "__main__":
    main()
