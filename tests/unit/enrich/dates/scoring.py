"""A gold set of time expressions, and how what was found is scored against it.

The measures are the usual ones of TempEval: an expression is found *strictly* where both ends agree, *relaxed* where
the two overlap, each gold expression taking the one that overlaps it most; the accuracy of values counts those found
relaxed whose TIMEX3 value is equal, but for a final Z or ":00".
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

GOLD = Path(__file__).parent / "gold"
_MARKED = re.compile(r"\{([^{}|]+)\|([A-Z]+)\|([^{}|]+)\}")


class Expression(NamedTuple):
    start: int
    end: int
    text: str
    type: str
    value: str


class Article(NamedTuple):
    text: str
    published: str
    expressions: list[Expression]


class Score(NamedTuple):
    strict: float
    relaxed: float
    values: float
    types: float


def read(name: str) -> list[Article]:
    """The articles of a gold file, their marks taken out."""
    data = tomllib.loads((GOLD / f"{name}.toml").read_text("utf-8"))
    return [_article(entry["text"], entry["published"]) for entry in data["article"]]


def _article(marked: str, published: str) -> Article:
    text, expressions, at = "", [], 0
    for mark in _MARKED.finditer(marked):
        text += marked[at : mark.start()]
        expressions.append(Expression(len(text), len(text) + len(mark[1]), *mark.groups()))
        text += mark[1]
        at = mark.end()
    return Article(text + marked[at:], published, expressions)


def score(articles: Sequence[Article], find: Callable[[Article], Sequence[Expression]]) -> Score:
    """What ``find`` gives for each article against its gold expressions, micro-averaged over all."""
    gold = found = strict = relaxed = values = types = 0
    for article in articles:
        left = list(find(article))
        gold += len(article.expressions)
        found += len(left)
        strict += len({one[:2] for one in left} & {one[:2] for one in article.expressions})
        for expected in article.expressions:
            best = max(left, key=lambda one: (overlap(one, expected), one[:2] == expected[:2]), default=None)
            if best is None or overlap(best, expected) <= 0:
                continue
            left.remove(best)
            relaxed += 1
            values += comparable(best.value) == comparable(expected.value)
            types += best.type == expected.type
    return Score(2 * strict / (gold + found), 2 * relaxed / (gold + found), values / relaxed, types / relaxed)


def overlap(one: Expression, other: Expression) -> int:
    """Characters that both cover; zero or less where there are none."""
    return min(one.end, other.end) - max(one.start, other.start)


def comparable(value: str) -> str:
    """A value as it is compared."""
    return re.sub(r"(?:Z|:00)$", "", value.strip())
