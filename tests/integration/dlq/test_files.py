"""What ingest and enrich refused, sent back to them while they run, through the whole chain."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newswire import article, identity
from newswire.article import Article, Source
from newswire.letters.filed import FiledLetter
from newswire.topics import RAW, Trail, headers
from tests.integration.commands import Commands
from tests.integration.conftest import Until
from tests.integration.service import RunningService

StartIngest = Callable[..., RunningService]


@pytest.fixture
def ingest(newswire: Commands, tmp_path: Path) -> Iterator[StartIngest]:
    """Starts ingest over the test's own inbox."""
    made: list[RunningService] = []

    def start(**settings: str) -> RunningService:
        for one in made:
            one.close()
        environ = newswire.environ | {"NEWSWIRE_SETTLE": "100ms", "NEWSWIRE_RESCAN": "1s"} | settings
        made.append(RunningService("ingest", environ, tmp_path / "ingest.log"))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.close()


def letters(newswire: Commands, *filters: str) -> list[dict[str, Any]]:
    return list(newswire.json("dlq", "list", "--state", "all", *filters)["letters"])


def the_letter(newswire: Commands, until: Until, *filters: str) -> FiledLetter:
    until(lambda: letters(newswire, *filters))
    (found,) = letters(newswire, *filters)
    whole = newswire.letter(found["id"])
    assert whole is not None
    return whole


def test_a_file_that_is_refused_again_is_the_same_letter_whatever_its_name(
    newswire: Commands, ingest: StartIngest, until: Until, tmp_path: Path
) -> None:
    ingest()
    content = b"caf\xe9 \x81"
    (tmp_path / "inbox" / os.fsdecode(b"again-caf\xe9.txt")).write_bytes(content)
    first = the_letter(newswire, until, "--source", "again-caf*")
    assert (first.reason, first.path, first.attempts) == ("bad_encoding", "again-caf%E9.txt", 1)

    answer = newswire.run("dlq", "replay", first.id)
    assert answer.exit_code == 1
    assert "failed again (2 times now)" in answer.output
    again = the_letter(newswire, until, "--source", "again-caf*")
    assert (again.id, again.state, again.attempts, again.original) == (first.id, "open", 2, content)
    # The ledger's word on when it was first refused, a moment after the letter's own.
    assert first.first_at <= again.first_at < again.last_at
    assert list((tmp_path / "inbox").iterdir()) == []
    # The next time, too.
    newswire.run("dlq", "replay", first.id)
    assert newswire.state(first.id) == ("open", 3)
    # Its bytes lie there once, with one note.
    rejected = [one for one in (tmp_path / "data" / "rejected").rglob("*") if one.is_file()]
    assert sorted(one.suffix for one in rejected) == [".json", ".txt"]


def test_a_record_goes_back_with_its_file_and_stays_the_same_letter(
    newswire: Commands, ingest: StartIngest, until: Until, tmp_path: Path
) -> None:
    ingest()
    good = {"guid": "record-good", "agency": "records", "title": "Good", "body": "A body of a good record."}
    lines = [json.dumps(good), json.dumps({"title": "No body"}), json.dumps(good | {"guid": "record-other"})]
    (tmp_path / "inbox" / "records.ndjson").write_text("\n".join(lines))
    first = the_letter(newswire, until, "--source", "records.ndjson")
    assert (first.reason, first.source and first.source.record) == ("no_body", 1)
    assert "records.ndjson, record 2\n" in newswire.run("dlq", "show", first.id).output
    newswire.run("dlq", "replay", first.id)
    again = the_letter(newswire, until, "--source", "records.ndjson")
    assert (again.id, again.attempts) == (first.id, 2)
    # Without its file it does not become another letter.
    (tmp_path / "data" / str(again.put_away)).unlink()
    answer = newswire.run("dlq", "replay", first.id)
    assert answer.exit_code == 1
    assert "a record goes back with its whole file, and" in answer.output
    assert f"newswire dlq show {first.id[:10]} --original > NAME" in answer.output
    assert [one["id"] for one in letters(newswire, "--source", "records.ndjson")] == [first.id]


def test_a_good_file_of_the_same_name_settles_the_letters_of_the_bad_one_when_asked(
    newswire: Commands, ingest: StartIngest, enrich: RunningService, until: Until, tmp_path: Path
) -> None:
    ingest()
    inbox = tmp_path / "inbox"

    def record(name: str, body: str) -> str:
        return json.dumps({"guid": f"mended-{name}", "agency": "mended", "title": name, "body": body})

    whole, rest = '{"title": "A whole one", "body": "All of its body."}', "A body that was forgotten."
    (inbox / "whole.json").write_text(whole[:-4])
    (inbox / "list.ndjson").write_text("\n".join([record("first", "One body."), record("second", "")]))
    # Settled by nothing: the good record of its own file came with it.
    bad = {name: the_letter(newswire, until, "--source", name).id for name in ("whole.json", "list.ndjson")}
    query = {"term": {"agency": "mended"}}
    until(lambda: newswire.client.count(index="newswire", query=query)["count"] == 1)
    assert newswire.json("dlq", "resolve", "--mended")["resolved"] == []
    (inbox / "whole.json").write_text(whole)
    (inbox / "list.ndjson").write_text("\n".join([record("first", "One body."), record("second", rest)]))
    answers: list[str] = []

    def settled() -> bool:
        answers.append(newswire.run("dlq", "resolve", "--mended", "--note", "mended by hand").output)
        return all(newswire.state(one) == ("resolved", 1) for one in bad.values())

    until(settled)
    told = "".join(answers)
    for name, letter_id in bad.items():
        assert f"{letter_id[:10]} (ingest: " in told
        assert name in told


def test_a_file_that_is_taken_after_the_repair_resolves_its_letter(
    newswire: Commands, ingest: StartIngest, enrich: RunningService, until: Until, tmp_path: Path
) -> None:
    ingest(NEWSWIRE_MAX_DOCUMENT="1KB")
    story = {"guid": "repaired", "agency": "repairs", "title": "Long", "body": "A long body. " * 200}
    (tmp_path / "inbox" / "deep").mkdir()
    (tmp_path / "inbox" / "deep" / "long.json").write_text(json.dumps(story))
    found = the_letter(newswire, until, "--source", "deep/long.json")
    assert (found.reason, found.bytes_complete) == ("too_large", True)
    ingest()
    answer = newswire.json("dlq", "replay", found.id, "--wait", "30s")
    assert answer["resolved"] == [found.id]
    assert newswire.state(found.id) == ("resolved", 1)
    assert newswire.client.count(index="newswire", query={"term": {"agency": "repairs"}})["count"] == 1


def test_a_message_that_enrich_could_not_read_goes_through_it_after_the_repair(
    newswire: Commands, enrich: RunningService, until: Until
) -> None:
    name = "dlq-enrich"
    source = Source(path=f"{name}.txt", format="text", bytes=3, sha256="0" * 64)
    made = Article(id=identity.id_of_text(name, ""), revision=1000, title=name, body="A body.", source=source)
    at = datetime(2025, 2, 7, tzinfo=UTC)
    value, trail = article.encode(made), headers("article/9", Trail("the-trace", at, at))
    newswire.producer.send(RAW.name, key=made.id.encode(), value=value, headers=trail).get(timeout=30)
    found = the_letter(newswire, until, "--article", made.id)
    assert (found.stage, found.reason, found.original) == ("enrich", "unknown_schema", value)
    answer = newswire.json("dlq", "replay", found.id, "--wait", "30s")
    assert answer["resolved"] == [found.id]
    (hit,) = newswire.client.search(index="newswire", query={"term": {"id": made.id}})["hits"]["hits"]
    # As it first came in, not as it was sent back.
    assert hit["_source"]["ingested_at"].startswith("2025-02-07T00:00:00")
