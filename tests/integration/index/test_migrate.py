"""A new generation on the real engine, while others write, search, fail, and do the same."""

import itertools
import random
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import ApiError, Elasticsearch

from newswire.local import LocalStack
from services.index import schema
from services.index.generations import build, migrate
from services.index.generations.copying import Copying
from services.index.generations.family import LETTERS
from services.index.generations.generation import SchemaError, look
from services.index.generations.migrate import DoesNotFit
from services.index.generations.report import Advance, Report
from services.index.outcome import Stale
from services.index.patience import Patience
from tests.integration.index.moving import POINTS
from tests.integration.index.shelf import Shelf, article, item

ROOT = Path(__file__).parents[3]


@pytest.fixture
def shelf(client: Elasticsearch, request: pytest.FixtureRequest) -> Iterator[Shelf]:
    made = Shelf(client, f"move-{zlib.crc32(request.node.name.encode()):08x}")
    made.declare()
    yield made
    made.remove()


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setup that shows no sign of life for this long is taken for dead."""
    monkeypatch.setattr(build, "SILENCE", 0.5)
    monkeypatch.setattr(build, "WATCH_INTERVAL", 0.05)


def at_each_page(do: Callable[[], None]) -> Report:
    """A report that does something whenever a page was copied."""

    def advance(_count: int) -> None:
        do()

    @contextmanager
    def bar(_title: str, _total: int) -> Iterator[Advance]:
        yield advance

    return Report(lambda _line: None, bar)


def rebuild_and_die_before_the_swap(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_arguments: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(migrate, "_swap", end)
        killed.setattr(migrate, "_retreat", end)  # as SIGKILL leaves no time for it
        with pytest.raises(KeyboardInterrupt):
            shelf.declare(rebuild=True)


def test_nothing_is_lost_or_shown_twice_while_two_writers_write_and_a_reader_counts(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "MOST_PASSES", 3)  # however slow the machine is beside the writers
    shelf.write(article(f"old-{n}", pubstatus="canceled" if n % 7 == 0 else "usable") for n in range(1000))
    shelf.refresh()
    moved, stop = threading.Event(), threading.Event()
    counts: list[int] = []
    pauses: list[float] = []

    def writer(seed: int) -> dict[str, int]:
        dice = random.Random(seed)  # noqa: S311 - a fixed sequence is what is wanted
        newest: dict[str, int] = {}
        for round_ in itertools.count():
            # Some are new, some are newer revisions of what is there, some are older ones that come late.
            batch = {f"{seed}-{round_}-{n}": 1000 for n in range(4)}
            batch |= {f"old-{seed + 2 * dice.randrange(450)}": dice.randrange(500, 3000) for _ in range(6)}
            started = time.monotonic()
            shelf.write(article(name, revision) for name, revision in batch.items())
            pauses.append(time.monotonic() - started)
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
            moved.set()
            written = len(pauses)
            while len(pauses) < written + 4:
                time.sleep(0.01)
        finally:
            stop.set()
        reading.result()
        newest = writers[0].result() | writers[1].result()
    assert shelf.in_use() == [f"{shelf.alias}-v2"]
    assert written > 10, "nobody wrote meanwhile"
    stored = {name: hit["_source"]["revision"] for name, hit in shelf.documents(f"{shelf.alias}-v2").items()}
    expected = {f"old-{n}": max(1000, newest.get(f"old-{n}", 0)) for n in range(1000)}
    assert stored == newest | expected
    assert counts == sorted(counts)
    assert counts[-1] > counts[0] > 800
    assert max(pauses) < 10
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


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_the_next_setup_finishes_it(
    shelf: Shelf, stack: LocalStack, no_patience: None, point: str
) -> None:
    shelf.write(article(f"a-{n}") for n in range(100))
    killed = subprocess.run(
        [sys.executable, "-m", "tests.integration.index.moving", stack.elasticsearch, shelf.alias, point],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert len(shelf.in_use()) == 1
    assert shelf.count() == 0 or shelf.count() == 100  # unrefreshed or all, never a part
    if point in ("after page", "after 1", "after 5"):
        shelf.write([article("a-0", revision=5000), article("meanwhile")])
    else:
        # It was killed while writers had to wait; the index service would go on trying.
        only_try = pytest.raises(ApiError, match="cluster_block_exception")
        with only_try:
            shelf.client.index(index=shelf.alias, id="x", document={})
    said: list[str] = []
    report = Report(said.append, at_each_page(lambda: None).bar)
    shelf.paged(10).with_mapping(sort="asc").declare(report=report)
    assert shelf.in_use() == [f"{shelf.alias}-v2"]
    assert shelf.generations() == [f"{shelf.alias}-v1", f"{shelf.alias}-v2"]
    assert look(shelf.client, shelf.family).build is None
    assert "build" not in look(shelf.client, shelf.family).current.meta  # type: ignore[union-attr]
    shelf.write([article("afterwards")])
    expected = {f"a-{n}" for n in range(100)} | {"afterwards"}
    if point in ("after page", "after 1", "after 5"):
        expected |= {"meanwhile"}
        assert shelf.documents()["a-0"]["_source"]["revision"] == 5000
    assert set(shelf.documents()) == expected


def test_ctrl_c_leaves_the_old_one_in_use_and_the_next_setup_goes_on_where_it_ended(shelf: Shelf) -> None:
    shelf.write(article(f"a-{n}") for n in range(200))
    other = shelf.paged(10).with_mapping(sort="asc")
    pages = itertools.count()

    def press() -> None:
        if next(pages) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        other.declare(report=at_each_page(press))
    assert shelf.in_use() == [f"{shelf.alias}-v1"]
    shelf.write([article("a-0", revision=2000)])
    copied: list[int] = []
    said: list[str] = []
    report = Report(said.append, at_each_page(lambda: copied.append(1)).bar)
    other.declare(report=report)
    assert any("going on with" in line for line in said)
    assert len(copied) <= 200 / 10
    assert set(shelf.documents()) == {f"a-{n}" for n in range(200)}
    assert shelf.documents()["a-0"]["_source"]["revision"] == 2000


def test_ctrl_c_in_the_middle_of_a_page_loses_none_of_it(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write(article(f"a-{n}") for n in range(60))
    other = shelf.paged(10).with_mapping(sort="asc")
    write, pages = Copying._write, itertools.count()

    def press(self: Copying, hits: Any) -> None:
        if next(pages) == 3:
            raise KeyboardInterrupt
        write(self, hits)

    with monkeypatch.context() as pressed:
        pressed.setattr(Copying, "_write", press)
        with pytest.raises(KeyboardInterrupt):
            other.declare()
    other.declare()
    assert set(shelf.documents()) == {f"a-{n}" for n in range(60)}


def test_ctrl_c_while_writers_wait_lets_them_go_on(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def press(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(migrate, "_count", press)
    with pytest.raises(KeyboardInterrupt):
        shelf.declare(rebuild=True)
    shelf.write([article("goes-on")])
    assert shelf.in_use() == [f"{shelf.alias}-v1"]


def test_killed_in_a_rebuild_while_writers_wait_any_setup_finishes_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, no_patience: None
) -> None:
    rebuild_and_die_before_the_swap(shelf, monkeypatch)
    assert "ended while writers waited" in shelf.preview()[0]
    shelf.declare()
    shelf.write([article("goes-on")])
    assert shelf.in_use() == [f"{shelf.alias}-v2"]


def test_dropping_what_was_begun_lets_writers_go_on(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, no_patience: None
) -> None:
    rebuild_and_die_before_the_swap(shelf, monkeypatch)
    assert list(schema.old_generations(shelf.client, [shelf.family])) == [f"{shelf.alias}-v2"]
    schema.drop(shelf.client, f"{shelf.alias}-v2", families=[shelf.family])
    shelf.write([article("goes-on")])
    assert shelf.generations() == [f"{shelf.alias}-v1"]


def test_what_another_version_had_begun_is_begun_anew(shelf: Shelf) -> None:
    shelf.write(article(f"a-{n}") for n in range(30))

    def press() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.paged(10).with_mapping(sort="asc").declare(report=at_each_page(press))
    shelf.with_mapping(sort="asc", properties={"extra": {"type": "keyword"}}).declare()
    assert shelf.in_use() == [f"{shelf.alias}-v2"]
    assert "extra" in look(shelf.client, shelf.family).current.mappings["properties"]  # type: ignore[union-attr]
    assert len(shelf.documents()) == 30


def test_two_setups_at_once_make_one_new_generation(shelf: Shelf) -> None:
    shelf.write(article(f"a-{n}") for n in range(300))
    other = shelf.paged(10).with_mapping(sort="asc")
    with ThreadPoolExecutor(2) as both:
        done = [both.submit(other.declare) for _ in range(2)]
        lines = [line for one in done for line in one.result()]
    assert shelf.generations() == [f"{shelf.alias}-v1", f"{shelf.alias}-v2"]
    assert sum("filled from" in line for line in lines) == 1
    assert len(shelf.documents()) == 300


def test_two_setups_at_once_create_one_generation(client: Elasticsearch) -> None:
    shelf = Shelf(client, "move-fresh")
    try:
        with ThreadPoolExecutor(4) as several:
            for one in [several.submit(shelf.declare) for _ in range(4)]:
                one.result()
        assert shelf.in_use() == shelf.generations() == ["move-fresh-v1"]
    finally:
        shelf.remove()


def asleep_at_a_page(beside: ThreadPoolExecutor, shelf: Shelf) -> tuple[Future[list[str]], threading.Event]:
    """A setup that has stood still since its fourth page, and what wakes it up."""
    asleep, wake = threading.Event(), threading.Event()
    pages = itertools.count()

    def sleep() -> None:
        if next(pages) == 3:
            asleep.set()
            wake.wait(60)

    setup = beside.submit(shelf.declare, report=at_each_page(sleep))
    assert asleep.wait(30)
    return setup, wake


def test_a_setup_that_was_taken_for_dead_and_wakes_up_does_no_harm(shelf: Shelf, no_patience: None) -> None:
    shelf.write(article(f"a-{n}") for n in range(100))
    other = shelf.paged(10).with_mapping(sort="asc")
    with ThreadPoolExecutor(1) as beside:
        first, wake = asleep_at_a_page(beside, other)
        try:
            assert any("filled from" in line for line in other.declare())
            shelf.write(article(f"a-{n}", revision=2000) for n in range(0, 100, 2))
        finally:
            wake.set()
        assert any("mapping up to date" in line for line in first.result())
    assert shelf.in_use() == [f"{shelf.alias}-v2"]
    revisions = {name: hit["_source"]["revision"] for name, hit in shelf.documents().items()}
    assert revisions == {f"a-{n}": 1000 if n % 2 else 2000 for n in range(100)}
    shelf.write([article("goes-on")])


def test_a_setup_that_wakes_up_while_another_one_finishes_lets_nobody_write(
    shelf: Shelf, no_patience: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write(article(f"a-{n}") for n in range(50))
    other = shelf.paged(10).with_mapping(sort="asc")
    asleep, wake, noticed = threading.Event(), threading.Event(), threading.Event()
    pages = itertools.count()
    swap = migrate._swap
    blocked: list[bool] = []

    def sleep() -> None:
        if next(pages) == 2:
            asleep.set()
            wake.wait(60)

    def say(line: str) -> None:
        if "has taken" in line:
            noticed.set()

    def wake_the_first_and_swap(*arguments: Any) -> None:
        monkeypatch.setattr(build, "SILENCE", 30.0)
        wake.set()
        assert noticed.wait(30)
        current = look(shelf.client, shelf.family).current
        blocked.append(current is not None and not current.takes_writes)
        swap(*arguments)

    monkeypatch.setattr(migrate, "_swap", wake_the_first_and_swap)
    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(other.declare, report=Report(say, at_each_page(sleep).bar))
        try:
            assert asleep.wait(30)
            other.declare()
        finally:
            wake.set()
        assert any("mapping up to date" in line for line in first.result())
    assert blocked == [True]


def test_a_build_that_is_dropped_under_a_sleeping_setup_is_begun_anew(shelf: Shelf, no_patience: None) -> None:
    shelf.write(article(f"a-{n}") for n in range(100))
    other = shelf.paged(10).with_mapping(sort="asc")
    with ThreadPoolExecutor(1) as beside:
        first, wake = asleep_at_a_page(beside, other)
        try:
            schema.drop(shelf.client, f"{shelf.alias}-v2", families=[shelf.family])
            assert shelf.generations() == [f"{shelf.alias}-v1"]
        finally:
            wake.set()
        assert any("filled from" in line for line in first.result())
    assert shelf.in_use() == [f"{shelf.alias}-v2"]
    assert len(shelf.documents()) == 100


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
