"""``make bench-ingest``: files to acknowledged messages, beside a bare script and the raw client.

The script reads each file, sends it and waits for every 500; it keeps no ledger,
puts nothing away, and takes the first kill for the end. All three work on the same
articles and the same broker, in turns. Then what size may not change: the memory
and the processor time of an article with a large inbox, a large ledger, a long
NDJSON file, and an archive of half a gigabyte.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from rich.console import Console
from rich.table import Table

from bench import articles, limits, memory
from newswire import kafka
from newswire.figures import scrape
from newswire.local import LocalStack
from newswire.local.ports import free_port
from newswire.local.supervise import Child
from newswire.settings import KafkaSettings, TopicSettings, load
from newswire.topics import RAW
from services.ingest.ledger.layout import COUNT, open_to_write
from services.ingest.main import ledger_path

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SAMPLES = Path(__file__).parents[1] / "samples"
PATIENCE = 1800.0  # seconds
LOOK = 0.1  # seconds; each look costs the service a millisecond
EACH = 500  # files between two waits of the script
MEMORY_LIMIT = 150  # MB
IDLE_FILES = 300
IDLE_PAUSE = 0.1  # seconds
IDLE_LIMIT = 150  # milliseconds
FILLING = 30  # MB
CLUSTERED = 2500  # articles a second, with near-duplicates looked for

PARTS = ("files", "idle", "ndjson", "zst", "inbox", "ledger")


def main() -> None:
    """Measure and print; exit status 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.ingest", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000, help="how many single files (default 10000)")
    parser.add_argument("--runs", type=int, default=5, help="how often each side is measured, in turns (default 5)")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this; may be given several times")
    parser.add_argument("--most", type=int, default=1_000_000, help="largest inbox and ledger (default 1000000)")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    console = Console(stderr=options.json, highlight=False)
    with tempfile.TemporaryDirectory(prefix="newswire-bench-") as directory:
        bench = Bench(Path(directory), console)
        figures = bench.run(options.part or PARTS, options.articles, options.runs, options.most)
    if options.json:
        json.dump(figures, sys.stdout, indent=2)
    else:
        show(console, figures)
    sys.exit(0 if all(figures["targets"].values()) else 1)


class Run(NamedTuple):
    """One run of the service: articles a second from its first to its last, and what it cost."""

    rate: float
    megabytes: float  # the service and its readers, each at its highest
    quarter: float  # the same when a quarter was done
    cpu: float  # milliseconds of processor time an article
    first: float  # seconds from the start of the process to the first article acknowledged


class Bench:
    """A broker, and what is measured on it; files are made in ``place``."""

    def __init__(self, place: Path, console: Console) -> None:
        self._place = place
        self._console = console
        self._number = 0
        self._environ: dict[str, str] = {}

    def say(self, line: str) -> None:
        """Progress."""
        self._console.print(line, style="dim", markup=False)

    def run(self, parts: tuple[str, ...] | list[str], count: int, runs: int, most: int) -> dict[str, Any]:
        """All figures by name."""
        figures: dict[str, Any] = {"articles": count, "cores": os.cpu_count(), "targets": {}}
        with LocalStack(self._place / "stack", kafka_port=0, elasticsearch_port=0, progress=self.say) as stack:
            self._environ = dict(os.environ) | {"NEWSWIRE_KAFKA": stack.kafka}
            kafka.declare(load(KafkaSettings, self._environ), load(TopicSettings, self._environ))
            if "files" in parts:
                self._files(figures, count, runs)
            if "idle" in parts:
                self._idle(figures)
            if "ndjson" in parts:
                self._ndjson(figures)
            if "zst" in parts:
                self._zst(figures)
            sizes = [size for size in (1_000, 100_000, 1_000_000, 5_000_000) if size <= most]
            if "inbox" in parts:
                figures["inbox"] = [self._inbox(size)._asdict() | {"size": size} for size in sizes]
                largest = figures["inbox"][-1]
                figures["targets"]["memory with a full inbox"] = largest["megabytes"] <= MEMORY_LIMIT
                figures["targets"]["first publish within 2 s"] = largest["first"] <= 2
            if "ledger" in parts:
                figures["ledger"] = [self._ledger(size)._asdict() | {"size": size} for size in sizes]
        return figures

    def _files(self, figures: dict[str, Any], count: int, runs: int) -> None:
        source = self._place / "source"
        paths = articles.write(source, count, SAMPLES, seed=1, prefix="bench")
        figures["bytes"] = round(statistics.mean(path.stat().st_size for path in paths[:100]))
        settings = load(KafkaSettings, self._environ)
        raw, script, plain, clustered = [], [], [], []
        for run in range(runs):
            raw.append(limits.produce(settings, [path.read_bytes() for path in paths[:2000]]))
            script.append(_script(settings, paths))
            plain.append(self._service(count, self._copy(source), NEWSWIRE_CLUSTER_WINDOW="0"))
            clustered.append(self._service(count, self._copy(source)))
            self.say(
                f"run {run + 1}: raw {raw[-1]:,.0f}, script {script[-1]:,.0f},"
                f" ingest {plain[-1].rate:,.0f}, with clusters {clustered[-1].rate:,.0f} a second"
            )
        figures |= {
            "raw": statistics.median(raw),
            "script": statistics.median(script),
            "ingest": statistics.median(one.rate for one in plain),
            "clustered": statistics.median(one.rate for one in clustered),
            # By turns: a machine that is shared is not equally fast in each.
            "beside_script": statistics.median(one.rate / beside for one, beside in zip(plain, script, strict=True)),
            "beside_raw": statistics.median(one.rate / beside for one, beside in zip(plain, raw, strict=True)),
            "megabytes": max(one.megabytes for one in clustered),
            "cpu": statistics.median(one.cpu for one in clustered),
        }
        figures["targets"]["faster than the script"] = figures["beside_script"] > 1
        figures["targets"]["2,500 a second with clusters"] = figures["clustered"] >= CLUSTERED
        shutil.rmtree(source)

    def _idle(self, figures: dict[str, Any]) -> None:
        """One file at a time, each renamed into the inbox: until somebody who reads the topic has it."""
        source, inbox = self._place / "idle", self._fresh()
        settings = load(KafkaSettings, self._environ)
        paths = articles.write(source, IDLE_FILES, SAMPLES, seed=5, prefix="idle")
        data = inbox.with_name(inbox.name + "-data")
        took = []
        with (
            _running(self._environ, inbox, data, self._place / "ingest.log") as (child, port),
            closing(kafka.consumer(settings, "bench", auto_offset_reset="latest")) as consumer,
        ):
            consumer.subscribe([RAW.name])
            while not consumer.assignment():
                consumer.poll(100)
            consumer.seek_to_end()
            for partition in consumer.assignment():
                consumer.position(partition)
            _until(lambda: scrape(port) is not None, child)
            for path in paths:
                time.sleep(IDLE_PAUSE)
                began = time.monotonic()
                path.rename(inbox / path.name)
                while not consumer.poll(1000):
                    if time.monotonic() - began > PATIENCE:
                        raise RuntimeError("an article did not come")
                took.append(1000 * (time.monotonic() - began))
        shutil.rmtree(data, ignore_errors=True)
        took.sort()
        figures["idle"] = {"p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100], "most": took[-1]}
        self.say(
            "a lone file to its reader on the topic, ms: "
            + ", ".join(f"{k} {v:.0f}" for k, v in figures["idle"].items())
        )
        figures["targets"][f"{IDLE_LIMIT} ms at p99 when idle"] = figures["idle"]["p99"] <= IDLE_LIMIT

    def _ndjson(self, figures: dict[str, Any]) -> None:
        inbox = self._fresh()
        with (inbox / "many.ndjson").open("w", encoding="utf-8") as file:
            for line in _lines(100_000):
                file.write(line)
        figures["ndjson"] = self._service(100_000, inbox)._asdict()
        self.say(f"one NDJSON of 100,000: {figures['ndjson']}")
        figures["targets"]["constant memory with a long NDJSON"] = _is_constant(figures["ndjson"])

    def _zst(self, figures: dict[str, Any]) -> None:
        inbox = self._fresh()
        target = inbox / "many.ndjson.zst"
        count = 0
        with target.open("wb") as file, zstd.ZstdFile(file, "w") as packed:
            # Noise that does not pack, so that the file is what it is called; the text around it is an article's.
            for line in _lines(1 << 40, noise=3_000):
                packed.write(line.encode())
                count += 1
                if count % 1000 == 0 and target.stat().st_size >= 500 * 1024 * 1024:
                    break
        size = target.stat().st_size  # afterwards it is put away
        figures["zst"] = self._service(count, inbox)._asdict() | {"records": count, "bytes": size}
        self.say(f"one .zst of {size:,} bytes: {figures['zst']}")
        figures["targets"]["constant memory with a large .zst"] = _is_constant(figures["zst"])

    def _inbox(self, size: int) -> Run:
        """2,000 articles, while ``size`` files wait."""
        inbox = self._fresh()
        _short(inbox, size)
        found = self._service(min(size, 20_000), inbox)
        self.say(f"{size:,} files waiting: {found}")
        return found

    def _ledger(self, size: int) -> Run:
        """5,000 articles, with a ledger of ``size``."""
        inbox = self._fresh()
        articles.write(inbox, 5000, SAMPLES, seed=2, prefix=f"ledger {size}")
        data = inbox.with_name(inbox.name + "-data")
        _fill(ledger_path(data), size)
        found = self._service(5000, inbox)
        self.say(f"a ledger of {size:,} articles: {found}")
        return found

    def _fresh(self) -> Path:
        self._number += 1
        inbox = self._place / f"inbox-{self._number}"
        inbox.mkdir()
        return inbox

    def _copy(self, source: Path) -> Path:
        inbox = self._fresh()
        inbox.rmdir()
        shutil.copytree(source, inbox)
        return inbox

    def _service(self, count: int, inbox: Path, **settings: str) -> Run:
        """Run ingest on what waits in ``inbox`` until ``count`` articles are acknowledged. Its data goes after."""
        data = inbox.with_name(inbox.name + "-data")
        environ = self._environ | {"NEWSWIRE_SETTLE": "0s"} | settings
        with _running(environ, inbox, data, self._place / "ingest.log") as (child, port):
            started = time.monotonic()
            _until(lambda: _done(port) > 0, child)
            first, began = _done(port), time.monotonic()
            _until(lambda: _done(port) >= count / 4, child)
            quarter = sum(map(memory.peak, memory.tree(child.pid or 0)))
            _until(lambda: _done(port) >= count, child)
            took = time.monotonic() - began
            processes = memory.tree(child.pid or 0)
            peak = sum(map(memory.peak, processes))
            cpu = sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in processes)
            done = _done(port)
        shutil.rmtree(inbox, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
        return Run((count - first) / took if took else 0.0, peak, quarter, cpu / done * 1000, began - started)


def _is_constant(run: Mapping[str, float]) -> bool:
    """The ledger's page cache and the table of near-duplicates fill up to their bounds."""
    return run["megabytes"] <= run["quarter"] + FILLING


def _done(port: int) -> float:
    figures = scrape(port)
    return figures.total("articles_out_total") if figures else 0.0


@contextlib.contextmanager
def _running(environ: Mapping[str, str], inbox: Path, data: Path, log: Path) -> Iterator[tuple[Child, int]]:
    port = free_port()
    environ = dict(environ) | {
        "NEWSWIRE_INBOX": str(inbox),
        "NEWSWIRE_DATA": str(data),
        "NEWSWIRE_INGEST_PORT": str(port),
        "PYTHONPATH": os.getcwd(),
    }
    child = Child("ingest", [sys.executable, "-m", "newswire", "ingest"], log, env=environ)
    child.start()
    try:
        yield child, port
    finally:
        child.stop()


def _until(condition: Callable[[], bool], child: Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline or not child.alive:
            raise RuntimeError("ingest did not finish:\n" + "\n".join(child.tail()))
        time.sleep(LOOK)


def _script(settings: KafkaSettings, paths: list[Path]) -> float:
    """Files a second of a loop that reads, sends and waits."""
    with kafka.producer(settings, linger_ms=5) as producer:
        producer.partitions_for(RAW.name)
        started = time.monotonic()
        for at in range(0, len(paths), EACH):
            for path in paths[at : at + EACH]:
                producer.send(RAW.name, key=path.name.encode(), value=json.dumps({"text": path.read_text()}).encode())
            producer.flush()
        return len(paths) / (time.monotonic() - started)


def _lines(count: int, noise: int = 0) -> Iterator[str]:
    rng = random.Random(3)  # noqa: S311 - repeatable on purpose
    pool = articles.sentences(SAMPLES)
    text = articles.text(rng, pool, "lines")
    for number in range(count):
        body = f"Report {number} of the list. {text[number % 500 : number % 500 + (200 if noise else 3000)]}"
        if noise:
            body += " " + rng.randbytes(noise // 2).hex()
        yield json.dumps({"id": f"n{number}", "title": f"Report {number}", "body": body}) + "\n"


def _short(inbox: Path, count: int) -> None:
    """Many small files, a thousand in a directory."""
    for number in range(count):
        directory = inbox / f"{number // 1000:04d}"
        if number % 1000 == 0:
            directory.mkdir()
        (directory / f"{number:07d}.txt").write_text(
            f"Report {number}\n\nNothing happened in district {number} today.\n"
        )


def _fill(path: Path, count: int) -> None:
    """A ledger that has seen ``count`` articles, in as many files."""
    db = open_to_write(path)
    rng = random.Random(4)  # noqa: S311 - repeatable on purpose
    db.execute("PRAGMA synchronous=OFF")
    db.execute("BEGIN")
    for number in range(count):
        name = rng.randbytes(16)
        db.execute(
            "INSERT INTO identities (id, content, revision, acked_at, file) VALUES (?, ?, ?, ?, ?)",
            (name, rng.randbytes(32), number, number, number),
        )
        db.execute(
            "INSERT INTO files (inbox, path, dev, inode, size, mtime_ns, ctime_ns, sha256, format, state, published,"
            " duplicates, refused, articles, seen_at, finished_at, put_away, put_away_at)"
            " VALUES ('/inbox', ?, 1, ?, 3000, 0, 0, ?, 'text', 'put_away', 1, 0, 0, ?, 0, ?, ?, 0)",
            (f"wire/{number}.txt", number, rng.randbytes(32), name, number, f"processed/2025-02-07/wire/{number}.txt"),
        )
    db.execute(COUNT, ("put_away", count, count, 0, 0))
    db.execute("COMMIT")
    with contextlib.suppress(sqlite3.Error):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table for people."""
    table = Table("", "articles/s", "MB", "at a quarter", "CPU ms", "first, s", title="Ingest")
    if "raw" in figures:
        for name in ("raw", "script", "ingest"):
            table.add_row(name, f"{figures[name]:,.0f}")
        table.add_row(
            "ingest with clusters",
            f"{figures['clustered']:,.0f}",
            f"{figures['megabytes']:.0f}",
            "",
            f"{figures['cpu']:.2f}",
        )
    rows = [(name, figures[name]) for name in ("ndjson", "zst") if name in figures]
    rows += [(f"{one['size']:,} {part}", one) for part in ("inbox", "ledger") for one in figures.get(part, ())]
    for name, one in rows:
        table.add_row(
            name,
            f"{one['rate']:,.0f}",
            f"{one['megabytes']:.0f}",
            f"{one['quarter']:.0f}",
            f"{one['cpu']:.2f}",
            f"{one['first']:.1f}",
        )
    console.print(table)
    if "raw" in figures:
        beside, raw = figures["beside_script"], figures["beside_raw"]
        console.print(f"ingest beside the script {beside:.2f}, beside raw {raw:.2f} (medians of the runs' ratios)")
    for target, met in figures["targets"].items():
        console.print(f"{'met' if met else 'MISSED'}: {target}", style=None if met else "bold red")


if __name__ == "__main__":
    main()
