from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.text.sentences import paragraphs, sentences


def split(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Marsh met Gen. Aldo Reyes near St. Bride.",
        "The U.S. Senate voted.",
        "J. R. Okoye won by 3.5 points.",
        "“Will you stay?” she asked.",
        "They waited… and left.",
        "It closed at 5 p.m. Friday.",
    ],
)
def test_what_belongs_together_stays_together(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Rain fell. Roads closed!", ["Rain fell.", "Roads closed!"]),
        ("“We left.” Nobody spoke.", ["“We left.”", "Nobody spoke."]),
        ("He moved to the U.S. The rest stayed.", ["He moved to the U.S.", "The rest stayed."]),
        ("The bridge (built in 1902.) It fell.", ["The bridge (built in 1902.)", "It fell."]),
        ("A headline\nA sentence follows it.", ["A headline", "A sentence follows it."]),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_a_line_that_a_typewriter_wrapped_goes_on() -> None:
    text = "The committee met for the second time this week and then\nput the question off until the spring."
    assert split(text) == [text]


def test_paragraphs_lie_between_blank_lines() -> None:
    text = "\n\nOne.\n  \nTwo,\nstill two.\n\n"
    assert [text[p.start : p.end] for p in paragraphs(text)] == ["One.", "Two,\nstill two."]


@given(st.text(alphabet='aB .!?…\n"”(1', max_size=80))
def test_sentences_cover_all_that_is_not_space_in_order(text: str) -> None:
    pieces = list(sentences(text, 0, len(text)))
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert "".join(text[piece.start : piece.end] for piece in pieces).split() == text.split() or len(pieces) > 1
    assert sum(not c.isspace() for piece in pieces for c in text[piece.start : piece.end]) == sum(
        not c.isspace() for c in text
    )
