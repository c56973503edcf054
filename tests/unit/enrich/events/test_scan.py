"""Sentences with what was found in them."""

from services.enrich.events.phrases import Hit
from services.enrich.events.scan import Clause
from services.enrich.model import Sentence
from tests.steps import steps


def clause(*hits: Hit) -> Clause:
    made = Clause(0, Sentence(0, 10_000, 0, 0), "", "")
    for hit in hits:
        made.add(hit)
    return made


def test_around_a_phrase_are_the_classes_near_and_far_on_either_side():
    deed = Hit(100, 106, 1, 7)
    around = clause(
        Hit(0, 9, 2, 3), Hit(60, 69, 4, 3), Hit(90, 99, 8, 3), deed, Hit(107, 110, 16, 3), Hit(150, 155, 32, 3)
    )
    assert around.around(deed, 50, 10) == {"<": 4 | 8, "<<": 8, ">": 16 | 32, ">>": 16}


def test_a_name_over_a_phrase_is_neither_before_nor_behind_it():
    deed = Hit(100, 106, 1, 7)
    over = clause(Hit(96, 112, 2, -1), deed, Hit(100, 112, 4, -1), Hit(104, 106, 8, -1))
    assert set(over.around(deed, 50, 10).values()) == {0}


def test_in_a_sentence_without_end_a_phrase_costs_no_more():
    def work(size: int) -> int:
        long = clause(*(Hit(at, at + 5, 1, 7) for at in range(0, size * 6, 6)))
        return steps(lambda: [long.around(hit, 80, 25) for hit in long.hits])

    assert 0 < work(1_600) < 8.5 * work(200)
