"""Every file of sentences as a model sees it that was taught by others: the files are held out in parts."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Final, NamedTuple

import numpy as np

from services.enrich.events.model import Floats, Vectors
from tools.train_events.coding import Trained, trained
from tools.train_events.context import Scored
from tools.train_events.examples import OWN, Example

PARTS: Final = 4

# What a process was given to work on: the examples and the vectors.
_given: list[Any] = []


class Part(NamedTuple):
    """Files, and what a model of all others makes of their sentences."""

    files: list[str]
    model: Trained
    told: list[Example]
    scores: Floats

    @property
    def wanted(self) -> Floats:
        """A row for each sentence, 1 for each tag that it has."""
        return np.stack([one.wanted for one in self.told])

    def articles(self) -> Iterator[Scored]:
        """The articles among them, headlines last, and the sentences that stand alone."""
        rows = defaultdict[tuple[str, int], list[int]](list)
        wanted = self.wanted
        for at, one in enumerate(self.told):
            if one.article:
                rows[one.source, one.article].append(at)
            else:
                yield Scored(self.scores[at : at + 1], wanted[at : at + 1])
        for title, *body in rows.values():
            yield Scored(self.scores[[*body, title]], wanted[[*body, title]])


def parts(told: Sequence[Example], vectors: Vectors) -> list[Part]:
    """Each file is in one part; as many models are trained as there are parts, one on each processor at a time."""
    files = sorted({one.source for one in told} - {OWN})
    shares = [files[at::PARTS] for at in range(PARTS)]
    workers = min(PARTS, len(os.sched_getaffinity(0)))
    # A process that is forked has what the examples are without having it sent.
    with ProcessPoolExecutor(workers, get_context("fork"), _begin, (told, vectors)) as pool:
        taught = list(pool.map(_part, shares))
    return [
        Part(here, model._replace(coding=model.coding._replace(vectors=vectors)), _of(told, here), scores)
        for here, (model, scores) in zip(shares, taught, strict=True)
    ]


def _begin(told: Sequence[Example], vectors: Vectors) -> None:
    _given[:] = [told, vectors]


def _part(here: list[str]) -> tuple[Trained, Floats]:
    """A model of all files but these, without its vectors, which everybody has; what it makes of these."""
    told, vectors = _given
    model = trained([one for one in told if one.source not in here], vectors)
    return model._replace(coding=model.coding._replace(vectors=None)), model.scores(_of(told, here))


def _of(told: Sequence[Example], files: Sequence[str]) -> list[Example]:
    return [one for one in told if one.source in files]
