from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, sampled_from
from numpy.typing import NDArray

from services.enrich.word_keys import Numbers, key_of, place_of


class Rows:
    """Has the word itself in the row of each word."""

    def __init__(self) -> None:
        self.learnt: list[list[str]] = []
        self.words: list[str] = []

    def learn(self, words: Sequence[str], first: int) -> None:
        self.learnt.append(list(words))
        self.words[first:] = words

    def keep(self, rows: NDArray[np.int64]) -> None:
        self.words = [self.words[row] for row in rows]


def test_a_word_has_the_same_number_again_and_is_learnt_once() -> None:
    numbers, rows = Numbers(), Rows()
    assert numbers.of(["rain", "fell", "rain"], 10, rows).tolist() == [0, 1, 0]
    assert numbers.of(["snow", "fell"], 10, rows).tolist() == [2, 1]
    assert numbers.of(["rain"], 10, rows).tolist() == [0]
    assert rows.learnt == [["rain", "fell"], ["snow"]]


def test_where_there_is_no_room_words_of_one_text_are_forgotten() -> None:
    numbers, rows = Numbers(), Rows()
    numbers.of(["once", "often"], 3, rows)
    numbers.of(["often", "again"], 3, rows)
    assert numbers.of(["new", "often"], 3, rows).tolist() == [1, 0]
    assert rows.words == ["often", "new"]
    assert rows.learnt[-1] == ["new"]


def test_words_that_were_used_long_ago_are_forgotten_too() -> None:
    numbers, rows = Numbers(), Rows()
    for _ in range(3):
        numbers.of(["flood"], 2, rows)
    for other in "abcdef":
        numbers.of([other], 2, rows)
    assert "flood" not in rows.words


def test_where_even_those_leave_no_room_all_are_forgotten() -> None:
    numbers, rows = Numbers(), Rows()
    for _ in range(2):
        numbers.of(["a", "b"], 3, rows)
    assert numbers.of(["c", "b", "d"], 3, rows).tolist() == [0, 1, 2]
    assert rows.words == rows.learnt[-1] == ["c", "b", "d"]


@given(lists(lists(sampled_from("abcdefghij"), max_size=8), max_size=40), integers(1, 10))
def test_the_row_of_a_number_is_that_of_its_word_whatever_was_forgotten(texts: list[list[str]], room: int) -> None:
    numbers, rows = Numbers(), Rows()
    for text in texts:
        assert [rows.words[number] for number in numbers.of(text, room, rows)] == text
        assert len(rows.words) <= max(room, len(set(text)))


def test_a_text_of_more_words_than_there_is_room_for_is_numbered_all_the_same() -> None:
    assert Numbers().of(["a", "b", "c"], 2, Rows()).tolist() == [0, 1, 2]


def test_words_that_could_not_be_learnt_are_new_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, rows = Numbers(), Rows()

    def fail(_words: Sequence[str], _first: int) -> None:
        raise ValueError("no word")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "learn", fail)
        with pytest.raises(ValueError, match="no word"):
            numbers.of(["rain"], 10, rows)
    assert numbers.of(["rain"], 10, rows).tolist() == [0]
    assert rows.learnt == [["rain"]]


def test_a_word_is_found_by_its_key() -> None:
    keys = np.array(sorted(map(key_of, ("rain", "snow"))), np.uint32).data
    assert {place_of(keys, "rain"), place_of(keys, "snow")} == {0, 1}
    assert place_of(keys, "hail") is None
