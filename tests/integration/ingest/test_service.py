import json
import os
import signal
import time
from datetime import datetime

import pytest

from newswire import kafka
from newswire.identity import id_of_text
from newswire.local import LocalStack
from newswire.reasons import Reason
from newswire.settings import KafkaSettings, TopicSettings, load
from newswire.topics import BODY_CAP
from tests.integration.ingest.conftest import Ingest, MakeIngest


def story(ingest: Ingest, number: int = 0) -> str:
    """A file with an article of this test's own."""
    return (
        f"date 2026-02-14 Council meets for the {number}th time in {ingest.tag}\n\n"
        f"The council of {ingest.tag} at work. (Photo: NTB)\n\n"
        f"OSLO, Feb 14 (NTB) - The council met and approved the minutes of meeting {number}.\n\n"
        "Nothing else was decided, and the meeting closed early."
    )


def test_a_dropped_file_becomes_one_message_with_its_trail(ingest: Ingest) -> None:
    ingest.start()
    ingest.until(lambda: ingest.ready().get("ready"))
    before = time.time()
    ingest.drop("council.txt", story(ingest))
    ingest.until(ingest.empty)

    ((article, message),) = ingest.articles()
    assert article.title == f"Council meets for the 0th time in {ingest.tag}"
    assert article.id == message.key == id_of_text(article.title, article.body)
    assert (article.dateline, article.agency, article.credit) == ("OSLO", "NTB", "NTB")
    assert article.source.path == f"{ingest.tag}/council.txt"
    assert list(message.headers) == ["schema", "trace", "available_at", "ingested_at", "attempts"]
    assert (message.headers["schema"], message.headers["attempts"]) == ("article/1", "1")
    assert len(message.headers["trace"]) == 32
    available = datetime.fromisoformat(message.headers["available_at"]).timestamp()
    ingested = datetime.fromisoformat(message.headers["ingested_at"]).timestamp()
    assert before - 0.001 <= available <= ingested <= time.time()
    assert ingest.put_away("processed") == ["council.txt"]
    assert 'newswire_articles_out_total{outcome="ok",stage="ingest"} 1.0' in ingest.metrics()
    assert "newswire_rescan_found_total 0.0" in ingest.metrics()


def test_a_file_dropped_twice_is_one_message(ingest: Ingest) -> None:
    ingest.start()
    for _ in range(2):
        ingest.drop("council.txt", story(ingest))
        ingest.until(lambda: ingest.rows("SELECT 1 FROM files") and ingest.empty())
    ingest.until(lambda: len(ingest.rows("SELECT 1 FROM files")) == 2)
    assert len(ingest.articles()) == 1
    assert ingest.rows("SELECT state FROM files ORDER BY number") == [("put_away",), ("duplicate",)]
    assert len(ingest.put_away("processed")) == 2


def test_a_file_that_came_while_it_was_down_is_found_at_start(ingest: Ingest) -> None:
    ingest.drop("deep/down/council.txt", story(ingest))
    ingest.start()
    ingest.until(lambda: len(ingest.articles()) == 1)
    ingest.until(ingest.empty)


def test_without_file_events_the_rescan_finds_everything(ingest: Ingest) -> None:
    ingest.start(NEWSWIRE_WATCH="no", NEWSWIRE_SETTLE="200ms")
    ingest.until(lambda: ingest.ready().get("ready"))
    for number in range(20):
        ingest.drop(f"{number % 3}/council-{number}.txt", story(ingest, number))
    ingest.until(lambda: len(ingest.rows("SELECT 1 FROM files")) == 20 and ingest.empty())
    assert len(ingest.articles()) == 20


def test_broken_files_are_put_away_with_their_reason_and_a_letter(ingest: Ingest) -> None:
    ingest.start(NEWSWIRE_SETTLE="200ms")
    broken = {
        "empty.txt": (b"", Reason.EMPTY),
        "binary.txt": (b"\0\1\2\3", Reason.NOT_TEXT),
        "encoding.txt": (b"caf\xe9 \x81", Reason.BAD_ENCODING),
        "cut.json": (b'{"title": "Half', Reason.TRUNCATED),
        "wrong.json": (b'{"title": {}, "body": "x"}', Reason.BAD_FORMAT),
        "picture.txt": (b"\x89PNG\r\n\x1a\n....", Reason.UNSUPPORTED),
        "headline.txt": (b"date 2026-02-14 A headline alone", Reason.NO_BODY),
        "long.json": (json.dumps({"body": "x" * (BODY_CAP + 1)}).encode(), Reason.TOO_LARGE),
    }
    for name, (content, _) in broken.items():
        ingest.drop(name, content)
    ingest.drop("good.txt", story(ingest))
    ingest.until(lambda: len(ingest.rows("SELECT 1 FROM files")) == len(broken) + 1 and ingest.empty())

    letters = {letter.key.removeprefix(f"{ingest.tag}/"): letter for letter in ingest.letters()}
    assert {name: letter.reason for name, letter in letters.items()} == {
        name: reason for name, (_, reason) in broken.items()
    }
    for name, letter in letters.items():
        assert letter.original == broken[name][0]
        assert letter.put_away
        assert (ingest.data / letter.put_away).read_bytes() == letter.original
        note = json.loads((ingest.data / f"{letter.put_away}.reason.json").read_text())
        assert note["reason"] == letter.reason
    assert len(ingest.articles()) == 1


def test_the_largest_article_there_may_be_fits_the_topic(ingest: Ingest) -> None:
    ingest.start()
    # Every character needs a second one in JSON: the message is twice the body.
    ingest.drop("large.json", json.dumps({"title": ingest.tag, "body": '"' * BODY_CAP}))
    ingest.until(lambda: ingest.rows("SELECT 1 FROM files") and ingest.empty())
    ((article, _),) = ingest.articles()
    assert len(article.body) == BODY_CAP


def test_a_clean_stop_finishes_what_is_in_hand(ingest: Ingest) -> None:
    for number in range(2000):
        ingest.drop(f"council-{number}.txt", story(ingest, number))
    ingest.start()
    ingest.until(lambda: ingest.rows("SELECT 1 FROM files LIMIT 1"))
    started = time.monotonic()
    assert ingest.end(signal.SIGTERM) == 0
    assert time.monotonic() - started < 10
    finished = len(ingest.rows("SELECT 1 FROM files"))
    assert ingest.rows("SELECT 1 FROM files WHERE put_away_at IS NULL") == []
    assert len(ingest.waiting()) == 2000 - finished
    assert len(ingest.articles()) == finished


def test_a_second_service_on_the_same_inbox_is_told_so(ingest: Ingest, make_ingest: MakeIngest) -> None:
    ingest.start()
    ingest.until(ingest.ready)
    second = make_ingest()
    second.start(NEWSWIRE_INBOX=str(ingest.inbox))
    assert second.wait() == 1
    assert "Another ingest service works on" in second.log.read_text()


def test_without_a_broker_it_waits_says_so_and_still_stops(ingest: Ingest) -> None:
    ingest.drop("council.txt", story(ingest))
    ingest.start(NEWSWIRE_KAFKA="127.0.0.1:9")
    ingest.until(lambda: "kafka" in ingest.ready().get("causes", {}))
    started = time.monotonic()
    assert ingest.end(signal.SIGTERM) == 0
    assert time.monotonic() - started < 10
    assert ingest.waiting() == ["council.txt"]
    ingest.start()
    ingest.until(lambda: ingest.rows("SELECT 1 FROM files") and ingest.empty())
    assert len(ingest.articles()) == 1


def test_a_broker_that_stands_still_turns_readiness_red_and_loses_nothing(ingest: Ingest, stack: LocalStack) -> None:
    ingest.start()
    ingest.until(lambda: ingest.ready().get("ready"))
    (broker,) = [child for child in stack.children if child.name == "kafka"]
    pid = broker.pid
    assert pid is not None
    ingest.drop("before.txt", story(ingest, 999))
    ingest.until(lambda: ingest.rows("SELECT 1 FROM files") and ingest.empty())
    signal_group(pid, signal.SIGSTOP)
    try:
        for number in range(50):
            ingest.drop(f"council-{number}.txt", story(ingest, number))
        ingest.until(lambda: "acknowledged" in ingest.ready().get("causes", {}).get("kafka", ""))
        assert len(ingest.waiting()) == 50
    finally:
        signal_group(pid, signal.SIGCONT)
    ingest.until(lambda: len(ingest.rows("SELECT 1 FROM files")) == 51 and ingest.empty())
    ingest.until(lambda: ingest.ready().get("ready"))
    assert len({article.id for article, _ in ingest.articles()}) == 51


def test_without_topics_it_says_what_to_do(ingest: Ingest, tmp_path_factory: pytest.TempPathFactory) -> None:
    with LocalStack(tmp_path_factory.mktemp("bare"), kafka_port=0, elasticsearch="http://127.0.0.1:9") as bare:
        ingest.drop("council.txt", story(ingest))
        ingest.start(NEWSWIRE_KAFKA=bare.kafka)
        ingest.until(lambda: "newswire setup" in str(ingest.ready().get("causes")))
        settings = load(KafkaSettings, ingest.environ | {"NEWSWIRE_KAFKA": bare.kafka})
        kafka.declare(settings, load(TopicSettings, {"NEWSWIRE_PARTITIONS": "1"}))
        ingest.until(lambda: ingest.rows("SELECT 1 FROM files") and ingest.empty())
        assert ingest.end(signal.SIGTERM) == 0


def signal_group(pid: int, sign: signal.Signals) -> None:
    """Signal a process and those it started."""
    os.killpg(os.getpgid(pid), sign)
