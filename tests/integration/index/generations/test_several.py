"""Several setups at work on one family, one of them perhaps asleep in the middle."""

import itertools
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from services.index import schema
from services.index.generations import build, migrate
from services.index.generations.generation import look
from services.index.generations.report import Report
from tests.integration.index.shelf import Shelf, article, at_each_page


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
