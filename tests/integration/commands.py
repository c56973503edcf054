"""The command line in this process, and what lies in the topics and the register: for the tests of both replays."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch
from kafka import KafkaProducer, TopicPartition

from newswire import dead_letter, kafka
from newswire.cli import group
from newswire.dead_letter import DeadLetter
from newswire.letters import filed
from newswire.letters.filed import FiledLetter
from newswire.settings import KafkaSettings, load
from newswire.topics import DEAD
from tests.integration.service import RunningService


class Commands:
    """Runs ``newswire …`` against the engines of ``environ``."""

    def __init__(self, environ: Mapping[str, str], client: Elasticsearch, producer: KafkaProducer) -> None:
        self.environ = dict(environ)
        self.client = client
        self.producer = producer

    def run(self, *arguments: str, **settings: str) -> Result:
        with patch.dict(os.environ, self.environ | settings):
            return CliRunner().invoke(group, list(arguments))

    def json(self, *arguments: str, **settings: str) -> Any:
        answer = self.run(*arguments, "--json", **settings)
        return json.loads(answer.stdout)

    def post(self, letter: DeadLetter) -> str:
        """Send a letter, as a stage would; returns its id."""
        self.producer.send(DEAD.name, key=letter.key.encode(), value=dead_letter.encode(letter)).get(timeout=30)
        return filed.id_of(letter)

    def letter(self, letter_id: str) -> FiledLetter | None:
        """The letter as Elasticsearch has it at this moment."""
        self.client.indices.refresh(index="newswire-dead")
        hits = self.client.search(index="newswire-dead", query={"ids": {"values": [letter_id]}})["hits"]["hits"]
        return filed.of_hit(hits[0]) if hits else None

    def state(self, letter_id: str) -> tuple[str, int] | None:
        """Its state and attempts."""
        found = self.letter(letter_id)
        return (found.state.value, found.attempts) if found else None

    def ends(self, *topics: str) -> dict[TopicPartition, int]:
        """Where the partitions of these topics end."""
        with self._reader() as reader:
            partitions = [TopicPartition(one, n) for one in topics for n in reader.partitions_for_topic(one)]
            return dict(reader.end_offsets(partitions))

    def since(self, ends: Mapping[TopicPartition, int]) -> list[Any]:
        """The messages that came after ``ends``."""
        found: list[Any] = []
        with self._reader() as reader:
            now = reader.end_offsets(list(ends))
            reader.assign(list(ends))
            for partition, offset in ends.items():
                reader.seek(partition, offset)
            while any(reader.position(partition) < end for partition, end in now.items()):
                for messages in reader.poll(timeout_ms=200).values():
                    found += messages
        return found

    @contextmanager
    def _reader(self) -> Iterator[Any]:
        reader = kafka.consumer(
            load(KafkaSettings, self.environ), "", group_id=None, max_partition_fetch_bytes=DEAD.max_message_bytes
        )
        try:
            yield reader
        finally:
            reader.close(autocommit=False)


def headers(message: Any) -> dict[str, str]:
    """A message's headers as text."""
    return {name: value.decode() for name, value in message.headers}


@pytest.fixture
def newswire(
    index: RunningService,
    environ: Mapping[str, str],
    client: Elasticsearch,
    producer: KafkaProducer,
    tmp_path: Path,
) -> Commands:
    """The command line, over an inbox and a data directory of the test's own; the index service runs beside it."""
    (tmp_path / "inbox").mkdir()
    own = {"NEWSWIRE_INBOX": str(tmp_path / "inbox"), "NEWSWIRE_DATA": str(tmp_path / "data")}
    return Commands(dict(environ) | own, client, producer)
