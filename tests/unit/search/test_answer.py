import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.search.answer import MARK_END, MARK_START, Snippet, snippet


@pytest.mark.parametrize(
    ("marked", "text", "marks"),
    [
        ("plain", "plain", []),
        ("a [war] b", "a war b", [(2, 5)]),
        ("[war] [crimes]", "war crimes", [(0, 10)]),
        ("[war], [crimes]", "war, crimes", [(0, 3), (5, 11)]),
        ("a ] b [ c", "a  b  c", []),
        ("[]", "", []),
    ],
)
def test_marks_are_offsets_into_the_text(marked: str, text: str, marks: list[tuple[int, int]]) -> None:
    found = snippet(marked.replace("[", MARK_START).replace("]", MARK_END))
    assert found == Snippet(text, marks)


@given(st.text(alphabet=["a", " ", "\n", MARK_START, MARK_END]))
def test_marks_lie_inside_the_text_in_their_order(marked: str) -> None:
    found = snippet(marked)
    assert MARK_START not in found.text
    assert MARK_END not in found.text
    flat = [at for mark in found.marks for at in mark]
    assert flat == sorted(flat)
    assert not flat or 0 <= flat[0] <= flat[-1] <= len(found.text)
