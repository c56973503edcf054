"""Every file of sentences as a model sees it that was taught by others: the files are held out in parts."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np

from services.enrich.events.model import Floats, Vectors
from tools.train_events.coding import Trained, trained
from tools.train_events.context import Scored
from tools.train_events.examples import OWN, Example

PARTS: Final = 4


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

    def part(at: int) -> Part:
        here = files[at::PARTS]
        model = trained([one for one in told if one.source not in here], vectors)
        held = [one for one in told if one.source in here]
        return Part(here, model, held, model.scores(held))

    # What takes time is numpy's, which lets other threads work meanwhile.
    with ThreadPoolExecutor(min(PARTS, len(os.sched_getaffinity(0)))) as pool:
        return list(pool.map(part, range(PARTS)))
