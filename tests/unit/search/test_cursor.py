from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.search import cursor
from newswire.search.cursor import Cursor
from newswire.search.question import Question, QuestionError

NOW = datetime(2025, 3, 31, tzinfo=UTC)
ASKED = Question(text="drone", tags=("law.trial",), now=NOW)
PLACE = Cursor("p" * 300, [12.5, 1738886400000, "9f2c"], NOW, cursor.digest(ASKED))


def test_a_cursor_survives_the_round_trip_and_a_url() -> None:
    word = cursor.encode(PLACE)
    assert cursor.decode(word) == PLACE
    assert set(word) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_cursor_brings_the_moment_of_the_first_page_back() -> None:
    later = replace(ASKED, size=50, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert cursor.follow(PLACE, later) == replace(later, now=NOW)


@pytest.mark.parametrize("other", [{"text": "drones"}, {"tags": ()}, {"folded": False}, {"order": "newest"}])
def test_a_cursor_of_another_question_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(QuestionError, match="another question"):
        cursor.follow(PLACE, replace(ASKED, **other))  # type: ignore[arg-type]


@given(st.text() | st.text("ABCabc012-_"))
def test_what_is_no_cursor_is_told_so(word: str) -> None:
    with pytest.raises(QuestionError, match="no cursor"):
        cursor.decode(word)


def test_a_cursor_that_unpacks_to_gigabytes_is_none() -> None:
    bomb = cursor.encode(replace_pit("x" * 50_000_000))
    with pytest.raises(QuestionError, match="no cursor"):
        cursor.decode(bomb)


def replace_pit(pit: str) -> Cursor:
    return Cursor(pit, PLACE.after, PLACE.now, PLACE.digest)
