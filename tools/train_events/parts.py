"""Every file of sentences as a model sees it that was taught by others: the files are held out in parts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from services.enrich.events.model import Floats, Vectors
from tools.train_events.coding import Coding, trained
from tools.train_events.context import Scored
from tools.train_events.examples import OWN, Example
from tools.train_events.fit import Fitted

PARTS: Final = 4


class Part(NamedTuple):
    """Files, and what a model of all others makes of their sentences."""

    files: list[str]
    coding: Coding
    fitted: Fitted
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


def parts(told: Sequence[Example], vectors: Vectors) -> Iterator[Part]:
    """Each file is in one part; as many models are trained as there are parts."""
    files = sorted({one.source for one in told} - {OWN})
    for at in range(PARTS):
        here = files[at::PARTS]
        coding, fitted = trained([one for one in told if one.source not in here], vectors)
        held = [one for one in told if one.source in here]
        yield Part(here, coding, fitted, held, fitted.scores(coding.sparse(held), coding.dense(held)))
