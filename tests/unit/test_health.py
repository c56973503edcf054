import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from newswire import health as module
from newswire.health import Health, HealthServer, NoAnswer, watched
from newswire.reasons import Stage


@pytest.fixture
def server() -> Iterator[HealthServer]:
    made = HealthServer("127.0.0.1", 0, Health(Stage.INGEST, ()), CollectorRegistry())
    yield made
    made.close()


def get(server: HealthServer, address: str) -> tuple[int, object]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{address}", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_page_gets_what_was_asked_and_its_answer_is_json(server: HealthServer) -> None:
    server.add({"/echo": dict})
    name = "a b&c=d\u2028é%\n"
    assert get(server, f"/echo?name={quote(name)}&empty=") == (200, {"name": name, "empty": ""})
    assert get(server, "/echo") == (200, {})


def test_a_page_that_has_no_answer_says_why(server: HealthServer) -> None:
    def page(_asked: Mapping[str, str]) -> object:
        raise NoAnswer(400, "Name a file.")

    server.add({"/file": page})
    assert get(server, "/file") == (400, {"error": "Name a file."})


def test_an_address_that_is_none_is_told_what_is_here(server: HealthServer) -> None:
    server.add({"/file": dict})
    for address in ("/", "/file/", "/file/../metrics", "/etc/passwd"):
        status, body = get(server, address)
        assert (status, body) == (
            404,
            {"error": "There is no such page; here are /metrics, /livez, /readyz, /file."},
        )


def test_a_question_has_a_length(server: HealthServer) -> None:
    server.add({"/echo": dict})
    assert get(server, f"/echo?name={'x' * module.LONGEST_QUESTION}")[0] == 414


def test_a_crowd_of_questions_waits_for_its_turn(server: HealthServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TURN", 0.05)
    begun, end = threading.Semaphore(0), threading.Event()

    def page(_asked: Mapping[str, str]) -> object:
        begun.release()
        return end.wait(30)

    server.add({"/slow": page})
    askers = [threading.Thread(target=get, args=(server, "/slow")) for _ in range(module.AT_ONCE)]
    for asker in askers:
        asker.start()
    for _ in askers:
        assert begun.acquire(timeout=30)
    assert get(server, "/slow")[0] == 503
    assert get(server, "/livez")[0] == 200
    end.set()
    for asker in askers:
        asker.join()


def test_a_thread_that_dies_turns_readiness_red_and_says_what_to_do() -> None:
    health = Health(Stage.INGEST, ())

    def work() -> None:
        raise ValueError("no such thing")

    with capture_logs() as logs:
        thread = watched(health, "rescan", work)
        assert health.ready()[0]
        thread.start()
        thread.join(10)
    assert health.ready() == (
        False,
        {
            "ready": False,
            "stage": "ingest",
            "causes": {"rescan": "It ended by a mistake of ours (ValueError: no such thing); restart the service."},
        },
    )
    assert [(line["event"], line["exc_info"]) for line in logs] == [("thread died", True)]


def test_a_thread_that_is_done_is_no_news() -> None:
    health = Health(Stage.INGEST, ())
    done: list[int] = []
    thread = watched(health, "tidy", lambda: done.append(1))
    thread.start()
    thread.join(10)
    assert done
    assert health.ready()[0]
