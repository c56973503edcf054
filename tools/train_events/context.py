"""What an article adds to the scores of its sentences: a handful of numbers, from scores of articles not trained on.

Whether an article tells an event follows from the headline's score, the best sentence's, that of all together
and their number (``gathered``), and from how often articles tell such events.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from services.enrich.events.model import Floats, gathered
from services.enrich.events.taxonomy import TAGS
from tools.train_events.fit import Doubles, minimised

BY_SHARE: Final = 1.0  # penalties
BY_TAG: Final = 3.0


class Context(NamedTuple):
    """``shares`` of the four numbers, and for each tag what is ``usual``; a row without a headline, and one with."""

    shares: Floats
    usual: Floats


class Scored(NamedTuple):
    """The scores of an article's sentences, the headline's last, and 1 for each tag they have; or a lone sentence's."""

    scores: Floats
    wanted: Floats


def learned(articles: Sequence[Scored]) -> Context:
    """From articles and lone sentences; of articles without headlines also from those with one."""
    lone = [Scored(one.scores[:-1], one.wanted[:-1]) if len(one.scores) > 1 else one for one in articles]
    rows = [_fitted(lone, titled=False), _fitted([one for one in articles if len(one.scores) > 1], titled=True)]
    return Context(np.stack([shares for shares, _ in rows]), np.stack([usual for _, usual in rows]))


def _fitted(articles: Sequence[Scored], *, titled: bool) -> tuple[Floats, Floats]:
    """Logistic regression over articles and tags."""
    absent = np.zeros((0 if titled else 1, len(TAGS)), np.float32)
    every = [gathered(np.concatenate([one.scores, absent]), titled=titled) for one in articles]
    numbers = np.stack(every).astype(np.float64)
    wanted = np.stack([one.wanted.max(axis=0) for one in articles]).astype(np.float64)
    count = numbers.shape[1]

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        shares, by_tag, usual = flat[:count], flat[count:-1], flat[-1]
        scores = np.einsum("s,ast->at", shares, numbers) + by_tag + usual
        lost = float((np.logaddexp(0, scores) - wanted * scores).sum())
        lost += 0.5 * float(BY_SHARE * shares @ shares + BY_TAG * by_tag @ by_tag)
        wrong = 1 / (1 + np.exp(-scores)) - wanted
        by_shares = np.einsum("ast,at->s", numbers, wrong) + BY_SHARE * shares
        return lost, np.concatenate([by_shares, wrong.sum(axis=0) + BY_TAG * by_tag, [wrong.sum()]])

    found = minimised(loss, np.zeros(count + len(TAGS) + 1))
    return found[:count].astype(np.float32), (found[count:-1] + found[-1]).astype(np.float32)
