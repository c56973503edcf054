import re

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.text import whole_words

NAMES = ["A", "A Bo", "A Bo Co", "Bo Co", "Co", "Bo-Ab", "Ab", "al-Co"]
AUTOMATON = CharwiseDoubleArrayAhoCorasick(NAMES, MATCH_KIND_LEFTMOST_LONGEST)


def found(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in whole_words.find(AUTOMATON, text)]


def test_the_longest_name_from_each_start_is_found() -> None:
    assert found("A Bo Co, Bo-Ab al-Co") == ["A Bo Co", "Bo-Ab", "al-Co"]


def test_a_match_that_ends_inside_a_word_gives_way_to_a_shorter_one() -> None:
    assert found("A Bo Coda") == ["A Bo"]
    assert found("A Boat") == ["A"]


def test_a_match_that_ends_inside_a_word_hides_no_name_that_begins_within_it() -> None:
    assert found("Bo-Abc Co") == ["Co"]
    assert found("A Bo-Ab") == ["A Bo", "Ab"]
    assert found("Bo Co Abs Ab") == ["Bo Co", "Ab"]


def test_names_inside_words_are_not_found() -> None:
    assert found("XA O'Co Bob") == []


@given(st.lists(st.sampled_from(["A", "Bo", "Co", "Ab", "al", "x", " ", "-", "'", ","]), max_size=14).map("".join))
def test_all_matches_are_names_between_words_and_in_order(text: str) -> None:
    end = 0
    for start, stop, number in whole_words.find(AUTOMATON, text):
        assert start >= end
        assert text[start:stop] == NAMES[number]
        assert re.match(r"\w", text[stop : stop + 1]) is None
        end = stop
