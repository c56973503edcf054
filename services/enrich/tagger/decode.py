"""From scores to names: the best sequence of labels in which every name begins and ends.

Runs of neighbouring words are decoded together, as many at once as there are (Viterbi's
algorithm, over a block of runs of equal length).
"""

from collections.abc import Iterator
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from services.enrich.tagger.features import LABELS, OUTSIDE, TYPES

Floats = NDArray[np.float32]

_NEVER: Final = np.float32(-1e9)
_LONGEST: Final = 64  # words; a longer run (a text in capitals) is cut


class Found(msgspec.Struct, frozen=True, gc=False):
    """A name: the words ``first`` to ``last``, its type's number, and the mean probability of its labels."""

    first: int
    last: int
    type: int
    score: float


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


def decode(at: NDArray[np.int64], scores: Floats) -> Iterator[Found]:
    """The names among the words ``at`` (ascending), whose scores are the rows of ``scores``; in order."""
    if not len(at):
        return
    logs = scores - scores.max(axis=1, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
    labels = _best(at, logs)
    named = np.flatnonzero(labels)
    chances = np.exp(logs[named, labels[named]]).tolist()
    first = 0
    for number, (label, word) in enumerate(zip(labels[named].tolist(), at[named].tolist(), strict=True)):
        if _BEGINNING[label]:
            first = number
        if _ENDING[label]:
            score = sum(chances[first : number + 1]) / (number + 1 - first)
            yield Found(word - (number - first), word, _TYPE[label], score)


def _best(at: NDArray[np.int64], logs: Floats) -> NDArray[np.int64]:
    """The label of each word, the best sequence of each run."""
    labels: NDArray[np.int64] = logs.argmax(axis=1)
    breaks = np.flatnonzero(np.diff(at) != 1) + 1
    starts = np.concatenate(([0], breaks))
    ends = np.concatenate((breaks, [len(at)]))
    # Where the best label of each word makes a sequence that is allowed, no other is better: most runs are through.
    wrong = np.zeros(len(at), np.bool_)
    wrong[1:] = _FOLLOWS[labels[:-1], labels[1:]] < 0
    wrong[starts] = _BEGINS[labels[starts]] < 0
    wrong[ends - 1] |= _ENDS[labels[ends - 1]] < 0
    by_length: dict[int, list[int]] = {}
    for number in np.flatnonzero(np.logical_or.reduceat(wrong, starts)).tolist():
        end = int(ends[number])
        for piece in range(int(starts[number]), end, _LONGEST):
            by_length.setdefault(min(_LONGEST, end - piece), []).append(piece)
    for length, pieces in by_length.items():
        rows = np.array(pieces)[:, None] + np.arange(length)
        labels[rows] = _viterbi(logs[rows])
    return labels


def _viterbi(logs: Floats) -> NDArray[np.int64]:
    """The best allowed labels for runs × words × labels."""
    runs, length, _ = logs.shape
    best = logs[:, 0] + _BEGINS
    back = np.empty((length, runs, len(LABELS)), np.int64)
    for word in range(1, length):
        ways = best[:, :, None] + _FOLLOWS
        back[word] = ways.argmax(axis=1)
        best = ways.max(axis=1) + logs[:, word]
    found = np.empty((runs, length), np.int64)
    found[:, -1] = (best + _ENDS).argmax(axis=1)
    every = np.arange(runs)
    for word in range(length - 1, 0, -1):
        found[:, word - 1] = back[word, every, found[:, word]]
    return found
