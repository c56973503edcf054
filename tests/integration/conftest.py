"""One real Kafka and one real Elasticsearch for all integration tests, on free ports, in a temporary directory."""

import os
import time
from collections.abc import Callable, Iterator, Mapping

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from newswire import elastic, kafka
from newswire.local import LocalStack
from newswire.settings import ElasticsearchSettings, KafkaSettings, TopicSettings, load
from services.index import schema
from tests.integration.service import RunningService

Until = Callable[[Callable[[], object]], None]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The engines, with topics and indices declared."""
    with LocalStack(tmp_path_factory.mktemp("stack"), kafka_port=0, elasticsearch_port=0) as running:
        environ = {"NEWSWIRE_KAFKA": running.kafka, "NEWSWIRE_ELASTICSEARCH": running.elasticsearch}
        kafka.declare(load(KafkaSettings, environ), load(TopicSettings, environ | {"NEWSWIRE_PARTITIONS": "4"}))
        settings = load(ElasticsearchSettings, environ)
        with elastic.client(settings) as client:
            schema.declare(client, settings)
        yield running


@pytest.fixture(scope="session")
def environ(stack: LocalStack) -> Mapping[str, str]:
    """The process environment with the engines' addresses in it."""
    return os.environ | {"NEWSWIRE_KAFKA": stack.kafka, "NEWSWIRE_ELASTICSEARCH": stack.elasticsearch}


@pytest.fixture(scope="session")
def client(stack: LocalStack) -> Iterator[Elasticsearch]:
    """A client of the real Elasticsearch."""
    with elastic.client(load(ElasticsearchSettings, {"NEWSWIRE_ELASTICSEARCH": stack.elasticsearch})) as made:
        yield made


@pytest.fixture(scope="session")
def until() -> Until:
    """Poll a condition until it holds; the only way a test waits for something here."""

    def wait(condition: Callable[[], object], limit: float = 60.0) -> None:
        deadline = time.monotonic() + limit
        while not condition():
            assert time.monotonic() < deadline, f"{condition} did not come true within {limit} s"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="module")
def index(environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The index service, one a module; a module that needs other settings has its own."""
    service = RunningService("index", environ, tmp_path_factory.mktemp("index") / "index.log")
    service.start()
    yield service
    service.close()


@pytest.fixture(scope="module")
def enrich(environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The enrich service, one a module."""
    service = RunningService("enrich", environ, tmp_path_factory.mktemp("enrich") / "enrich.log")
    service.start()
    yield service
    service.close()


@pytest.fixture(scope="module")
def producer(environ: Mapping[str, str]) -> Iterator[KafkaProducer]:
    """A producer of the real Kafka."""
    with kafka.producer(load(KafkaSettings, environ)) as made:
        yield made
