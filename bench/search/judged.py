"""The judged questions, and what an order of hits is worth against them."""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("judged.toml")
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One question; ``good`` gives the grade (1 to 3) of each article that is worth showing."""

    text: str
    good: dict[str, int]
    held_out: bool = False


def questions() -> list[Judged]:
    """All of them, in the order of the file."""
    return [Judged(**one) for one in tomllib.loads(FILE.read_text("utf-8"))["question"]]


def ndcg(found: Sequence[str], good: dict[str, int]) -> float:
    """Normalised discounted cumulative gain of the first `DEPTH`, gain ``2**grade - 1``; 1 is the best."""
    ideal = _gain(sorted(good.values(), reverse=True)[:DEPTH])
    return _gain([good.get(name, 0) for name in found[:DEPTH]]) / ideal


def reciprocal_rank(found: Sequence[str], good: dict[str, int]) -> float:
    """One over the rank of the first hit that is just what was asked for (grade 3)."""
    return next((1 / rank for rank, name in enumerate(found[:DEPTH], 1) if good.get(name) == 3), 0.0)


def _gain(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1)))
