"""What Elasticsearch, and what is between it and us, does on a bad day: nothing is lost, doubled or wrongly dead."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping

import pytest
from elasticsearch import Elasticsearch

from newswire import enriched, kafka
from newswire.settings import KafkaSettings, load
from newswire.topics import INDEX_GROUP
from tests.integration.conftest import Until
from tests.integration.index.series import Series
from tests.integration.proxy import (
    Fault,
    Proxy,
    cut_before,
    cut_in_the_answer,
    dislikes,
    fewer_items,
    garbage,
    hang,
    items,
    late,
    page,
    status,
    too_large,
    truncated,
)
from tests.integration.service import RunningService

BUSY = "es_rejected_execution_exception"
# The service under test gives up a request after this; the proxy's late answers come after that.
TIMEOUT = 1.0  # seconds

NewSeries = Callable[[str], Series]

FAULTS: dict[str, tuple[Fault, str]] = {
    "too many requests": (status(429, BUSY), "too_many_requests"),
    "a memory limit": (status(429, "circuit_breaking_exception"), "too_many_requests"),
    "unavailable": (status(503), "unavailable"),
    "a server error": (status(500), "unavailable"),
    "a proxy without a server": (page(502), "bad_gateway"),
    "a proxy whose server is slow": (page(504), "gateway_timeout"),
    "a login page": (page(200), "bad_answer"),
    "no access": (status(403, "security_exception"), "unavailable"),
    "half of the items rejected": (items(429, BUSY), "too_many_requests"),
    "half of the items without a shard": (items(503, "unavailable_shards_exception"), "shards_unavailable"),
    "a server that fails on every item": (items(500, "i_o_exception", every=1), "server_error"),
    "all items rejected": (items(429, BUSY, every=1), "too_many_requests"),
    "a connection cut before": (cut_before, "connection"),
    "a connection cut in the answer": (cut_in_the_answer, "connection"),
    "a truncated answer": (truncated, "bad_answer"),
    "an answer to fewer items": (fewer_items, "bad_answer"),
    "an answer that is no JSON": (garbage, "bad_answer"),
    "an answer that comes too late": (late(TIMEOUT + 0.5), "timeout"),
}


@pytest.fixture(scope="module")
def proxy(environ: Mapping[str, str]) -> Iterator[Proxy]:
    with Proxy(environ["NEWSWIRE_ELASTICSEARCH"]) as made:
        yield made


@pytest.fixture(scope="module")
def index(
    environ: Mapping[str, str], proxy: Proxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    settings = {
        "NEWSWIRE_ELASTICSEARCH": proxy.url,
        "NEWSWIRE_INDEX_TIMEOUT": f"{TIMEOUT}s",
        "NEWSWIRE_INDEX_BATCH": "50",
    }
    service = RunningService("index", dict(environ) | settings, tmp_path_factory.mktemp("faults") / "index.log")
    service.start()
    yield service
    service.close()


@pytest.fixture(scope="module")
def series(environ: Mapping[str, str], client: Elasticsearch) -> Iterator[NewSeries]:
    with kafka.producer(load(KafkaSettings, environ)) as producer:
        yield lambda agency: Series(agency, producer, client)


def retries(service: RunningService, reason: str) -> float:
    return service.figures().total("retries_total", reason=reason)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_passes_costs_no_article_and_makes_no_letter(
    name: str, index: RunningService, proxy: Proxy, series: NewSeries, until: Until
) -> None:
    fault, reason = FAULTS[name]
    articles = series(f"fault {name}")
    before = retries(index, reason)
    proxy.faults += [fault] * 2
    articles.publish(100)
    until(lambda: not proxy.faults and retries(index, reason) > before)
    until(articles.complete)
    articles.check()
    until(index.ready)


def test_all_faults_in_one_stream_with_poison_in_it(
    index: RunningService, proxy: Proxy, series: NewSeries, until: Until
) -> None:
    articles = series("storm")
    storm = [fault for fault, _ in FAULTS.values()]
    for _ in range(2):
        proxy.faults += storm
        articles.publish(500, poison_every=100)
    until(articles.complete)
    articles.check()


def test_a_request_that_is_too_large_is_cut_until_it_fits(
    index: RunningService, proxy: Proxy, series: NewSeries, until: Until
) -> None:
    articles = series("too large")
    proxy.always = too_large(7)
    try:
        articles.publish(200)
        until(articles.complete)
    finally:
        proxy.always = None
    articles.check()


def test_an_article_that_spoils_its_whole_request_is_found_by_halving_and_the_only_one_dead(
    index: RunningService, proxy: Proxy, series: NewSeries, until: Until
) -> None:
    articles = series("spoilt")
    words = b"words that spoil a request"
    proxy.always = dislikes(words, status(400, "illegal_argument_exception"))
    try:
        articles.publish(200, poison_every=80, poison=lambda one: enriched.encode(one).replace(b"The text", words))
        until(articles.complete)
    finally:
        proxy.always = None
    articles.check()
    until(index.ready)


def test_one_poison_article_among_a_thousand_is_the_only_one_in_the_letters(
    index: RunningService, series: NewSeries, until: Until
) -> None:
    articles = series("thousand")
    articles.publish(1000, poison_every=1000)
    until(articles.complete)
    articles.check()


def test_fewer_requests_go_while_elasticsearch_pushes_back_and_more_again_afterwards(
    index: RunningService, proxy: Proxy, series: NewSeries, until: Until
) -> None:
    articles = series("pushed back")
    until(lambda: index.figures().total("bulk_requests_limit") == 4)
    proxy.always = items(429, BUSY, every=1)
    try:
        articles.publish(400)
        until(lambda: index.figures().total("bulk_requests_limit") == 1)
        taken = index.figures().total("articles_in_total")
        articles.publish(1000)
        retried = retries(index, "too_many_requests")
        until(lambda: retries(index, "too_many_requests") > retried)
        # What it had fetched before it paused may still come; nothing is read ahead beside that.
        assert index.figures().total("articles_in_total") < taken + 1000
        assert not index.ready()
        proxy.most_under_way = proxy.under_way
        met = proxy.met
        until(lambda: proxy.met > met + 3)
        assert proxy.most_under_way <= 1
    finally:
        proxy.always = None
    until(articles.complete)
    articles.check()
    until(lambda: index.figures().total("bulk_requests_limit") == 4)


@pytest.mark.parametrize("block", ["read_only_allow_delete", "write"])
def test_an_index_that_was_read_only_for_a_while_gets_everything(
    block: str, index: RunningService, client: Elasticsearch, series: NewSeries, until: Until
) -> None:
    articles = series(f"blocked {block}")
    before = retries(index, "read_only")
    client.indices.put_settings(index="newswire", settings={f"index.blocks.{block}": True})
    try:
        articles.publish(200)
        # While it is pushed back it reads nothing new, so how many articles that are depends on how fast they came.
        until(lambda: retries(index, "read_only") > before and not index.ready())
    finally:
        client.indices.put_settings(index="newswire", settings={f"index.blocks.{block}": None})
    until(articles.complete)
    articles.check()
    until(index.ready)


def test_a_pause_before_the_next_attempt_holds_up_neither_a_new_member_nor_a_sigterm(
    index: RunningService, environ: Mapping[str, str], proxy: Proxy, series: NewSeries, until: Until
) -> None:
    other = RunningService("index", environ, index.log.with_name("other.log"))  # not through the proxy
    articles = series("pause")
    before = retries(index, "too_many_requests")
    proxy.always = items(429, BUSY, every=1)
    try:
        articles.publish(400)
        until(lambda: retries(index, "too_many_requests") > before and proxy.idle > 1)  # in a long pause
        other.start()
        until(lambda: 0 < articles.count() < 400)  # it has partitions, and writes what is in them
        assert index.terminate() == 0
        until(articles.complete)
        assert other.terminate() == 0
    finally:
        proxy.always = None
        other.close()
        index.start()
    articles.check()


def test_a_sigterm_is_obeyed_though_elasticsearch_hangs_and_nothing_is_lost(
    index: RunningService, environ: Mapping[str, str], proxy: Proxy, series: NewSeries, until: Until
) -> None:
    assert index.terminate() == 0
    # It would wait for an answer for a minute.
    patient = dict(environ) | {"NEWSWIRE_ELASTICSEARCH": proxy.url, "NEWSWIRE_STOP_GRACE": "2s"}
    service = RunningService("index", patient, index.log.with_name("patient.log"))
    service.start()
    articles = series("hanging")
    proxy.always = hang
    try:
        articles.publish(100)
        until(lambda: proxy.under_way > 0)
        assert service.terminate() == 0
        assert articles.count() == 0
    finally:
        service.close()
        proxy.release()
        index.start()
    until(articles.complete)
    articles.check()


def test_a_service_that_stood_still_for_longer_than_its_session_goes_on_where_the_group_is(
    index: RunningService, environ: Mapping[str, str], series: NewSeries, until: Until
) -> None:
    """The broker puts it out meanwhile; it has to find that out and join again."""
    articles = series("stopped")
    articles.publish(300)
    with kafka.admin(load(KafkaSettings, environ)) as admin:
        os.kill(index.pid, signal.SIGSTOP)
        try:
            articles.publish(300)
            until(lambda: not admin.describe_groups([INDEX_GROUP])[INDEX_GROUP]["members"])
        finally:
            os.kill(index.pid, signal.SIGCONT)
    until(articles.complete)
    articles.check()
