"""The gold sets: how many expressions are found, and how many of them mean the right time.

The aim is .95 (relaxed span F1) and .88 (accuracy of values), on the set the rules were written with and on the one
they have never seen.
"""

from collections.abc import Sequence
from datetime import date

import pytest
from msgspec import structs

from services.enrich.dates import find_times
from services.enrich.text.build import build
from tests.unit.enrich.dates.scoring import Article, Expression, read, score
from tests.unit.enrich.messages import article

SETS = ("development", "held_out")


def found(gold: Article) -> Sequence[Expression]:
    text = structs.replace(build(article(body=gold.text)), written=date.fromisoformat(gold.published))
    return [Expression(time.start, time.end, time.text, time.type, time.value) for time in find_times(text)]


@pytest.mark.parametrize("name", SETS)
def test_expressions_are_found_and_mean_the_right_time(name: str) -> None:
    reached = score(read(name), found)
    assert reached.relaxed >= 0.95
    assert reached.values >= 0.88
    assert reached.strict >= 0.90
    assert reached.types >= 0.95


def test_the_sets_are_large_enough_to_tell() -> None:
    sizes = [sum(len(gold.expressions) for gold in read(name)) for name in SETS]
    assert min(sizes) >= 160
    assert sum(sizes) >= 320


@pytest.mark.parametrize("name", SETS)
def test_a_gold_weekday_is_one_by_the_calendar(name: str) -> None:
    for gold in read(name):
        for expression in gold.expressions:
            if expression.value[:4].isdigit() and len(expression.value) >= 10 and "W" not in expression.value:
                weekday = date.fromisoformat(expression.value[:10]).strftime("%A").lower()
                named = [day for day in WEEKDAYS if day in expression.text.lower()]
                assert not named or weekday in named, (gold.published, expression)


def test_a_perfect_answer_scores_one_and_an_empty_one_nothing() -> None:
    gold = read("development")
    assert set(score(gold, lambda one: one.expressions)) == {1.0}
    assert score(gold[:1], lambda one: one.expressions[:1])[:2] == (0.4, 0.4)


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
