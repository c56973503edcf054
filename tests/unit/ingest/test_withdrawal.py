"""Withdrawals, in any order of arrival (CONTRACT, section 3)."""

import itertools

import pytest

from newswire.identity import external_version
from newswire.reasons import Reason
from tests.unit.ingest.items import file, id_of, item
from tests.unit.ingest.world import NOW, World

ARTICLE = file(item("one", NOW - 100))
LATER = file(item("one", NOW - 50, headline="Bridge one, corrected"))
KILL = file(item("one", NOW - 20, pubstatus="canceled", body_text=""))
BACK = file(item("one", NOW - 10, headline="Bridge one, cleared"))


def shown(world: World) -> str | None:
    """What search would show in the end: the headline of the highest version, unless it is a tombstone."""
    last = max(
        world.memory.articles,
        key=lambda one: external_version(
            one.revision, canceled=one.pubstatus == "canceled", status="ok", enrichment_version=1
        ),
    )
    assert last.id == id_of("one")
    return None if last.pubstatus == "canceled" else last.title


@pytest.mark.parametrize("order", list(itertools.permutations((ARTICLE, LATER, KILL))))
def test_a_kill_wins_in_whatever_order_things_come(world: World, order: tuple[str, ...]) -> None:
    for number, content in enumerate(order):
        world.drop(f"{number}.json", content)
        world.turn()
    assert shown(world) is None


@pytest.mark.parametrize("order", list(itertools.permutations((ARTICLE, KILL, BACK))))
def test_a_later_revision_brings_the_item_back_in_whatever_order_things_come(
    world: World, order: tuple[str, ...]
) -> None:
    for number, content in enumerate(order):
        world.drop(f"{number}.json", content)
        world.turn()
    assert shown(world) == "Bridge one, cleared"


def test_everything_at_once_ends_the_same(world: World) -> None:
    for number, content in enumerate((LATER, KILL, ARTICLE)):
        world.drop(f"{number}.json", content)
    world.turn()
    assert shown(world) is None


def test_an_item_without_an_instant_does_not_come_back_after_its_kill(world: World) -> None:
    world.drop("1.json", KILL)
    world.turn()
    world.drop("2.json", file(item("one", None)))
    world.turn()
    assert len(world.memory.articles) == 2
    assert shown(world) is None


def test_a_kill_without_an_instant_happened_when_it_came(world: World) -> None:
    world.drop("1.json", LATER)
    world.turn()
    world.drop("2.json", file(item("one", None, pubstatus="canceled", body_text="")))
    world.turn()
    assert shown(world) is None
    world.drop("3.json", ARTICLE)
    world.turn()
    assert shown(world) is None


def test_a_kill_of_what_has_not_come_is_kept_and_told(world: World) -> None:
    world.drop("kill.json", KILL)
    world.turn()
    (letter,) = world.memory.letters
    assert letter.reason is Reason.KILL_UNMATCHED
    assert id_of("one") in letter.message
    world.drop("1.json", ARTICLE)
    world.turn()
    assert shown(world) is None


def test_a_kill_of_what_is_known_needs_no_letter(world: World) -> None:
    world.drop("1.json", ARTICLE)
    world.turn()
    world.drop("2.json", KILL)
    world.turn()
    assert world.memory.letters == []
    assert world.rows("SELECT state, published FROM files") == [("put_away", 1), ("put_away", 1)]


def test_a_kill_that_comes_twice_is_a_duplicate(world: World) -> None:
    for number in range(2):
        world.drop(f"{number}.json", KILL)
        world.turn()
    assert len(world.memory.articles) == 1


def test_a_kill_that_was_overruled_counts_when_it_comes_again(world: World) -> None:
    kill = file(item("one", None, pubstatus="canceled", body_text=""))
    for number, content in enumerate((ARTICLE, kill, file(item("one", NOW + 60)), kill)):
        world.drop(f"{number}.json", content)
        world.turn()
    assert shown(world) is None
