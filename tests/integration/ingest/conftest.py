"""The ingest service as a process of its own, over a directory of its own, on the real Kafka."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from kafka import TopicPartition

from newswire import article, dead_letter, kafka
from newswire.article import Article
from newswire.dead_letter import DeadLetter
from newswire.local.ports import free_port
from newswire.settings import KafkaSettings, load
from newswire.topics import DEAD, RAW
from services.ingest.ledger import open_read_only
from services.ingest.main import ledger_path
from tests.integration.conftest import Until
from tests.integration.service import STARTED

HERE = Path(__file__).parent


class Message(NamedTuple):
    """A message as it lies in the topic."""

    key: str
    value: bytes
    headers: dict[str, str]


class Ingest:
    """A service that can be started, killed and started again; what it wrote can be read at any time."""

    def __init__(self, base: Path, environ: Mapping[str, str], until: Until, tag: str) -> None:
        self.tag = tag
        self.inbox = base / "inbox"
        self.data = base / "data"
        self.log = base / "ingest.log"
        self._until = until
        self.port = free_port()
        self.environ = dict(environ) | {
            "NEWSWIRE_INBOX": str(self.inbox),
            "NEWSWIRE_DATA": str(self.data),
            "NEWSWIRE_INGEST_PORT": str(self.port),
            "NEWSWIRE_RESCAN": "1s",
        }
        self.process: subprocess.Popen[bytes] | None = None
        # Not the inbox itself: a file of the test's own name is told apart from other tests' by its directory.
        (self.inbox / tag).mkdir(parents=True)

    def start(self, *, killed_at: str | None = None, without_privilege: bool = False, **differently: str) -> None:
        """Start it; does not wait. ``without_privilege``: what a file's mode forbids is forbidden to root as well."""
        command = ["-m", "newswire", "ingest"] if killed_at is None else [str(HERE / "killed.py"), killed_at]
        if without_privilege:
            command = [str(HERE / "unprivileged.py"), *command]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                env=self.environ | differently | {"PYTHONPATH": os.getcwd()},
                stdout=log,
                stderr=log,
            )

    def end(self, sign: signal.Signals = signal.SIGKILL) -> int:
        """End it with a signal; its exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(sign)
        return self.wait()

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        assert self.process is not None
        try:
            return self.process.wait(STARTED)
        finally:
            self.process.kill()

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until ``condition`` holds; fails at once where the service has ended without it."""

        def holds() -> bool:
            ended = self.process is not None and self.process.poll() is not None
            if condition():
                return True
            assert not ended, f"ingest ended:\n{self.log.read_text()[-3000:]}"
            return False

        self._until(holds)

    def ready(self) -> dict[str, Any]:
        """What it says of its readiness; nothing while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                return dict(json.load(error))
        except OSError:
            return {}

    def metrics(self) -> str:
        """Its metrics."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    def drop(self, name: str, content: str | bytes) -> Path:
        """Write a file in place."""
        path = self.inbox / self.tag / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def waiting(self) -> list[str]:
        """What lies in the inbox."""
        return sorted(path.name for path in self.inbox.rglob("*") if not path.is_dir())

    def put_away(self, kind: str) -> list[str]:
        """What lies in processed/ or rejected/."""
        return sorted(path.name for path in (self.data / kind).rglob("*") if path.is_file())

    def empty(self) -> bool:
        """Whether the inbox is empty, and the ledger says so too."""
        return not self.waiting() and self.rows("SELECT 1 FROM files WHERE put_away_at IS NULL") == []

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the ledger says; nothing while there is none."""
        try:
            reader = open_read_only(ledger_path(self.data))
        except sqlite3.OperationalError:
            return []
        try:
            return reader.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            reader.close()

    def messages(self, topic: str) -> list[Message]:
        """Every message of the topic, from its beginning."""
        client = kafka.consumer(load(KafkaSettings, self.environ), "", group_id=None)
        try:
            partitions = [TopicPartition(topic, number) for number in client.partitions_for_topic(topic) or ()]
            client.assign(partitions)
            client.seek_to_beginning(*partitions)
            ends = client.end_offsets(partitions)
            found: list[Message] = []
            while any(client.position(partition) < ends[partition] for partition in partitions):
                for records in client.poll(timeout_ms=500).values():
                    found += [
                        Message(one.key.decode(), one.value, {name: value.decode() for name, value in one.headers})
                        for one in records
                    ]
            return found
        finally:
            client.close(autocommit=False)

    def articles(self) -> list[tuple[Article, Message]]:
        """The articles of this service's files, as they lie in the topic."""
        found = [(article.decode(one.value), one) for one in self.messages(RAW.name) if self.tag in str(one.value)]
        return [(one, message) for one, message in found if one.source.path.startswith(self.tag)]

    def letters(self) -> list[DeadLetter]:
        """The letters of this service's files."""
        found = [dead_letter.decode(one.value) for one in self.messages(DEAD.name) if self.tag.encode() in one.value]
        return [one for one in found if one.key.startswith(self.tag)]


MakeIngest = Callable[[], Ingest]


@pytest.fixture
def make_ingest(
    tmp_path: Path, environ: Mapping[str, str], until: Until, request: pytest.FixtureRequest
) -> Iterator[MakeIngest]:
    made: list[Ingest] = []

    def make() -> Ingest:
        base = tmp_path / str(len(made))
        base.mkdir()
        made.append(Ingest(base, environ, until, f"t{abs(hash(request.node.nodeid)):x}-{len(made)}"))
        return made[-1]

    yield make
    for one in made:
        if one.process is not None and one.process.poll() is None:
            one.end()


@pytest.fixture
def ingest(make_ingest: MakeIngest) -> Ingest:
    return make_ingest()
