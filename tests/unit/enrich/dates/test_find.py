"""Time expressions are found whole and mean the right days."""

import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.dates import find_times
from services.enrich.dates.grammar import FIRST_WORDS
from services.enrich.model import Sentence, Text

WRITTEN = date(2025, 2, 7)
SENTENCES = tomllib.loads(Path(__file__).with_name("expressions.toml").read_text("utf-8"))["sentence"]


def article(body: str, written: date | None = WRITTEN) -> Text:
    return Text(body, None, None, None, [Sentence(0, len(body), 0, 0)], written)


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence["body"][:40])
def test_a_sentence_holds_these_times_and_no_others(sentence):
    expected = {text: tuple(meaning.split()) for text, meaning in sentence.items() if text != "body"}
    found = {
        time.text: (time.value, str(time.first or "-"), str(time.last or "-"))
        for time in find_times(article(sentence["body"]))
    }
    assert found == expected


def test_without_a_day_of_writing_only_absolute_expressions_are_given():
    body = "On Friday he recalled 3 May 1999, last week and the spring of 2004."
    assert [time.text for time in find_times(article(body, None))] == ["3 May 1999", "the spring of 2004"]


def test_a_first_name_and_a_verb_are_no_months():
    assert find_times(article("April Jones and June Park may march on. May said so.")) == []


def test_a_month_behind_a_preposition_is_one():
    assert [time.value for time in find_times(article("They met in May and since March."))] == ["2024-05", "2024-03"]


def test_types_are_those_of_timex3():
    body = "At noon on Friday he had waited three hours, as every day."
    assert [time.type for time in find_times(article(body))] == ["TIME", "DATE", "DURATION", "SET"]


_words = st.sampled_from(
    sorted([*FIRST_WORDS, "friday's", "2025", "31", "0", "99", "-", ".", ",", ":", "ago", "of", "İ"])
)


@given(st.lists(_words, max_size=12).map(" ".join) | st.text(max_size=200), st.none() | st.dates())
def test_any_text_is_read_without_error_and_offsets_hold(body, written):
    times = find_times(article(body, written))
    assert all(body[time.start : time.end] == time.text for time in times)
    assert all(one.end <= two.start for one, two in pairwise(times))
    assert all(time.first <= time.last for time in times if time.first and time.last)


@pytest.mark.parametrize(
    "body",
    [
        "a" * 50_000,
        "1 " * 20_000,
        "the second half of " * 2_000,
        "one hundred and " * 3_000,
        "01/02/2020 " * 5_000,
        "June, " * 5_000,
        "the early hours of the " * 2_000,
        "9 a.m. " * 5_000,
        "now " * 10_000,
    ],
)
def test_no_text_makes_it_slow(body):
    assert find_times(article(body)) == find_times(article(body))
