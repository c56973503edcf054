"""Ingest, wired to the real world: threads, sockets, the broker, the disk."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from newswire import kafka, logging
from newswire.health import Health, HealthServer, watched
from newswire.metrics import IngestMetrics
from newswire.reasons import Stage
from newswire.settings import KafkaSettings, ServiceSettings, load
from services.ingest import broker, rescan, shelving, watch
from services.ingest.arrivals import Arrivals
from services.ingest.broker import KafkaPublisher
from services.ingest.carrier import Carrier
from services.ingest.garbage import Garbage
from services.ingest.hearing import Hearing
from services.ingest.inbox import Inbox
from services.ingest.intake import Intake
from services.ingest.kept import Kept
from services.ingest.ledger import LEDGER, Ledger
from services.ingest.lock import Locks
from services.ingest.patience import Disk, Stopped
from services.ingest.process import Steps
from services.ingest.put_away import Shelf
from services.ingest.questions import Questions
from services.ingest.reader import QUICK_LIMIT, ProcessReader
from services.ingest.readers import format as readers
from services.ingest.readings import Limits, Readings
from services.ingest.rescan import Rescan
from services.ingest.settings import IngestSettings, check_places, zone_of
from services.ingest.settle import Settling
from services.ingest.shelving import Shelving
from services.ingest.tidy import Keep, Tidy
from services.ingest.unfinished import Unfinished
from services.ingest.watch import NoWatch, Watcher

log = logging.get_logger()


def ledger_path(data: Path) -> Path:
    """Where the ledger of the data directory lies."""
    return data / "ingest" / "ledger.sqlite3"


def run(stop: threading.Event) -> None:
    """Run ingest until ``stop`` is set; finishes the batch in hand, for ten seconds at most, and returns.

    Reads its settings from the environment. Raises SettingsError (all mistakes at
    once), Taken (another ingest works here), sqlite3.DatabaseError (the ledger is
    damaged) or OSError (port taken, directory not to be made) before it has
    touched a file.
    """
    service, settings, kafka_settings = load(ServiceSettings), load(IngestSettings), load(KafkaSettings)
    check_places(settings.inboxes, service.data)
    zones = zone_of(settings.inboxes, settings.zones)
    inboxes = {Inbox.at(directory): zone for directory, zone in zones.items()}
    locks = Locks(service.data / "ingest", list(inboxes))
    metrics = IngestMetrics()
    needs = (kafka.BROKER, broker.NEED, LEDGER, shelving.NEED, shelving.UNMOVED, rescan.NEED)
    health = Health(Stage.INGEST, needs)
    try:
        server = HealthServer(service.http_host, settings.port, health, metrics.registry)
        try:
            kafka.watch(kafka_settings, health, stop)
            running = _Service(
                service.data, settings, kafka_settings, inboxes, stop=stop, health=health, metrics=metrics
            )
            server.add(
                Questions(ledger_path(service.data), service.data.resolve(), list(inboxes), running.doing).pages()
            )
            running.run()
        finally:
            server.close()
    finally:
        locks.close()


class _Service:
    """Everything that lives as long as the service, made in order and let go in reverse."""

    def __init__(
        self,
        data: Path,
        settings: IngestSettings,
        kafka_settings: KafkaSettings,
        inboxes: dict[Inbox, str],
        *,
        stop: threading.Event,
        health: Health,
        metrics: IngestMetrics,
    ) -> None:
        self._stop = stop
        self._health = health
        self._inboxes = list(inboxes)
        self._asked = threading.Event()
        self._ledger = Ledger(ledger_path(data), window=settings.cluster_window)
        arrivals = Arrivals()
        watcher = _watcher(settings, arrivals, self._asked.set, metrics)
        disk = Disk(stop, health)
        kept = Kept(self._ledger)
        shelf = Shelf(data, disk.leave)
        carrier = Carrier(shelf.copy, arrivals.wake)
        self._shelving = Shelving(
            shelf,
            self._ledger,
            kept,
            finished=settings.finished,
            disk=disk,
            health=health,
            clock=time.time,
            carrier=carrier,
        )
        self._publisher = KafkaPublisher(
            lambda: kafka.producer(kafka_settings, **broker.PRODUCER),
            broker.Limits(settings.in_flight, settings.in_flight_bytes),
            stop=stop,
            health=health,
            metrics=metrics,
        )
        self._unfinished = Unfinished(self._ledger, disk=disk, clock=time.time)
        reading = readers.Limits(document=settings.document_bytes, unpacked=settings.unpacked_bytes)
        self._quick = ProcessReader("quick", QUICK_LIMIT, reading, on_answer=arrivals.wake, at_once=True)
        self._slow = ProcessReader("slow", settings.reader_timeout, reading, on_answer=arrivals.wake)
        settling = Settling(settings.settle, watcher.being_written)
        limits = Limits(settings.batch_files, settings.batch_bytes)
        hearing = Hearing(self._quick, self._slow, limits.files)
        readings = Readings(
            arrivals,
            settling,
            self._shelving,
            self._unfinished,
            hearing=hearing,
            limits=limits,
            zones={inbox.root: zone for inbox, zone in inboxes.items()},
            clock=time.time,
            sketched=settings.cluster_window > 0,
        )
        steps = Steps(
            self._ledger,
            self._publisher,
            self._shelving,
            self._unfinished,
            disk=disk,
            metrics=metrics,
            clock=time.time,
        )
        self._intake = Intake(
            arrivals,
            settling,
            self._unfinished,
            hearing=hearing,
            readings=readings,
            steps=steps,
            health=health,
            metrics=metrics,
            clock=time.time,
        )
        finder = Rescan(
            self._inboxes,
            arrivals,
            kept,
            interval=settings.rescan,
            on_directory=watcher.add,
            is_left=readings.is_left,
            asked=self._asked,
            stop=stop,
            health=health,
            clock=time.time,
        )
        keep = Keep(settings.keep_processed, settings.keep_rejected, settings.keep_rows)
        tidy = Tidy(data, ledger_path(data), keep, stop=stop, clock=time.time)
        self.doing = self._intake.doing
        self._carrying = watched(health, "carry", partial(carrier.run, stop))
        self._threads = [
            watched(health, "rescan", finder.run),
            watched(health, "tidy", tidy.run),
        ]
        if isinstance(watcher, Watcher):
            self._threads.append(watched(health, "watch", partial(watcher.run, stop)))

    def run(self) -> None:
        garbage = Garbage()
        try:
            self._carrying.start()
            self._shelving.mend(self._inboxes)
            self._unfinished.load(self._inboxes)
            self._health.ok(LEDGER)
            for thread in self._threads:
                thread.start()
            log.info("ingest started", inboxes=len(self._inboxes))
            self._publisher.connect()
            garbage.begin()
            self._intake.run(self._stop, garbage.after)
        except Stopped:
            log.warning("stopped before the broker or the disk had everything; the rest stays in the inbox")
        finally:
            garbage.end()
            self._stop.set()
            self._asked.set()
            for thread in (*self._threads, self._carrying):
                if thread.is_alive():
                    thread.join(2)
            # What is not written is found out by the next start.
            with contextlib.suppress(Stopped, sqlite3.Error):
                self._shelving.collect()
            self._publisher.close()
            self._quick.close()
            self._slow.close()
            self._ledger.close()
            log.info("ingest stopped")


def _watcher(
    settings: IngestSettings, arrivals: Arrivals, on_loss: Callable[[], None], metrics: IngestMetrics
) -> Watcher | NoWatch:
    if settings.watch and watch.AVAILABLE:
        try:
            return Watcher(arrivals, on_loss=on_loss, metrics=metrics, clock=time.time)
        except OSError as error:  # too many inotify instances on this machine
            log.warning("cannot listen to file events; the rescan finds everything", cause=str(error))
    return NoWatch()
