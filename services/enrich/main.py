"""The enrich service: the pool and the Faust worker, run until told to stop or until one of them crashes."""

import asyncio
import tempfile
import threading
from datetime import UTC, datetime

import faust

from newswire import kafka, settings
from newswire.health import Health, HealthServer
from newswire.logging import get_logger
from newswire.metrics import EnrichMetrics
from newswire.reasons import Stage
from newswire.settings import KafkaSettings, ServiceSettings
from services.enrich import worker
from services.enrich.core import without_enrichment
from services.enrich.events.taxonomy import TAGS
from services.enrich.pool import Pool
from services.enrich.settings import EnrichSettings

log = get_logger()

# How often the event loop looks whether it is to stop; the longest a SIGTERM waits before anything happens.
LOOK = 0.1  # seconds


class EnrichCrashed(RuntimeError):
    """The worker crashed on purpose: nothing unfinished was acknowledged, so a restart does it again."""


def run(stop: threading.Event) -> None:
    """Enrich until ``stop`` is set. Raises SettingsError, OSError, WorkerStartError or EnrichCrashed."""
    service = settings.load(ServiceSettings)
    own = settings.load(EnrichSettings)
    to_kafka = settings.load(KafkaSettings)
    metrics = EnrichMetrics(TAGS)
    health = Health(Stage.ENRICH, ("workers", "kafka", kafka.BROKER))
    server = HealthServer(service.http_host, own.port, health, metrics.registry)
    kafka.watch(to_kafka, health, stop)
    try:
        pool = Pool(
            own.workers,
            limit=own.article_seconds,
            lost=lambda job, reason: without_enrichment(job, reason, now=lambda: datetime.now(UTC)),
            on_retry=lambda reason: metrics.retries[reason].inc(),
        )
        try:
            health.ok("workers")
            with tempfile.TemporaryDirectory(prefix="newswire-enrich-") as directory:
                app = worker.build(own, to_kafka, pool=pool, metrics=metrics, health=health, directory=directory)
                log.info("enriching", processes=own.workers)
                asyncio.run(_serve(app, stop, service.stop_grace))
        finally:
            pool.close()
    finally:
        server.close()
    log.info("stopped")


async def _serve(app: faust.App, stop: threading.Event, grace: float) -> None:
    app.finalize()
    await app.start()
    try:
        while not (stop.is_set() or app.should_stop):
            await asyncio.sleep(LOOK)
    finally:
        crash = app.crash_reason
        try:
            await asyncio.wait_for(app.stop(), grace)
        except TimeoutError:
            log.warning("left before Kafka answered; what was not acknowledged comes again")
    if crash is not None or not stop.is_set():
        raise EnrichCrashed(f"The enrich worker stopped by itself: {crash!r}.") from crash
