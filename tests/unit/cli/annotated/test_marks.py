from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from newswire.cli.annotated.marks import Mark, change, marks, runs
from tests.unit.cli.annotated.documents import HOSTILE, PLAIN

TEXT = "0123456789"


def mark(start: int, end: int, kind: str = "place") -> Mark:
    return Mark(start, end, kind, "")


def ordered(*several: Mark) -> list[Mark]:
    return sorted(several, key=lambda one: (one.start, -one.end))


def test_a_mark_inside_another_lies_within_it() -> None:
    outer, inner = mark(2, 8, "organization"), mark(4, 6)
    assert [(run.text, run.marks) for run in runs(TEXT, ordered(inner, outer))] == [
        ("01", ()),
        ("23", (outer,)),
        ("45", (outer, inner)),
        ("67", (outer,)),
        ("89", ()),
    ]


def test_of_two_marks_that_cross_the_later_one_is_cut_in_two() -> None:
    first, later = mark(0, 6), mark(4, 9, "person")
    found = [run.marks for run in runs(TEXT, ordered(first, later))]
    assert found == [(first,), (first, later), (later,), ()]
    assert change(found[1], found[2]) == ((later, first), (later,))


def test_a_part_of_a_text_cuts_the_marks_that_reach_out_of_it() -> None:
    wide = mark(0, 99)
    assert [(run.text, run.marks) for run in runs(TEXT, [wide, mark(5, 5)], 3, 7)] == [("3456", (wide,))]
    assert list(runs(TEXT, [wide], 4, 4)) == []
    assert list(runs("", [wide])) == []


def test_every_field_has_its_own_marks_with_what_is_known_of_them() -> None:
    found = marks(PLAIN)
    assert {field: len(several) for field, several in found.items()} == {
        "body": 5,
        "caption": 1,
        "title": 1,
        "dateline": 1,
    }
    assert [(one.start, one.kind, one.told) for one in found["body"]][:3] == [
        (0, "person", "person: Ada Obi"),
        (17, "place", "place: Kano"),
        (25, "date", "date: 2025-02-07"),
    ]
    assert [one.end - one.start for one in marks(HOSTILE)["body"]][-1] == len("beyond the end")


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted), max_size=12))
def test_runs_are_the_whole_text_and_every_opened_mark_is_closed(text: str, spans: list[list[int]]) -> None:
    several = ordered(*(mark(start, end) for start, end in spans))
    found = list(runs(text, several))
    assert "".join(run.text for run in found) == text
    assert all(run.text for run in found)
    at = 0
    for run in found:
        assert set(run.marks) == {one for one in several if one.start <= at < one.end}
        at += len(run.text)
    stack: list[Mark] = []
    for before, after in pairwise([(), *(run.marks for run in found), ()]):
        closed, opened = change(before, after)
        assert [stack.pop() for _ in closed] == list(closed)
        stack += opened
        assert tuple(stack) == after
