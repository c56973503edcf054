import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.tagger.features import (
    BUCKETS,
    CONTEXTS,
    HASHED,
    LABELS,
    RULE_LABELS,
    Vectors,
    context,
    hashes,
    listed,
    normal,
    parts,
    spelled,
)
from services.enrich.tagger.words import Form


@given(st.integers(0, len(RULE_LABELS) - 1), st.booleans(), st.sampled_from(Form))
def test_a_context_is_one_number_and_its_parts_come_back(label: int, begins: bool, form: Form) -> None:
    number = int(context(np.array(label), np.array(int(begins)), np.array(int(form))))
    assert 0 <= number < CONTEXTS
    assert parts(number) == (label, begins, form)


@given(st.text(max_size=20))
def test_every_word_has_its_hashes(word: str) -> None:
    found = hashes(word)
    assert len(found) == HASHED
    assert all(0 <= one < BUCKETS for one in found)


def test_the_hashes_of_a_word_stay_what_they_were_trained_with() -> None:
    # Frozen: weights that are trained hold for these numbers only.
    assert hashes("McKay") == (957, 2033, 421, 1877, 4025, 3573, 2304)
    assert hashes("2026") == (234, 3321, 1156, 805, 2949, 3467, 3247)


def test_numbers_are_alike_in_the_vocabulary() -> None:
    assert normal("1,250") == normal("9,999") == "0,000"
    assert normal("Bello") == "bello"


@pytest.mark.parametrize(
    ("count", "names"), [(1, ["S-place"]), (2, ["B-place", "E-place"]), (3, ["B-place", "I-place", "E-place"])]
)
def test_a_name_is_spelled_from_its_beginning_to_its_end(count: int, names: list[str]) -> None:
    assert [LABELS[label] for label in spelled(count, 2)] == names


def test_a_word_has_the_vector_of_its_own_form_or_else_of_the_nearest() -> None:
    vectors = Vectors.of({"turkey": 1, "Turkey": 2, "Ankara": 3, "said": 4})
    assert vectors.rows("Turkey") == (2, 1)
    assert vectors.rows("turkey") == (1, 1)
    assert vectors.rows("ANKARA") == (3, 0)
    assert vectors.rows("Said") == (4, 4)
    assert vectors.rows("Qwxyz") == (0, 0)


def test_the_lists_that_a_word_stands_in_do_not_depend_on_accents_or_capitals_throughout() -> None:
    assert listed("José") == listed("Jose") == listed("JOSE") != 0
    assert listed("Garcia") not in (0, listed("Jose"))
    assert listed("Qwxyzzy") == 0
