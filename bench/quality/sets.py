"""All gold sets: our own, the expressions of the tests, and the development data where they are at hand.

The development data are JSON lines that are no part of the project. What a file
holds follows from its fields: sentences as ``tokens`` and BIO ``tags`` (those of
one ``doc`` make one text, a line each), texts with ``toponyms``, with a ``label``
or with ``timex``. Files whose name does not say ``dev`` are for training.
"""

import json
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from bench.quality.marked import own
from bench.quality.sample import Expression, GoldSet, Named, Sample, Span, Toponym
from bench.quality.tokens import joined

ROOT = Path(__file__).parents[2]
EXPRESSIONS = ROOT / "tests" / "unit" / "enrich" / "dates" / "expressions.toml"
# The day on which the tests' expressions are written.
WRITTEN = "2025-02-07T00:00:00Z"
# Beside the repository, and never in it.
DATA = ROOT.parent / "shared" / "data"


def gold_sets(data: Path | None) -> list[GoldSet]:
    """Our own first, then one for each file below ``data``, in the order of their paths."""
    found = [*own(), GoldSet("date expressions", expressions())]
    for path in sorted(data.rglob("*dev*.jsonl")) if data else ():
        if samples := list(_samples(path)):
            found.append(GoldSet(path.stem, samples))
    return found


def expressions() -> list[Sample]:
    """The sentences of the tests for dates; each expression occurs once in its sentence."""
    return [
        Sample(
            id=f"expression-{number}",
            body=sentence["body"],
            published_at=WRITTEN,
            times=tuple(
                Expression(at, at + len(text), None, meaning.split()[0])
                for text, meaning in sentence.items()
                if text != "body"
                for at in (sentence["body"].index(text),)
            ),
        )
        for number, sentence in enumerate(tomllib.loads(EXPRESSIONS.read_text("utf-8"))["sentence"])
    ]


def _samples(path: Path) -> Iterator[Sample]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    if rows and "tokens" in rows[0]:
        yield from _tokenised(path.stem, rows)
        return
    for row in rows:
        sample = Sample(id=str(row["id"]), body=row["text"], published_at=row.get("published_at"))
        if "toponyms" in row:
            yield sample._replace(toponyms=tuple(map(_toponym, row["toponyms"])))
        elif "label" in row:
            yield sample._replace(label=row["label"])
        elif "timex" in row:
            times = (Expression(one["start"], one["end"], one["type"], one["value"]) for one in row["timex"])
            yield sample._replace(times=tuple(times), published_at=f"{row['dct'][:10]}T00:00:00Z")


def _toponym(one: dict[str, Any]) -> Toponym:
    span = Span("body", one["start"], one["end"])
    return Toponym(span, one["lat"], one["lon"], optional=bool(one.get("optional")))


def _tokenised(stem: str, rows: list[dict[str, Any]]) -> Iterator[Sample]:
    """A sample for each document; a sentence that says no document is one of its own."""
    keyed = ((row.get("doc") or number, row) for number, row in enumerate(rows))
    for number, (_, sentences) in enumerate(groupby(keyed, key=lambda one: one[0])):
        body, names = "", set[Named]()
        for _, sentence in sentences:
            text, spans = joined(sentence["tokens"])
            body += "\n" if body else ""
            for first, last, kind in _chunks(sentence["tags"]):
                names.add(Named(Span("body", len(body) + spans[first][0], len(body) + spans[last][1]), kind))
            body += text
        yield Sample(id=f"{stem}-{number:05d}", body=body, names=frozenset(names))


def _chunks(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    """First token, last token and type of each name; one begins with B."""
    start = None
    for at, tag in enumerate([*tags, "O"]):
        if start is not None and not tag.startswith("I-"):
            yield start, at - 1, tags[start][2:]
            start = None
        if tag.startswith("B-"):
            start = at
