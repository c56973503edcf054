"""A migration that is stopped or killed: nobody is kept from writing for good, and the next setup finishes it."""

import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import ApiError

from newswire.local import LocalStack
from services.index import schema
from services.index.generations import migrate
from services.index.generations.copying import Copying
from services.index.generations.generation import look
from services.index.generations.report import Report
from tests.integration.index.moving import POINTS
from tests.integration.index.shelf import Shelf, article, at_each_page

ROOT = Path(__file__).parents[4]


def rebuild_and_die_before_the_swap(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_arguments: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(migrate, "_swap", end)
        killed.setattr(migrate, "_retreat", end)  # as SIGKILL leaves no time for it
        with pytest.raises(KeyboardInterrupt):
            shelf.declare(rebuild=True)


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
