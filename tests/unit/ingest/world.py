"""Ingest without threads and without a broker: a real ledger, real files, a clock that is held."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry

from newswire.health import Health
from newswire.metrics import IngestMetrics
from newswire.reasons import Stage
from services.ingest.arrivals import Arrivals, Sighting
from services.ingest.carrier import Carrier
from services.ingest.hearing import Hearing
from services.ingest.inbox import Inbox
from services.ingest.intake import Intake
from services.ingest.kept import Kept
from services.ingest.ledger import Ledger
from services.ingest.memory import MemoryPublisher
from services.ingest.patience import Disk
from services.ingest.process import Steps
from services.ingest.publish import Publisher
from services.ingest.put_away import Finished, Shelf
from services.ingest.reader import DirectReader
from services.ingest.readers import format as readers
from services.ingest.readings import Limits, Readings
from services.ingest.rescan import Rescan
from services.ingest.settle import Settling
from services.ingest.shelving import Shelving
from services.ingest.unfinished import Unfinished

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC).timestamp()
TODAY = "2026-03-01"


ROOMY = Limits(500, 8_000_000)
READING = readers.Limits()


class Clock:
    """Unix time, as the test says."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class World:
    """One ingest service over ``base``; a second one over the same directory is the first one started again."""

    def __init__(
        self,
        base: Path,
        *,
        publisher: Publisher | None = None,
        ledger: Callable[[Path], Ledger] = Ledger,
        shelf: Callable[[Path], Shelf] = Shelf,
        clock: Clock | None = None,
        limits: Limits = ROOMY,
        reading: readers.Limits = READING,
        settle: float = 2.0,
        finished: Finished = Finished.MOVE,
        carried: bool = False,
    ) -> None:
        self.data = base / "data"
        self.inbox = Inbox.at(base / "inbox")
        self.root = Path(self.inbox.root)
        self.clock = clock or Clock()
        self.stop = threading.Event()
        self.metrics = IngestMetrics(CollectorRegistry())
        self.health = Health(Stage.INGEST, ("kafka", "ledger", "data", "inbox"))
        self.memory = MemoryPublisher()
        self.arrivals = Arrivals()
        self.ledger = ledger(self.data / "ingest" / "ledger.sqlite3")
        disk = Disk(self.stop, self.health)
        self.kept = Kept(self.ledger)
        placed = shelf(self.data)
        # Its turns are the test's.
        self.carrier = Carrier(placed.copy)
        self.shelving = Shelving(
            placed,
            self.ledger,
            self.kept,
            finished=finished,
            disk=disk,
            health=self.health,
            clock=self.clock,
            carrier=self.carrier if carried else None,
        )
        self.unfinished = Unfinished(self.ledger, disk=disk, clock=self.clock)
        steps = Steps(
            self.ledger,
            publisher or self.memory,
            self.shelving,
            self.unfinished,
            disk=disk,
            metrics=self.metrics,
            clock=self.clock,
            new_trace=lambda: "t" * 32,
        )
        self.settling = Settling(settle)
        self.hearing = Hearing(DirectReader(reading), DirectReader(reading), limits.files)
        self.readings = Readings(
            self.arrivals,
            self.settling,
            self.shelving,
            self.unfinished,
            hearing=self.hearing,
            limits=limits,
            zones={self.inbox.root: "UTC"},
            clock=self.clock,
        )
        self.intake = Intake(
            self.arrivals,
            self.settling,
            self.unfinished,
            hearing=self.hearing,
            readings=self.readings,
            steps=steps,
            health=self.health,
            metrics=self.metrics,
            clock=self.clock,
        )
        self.rescan = Rescan(
            [self.inbox],
            self.arrivals,
            self.kept,
            interval=10,
            on_directory=lambda directory, inbox: None,
            is_left=self.readings.is_left,
            asked=threading.Event(),
            stop=self.stop,
            health=self.health,
            clock=self.clock,
        )

    def start(self) -> None:
        """What a start does before the first turn."""
        self.shelving.mend([self.inbox])
        self.unfinished.load([self.inbox])

    def write(self, name: str, content: str | bytes, age: float = 60.0) -> Path:
        """A file in the inbox, last written ``age`` seconds ago."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (self.clock.now - age, self.clock.now - age))
        return path

    def closed(self, path: Path) -> None:
        """The watcher tells of ``path``."""
        self.arrivals.announce(Sighting(str(path), self.inbox, self.clock.now, self.clock.now))

    def drop(self, name: str, content: str | bytes) -> Path:
        """Write a file and tell of it."""
        path = self.write(name, content, age=0)
        self.closed(path)
        return path

    def turn(self) -> int:
        """One turn of the loop, without waiting, to its end."""
        return self.intake.turn(0) + self.intake.finish()

    def look_through(self) -> int:
        """A rescan and a turn."""
        self.rescan.look_through()
        return self.turn()

    def put_away(self) -> list[str]:
        """What lies under the data directory, but for the ledger."""
        found = (path.relative_to(self.data) for path in self.data.rglob("*") if path.is_file() or path.is_symlink())
        return sorted(str(path) for path in found if path.parts[0] != "ingest")

    def waiting(self) -> list[str]:
        """What lies in the inbox."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if not path.is_dir())

    def metric(self, name: str, **labels: str) -> float:
        """The value of a metric, without its prefix."""
        return self.metrics.registry.get_sample_value(f"newswire_{name}", labels) or 0.0

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the ledger says."""
        return self.ledger._db.execute(query).fetchall()
