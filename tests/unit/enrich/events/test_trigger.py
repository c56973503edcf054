"""Which tags are left out before anything is made of them."""

import pytest

from services.enrich.events.taxonomy import BEARS, TAGS
from services.enrich.events.trigger import _hopeless

STATEMENT, FLOOD = "politics.diplomacy.statement", "disaster.natural.flood"
ENOUGH = 0.7


@pytest.mark.parametrize(
    ("tag", "sure", "guessed", "titled_whole", "hopeless"),
    [
        (STATEMENT, [(0, 0.69)], [], (0.0, 0.0), True),
        (STATEMENT, [(0, 0.7)], [], (0.0, 0.0), False),
        (STATEMENT, [(9, 0.75)], [], (0.0, 0.0), True),  # so far down it is worth less
        (STATEMENT, [(0, 0.6), (1, 0.65)], [], (0.0, 0.0), False),
        (STATEMENT, [(0, 0.6)], [], (0.5, 0.8), False),  # the headline tells it, and the article bears it out
        (STATEMENT, [(0, 0.6)], [], (0.4, 0.8), True),
        (STATEMENT, [(0, 0.6)], [], (0.78, 0.6), False),  # or would stand without a sentence
        (FLOOD, [(0, 0.6)], [], (0.0, 0.0), True),
        (FLOOD, [(0, 0.65)], [], (0.0, 0.0), False),  # others may go on about it
        (FLOOD, [(0, 0.6)], [(1, 0.6)], (0.0, 0.0), False),  # and one with victims may be about it
    ],
)
def test_a_tag_is_without_hope_where_all_its_sentences_together_make_no_event(
    tag, sure, guessed, titled_whole, hopeless
):
    number, (titled, whole) = TAGS.index(tag), titled_whole
    assert bool(BEARS[tag]) == (tag == FLOOD)
    found = _hopeless(
        [(at, number, chance) for at, chance in sure],
        [(at, number, weight) for at, weight in guessed],
        [titled] * len(TAGS),
        [whole] * len(TAGS),
        ENOUGH,
    )
    assert found == ({number} if hopeless else set())
