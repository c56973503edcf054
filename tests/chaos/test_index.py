"""The index service while its servers die and its members come and go, on engines of its own."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from newswire import elastic, kafka
from newswire.local import LocalStack
from newswire.local.supervise import Child
from newswire.settings import ElasticsearchSettings, KafkaSettings, TopicSettings, load
from services.index import schema
from tests.integration.index.series import Series, lag, watching
from tests.integration.service import RunningService


class Engines:
    """A stack whose engines are killed and started again, each on its port and its data."""

    def __init__(self, stack: LocalStack, place: Path) -> None:
        self.environ = os.environ | {"NEWSWIRE_KAFKA": stack.kafka, "NEWSWIRE_ELASTICSEARCH": stack.elasticsearch}
        self.place = place
        self._children = {child.name: child for child in stack.children}

    def kill(self, name: str) -> Child:
        """As a power cut would; returns it, to be started again."""
        child = self._children[name]
        child.kill()
        assert child.wait(10)
        return child

    @contextmanager
    def standing_still(self, name: str) -> Iterator[None]:
        """It takes connections and answers nobody."""
        pid = self._children[name].pid or 0
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def index(self, name: str) -> RunningService:
        hurried = self.environ | {"NEWSWIRE_STOP_GRACE": "2s"}
        return RunningService("index", hurried, self.place / f"{name}.log")

    def producer(self) -> KafkaProducer:
        """To be closed before the broker is killed: the library leaves sockets behind where it is refused."""
        return kafka.producer(load(KafkaSettings, self.environ))

    def kafka_answers(self) -> bool:
        host, _, port = self.environ["NEWSWIRE_KAFKA"].rpartition(":")
        with suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
            return True
        return False


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    place = tmp_path_factory.mktemp("engines")
    with LocalStack(place, kafka_port=0, elasticsearch_port=0) as stack:
        found = Engines(stack, place)
        kafka.declare(load(KafkaSettings, found.environ), load(TopicSettings, found.environ))
        with elastic.client(load(ElasticsearchSettings, found.environ)) as client:
            schema.declare(client, load(ElasticsearchSettings, found.environ))
        yield found


@pytest.fixture(scope="module")
def client(engines: Engines) -> Iterator[Elasticsearch]:
    with elastic.client(load(ElasticsearchSettings, engines.environ)) as made:
        yield made


@pytest.fixture
def index(engines: Engines, request: pytest.FixtureRequest) -> Iterator[RunningService]:
    service = engines.index(request.node.name)
    service.start()
    yield service
    service.close()


def until(condition: Callable[[], object], limit: float = 90.0) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, f"{condition} did not come true within {limit} s"
        time.sleep(0.02)


def answers(client: Elasticsearch) -> bool:
    try:
        return client.cluster.health()["status"] != "red"
    except elastic.TransportError:
        return False


def join(service: RunningService, articles: Series) -> None:
    """Start ``service`` while articles flow, so that partitions move in the middle of them."""
    with ThreadPoolExecutor(1) as beside:
        starting = beside.submit(service.start)
        while not starting.done():
            articles.publish(20)
        starting.result()


def test_elasticsearch_killed_and_started_again_while_articles_flow(
    engines: Engines, index: RunningService, client: Elasticsearch
) -> None:
    with engines.producer() as producer:
        articles = Series("restart", producer, client)
        articles.publish(1500, poison_every=500)
        until(lambda: index.figures().total("articles_out_total") > 0)
        elasticsearch = engines.kill("elasticsearch")
        articles.publish(500, poison_every=500)
        until(lambda: index.figures().total("retries_total", reason="connection") > 0)
        assert not index.ready()
        elasticsearch.start()
        until(lambda: answers(client))
        articles.publish(500, poison_every=500)
    until(articles.complete)
    articles.check()
    until(index.ready)


def test_members_that_come_and_go_while_20_000_articles_flow(engines: Engines, client: Elasticsearch) -> None:
    first, second, third = (engines.index(f"member {number}") for number in range(3))
    with ExitStack() as undo:
        articles = Series("members", undo.enter_context(engines.producer()), client)
        for service in (first, second, third):
            undo.callback(service.close)
        first.start()
        articles.publish(3000)
        join(second, articles)
        articles.publish(3000)
        assert first.terminate() == 0
        articles.publish(3000)
        join(first, articles)  # and back
        articles.publish(3000)
        assert first.terminate() == 0
        until(articles.complete)
        third.start()
        articles.publish(4000, poison_every=1000)
        second.kill()
        articles.publish(4000, poison_every=1000)
        until(articles.complete)
        assert third.terminate() == 0
    articles.check()


@pytest.mark.parametrize("name", ["kafka", "elasticsearch"])
def test_a_sigterm_is_obeyed_though_a_server_stands_still_and_nothing_is_lost(
    name: str, engines: Engines, index: RunningService, client: Elasticsearch
) -> None:
    with engines.producer() as producer:
        articles = Series(f"still {name}", producer, client)
        articles.publish(2000, poison_every=100)
    until(lambda: index.figures().total("articles_out_total") > 0)
    with engines.standing_still(name):
        assert index.terminate() == 0
    index.start()
    until(articles.complete)
    articles.check()


def test_a_broker_that_dies_in_the_middle_costs_nothing_but_time(
    engines: Engines, index: RunningService, client: Elasticsearch
) -> None:
    with engines.producer() as producer:
        before = Series("before", producer, client)
        before.publish(3000, poison_every=100)
    until(lambda: index.figures().total("articles_out_total") > 0)
    broker = engines.kill("kafka")
    until(lambda: not index.ready())
    broker.start()
    until(index.ready)
    with engines.producer() as producer:
        after = Series("after", producer, client)
        after.publish(500)
    for articles in (before, after):
        until(articles.complete)
        articles.check()


def test_a_broker_that_dies_while_nothing_happens_is_known_and_the_service_still_leaves(
    engines: Engines, index: RunningService
) -> None:
    """The last one here: who cannot say goodbye keeps the next member waiting."""
    with watching(engines.environ) as consumer:
        until(lambda: lag(consumer) == 0)
    assert index.ready()
    broker = engines.kill("kafka")
    try:
        until(lambda: not index.ready())
        assert index.terminate() == 0
    finally:
        broker.start()
