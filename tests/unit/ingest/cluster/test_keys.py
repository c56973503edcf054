"""The table of keys beside a plain dictionary."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.cluster import keys
from services.ingest.cluster.keys import Keys

LARGEST = (1 << 32) - 1
MANY = 1000


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_SLOTS", 64)
    monkeypatch.setattr(keys, "ENTRIES", 32)


@given(st.lists(st.tuples(st.sampled_from([0, 1, 63, 64, 128, LARGEST]), st.integers(1, LARGEST)), max_size=200))
def test_every_story_is_found_under_its_keys_alone(entries: list[tuple[int, int]]) -> None:
    found, expected = Keys(MANY), defaultdict[int, set[int]](set)
    for key, number in entries:
        found.add(key, number)
        expected[key].add(number)
    assert {key: sorted(found.stories(key) or []) for key in expected} == {
        key: sorted(expected[key]) for key in expected
    }
    assert found.stories(17) == []


@pytest.mark.usefixtures("_small")
def test_the_latest_are_known_and_the_oldest_forgotten() -> None:
    found = Keys(MANY)
    for number in range(1, 1000):
        found.add(number * 7, number)
        assert all(found.stories(late * 7) == [late] for late in range(max(1, number - 31), number + 1))
    known = [number for number in range(1, 1000) if found.stories(number * 7)]
    assert 32 <= len(known) <= 64
    assert known == list(range(1000 - len(known), 1000))


@pytest.mark.usefixtures("_small")
def test_what_is_added_over_and_over_pushes_nothing_out() -> None:
    found = Keys(MANY)
    found.add(1, 1)
    for _ in range(1000):
        found.add(65, 2)
    assert (found.stories(1), found.stories(65)) == ([1], [2])


@pytest.mark.usefixtures("_small")
def test_what_a_crowd_has_leads_to_none_of_it_until_the_crowd_is_forgotten() -> None:
    found = Keys(crowd=3)
    found.add(1, 1)
    found.add(1, 2)
    assert found.stories(1) == [1, 2]
    found.add(1, 3)
    assert found.stories(1) is None
    for number in range(4, 68):
        found.add(number * 7, number)
    assert found.stories(1) == []
