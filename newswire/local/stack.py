"""The local stack itself: start both engines, wait until they are ready, stop them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from newswire.local import elasticsearch_home
from newswire.local.artifacts import Pins, ensure, load_pins
from newswire.local.cache import cache_directory
from newswire.local.data import SETTING as DATA_SETTING
from newswire.local.data import EngineDirectory, check_space, hold
from newswire.local.elasticsearch import Elasticsearch
from newswire.local.engine import Engine
from newswire.local.errors import storage_error
from newswire.local.identity import identity_for
from newswire.local.kafka import Kafka
from newswire.local.ports import claim
from newswire.local.progress import progress_for
from newswire.local.readiness import await_ready
from newswire.local.runtime import java_home, require_platform
from newswire.local.settings import LocalSettings
from newswire.local.supervise import GRACE, Child, stop_all
from newswire.settings import load

# Five seconds on two idle cores; a loaded build server may take ten times that.
READY_LIMIT = 120.0  # seconds


class LocalStack:
    """Kafka and Elasticsearch as child processes, for the length of a ``with`` block.

    Entering blocks until both take requests, the first time also for the
    download; it must happen in the main thread, because the kernel kills the
    engines when the thread that started them ends. Leaving stops them and
    blocks until they are gone, a second or two. What they store below
    `data_dir` is kept for the next run; `fresh` removes it first.

    `kafka` (host:port) or `elasticsearch` (a URL) name an existing server,
    which is used as it is; that engine is then not started. Ports and cache
    come from the settings NEWSWIRE_KAFKA_PORT, NEWSWIRE_ELASTICSEARCH_PORT and
    NEWSWIRE_CACHE unless given; port 0 takes a free one. `progress` is a rich
    console or a function that takes a line.

    Entering raises LocalStackError, and leaves nothing running when it does.
    The constructor raises newswire.settings.SettingsError, and LocalStackError
    where there is no place for a cache.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        kafka_port: int | None = None,
        elasticsearch_port: int | None = None,
        kafka: str | None = None,
        elasticsearch: str | None = None,
        cache_dir: Path | None = None,
        fresh: bool = False,
        progress: Console | Callable[[str], None] | None = None,
        ready_limit: float = READY_LIMIT,
    ) -> None:
        settings = load(LocalSettings)
        self.data_dir = data_dir.absolute()
        self._kafka_given = kafka
        self._elasticsearch_given = elasticsearch
        self._kafka_port = settings.kafka_port if kafka_port is None else kafka_port
        self._elasticsearch_port = settings.elasticsearch_port if elasticsearch_port is None else elasticsearch_port
        self._cache = cache_directory(settings.cache) if cache_dir is None else cache_dir.absolute()
        self._fresh = fresh
        self._progress = progress_for(progress)
        self._ready_limit = ready_limit
        self._kafka: Kafka | None = None
        self._elasticsearch: Elasticsearch | None = None
        self._held = ExitStack()

    @property
    def kafka(self) -> str:
        """Kafka's address, host:port; known while the stack is open."""
        if self._kafka_given is not None:
            return self._kafka_given
        return _opened(self._kafka).address

    @property
    def elasticsearch(self) -> str:
        """Elasticsearch's URL; known while the stack is open."""
        if self._elasticsearch_given is not None:
            return self._elasticsearch_given
        return _opened(self._elasticsearch).address

    @property
    def children(self) -> list[Child]:
        """The engines' processes, for a look whether they are alive; none for servers that were given."""
        return [engine.child for engine in self._engines()]

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self.stop)
            self._start()
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self, grace: float = GRACE) -> None:
        """Stop the engines side by side, killing what is left after `grace` seconds; blocks. Safe to repeat."""
        stop_all(self.children, grace)
        self._held.close()

    def _start(self) -> None:
        if self._kafka_given is not None and self._elasticsearch_given is not None:
            return
        require_platform()
        java, pins = java_home(), load_pins()
        self._held.enter_context(hold(self.data_dir))
        check_space(self.data_dir, self._progress)
        # Before the download: nobody wants to wait for that and then read that a port is taken.
        kafka_port = elasticsearch_port = 0
        if self._kafka_given is None:
            kafka_port = claim(self._kafka_port, "Kafka", "NEWSWIRE_KAFKA_PORT")
        if self._elasticsearch_given is None:
            elasticsearch_port = claim(self._elasticsearch_port, "Elasticsearch", "NEWSWIRE_ELASTICSEARCH_PORT")
        artifacts = self._fetch(pins)
        # Elasticsearch first: it takes longer.
        if self._elasticsearch_given is None:
            self._start_elasticsearch(pins, artifacts, java, elasticsearch_port)
        if self._kafka_given is None:
            self._start_kafka(pins, artifacts, java, kafka_port)
        await_ready(self._engines(), self._ready_limit, self._progress)

    def _fetch(self, pins: Pins) -> Path:
        wanted = []
        if self._kafka_given is None:
            wanted += pins.for_use("kafka")
        if self._elasticsearch_given is None and not elasticsearch_home.directory(pins, self._cache).exists():
            wanted += pins.for_use("elasticsearch") + pins.for_use("compiler")
        return ensure(pins, wanted, self._cache, self._progress)

    def _start_elasticsearch(self, pins: Pins, artifacts: Path, java: Path, port: int) -> None:
        home = elasticsearch_home.build(pins, artifacts, self._cache, java, self._progress)
        directory = self._directory("Elasticsearch", pins.elasticsearch_version)
        identity = identity_for(directory.data, [home / "lib", java / "bin"])
        self._elasticsearch = Elasticsearch(
            home, java, directory=directory, log=self._log("elasticsearch"), port=port, identity=identity
        )
        self._launch(self._elasticsearch)

    def _start_kafka(self, pins: Pins, artifacts: Path, java: Path, port: int) -> None:
        directory = self._directory("Kafka", pins.kafka_version)
        self._kafka = Kafka(pins, artifacts, java, directory=directory, log=self._log("kafka"), port=port)
        self._launch(self._kafka)

    def _directory(self, engine: str, version: str) -> EngineDirectory:
        directory = EngineDirectory(self.data_dir / engine.lower(), engine, version)
        if self._fresh:
            directory.remove()
        directory.prepare()
        return directory

    def _launch(self, engine: Engine) -> None:
        try:
            engine.child.start()
        except OSError as error:
            raise storage_error(error, self.data_dir, DATA_SETTING) from error

    def _log(self, name: str) -> Path:
        return self.data_dir / "logs" / f"{name}.log"

    def _engines(self) -> list[Engine]:
        return [engine for engine in (self._elasticsearch, self._kafka) if engine is not None]


def prepare(progress: Console | Callable[[str], None] | None = None) -> None:
    """Make both engines ready to be started without the network: fetched, verified, unpacked, the plugin compiled.

    Blocks for as long as the download takes the first time, and for a tenth of a
    second afterwards. Raises LocalStackError or newswire.settings.SettingsError.
    """
    require_platform()
    java, pins, cache = java_home(), load_pins(), cache_directory(load(LocalSettings).cache)
    shown = progress_for(progress)
    artifacts = ensure(pins, list(pins.artifacts), cache, shown)
    elasticsearch_home.build(pins, artifacts, cache, java, shown)


def _opened(engine: Engine | None) -> Engine:
    if engine is None:
        raise RuntimeError("the local stack is not open")
    return engine
