"""Cyclic garbage does not stay, and is not looked for while a batch is under way."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from services.ingest.garbage import FEW, MANY, Garbage


class Cycle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage() -> Iterator[Garbage]:
    made = Garbage()
    made.begin()
    yield made
    made.end()
    assert gc.isenabled()


def left(many: int) -> "weakref.ref[Cycle]":
    """One of many."""
    made = [weakref.ref(Cycle()) for _ in range(many)]
    return made[0]


@pytest.mark.parametrize(
    ("many", "files", "stays"), [(FEW, 1, True), (FEW, 0, False), (MANY, 1, False), (FEW // 4, 0, True)]
)
def test_garbage_is_collected_when_there_is_time_or_much_of_it(
    garbage: Garbage, many: int, files: int, stays: bool
) -> None:
    one = left(many)
    garbage.after(files)
    assert (one() is not None) == stays
