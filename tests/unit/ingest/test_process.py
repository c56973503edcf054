import base64
import json
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswire.identity import id_of_text
from newswire.letters import filed
from newswire.reasons import Reason
from newswire.topics import RAW, read_headers
from services.ingest.ledger import Ledger
from services.ingest.memory import MemoryPublisher
from services.ingest.publish import Sending
from services.ingest.shelving import RETRY
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.stories import FERRY, story
from tests.unit.ingest.world import NOW, TODAY, World

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def test_a_dropped_file_is_published_once_and_put_away(world: World) -> None:
    world.drop("wire/ferry.txt", FERRY)
    assert world.turn() == 1
    (article,) = world.memory.articles
    assert article.id == id_of_text(article.title, article.body)
    assert article.revision == int(datetime.fromisoformat("2026-02-14T00:00:00+00:00").timestamp() * 1000)
    assert (article.source.path, article.source.record, article.source.format) == ("wire/ferry.txt", 0, "text")
    assert article.source.bytes == len(FERRY.encode())
    assert world.waiting() == []
    assert world.put_away() == [f"processed/{TODAY}/wire/ferry.txt"]
    assert world.rows("SELECT state, put_away FROM files") == [("put_away", f"processed/{TODAY}/wire/ferry.txt")]


def test_a_message_carries_the_trail_of_its_file(world: World) -> None:
    world.drop("ferry.txt", FERRY)
    world.clock.now += 1.5
    world.turn()
    (message,) = world.memory.messages
    schema, trail = read_headers(message.headers, now=LATER)
    assert (message.topic, message.key.decode()) == (RAW.name, world.memory.articles[0].id)
    assert schema == "article/1"
    assert trail.trace == "t" * 32
    assert (trail.available_at.timestamp(), trail.ingested_at.timestamp(), trail.attempts) == (NOW, NOW + 1.5, 1)


def test_a_file_without_an_event_was_available_when_it_was_last_written(world: World) -> None:
    world.write("ferry.txt", FERRY, age=3600)
    world.look_through()
    _, trail = read_headers(world.memory.messages[0].headers, now=LATER)
    assert trail.available_at.timestamp() == NOW - 3600


def test_a_file_from_the_future_was_available_now(world: World) -> None:
    world.write("ferry.txt", FERRY, age=-9_999_999)
    world.look_through()
    world.clock.now += 2
    world.turn()
    _, trail = read_headers(world.memory.messages[0].headers, now=LATER)
    assert trail.available_at == trail.ingested_at


def test_a_file_dropped_twice_is_published_once(world: World) -> None:
    for _ in range(2):
        world.drop("ferry.txt", FERRY)
        world.turn()
    assert len(world.memory.messages) == 1
    assert len(world.put_away()) == 2
    assert world.rows("SELECT state FROM files ORDER BY number") == [("put_away",), ("duplicate",)]
    assert world.metric("articles_out_total", stage="ingest", outcome="duplicate") == 1


def test_a_file_dropped_twice_at_once_is_published_once(world: World) -> None:
    world.drop("a.txt", FERRY)
    world.drop("b/a.txt", FERRY)
    assert world.turn() == 2
    assert len(world.memory.messages) == 1
    assert world.rows("SELECT state FROM files ORDER BY number") == [("put_away",), ("duplicate",)]


def test_a_correction_of_a_named_article_is_a_newer_revision_of_it(world: World) -> None:
    named = {"id": "7", "agency": "NTB", "published_at": "2026-02-14T08:00:00Z"}
    world.drop("a.json", json.dumps(named | {"body": "First."}))
    world.turn()
    world.drop("b.json", json.dumps(named | {"body": "Corrected."}))
    world.turn()
    first, second = world.memory.articles
    assert first.id == second.id
    assert second.revision == first.revision + 1


def test_an_older_revision_that_comes_late_stays_older(world: World) -> None:
    named = {"id": "7", "agency": "NTB"}
    world.drop("new.json", json.dumps(named | {"body": "New.", "updated_at": "2026-02-14T10:00:00Z"}))
    world.turn()
    world.drop("old.json", json.dumps(named | {"body": "Old.", "updated_at": "2026-02-14T08:00:00Z"}))
    world.turn()
    new, old = world.memory.articles
    assert new.id == old.id
    assert old.revision < new.revision


def test_an_edit_of_a_nameless_text_is_another_article(world: World) -> None:
    world.drop("a.txt", FERRY)
    world.drop("b.txt", FERRY.replace("Saturday", "Sunday"))
    world.turn()
    assert len({article.id for article in world.memory.articles}) == 2


def test_a_refused_file_ends_in_a_letter_and_in_rejected_with_its_reason(world: World) -> None:
    world.drop("bad.txt", b"caf\xe9 \x81")
    world.turn()
    (letter,) = world.memory.letters
    assert (letter.stage, letter.reason, letter.key) == ("ingest", Reason.BAD_ENCODING, "bad.txt")
    assert letter.message.startswith("bad.txt: ")
    assert letter.original == b"caf\xe9 \x81"
    assert letter.bytes_complete
    assert letter.put_away == f"rejected/{TODAY}/bad.txt"
    assert world.put_away() == [f"rejected/{TODAY}/bad.txt", f"rejected/{TODAY}/bad.txt.reason.json"]
    assert json.loads((world.data / f"rejected/{TODAY}/bad.txt.reason.json").read_text())["reason"] == "bad_encoding"
    assert world.rows("SELECT state, reason FROM files") == [("rejected", "bad_encoding")]
    assert world.metric("dead_letters_total", stage="ingest", reason="bad_encoding") == 1
    wire = json.loads(world.memory.messages[0].value)
    assert base64.b64decode(wire["original"]) == b"caf\xe9 \x81"


def test_a_refused_file_is_tried_again_when_it_is_dropped_again(world: World) -> None:
    for _ in range(2):
        world.drop("bad.txt", b"\0")
        world.turn()
    assert len(world.memory.letters) == 2
    # The same bytes lie there once.
    assert world.put_away() == [f"rejected/{TODAY}/bad.txt", f"rejected/{TODAY}/bad.txt.reason.json"]


def test_the_good_records_of_a_file_go_out_and_each_bad_one_gets_a_letter(world: World) -> None:
    world.drop("many.ndjson", '{"body": "One."}\n{"body": 5}\n{"body": "Three."}\nno json\n')
    world.turn()
    assert [(one.body, one.source.record) for one in world.memory.articles] == [("One.", 0), ("Three.", 2)]
    letters = world.memory.letters
    assert [(one.source and one.source.record, one.original) for one in letters] == [
        (1, b'{"body": 5}'),
        (3, b"no json"),
    ]
    assert world.put_away() == [f"processed/{TODAY}/many.ndjson", f"processed/{TODAY}/many.ndjson.reason.json"]
    assert world.rows("SELECT published, duplicates, refused, length(articles) FROM files") == [(2, 0, 2, 32)]


def test_an_article_over_its_cap_is_refused_before_it_is_sent(world: World) -> None:
    world.drop("a.json", json.dumps({"body": "x" * 1_048_577}))
    world.drop("b.json", json.dumps({"body": "x" * 1_048_576}))
    # Both are large; the slow reader has one a turn.
    assert world.turn() + world.turn() == 2
    assert [letter.reason for letter in world.memory.letters] == [Reason.TOO_LARGE]
    assert [len(article.body) for article in world.memory.articles] == [1_048_576]


def test_an_article_whose_message_is_over_the_cap_is_refused_before_it_is_sent(world: World) -> None:
    world.drop("a.json", json.dumps({"body": "Text.", "caption": "x" * 3 * 1024 * 1024}))
    world.turn()
    assert world.memory.articles == []
    assert [letter.reason for letter in world.memory.letters] == [Reason.TOO_LARGE]


def test_what_the_topic_does_not_take_is_refused_not_tried_for_ever(make_world: MakeWorld) -> None:
    publisher = MemoryPublisher(topic_limit=2500)
    world = make_world(publisher=publisher)
    world.drop("large.txt", story(1) + "\n\n" + "A long sentence, said again and again. " * 100)
    world.drop("same.txt", story(1) + "\n\n" + "A long sentence, said again and again. " * 100)
    world.drop("small.txt", story(2))
    world.turn()
    assert [article.source.path for article in publisher.articles] == ["small.txt"]
    letters = publisher.letters
    assert [(letter.key, letter.reason) for letter in letters] == [
        ("large.txt", Reason.TOO_LARGE),
        ("same.txt", Reason.TOO_LARGE),
    ]
    assert not any(letter.bytes_complete for letter in letters)  # the letters' topic takes no more than that either
    assert world.waiting() == []


def test_one_batch_is_three_transactions(world: World) -> None:
    commits: list[str] = []
    world.ledger._db.set_trace_callback(lambda statement: commits.append(statement) if statement == "COMMIT" else None)
    for number in range(50):
        world.drop(f"{number}.txt", story(number))
    assert world.turn() == 50
    assert len(commits) == 3


def test_names_of_any_bytes_go_through(world: World) -> None:
    for number, name in enumerate((b"caf\xe9.txt", b"two\nlines.txt", b"x" * 251 + b".txt", "smørgås.txt".encode())):
        world.drop(name.decode("utf-8", "surrogateescape"), story(number))
    world.turn()
    assert sorted(article.source.path for article in world.memory.articles) == [
        "caf%E9.txt",
        "smørgås.txt",
        "two%0Alines.txt",
        "x" * 251 + ".txt",
    ]
    assert world.waiting() == []


def test_a_refused_file_lies_where_its_letter_says_whatever_its_name(world: World) -> None:
    for name in (b"caf\xe9\n", b"\xff" * 200, b"a." + b"x" * 253):
        world.drop(name.decode("utf-8", "surrogateescape"), b"")
    assert world.turn() == 3
    for letter in world.memory.letters:
        assert letter.put_away
        assert (world.data / letter.put_away).is_file()
    assert len(world.put_away()) == 6


def test_a_reason_note_can_be_written_for_the_longest_name(world: World) -> None:
    world.drop("x" * 255, b"\0")
    world.turn()
    assert len(world.put_away()) == 2
    assert world.waiting() == []


def test_a_disk_that_is_full_keeps_the_file_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = world.shelving._shelf.move
    monkeypatch.setattr(world.shelving._shelf, "move", fail)
    world.drop("ferry.txt", FERRY)
    world.turn()
    assert world.waiting() == ["ferry.txt"]
    ready, body = world.health.ready()
    assert not ready
    assert "cannot be put away" in str(body["causes"])
    monkeypatch.setattr(world.shelving._shelf, "move", real)
    world.look_through()
    assert world.waiting() == ["ferry.txt"]
    world.clock.now += RETRY
    world.turn()
    assert world.waiting() == []
    assert len(world.memory.messages) == 1
    assert "cannot be put away" not in str(world.health.ready()[1]["causes"])


def fail(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_that_waits_to_be_moved_and_is_written_again_comes_in_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = world.shelving._shelf.move
    monkeypatch.setattr(world.shelving._shelf, "move", fail)
    world.drop("a.txt", story(1))
    world.turn()
    monkeypatch.setattr(world.shelving._shelf, "move", real)
    world.drop("a.txt", story(2))
    world.turn()
    assert len(world.memory.articles) == 2
    assert world.waiting() == []


def test_the_ledger_is_waited_for(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(Ledger):
        def __init__(self, path: Path) -> None:
            super().__init__(path)
            self.failures = 1

        def finish(self, rows: object) -> list[int]:
            if self.failures:
                self.failures -= 1
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            return super().finish(rows)  # type: ignore[arg-type]

    world = make_world(ledger=Failing)
    world.drop("ferry.txt", FERRY)
    world.turn()
    assert len(world.memory.messages) == 1
    assert world.waiting() == []


def test_a_file_written_again_after_it_was_read_is_not_moved_and_comes_in_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = world.drop("a.txt", story(1))
    real = world.memory.settle

    def settle(sending: Sending) -> list[str | None]:
        if len(world.memory.articles) == 1 and world.waiting() == ["a.txt"]:
            world.write("a.txt", FERRY, age=0)
            world.closed(path)
        return real(sending)

    monkeypatch.setattr(world.memory, "settle", settle)
    world.turn()
    assert world.waiting() == ["a.txt"]
    world.turn()
    assert world.waiting() == []
    assert len({article.id for article in world.memory.articles}) == 2
    assert world.rows("SELECT count(*) FROM files WHERE put_away_at IS NULL") == [(0,)]


def test_a_file_that_is_refused_again_gives_the_same_letter_with_one_attempt_more(world: World) -> None:
    for _ in range(3):
        world.drop("bad.txt", b"caf\xe9 \x81")
        world.turn()
        world.clock.now += 60
    world.drop("bad.txt", b"other \xe9 \x81")
    world.turn()
    letters = world.memory.letters
    assert [letter.attempts for letter in letters] == [1, 2, 3, 1]
    assert len({filed.id_of(letter) for letter in letters[:3]}) == 1
    assert len({letter.first_at for letter in letters[:3]}) == 1
    assert letters[2].last_at > letters[2].first_at


def test_files_without_bytes_under_one_name_are_one_letter_and_none_of_them_is_lost(world: World) -> None:
    path = world.root / "latest"
    for make in (lambda: path.symlink_to("elsewhere"), lambda: os.mkfifo(path), path.touch):
        make()
        world.closed(path)
        world.clock.now += 60
        world.turn()
        world.clock.now += 60
        world.look_through()
    letters = world.memory.letters
    assert [letter.reason for letter in letters] == [Reason.NOT_REGULAR, Reason.NOT_REGULAR, Reason.EMPTY]
    assert [letter.attempts for letter in letters] == [1, 2, 3]
    assert len({filed.id_of(letter) for letter in letters}) == 1
    versions = [filed.file(letter, partition=0, offset=0, now=letter.last_at).external_version for letter in letters]
    assert versions == sorted(set(versions))
