"""A new generation on the real engine, while others write and search, and where documents do not fit."""

import itertools
import random
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from services.index.generations import migrate
from services.index.generations.copying import Copying
from services.index.generations.family import LETTERS
from services.index.generations.generation import SchemaError
from services.index.generations.migrate import DoesNotFit
from services.index.generations.report import Report
from services.index.outcome import Stale
from services.index.patience import Patience
from tests.integration.index.shelf import Shelf, article, at_each_page, item


def test_nothing_is_lost_or_shown_twice_while_two_writers_write_and_a_reader_counts(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "MOST_PASSES", 3)  # however slow the machine is beside the writers
    shelf.write(article(f"old-{n}", pubstatus="canceled" if n % 7 == 0 else "usable") for n in range(500))
    shelf.refresh()
    stop = threading.Event()
    counts: list[int] = []
    rounds: list[int] = []

    def writer(seed: int) -> dict[str, int]:
        dice = random.Random(seed)  # noqa: S311 - a fixed sequence is what is wanted
        newest: dict[str, int] = {}
        for round_ in itertools.count():
            # Some are new, some are newer revisions of what is there, some are older ones that come late.
            batch = {f"{seed}-{round_}-{n}": 1000 for n in range(4)}
            batch |= {f"old-{seed + 2 * dice.randrange(225)}": dice.randrange(500, 3000) for _ in range(6)}
            shelf.write(article(name, revision) for name, revision in batch.items())
            rounds.append(round_)
            newest |= {name: max(revision, newest.get(name, 0)) for name, revision in batch.items()}
            if stop.wait(0.02):  # the pace of a busy wire, not of a bulk load
                return newest

    def reader() -> None:
        while not stop.wait(0.01):
            counts.append(shelf.count())

    with ThreadPoolExecutor(3) as beside:
        writers = [beside.submit(writer, seed) for seed in (0, 1)]
        reading = beside.submit(reader)
        try:
            shelf.with_mapping(sort="asc").declare()
            written = len(rounds)
            while len(rounds) < written + 4:
                time.sleep(0.01)
        finally:
            stop.set()
        reading.result()
        newest = writers[0].result() | writers[1].result()
    assert shelf.in_use() == [f"{shelf.alias}-v2"]
    assert written > 10, "nobody wrote meanwhile"
    stored = {name: hit["_source"]["revision"] for name, hit in shelf.documents(f"{shelf.alias}-v2").items()}
    expected = {f"old-{n}": max(1000, newest.get(f"old-{n}", 0)) for n in range(500)}
    assert stored == newest | expected
    assert counts == sorted(counts)
    assert counts[-1] > counts[0] > 400
    # What came before is as it was, and nothing has been written to it since.
    assert shelf.count(f"{shelf.alias}-v1") <= len(stored)


def test_documents_get_the_fields_that_this_version_works_out(shelf: Shelf) -> None:
    shelf.write([article("one")])
    source = shelf.documents()["one"]["_source"]
    bare = {
        name: value for name, value in source.items() if not name.startswith(("event_", "@")) or name == "event_tags"
    }
    shelf.client.index(index=shelf.alias, id="one", document=bare, version=10**9, version_type="external")
    shelf.declare(rebuild=True)
    found = shelf.documents()["one"]
    assert (found["_source"], found["_version"]) == (source, 10**9)


def test_letters_keep_their_state_and_version(client: Elasticsearch) -> None:
    shelf = Shelf(client, "move-letters", like=LETTERS)
    shelf.declare()
    try:
        letter = {
            "schema": "dead/1",
            "stage": "ingest",
            "reason": "empty",
            "message": "There is nothing in it.",
            "key": "a.txt",
            "original": "AAEC",
            "first_at": "2025-02-07T00:00:00Z",
            "last_at": "2025-02-07T00:00:00Z",
            "version": "0.1.0",
            "state": "replayed",
        }
        client.index(index=shelf.alias, id="letter", document=letter, version=6, version_type="external")
        shelf.declare(rebuild=True)
        found = shelf.documents()["letter"]
        assert found["_version"] == 6
        assert letter.items() <= found["_source"].items()
    finally:
        shelf.remove()


def test_the_former_version_goes_back_the_same_way_without_losing_what_was_written_since(shelf: Shelf) -> None:
    shelf.write([article("before")])
    shelf.with_mapping(sort="asc").declare()
    shelf.write([article("since"), article("before", revision=2000)])
    shelf.declare()
    assert shelf.in_use() == [f"{shelf.alias}-v3"]
    assert {name: hit["_source"]["revision"] for name, hit in shelf.documents().items()} == {
        "since": 1000,
        "before": 2000,
    }


def test_a_document_that_does_not_fit_stops_the_migration_with_its_name(shelf: Shelf) -> None:
    shelf.write([article("fits", agency="7"), article("does-not", agency="AFP"), article("neither", agency="dpa")])
    other = shelf.with_mapping(sort="asc", properties={"agency": {"type": "integer"}})
    with pytest.raises(DoesNotFit) as refused:
        other.declare()
    said = str(refused.value)
    assert f"{shelf.alias}-v1 stays in use, because 2 of its documents do not fit" in said
    assert "does-not (document_parsing_exception" in said
    assert "newswire setup" in said
    assert shelf.generations() == [f"{shelf.alias}-v1"]
    shelf.write(
        [article("does-not", revision=2000, agency="8"), article("neither", revision=2000, pubstatus="canceled")]
    )
    other.declare()
    assert shelf.in_use() == [f"{shelf.alias}-v2"]
    assert sorted(shelf.documents()) == ["does-not", "fits"]


def test_a_document_that_is_no_article_stops_the_migration_too(shelf: Shelf) -> None:
    shelf.client.index(index=shelf.alias, id="stray", document={"title": "No revision, no body"})
    with pytest.raises(DoesNotFit, match=r"stray \(Object missing required field"):
        shelf.declare(rebuild=True)
    shelf.write([article("as-before")])


def test_what_slips_past_the_block_is_brought_over_afterwards(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write([article("one")])
    swap = migrate._swap

    def slip(*arguments: Any) -> None:
        shelf.client.indices.put_settings(index=f"{shelf.alias}-v1", settings={"index.blocks.write": None})
        shelf.write([article("one", revision=2000), article("two")])
        swap(*arguments)

    monkeypatch.setattr(migrate, "_swap", slip)
    shelf.declare(rebuild=True)
    found = {name: hit["_source"]["revision"] for name, hit in shelf.documents(f"{shelf.alias}-v2").items()}
    assert found == {"one": 2000, "two": 1000}


def test_writers_without_end_are_made_to_wait_after_some_passes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "LITTLE", -1)
    shelf.write([article("one")])
    said: list[str] = []
    shelf.declare(rebuild=True, report=Report(said.append, at_each_page(lambda: None).bar))
    assert any("writers wait" in line for line in said)
    assert shelf.in_use() == [f"{shelf.alias}-v2"]


def test_a_count_that_falls_short_stops_before_the_swap(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write(article(f"a-{n}") for n in range(10))
    copied = Copying._copied

    def forgetful(self: Copying, hit: Mapping[str, Any]) -> Any:
        return None if hit["_id"] == "a-5" else copied(self, dict(hit))

    monkeypatch.setattr(Copying, "_copied", forgetful)
    with pytest.raises(SchemaError, match=r"came to 9 documents where .*-v1 has 10"):
        shelf.declare(rebuild=True)
    assert shelf.generations() == [f"{shelf.alias}-v1"]
    shelf.write([article("goes-on")])


def test_an_old_revision_replayed_after_the_swap_is_as_stale_as_before(shelf: Shelf) -> None:
    shelf.write([article("one", revision=2000)])
    shelf.declare(rebuild=True)
    settled = Patience(shelf.client, waiting=lambda _cause: None).write([item(article("one"), shelf.alias)])
    assert isinstance(settled[0][1], Stale)
