"""How well events are read on our own texts: nothing may fall below what has been reached.

``FLOORS`` are what is asked for, ``REACHED`` is where each half is and may not fall
below. The figures are those of ``make eval``.
"""

import pytest

from bench.quality.event_scores import Figures, measured, reader
from bench.quality.event_texts import halves
from services.enrich.pipeline import Enricher

FLOORS = {"precision": 0.90, "recall": 0.80, "counts": 0.92, "status": 0.85}
REACHED: dict[str, dict[str, float]] = {
    "own": {"precision": 0.98, "recall": 0.96, "counts": 0.98, "status": 0.93, "same": 0.86, "different": 0.93},
    "own, held out": {
        "precision": 0.90,
        "recall": 0.96,
        "counts": 0.95,
        "status": 0.90,
        "same": 0.80,
        "different": 1.0,
    },
}
# Precision and recall on articles unlike those the rules were written with.
UNLIKE = {"own": (0.97, 0.85), "own, held out": (0.97, 0.81)}


@pytest.fixture(scope="module")
def figures() -> dict[str, Figures]:
    read = reader(Enricher())
    return {half.name: measured(half, read) for half in halves()}


@pytest.mark.parametrize("half", REACHED)
@pytest.mark.parametrize("figure", [*FLOORS, "same", "different"])
def test_a_figure_holds(figures: dict[str, Figures], half: str, figure: str) -> None:
    told = figures[half]
    value = getattr(told.tags, figure) if hasattr(told.tags, figure) else getattr(told, figure)
    wanted = REACHED[half][figure]
    assert value >= wanted, told.misses if half == "own" else "the held-out half is not shown"


@pytest.mark.parametrize("half", UNLIKE)
def test_articles_unlike_those_are_read_as_well_as_before(figures: dict[str, Figures], half: str) -> None:
    told = figures[half].unlike
    precision, recall = UNLIKE[half]
    assert told.precision >= precision
    assert told.recall >= recall


@pytest.mark.parametrize("figure", FLOORS)
def test_the_half_that_rules_were_written_with_is_above_the_floor(figure: str) -> None:
    assert REACHED["own"][figure] >= FLOORS[figure]
