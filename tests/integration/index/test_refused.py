"""What something between the service and Elasticsearch, a firewall say, refuses in words of its own."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from newswire import enriched, kafka
from newswire.enriched import Enriched
from newswire.figures import scrape
from newswire.local.ports import free_port
from newswire.settings import KafkaSettings, load
from newswire.topics import INDEX_GROUP
from services.index import backoff, blame, main
from tests.integration.conftest import Until
from tests.integration.index.series import Series
from tests.integration.proxy import Proxy, dislikes, page

WORDS = b"words that a firewall dislikes"


def disliked(article: Enriched) -> bytes:
    return enriched.encode(article).replace(b"The text", WORDS)


class Here:
    """The index service in this process, less patient than it is elsewhere."""

    def __init__(self, port: int, environ: Mapping[str, str]) -> None:
        self.port = port
        self._kafka = load(KafkaSettings, environ)

    def refusals(self) -> float:
        figures = scrape(self.port)
        assert figures is not None
        return figures.total("retries_total", reason="refused")

    def members(self) -> set[str]:
        """Those of its group; who was put out of it comes back as another one."""
        with kafka.admin(self._kafka) as admin:
            return {one["member_id"] for one in admin.describe_groups([INDEX_GROUP])[INDEX_GROUP]["members"]}

    def waits_for(self) -> dict[str, str]:
        """The causes for which it is not ready."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return dict(json.load(answer)["causes"])
        except urllib.error.HTTPError as error:
            with error:
                return dict(json.load(error)["causes"])
        except OSError:
            return {"port": "not open yet"}


@pytest.fixture
def proxy(environ: Mapping[str, str]) -> Iterator[Proxy]:
    with Proxy(environ["NEWSWIRE_ELASTICSEARCH"]) as made:
        yield made


@pytest.fixture
def index(environ: Mapping[str, str], proxy: Proxy, monkeypatch: pytest.MonkeyPatch, until: Until) -> Iterator[Here]:
    here = Here(free_port(), environ)
    monkeypatch.setattr(blame, "LIMIT", 3)
    monkeypatch.setattr(backoff, "CAP", 0.2)
    monkeypatch.setattr(kafka, "SESSION_TIMEOUT", 6_000)  # the shortest that a broker takes
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH", proxy.url)
    monkeypatch.setenv("NEWSWIRE_INDEX_PORT", str(here.port))
    stop = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(main.run, stop)
        try:
            until(lambda: running.done() or not here.waits_for())
            yield here
        finally:
            stop.set()
        running.result()


def test_an_article_with_words_that_are_disliked_is_dead_when_others_went_well_meanwhile(
    index: Here, proxy: Proxy, producer: KafkaProducer, client: Elasticsearch, until: Until
) -> None:
    articles = Series("disliked", producer, client)
    proxy.always = dislikes(WORDS)
    articles.publish(1, poison_every=1, poison=disliked)
    # Alone in a quiet hour it only waits, and stands in nobody's way.
    until(lambda: index.refusals() > 6)
    assert articles.letters() == 0
    articles.publish(200, poison_every=50, poison=disliked)
    until(lambda: articles.count() == len(articles.sent))

    def complete() -> bool:
        articles.publish(1)
        return articles.letters() == len(articles.poison)

    until(complete)
    until(articles.complete)
    articles.check()
    until(lambda: not index.waits_for())


def test_where_everything_is_refused_everything_waits_and_the_cause_is_told(
    index: Here, proxy: Proxy, producer: KafkaProducer, client: Elasticsearch, until: Until
) -> None:
    articles = Series("locked out", producer, client)
    at_first = index.members()
    proxy.always = page(403)
    since = time.monotonic()
    articles.publish(50)
    before = index.refusals()
    until(lambda: index.refusals() > before + 100)
    articles.publish(50)
    until(lambda: index.refusals() > before + 200)
    assert index.waits_for() == {"elasticsearch": "refused: status 403: <html>Somewhere else</html>"}
    # It stays in the group meanwhile: heartbeats go on.
    until(lambda: time.monotonic() - since > kafka.SESSION_TIMEOUT / 1000)
    assert index.members() == at_first
    proxy.release()
    until(articles.complete)
    articles.check()
    until(lambda: not index.waits_for())
