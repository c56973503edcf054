from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from newswire import kafka
from newswire.settings import KafkaSettings, load
from tests.integration.commands import Commands
from tests.integration.service import RunningService


@pytest.fixture(scope="module")
def producer(environ: Mapping[str, str]) -> Iterator[KafkaProducer]:
    with kafka.producer(load(KafkaSettings, environ)) as made:
        yield made


@pytest.fixture(scope="module")
def index(environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    service = RunningService("index", environ, tmp_path_factory.mktemp("index") / "index.log")
    service.start()
    yield service
    service.close()


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
