"""The whole system on one machine: the local stack, what has to be declared in it, and the three services.

Everything is a child of this process and ends with it. A service that ends by
itself is started again: enrich leaves on purpose when the broker fails.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from newswire import elastic, kafka
from newswire.figures import Figures, scrape
from newswire.local import LocalStack, LocalStackError, ports
from newswire.local.supervise import Child
from newswire.reasons import Stage
from newswire.running import Note, addresses
from newswire.settings import ElasticsearchSettings, KafkaSettings, TopicSettings, load
from services.enrich.places import gazetteer
from services.enrich.settings import EnrichSettings
from services.index import schema
from services.index.generations.report import in_lines
from services.index.settings import IndexSettings
from services.ingest.settings import IngestSettings

# Longest is the very first start, when the gazetteer is built.
READY_LIMIT = 180.0  # seconds
POLL = 0.05  # seconds
# A service that keeps ending is started again ever more slowly, up to this.
RESTART_CAP = 15.0  # seconds

Say = Callable[[str], None]

# In the order in which they start: whoever takes comes before whoever gives. They stop in the other order.
STAGES = (Stage.INDEX, Stage.ENRICH, Stage.INGEST)


class Service:
    """One service as a child process, and how often it had to be started again."""

    def __init__(self, stage: Stage, port: int, child: Child) -> None:
        self.stage = stage
        self.port = port
        self.child = child
        self.restarts = 0
        self.due = 0.0
        self.announced = False

    def ready(self) -> bool:
        """Whether ``/readyz`` says so."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=1) as answer:
                return bool(json.load(answer)["ready"])
        except (OSError, urllib.error.URLError):
            return False

    def figures(self) -> Figures | None:
        """Its metrics; None while it does not answer."""
        return scrape(self.port)


class System:
    """A context manager: entering starts everything and waits until it is ready, leaving stops everything.

    ``inbox`` is watched; ledger, put-away files, engine data and logs lie under
    ``data``. ``any_port`` takes free ports throughout, whatever is set, for a run
    that must not disturb another; commands find them by the data directory
    (``running``). ``stages`` are the services to start; others can be started later.
    ``say`` is told of each step. Raises LocalStackError with a sentence for a person.
    To be used from the main thread.
    """

    def __init__(
        self,
        inbox: Path,
        data: Path,
        *,
        say: Say,
        fresh: bool = False,
        any_port: bool = False,
        stages: Sequence[Stage] = STAGES,
    ) -> None:
        self._inbox = inbox
        self._data = data
        self._say = say
        self._fresh = fresh
        self._any_port = any_port
        self._stages = stages
        self.services: list[Service] = []
        self._ports: dict[Stage, int] = {}
        self._stack: LocalStack | None = None
        self._note = Note(data)
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start(self) -> None:
        self._inbox.mkdir(parents=True, exist_ok=True)
        self._data.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        if addresses(self._data):
            raise LocalStackError(
                f"Newswire runs already on {self._data}, in another terminal perhaps (`newswire status` asks it); "
                "stop that one, or give this one another --data."
            )
        # Before the engines: nobody wants to wait for them and then read that a port is taken.
        self._claim(*self._stages)
        # 1. the engines
        self._stack = LocalStack(
            data_dir=self._data,
            kafka_port=0 if self._any_port else None,
            elasticsearch_port=0 if self._any_port else None,
            kafka=os.environ.get("NEWSWIRE_KAFKA") or None,
            elasticsearch=os.environ.get("NEWSWIRE_ELASTICSEARCH") or None,
            fresh=self._fresh,
            progress=self._say,
        )
        self._stack.__enter__()
        # 2. what has to be declared in them
        self.environment = {
            "NEWSWIRE_KAFKA": self._stack.kafka,
            "NEWSWIRE_ELASTICSEARCH": self._stack.elasticsearch,
            "NEWSWIRE_INBOX": str(self._inbox),
            "NEWSWIRE_DATA": str(self._data),
        }
        environ = os.environ | self.environment
        to_elastic = load(ElasticsearchSettings, environ)
        kafka.declare(load(KafkaSettings, environ), load(TopicSettings, environ))
        with elastic.client(to_elastic) as client:
            schema.declare(client, to_elastic, report=in_lines(self._say))
        # 3. the services
        self.start(*self._stages)
        self._say(f"ready after {time.monotonic() - started:.1f} s")

    def start(self, *stages: Stage) -> None:
        """Start services and wait until they are ready; raises LocalStackError."""
        environ = os.environ | self.environment
        if Stage.ENRICH in stages:
            # Here and not in its processes, so that somebody is told why the first start takes longer.
            self._build_gazetteer(environ)
        self._claim(*stages)
        self._note.write(self._addresses())
        for stage in stages:
            child = Child(
                stage.value,
                [sys.executable, "-m", "newswire", stage.value],
                self._data / "logs" / f"{stage.value}.log",
                env=environ | {_port_setting(stage): str(self._ports[stage])},
            )
            self.services.append(Service(stage, self._ports[stage], child))
            child.start()
        self._wait_until_ready()

    def _claim(self, *stages: Stage) -> None:
        """Choose the ports of services; raises LocalStackError where one is taken."""
        wanted = _ports()
        for stage in stages:
            if stage not in self._ports:
                port = 0 if self._any_port else wanted[stage]
                self._ports[stage] = ports.claim(port, f"the {stage.value} service", _port_setting(stage))

    def _addresses(self) -> dict[str, str]:
        """Where commands in other terminals find everything, as settings."""
        ports = _ports() | self._ports
        places = [f"127.0.0.1:{ports[stage]}" for stage in (Stage.INGEST, Stage.ENRICH, Stage.INDEX)]
        return {
            "NEWSWIRE_KAFKA": self.kafka,
            "NEWSWIRE_ELASTICSEARCH": self.elasticsearch,
            "NEWSWIRE_SERVICES": ",".join(places),
        }

    def _build_gazetteer(self, environ: Mapping[str, str]) -> None:
        try:
            gazetteer.ensure(environ, say=self._say)
        except gazetteer.GazetteerMissing as error:
            raise LocalStackError(f"Enrichment cannot start: {error}") from error

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_LIMIT
        waiting = [service for service in self.services if not service.announced]
        while waiting:
            for service in list(waiting):
                if service.ready():
                    self._say(f"{service.stage.value} is ready, metrics at http://127.0.0.1:{service.port}/metrics")
                    service.announced = True
                    waiting.remove(service)
                elif not service.child.alive:
                    raise LocalStackError(_died(service))
            if waiting and time.monotonic() > deadline:
                names = ", ".join(service.stage.value for service in waiting)
                raise LocalStackError(
                    f"Not ready after {READY_LIMIT:.0f} s: {names}. Its log is {waiting[0].child.log_file}."
                )
            time.sleep(POLL)

    @property
    def kafka(self) -> str:
        """Kafka's address, host:port."""
        return self.environment["NEWSWIRE_KAFKA"]

    @property
    def elasticsearch(self) -> str:
        """Elasticsearch's address, a URL."""
        return self.environment["NEWSWIRE_ELASTICSEARCH"]

    @property
    def engines(self) -> list[Child]:
        """The processes of the engines that this system started itself."""
        return self._stack.children if self._stack is not None else []

    def watch(self) -> None:
        """Start again what ended by itself; raises LocalStackError when an engine did. Called every now and then."""
        for engine in self.engines:
            if not engine.alive:
                raise LocalStackError(
                    f"{engine.name} ended with status {engine.returncode}. The last lines of {engine.log_file}:\n"
                    + "\n".join(engine.tail(10))
                )
        now = time.monotonic()
        for service in self.services:
            if service.child.alive:
                continue
            if service.due == 0.0:
                service.due = now + min(RESTART_CAP, 0.5 * 2 ** min(service.restarts, 10))
                self._say(
                    f"{service.stage.value} ended with status {service.child.returncode}; it will be started again"
                )
            elif now >= service.due:
                service.restarts += 1
                service.due = 0.0
                service.child.start()

    def _stop(self) -> None:
        """In the order of the flow, so that each stage can hand over what it has."""
        self._note.close()
        for service in reversed(self.services):
            service.child.stop()
        if self._stack is not None:
            self._stack.__exit__(None, None, None)


def _ports() -> dict[Stage, int]:
    """The ports that are set."""
    return {
        Stage.INDEX: load(IndexSettings).port,
        Stage.ENRICH: load(EnrichSettings).port,
        Stage.INGEST: load(IngestSettings).port,
    }


def _port_setting(stage: Stage) -> str:
    return f"NEWSWIRE_{stage.upper()}_PORT"


def _died(service: Service) -> str:
    lines = "\n".join(service.child.tail(10))
    return (
        f"The {service.stage.value} service ended with status {service.child.returncode} at its start. "
        f"The last lines of {service.child.log_file}:\n{lines}"
    )
