"""The loop: take what has arrived, wait for what is not whole, read the rest, and process it in batches."""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import NamedTuple, assert_never

from newswire.article import Source
from newswire.health import Health
from newswire.metrics import IngestMetrics
from services.ingest.arrivals import Arrivals, Sighting
from services.ingest.file import File, Refusal
from services.ingest.identify import Draft, draft
from services.ingest.inbox import shown
from services.ingest.process import Steps
from services.ingest.read import Changing, Closed, Contents, FileVersion, Gone, Unfit, look, read_file
from services.ingest.readers import read_records
from services.ingest.readers.record import RawArticle, Refused
from services.ingest.settle import Settling
from services.ingest.shelving import Shelving

# How long the loop sleeps when nothing comes, so that it shows it is alive and looks at what settles.
IDLE = 0.5  # seconds


class Limits(NamedTuple):
    """How much one batch holds, and how large one file may be."""

    files: int
    bytes: int
    file_bytes: int


class Waiting(NamedTuple):
    """A file that is not whole, as far as can be told; look again after ``seconds``."""

    version: FileVersion
    seconds: float


class Absent(NamedTuple):
    """Nothing to do: the file is gone, or was done already and only had to be moved."""


Look = File | Waiting | Absent


class Intake:
    """Takes files from ``arrivals`` through step 1 and hands them on in batches; used by one thread."""

    def __init__(
        self,
        arrivals: Arrivals,
        settling: Settling,
        steps: Steps,
        shelving: Shelving,
        *,
        limits: Limits,
        zone: tzinfo,
        health: Health,
        metrics: IngestMetrics,
        clock: Callable[[], float],
    ) -> None:
        self._arrivals = arrivals
        self._settling = settling
        self._steps = steps
        self._shelving = shelving
        self._limits = limits
        self._zone = zone
        self._health = health
        self._metrics = metrics
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``; the batch in hand is finished first. Raises Stopped where it cannot be."""
        while not stop.is_set():
            self.turn(IDLE)

    def turn(self, timeout: float) -> int:
        """One round: at once where there is a file, after ``timeout`` seconds at most otherwise; returns files done."""
        self._health.beat()
        taken = self._arrivals.take(self._limits.files, self._patience(timeout))
        self._gauge()
        done = 0
        batch: list[File] = []
        held = 0
        for sighting in (*self._settling.due(self._clock()), *taken):
            match self._look(sighting):
                case File() as file:
                    batch.append(file)
                    held += file.version.size
                case Absent():
                    self._release([sighting.path])
                case Waiting() if self._settling.is_full:
                    self._release([sighting.path])
                case Waiting(version, seconds):
                    self._settling.hold(sighting, version, seconds, self._clock())
            if len(batch) >= self._limits.files or held >= self._limits.bytes:
                done += self._process(batch)
                batch, held = [], 0
        return done + self._process(batch)

    def _process(self, batch: list[File]) -> int:
        if not batch:
            return 0
        records = sum(file.records for file in batch)
        self._metrics.articles_in.inc(records)
        self._metrics.bytes_in.inc(sum(file.version.size for file in batch))
        self._metrics.batch_articles.observe(records)
        self._metrics.rescan_found.inc(sum(file.sighting.available_at is None for file in batch))
        with self._metrics.stage_seconds.time():
            self._steps.process(batch)
        self._release([file.sighting.path for file in batch])
        self._health.beat()
        return len(batch)

    def _look(self, sighting: Sighting) -> Look:
        """Step 1: the file if it is whole."""
        if sighting.available_at is None:
            version = look(sighting.path)
            if version is None or self._shelving.move_again(sighting.path, version):
                return Absent()
            if seconds := self._settling.wait_for(sighting, version, self._clock()):
                return Waiting(version, seconds)
        found: Look
        reading = read_file(sighting.path, self._limits.file_bytes)
        match reading:
            case Contents(version, data):
                file = read_into(File(sighting, version, *_names(sighting)), data, self._zone)
                found = self._unless_young(file, version) if file.is_cut else file
            case Unfit():
                found = _unread(sighting, reading)
            case Closed(unfit):
                # Whoever may open it to us yet changed its inode, at the earliest, when it came.
                version = unfit.version._replace(mtime_ns=unfit.version.ctime_ns)
                found = self._unless_young(_unread(sighting, unfit), version)
            case Changing(version):
                found = Waiting(version, IDLE)
            case Gone():
                found = Absent()
            case _:
                assert_never(reading)
        return found

    def _unless_young(self, file: File, version: FileVersion) -> Look:
        """``file`` as it is, unless whoever writes it may not have finished."""
        seconds = self._settling.wait_for(file.sighting, version, self._clock())
        return Waiting(version, seconds) if seconds else file

    def _release(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._settling.forget(path)
        self._arrivals.release(paths)

    def _patience(self, timeout: float) -> float:
        due = self._settling.next_due()
        return timeout if due is None else max(0.0, min(timeout, due - self._clock()))

    def _gauge(self) -> None:
        self._metrics.inbox_files["waiting"].set(len(self._arrivals))
        self._metrics.inbox_files["settling"].set(len(self._settling))
        oldest = min(filter(None, (self._arrivals.oldest(), self._settling.oldest())), default=0.0)
        self._metrics.oldest_unfinished.set(oldest)


def read_into(file: File, data: bytes, zone: tzinfo) -> File:
    """``file`` with the drafts and refusals that its bytes ``data`` hold."""
    file.sha256 = hashlib.sha256(data).hexdigest()
    found = read_records(data, os.path.basename(file.path), zone)
    file.format = found.format
    alone = len(found.records) == 1
    for number, record in enumerate(found.records):
        named: Draft | Refused
        if isinstance(record, RawArticle):
            named = draft(
                record,
                Source(path=file.path, record=number, format=found.format, bytes=len(data), sha256=file.sha256),
            )
        else:
            named = record
        if isinstance(named, Draft):
            file.drafts.append(named)
        elif alone:
            file.refusals.append(Refusal(None, named, data))
        else:
            file.refusals.append(Refusal(number, named, named.original or b"", complete=named.original is not None))
    return file


def _unread(sighting: Sighting, unfit: Unfit) -> File:
    file = File(sighting, unfit.version, *_names(sighting))
    file.refusals.append(Refusal(None, Refused(reason=unfit.reason, message=unfit.message), unfit.head, complete=False))
    return file


def _names(sighting: Sighting) -> tuple[str, str]:
    relative = sighting.inbox.relative(sighting.path)
    return relative, shown(relative)
