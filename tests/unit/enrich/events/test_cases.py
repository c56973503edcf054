"""Short articles of our own: what they must carry, and what they must not."""

import tomllib
from pathlib import Path

import pytest

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["case"]
TOLD = [case for case in CASES if not case.get("nothing")]
QUIET = [case for case in CASES if case.get("nothing")]
# A page of sport or business may well carry a tag of the economy.
GRAVE = ("conflict.", "unrest.", "crime.", "law.", "disaster.", "politics.", "humanitarian.")


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["body"][:50])
def test_an_article_carries_what_it_tells(read, case):
    tags = {event.type for event in read(case["body"])}
    assert set(case["has"]) <= tags
    assert not set(case.get("lacks", [])) & tags


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["body"][:50])
def test_the_main_event_comes_first(read, case):
    assert read(case["body"])[0].type == case["has"][0]


@pytest.mark.parametrize("case", QUIET, ids=lambda case: case["body"][:50])
def test_nothing_is_invented(read, case):
    assert [event.type for event in read(case["body"]) if event.type.startswith(GRAVE)] == []


def test_there_are_enough_of_both_kinds():
    assert len(CASES) >= 60
    assert len(QUIET) >= 25
