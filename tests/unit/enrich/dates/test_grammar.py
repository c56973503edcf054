"""The shapes, and the shortcuts to them."""

import re

import pytest

from services.enrich.dates.find import READERS, lowered
from services.enrich.dates.grammar import BY_OPENING, FOUR_DIGITS, OPENING, SHAPES, TRIGGERS
from tests.unit.enrich.dates.scoring import read

TEXTS = [gold.text for name in ("development", "held_out") for gold in read(name)]


def test_every_shape_has_a_reader_and_every_reader_a_shape() -> None:
    assert set(SHAPES) == set(READERS)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_tried_wherever_it_matches(shape: str) -> None:
    alone = re.compile(rf"(?:{SHAPES[shape]})(?!\w)")
    for lower in map(lowered, TEXTS):
        for word in re.finditer(r"\b\w|['’](?=\d0s)", lower):
            if alone.match(lower, word.start()):
                opening = OPENING.match(lower, word.start())
                assert opening, lower[word.start() : word.start() + 30]
                tried = [name for name, _ in BY_OPENING.get(opening.group(), FOUR_DIGITS)]
                assert shape in tried, lower[word.start() : word.start() + 30]


def test_triggers_are_lower_case_and_reach_at_least_over_themselves() -> None:
    assert all(trigger == lowered(trigger) and min(reach) > 0 for trigger, reach in TRIGGERS.items())
