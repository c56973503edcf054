"""Kafka away for a while, and files that keep coming: nothing is lost, little is burnt, it goes on by itself."""

import json
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from newswire import kafka
from newswire.local import LocalStack
from newswire.local.supervise import Child
from newswire.settings import KafkaSettings, TopicSettings, load
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.test_service import signal_group, story

# Standing for ten minutes: what the client had in hand has expired, and each wait has come round several times.
AWAY = 38.0  # seconds
# A spinning loop takes all of a core, a waiting service a few hundredths; a build server's clock is coarse.
MOST_CPU = 0.3  # of one core
# The client tries every two seconds, and asks for the topics first.
RESUMED = 20.0  # seconds after the broker takes connections
LONG = 3_000  # records of the file that is begun when the broker goes


@pytest.fixture
def broker(ingest: Ingest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    """A Kafka of this test's own, which ``ingest`` publishes to."""
    with LocalStack(tmp_path_factory.mktemp("away"), kafka_port=0, elasticsearch="http://127.0.0.1:9") as stack:
        ingest.environ["NEWSWIRE_KAFKA"] = stack.kafka
        kafka.declare(load(KafkaSettings, ingest.environ), load(TopicSettings, {"NEWSWIRE_PARTITIONS": "2"}))
        (child,) = stack.children
        yield child


def test_files_that_come_while_kafka_is_away_are_published_when_it_is_back(ingest: Ingest, broker: Child) -> None:
    ingest.start()
    ingest.until(lambda: ingest.ready().get("ready"))
    ingest.drop("before.txt", story(ingest, 0))
    ingest.until(lambda: ingest.put_away("processed") == ["before.txt"])
    ingest.drop("long.ndjson", long(ingest))
    ingest.until(lambda: ingest.rows("SELECT 1 FROM files WHERE state = 'reading'"))
    assert broker.pid is not None
    gone = time.monotonic()
    # It dies with requests on their way, whose fate nobody knows.
    signal_group(broker.pid, signal.SIGSTOP)
    ingest.until(lambda: asked(ingest, "readyz")[0] == 503)
    broker.kill()
    assert broker.wait(10)

    assert ingest.process is not None
    service = psutil.Process(ingest.process.pid)
    began, used, came = time.monotonic(), seconds(service), 0
    told, alive = [], []
    while time.monotonic() - gone < AWAY:
        if time.monotonic() - gone > came:  # one a second
            came += 1
            ingest.drop(f"council-{came}.txt", story(ingest, came))
        told.append(asked(ingest, "readyz"))
        alive.append(asked(ingest, "livez")[0])
        time.sleep(0.2)
    cpu = (seconds(service) - used) / (time.monotonic() - began)
    assert {status for status, _ in told} == {503}
    sentences = {one for _, causes in told for one in causes.values()}
    assert all(causes for _, causes in told)
    assert all(one.startswith("Kafka") for one in sentences), sentences
    assert set(alive) == {200}
    assert len(ingest.waiting()) == came + 1

    broker.start()
    ingest.until(lambda: answers(ingest))
    back = time.monotonic()
    ingest.until(lambda: len(ingest.rows("SELECT 1 FROM files")) == came + 2 and ingest.empty())
    ingest.until(lambda: asked(ingest, "readyz")[0] == 200)
    resumed = time.monotonic() - back
    print(
        f"{came} files came in {AWAY:.0f} s without Kafka at {cpu:.1%} of a core; all through {resumed:.1f} s after it"
    )
    assert cpu < MOST_CPU
    assert resumed < RESUMED
    assert ingest.rows("SELECT sum(published), sum(duplicates), sum(refused) FROM files") == [(came + 1 + LONG, 0, 0)]
    assert len({article.id for article, _ in ingest.articles()}) == came + 1 + LONG


def test_a_broker_that_hangs_turns_an_idle_service_red_until_it_answers_again(ingest: Ingest, broker: Child) -> None:
    ingest.start()
    ingest.until(lambda: ingest.ready().get("ready"))
    assert broker.pid is not None
    signal_group(broker.pid, signal.SIGSTOP)
    ingest.until(lambda: "does not answer" in asked(ingest, "readyz")[1].get("broker", ""))
    assert asked(ingest, "livez")[0] == 200
    signal_group(broker.pid, signal.SIGCONT)
    ingest.until(lambda: asked(ingest, "readyz")[0] == 200)


def long(ingest: Ingest) -> str:
    """A file that takes many portions."""
    body = "The council met in Oslo. " * 40
    return "".join(
        json.dumps({"guid": f"{ingest.tag}-{number}", "title": f"Meeting {number}", "body": body}) + "\n"
        for number in range(LONG)
    )


def asked(ingest: Ingest, page: str) -> tuple[int, dict[str, str]]:
    """What it answers: the status, and why where something is wrong."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{ingest.port}/{page}", timeout=5) as answer:
            return answer.status, {}
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(json.load(error).get("causes", {}))


def answers(ingest: Ingest) -> bool:
    """Whether Kafka takes connections."""
    host, _, port = ingest.environ["NEWSWIRE_KAFKA"].rpartition(":")
    with suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
        return True
    return False


def seconds(service: psutil.Process) -> float:
    """The processor time that a service and its readers have used."""
    times = [one.cpu_times() for one in (service, *service.children(recursive=True))]
    return sum(one.user + one.system for one in times)
