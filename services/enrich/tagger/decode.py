"""From scores to names: the best sequence of labels in which every name begins and ends.

Runs of neighbouring words are decoded together, as many at once as there are (Viterbi's
algorithm, over a block of runs of equal length).
"""

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from services.enrich.tagger.features import LABELS, OUTSIDE, TYPES

Floats = NDArray[np.float32]

_NEVER: Final = np.float32(-1e9)
_LONGEST: Final = 64  # words; a longer run (a text in capitals) is cut


class Found(msgspec.Struct, frozen=True, gc=False):
    """A name: the words ``first`` to ``last``, and its type's number."""

    first: int
    last: int
    type: int


def _follows() -> Floats:
    """Nothing for a label that may follow another, never for the rest."""
    allowed = np.full((len(LABELS), len(LABELS)), _NEVER, np.float32)
    for before, one in enumerate(LABELS):
        for after, other in enumerate(LABELS):
            closed = one == "O" or one[0] in "ES"
            fits = other == "O" or other[0] in "BS" if closed else other[0] in "IE" and other[2:] == one[2:]
            if fits:
                allowed[before, after] = 0.0
    return allowed


_FOLLOWS: Final = _follows()
_BEGINNING: Final = [label[0] in "BS" for label in LABELS]
_ENDING: Final = [label[0] in "ES" for label in LABELS]
_TYPE: Final = [TYPES.index(label[2:]) if label != "O" else -1 for label in LABELS]
_BEGINS: Final = _FOLLOWS[OUTSIDE]
_ENDS: Final = _FOLLOWS[:, OUTSIDE]


def decode(at: NDArray[np.int64], scores: Floats) -> list[Found]:
    """The names among the words ``at`` (ascending), whose scores are the rows of ``scores``; in order."""
    if not len(at):
        return []
    found = []
    labels = _best(at, scores)
    named = labels.nonzero()[0]
    first = 0
    for label, word in zip(labels[named].tolist(), at[named].tolist(), strict=True):
        if _BEGINNING[label]:
            first = word
        if _ENDING[label]:
            found.append(Found(first, word, _TYPE[label]))
    return found


def _best(at: NDArray[np.int64], scores: Floats) -> NDArray[np.int64]:
    """The label of each word, the best sequence of each run: scores add up as probabilities multiply."""
    labels: NDArray[np.int64] = scores.argmax(axis=1)
    breaks = (at[1:] - at[:-1] != 1).nonzero()[0] + 1
    starts = np.concatenate(([0], breaks))
    ends = np.concatenate((breaks, [len(at)]))
    # Where the best label of each word makes a sequence that is allowed, no other is better: most runs are through.
    wrong = np.zeros(len(at), np.bool_)
    wrong[1:] = _FOLLOWS[labels[:-1], labels[1:]] < 0
    wrong[starts] = _BEGINS[labels[starts]] < 0
    wrong[ends - 1] |= _ENDS[labels[ends - 1]] < 0
    if not wrong.any():
        return labels
    by_length: dict[int, list[int]] = {}
    for number in np.logical_or.reduceat(wrong, starts).nonzero()[0].tolist():
        end = int(ends[number])
        for piece in range(int(starts[number]), end, _LONGEST):
            by_length.setdefault(min(_LONGEST, end - piece), []).append(piece)
    for length, pieces in by_length.items():
        rows = np.array(pieces)[:, None] + np.arange(length)
        labels[rows] = _viterbi(scores[rows])
    return labels


def _viterbi(scores: Floats) -> NDArray[np.int64]:
    """The best allowed labels for runs × words × labels."""
    runs, length, _ = scores.shape
    best = scores[:, 0] + _BEGINS
    back = np.empty((length, runs, len(LABELS)), np.int64)
    for word in range(1, length):
        ways = best[:, :, None] + _FOLLOWS
        back[word] = ways.argmax(axis=1)
        best = ways.max(axis=1) + scores[:, word]
    found = np.empty((runs, length), np.int64)
    found[:, -1] = (best + _ENDS).argmax(axis=1)
    every = np.arange(runs)
    for word in range(length - 1, 0, -1):
        found[:, word - 1] = back[word, every, found[:, word]]
    return found
