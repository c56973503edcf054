"""``make bench``: articles per second of each stage and of the whole, latency at a steady pace, memory.

Each stage works alone on a full queue: ingest on files that wait, enrich on the
raw topic, index on the enriched topic. The whole then does all of it at once.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from rich.console import Console
from rich.table import Table

from bench import articles, limits, memory
from newswire import elastic, kafka
from newswire.elastic import INDEX_ALIAS
from newswire.reasons import Stage
from newswire.settings import ElasticsearchSettings, KafkaSettings, load
from newswire.system import Service, System
from newswire.topics import ENRICHED, RAW, Topic

SAMPLES = Path(__file__).parents[1] / "samples"
PATIENCE = 600.0  # seconds
# What the README's promise is about, and more than twice that.
PACES = [20.0, 50.0]  # articles per second


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=3000, help="how many each throughput is measured on")
    parser.add_argument(
        "--pace",
        type=float,
        action="append",
        metavar="RATE",
        help="articles per second while latency is measured; may be given several times (default 20 and 50)",
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each latency is measured (default 30)")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    console = Console(stderr=options.json)
    with tempfile.TemporaryDirectory(prefix="newswire-bench-") as directory:
        figures = measure(Path(directory), options.articles, options.pace or PACES, options.seconds, console)
    if options.json:
        json.dump(figures, sys.stdout, indent=2)
    else:
        show(console, figures)


def measure(place: Path, count: int, paces: list[float], seconds: float, console: Console) -> dict[str, Any]:
    """Run everything in ``place``; returns the figures by name."""

    def say(line: str) -> None:
        console.print(line, style="dim", markup=False)

    figures: dict[str, Any] = {"articles": count, "cores": os.cpu_count(), "python": sys.version.split()[0]}
    inbox = place / "inbox"
    articles.write(inbox, count, SAMPLES, seed=1, prefix="alone")
    with System(inbox, place / "data", say=say, any_port=True, stages=()) as system:
        environ = os.environ | system.environment
        client = elastic.client(load(ElasticsearchSettings, environ))
        settings = load(KafkaSettings, environ)
        for stage in (Stage.INGEST, Stage.ENRICH, Stage.INDEX):
            say(f"{stage.value} alone, {count} articles waiting …")
            figures[stage.value] = _alone(system, stage, count)
        raw, enriched = _messages(settings, RAW, count), _messages(settings, ENRICHED, count)
        figures["bytes"] = {"raw": _mean(raw), "enriched": _mean(enriched)}
        say("the raw limits …")
        figures["raw_produce"] = limits.produce(settings, raw)
        figures["raw_bulk"] = limits.bulk(client, enriched)
        say(f"the whole, {count} articles …")
        figures["whole"] = _whole(inbox, place / "staged", count, client)
        figures["latency"] = []
        for number, pace in enumerate(paces):
            say(f"latency at {pace:g} articles a second …")
            figures["latency"].append(_latency(inbox, place / f"paced-{number}", pace, seconds, client))
        say(f"latency at {paces[0]:g} articles a second beside a replay through enrich …")
        with _replay(environ):
            figures["beside_replay"] = _latency(inbox, place / "beside", paces[0], seconds, client)
        figures["memory"] = _memory(system)
        client.close()
    return figures


def _done(service: Service) -> float:
    figures = service.figures()
    return figures.total("articles_out_total") if figures else 0.0


def _alone(system: System, stage: Stage, count: int) -> float:
    """Start the service; from its first article to its last. The first batch only starts the clock."""
    system.start(stage)
    service = next(one for one in system.services if one.stage is stage)
    _until(lambda: _done(service) > 0)
    first, started = _done(service), time.monotonic()
    _until(lambda: _done(service) >= count)
    return (count - first) / (time.monotonic() - started)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("the system did not finish; see its logs")
        time.sleep(0.02)


def _mean(values: list[bytes]) -> int:
    return round(statistics.mean(map(len, values)))


def _messages(settings: KafkaSettings, topic: Topic, count: int) -> list[bytes]:
    consumer = kafka.consumer(settings, f"newswire-bench-{topic.name}")
    consumer.subscribe(topics=[topic.name])
    values: list[bytes] = []
    while len(values) < count:
        for messages in consumer.poll(timeout_ms=500).values():
            values += [message.value for message in messages]
    consumer.close()
    return values[:count]


def _whole(inbox: Path, staged: Path, count: int, client: Elasticsearch) -> float:
    """All files appear at once; until the last one is searchable."""
    before = client.count(index=INDEX_ALIAS)["count"]
    files = articles.write(staged, count, SAMPLES, seed=2, prefix="whole")
    started = time.monotonic()
    for path in files:
        path.rename(inbox / path.name)
    _until(lambda: client.count(index=INDEX_ALIAS)["count"] >= before + count)
    return count / (time.monotonic() - started)


@contextmanager
def _replay(environ: Mapping[str, str]) -> Iterator[None]:
    """``newswire replay`` at its usual rate, through as many articles as there are; stopped at the end."""
    command = [sys.executable, "-m", "newswire", "replay", "--stage", "enrich", "--from", "1d"]
    with subprocess.Popen(  # noqa: S603 - our own
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            yield
            if running.poll() is not None:
                raise RuntimeError("the replay did not last as long as the measurement; take more --articles")
        finally:
            running.terminate()


def _latency(inbox: Path, staged: Path, pace: float, seconds: float, client: Elasticsearch) -> dict[str, float]:
    """From the rename to the first search that finds it, asked every few milliseconds by an observer of its own."""
    files = articles.write(staged, int(pace * seconds), SAMPLES, seed=int(pace), prefix=staged.name)
    waiting: dict[str, float] = {}
    latencies: list[float] = []

    def look() -> None:
        if not waiting:
            return
        query = {"terms": {"source.path": list(waiting)}}
        answer = client.search(index=INDEX_ALIAS, query=query, size=1000, source_includes=["source.path"])
        now = time.monotonic()
        for hit in answer["hits"]["hits"]:
            latencies.append(now - waiting.pop(hit["_source"]["source"]["path"]))

    started = time.monotonic()
    for number, path in enumerate(files):
        while time.monotonic() < started + number / pace:
            look()
            time.sleep(0.005)
        path.rename(inbox / path.name)
        waiting[path.name] = time.monotonic()
    deadline = time.monotonic() + 60
    while waiting and time.monotonic() < deadline:
        look()
        time.sleep(0.005)
    if waiting:
        raise RuntimeError(f"{len(waiting)} articles did not become searchable")
    ordered = sorted(latencies)
    return {
        "pace": pace,
        "p50": ordered[len(ordered) // 2],
        "p99": ordered[int(len(ordered) * 0.99)],
        "max": ordered[-1],
    }


def _memory(system: System) -> dict[str, float]:
    found: dict[str, float] = {}
    for child in [*system.engines, *(service.child for service in system.services)]:
        for number, pid in enumerate(memory.tree(child.pid or 0)):
            found[child.name if number == 0 else f"{child.name} worker {number}"] = round(memory.peak(pid))
    return found


def show(console: Console, figures: dict[str, Any]) -> None:
    """The figures as tables."""
    console.print(
        f"\n{figures['articles']} articles of about {articles.WORDS} words ({figures['bytes']['raw']:,} bytes raw, "
        f"{figures['bytes']['enriched']:,} enriched), {figures['cores']} cores"
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("stage", "articles/s", "raw limit", "share"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    for name, limit in (("ingest", "raw_produce"), ("enrich", None), ("index", "raw_bulk"), ("whole", None)):
        raw = figures[limit] if limit else None
        share = f"{figures[name] / raw:.0%}" if raw else "–"
        table.add_row(name, f"{figures[name]:,.0f}", f"{raw:,.0f}" if raw else "–", share)
    console.print(table)
    console.print(
        "raw limits: kafka-python produce (acks=all, idempotent); elasticsearch helpers.parallel_bulk", style="dim"
    )
    for latency, how in [*((one, "") for one in figures["latency"]), (figures["beside_replay"], " beside a replay")]:
        console.print(
            f"file closed to searchable at {latency['pace']:g}/s{how}: p50 {latency['p50'] * 1000:.0f} ms, "
            f"p99 {latency['p99'] * 1000:.0f} ms, longest {latency['max'] * 1000:.0f} ms"
        )
    memories = figures["memory"]
    parts = ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in memories.items())
    console.print(f"peak memory, MB: {parts}; together {sum(memories.values()):.0f}")


if __name__ == "__main__":
    main()
