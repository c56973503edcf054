from collections.abc import Sequence

import numpy as np
import pytest

from services.enrich.word_keys import Numbers, key_of, place_of


class Learner:
    """Remembers what it was told to learn."""

    def __init__(self) -> None:
        self.learnt: list[tuple[list[str], int]] = []

    def __call__(self, words: Sequence[str], first: int) -> None:
        self.learnt.append((list(words), first))


def test_a_word_has_the_same_number_again_and_is_learnt_once() -> None:
    numbers, learn = Numbers(), Learner()
    assert numbers.of(["rain", "fell", "rain"], 10, learn).tolist() == [0, 1, 0]
    assert numbers.of(["snow", "fell"], 10, learn).tolist() == [2, 1]
    assert numbers.of(["rain"], 10, learn).tolist() == [0]
    assert learn.learnt == [(["rain", "fell"], 0), (["snow"], 2)]


def test_where_there_is_no_room_the_words_before_are_forgotten() -> None:
    numbers, learn = Numbers(), Learner()
    numbers.of(["a", "b"], 3, learn)
    assert numbers.of(["c", "b", "d"], 3, learn).tolist() == [0, 1, 2]
    assert learn.learnt[-1] == (["c", "b", "d"], 0)


def test_a_text_of_more_words_than_there_is_room_for_is_numbered_all_the_same() -> None:
    assert Numbers().of(["a", "b", "c"], 2, Learner()).tolist() == [0, 1, 2]


def test_words_that_could_not_be_learnt_are_new_the_next_time() -> None:
    numbers, learn = Numbers(), Learner()

    def fail(_words: Sequence[str], _first: int) -> None:
        raise ValueError("no word")

    with pytest.raises(ValueError, match="no word"):
        numbers.of(["rain"], 10, fail)
    assert numbers.of(["rain"], 10, learn).tolist() == [0]
    assert learn.learnt == [(["rain"], 0)]


def test_a_word_is_found_by_its_key() -> None:
    keys = np.array(sorted(map(key_of, ("rain", "snow"))), np.uint32).data
    assert {place_of(keys, "rain"), place_of(keys, "snow")} == {0, 1}
    assert place_of(keys, "hail") is None
