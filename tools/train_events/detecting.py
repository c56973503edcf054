"""Teaches the detectors of ``services.enrich.events.detectors``; with numpy alone, the same from the same examples.

Log loss, by Adam. At each step a part of the detectors and of the words' own numbers
is left out, so that none relies on another.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.enrich.events.model import Floats, Vectors
from tools.train_events.examples import Example

DETECTORS: Final = 128
OWN: Final = 48  # numbers of its own that each word has
PASSES: Final = 12
BATCH: Final = 128  # sentences
RATE: Final = 0.008
LEFT_OUT: Final = 0.3
QUICKER: Final = 3.0  # times as fast as all else do words learn their own numbers
MEAN, SPREAD, NOTHING = 0.9, 0.99, 1e-8  # Adam's


class Detecting(NamedTuple):
    """What the detectors are: ``own`` has a row for each word that is known, the first for all others.

    The answers of the detectors to a word are ``own @ by_own + vector @ by_vector``; the highest of a sentence,
    plus ``bias``, counts where it is above 0, and says ``out`` for the tags.
    """

    own: Floats
    by_own: Floats
    by_vector: Floats
    bias: Floats
    out: Floats
    usual: Floats

    def scores(self, sentences: "Sentences") -> Floats:
        """A row for each sentence."""
        answers = self.own[sentences.words] @ self.by_own + sentences.vectors @ self.by_vector
        highest = np.maximum.reduceat(answers, sentences.starts, axis=0)
        scores: Floats = np.maximum(highest + self.bias, 0.0) @ self.out + self.usual
        return scores


class Sentences(NamedTuple):
    """The words of some sentences, one after the other: numbers (0: not known), vectors, where each sentence starts."""

    words: NDArray[np.int64]
    vectors: Floats
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, examples: Sequence[Example], known: Sequence[str], vectors: Vectors) -> "Sentences":
        """A sentence without words has one that is nothing."""
        number = {word: at for at, word in enumerate(known, 1)}
        every = sorted({word for one in examples for word in one.words})
        row = {word: at for at, word in enumerate(every, 1)}
        table = np.concatenate([np.zeros((1, vectors.size), np.float32), vectors.of(every)])
        told = [one.words or [""] for one in examples]
        words = np.array([number.get(word, 0) for some in told for word in some])
        rows = np.array([row.get(word, 0) for some in told for word in some])
        return cls(words, table[rows], np.cumsum([0, *map(len, told[:-1])]))

    def batch(self, numbers: NDArray[np.int64]) -> "Sentences":
        """Those of these numbers."""
        ends = np.append(self.starts[1:], len(self.words))
        lengths = (ends - self.starts)[numbers]
        starts = np.cumsum(lengths) - lengths
        at = np.repeat(self.starts[numbers] - starts, lengths) + np.arange(lengths.sum())
        return Sentences(self.words[at], self.vectors[at], starts)


class _Step(NamedTuple):
    """How the loss of some sentences grows with each matrix but ``own``, and with the rows of that for their words."""

    matrices: list[Floats]
    own: Floats


def taught(sentences: Sentences, known: int, wanted: Floats, sure: Floats) -> Detecting:
    """The detectors for ``known`` words; ``sure`` is how much it counts whether a sentence has a tag."""
    rng = np.random.default_rng(7)
    count, size, tags = len(wanted), sentences.vectors.shape[1], wanted.shape[1]
    scale = 1.0 / float(sentences.vectors[sentences.vectors.any(axis=1)].std())
    sentences = sentences._replace(vectors=sentences.vectors * scale)
    share = np.clip((wanted * sure).sum(axis=0) / sure.sum(axis=0), 1e-4, 0.5)

    def drawn(spread: float, *shape: int) -> Floats:
        return rng.normal(0.0, spread, shape).astype(np.float32)

    now = Detecting(
        own=drawn(0.1, known + 1, OWN),
        by_own=drawn((size + OWN) ** -0.5, OWN, DETECTORS),
        by_vector=drawn((size + OWN) ** -0.5, size, DETECTORS),
        bias=np.zeros(DETECTORS, np.float32),
        out=drawn(0.05, DETECTORS, tags),
        usual=np.log(share).astype(np.float32),
    )
    own, *matrices = map(_Adam, now)
    steps = PASSES * (count // BATCH)
    batches = (
        order[at : at + BATCH]
        for order in (rng.permutation(count) for _ in range(PASSES))
        for at in range(0, count - BATCH + 1, BATCH)
    )
    for number, batch in enumerate(batches):
        rate = RATE * (1.0 - number / steps)
        some = sentences.batch(batch)
        some = some._replace(words=np.where(rng.random(len(some.words)) > LEFT_OUT, some.words, 0))
        step = _step(now, some, wanted[batch], sure[batch], rng)
        for matrix, gradient in zip(matrices, step.matrices, strict=True):
            matrix.move(gradient, number + 1, rate)
        rows, gradient = _summed(some.words, step.own)
        own.move(gradient, number + 1, rate, rows)
    return now._replace(by_own=now.by_own * QUICKER, by_vector=now.by_vector * scale)


def _step(now: Detecting, some: Sentences, wanted: Floats, sure: Floats, rng: np.random.Generator) -> _Step:
    mine = now.own[some.words] * np.float32(QUICKER)
    answers = mine @ now.by_own + some.vectors @ now.by_vector
    highest = np.maximum.reduceat(answers, some.starts, axis=0)
    left = (rng.random(highest.shape) > LEFT_OUT).astype(np.float32) / np.float32(1.0 - LEFT_OUT)
    counted = np.maximum(highest + now.bias, 0.0) * left
    wrong = (1.0 / (1.0 + np.exp(-(counted @ now.out + now.usual))) - wanted) * sure / len(wanted)
    back = (wrong @ now.out.T) * left * (highest + now.bias > 0.0)
    lengths = np.diff(some.starts, append=len(some.words))
    is_highest = answers == np.repeat(highest, lengths, axis=0)
    to_words = np.where(is_highest, np.repeat(back, lengths, axis=0), np.float32(0.0))
    matrices = [mine.T @ to_words, some.vectors.T @ to_words, back.sum(axis=0), counted.T @ wrong, wrong.sum(axis=0)]
    return _Step(matrices, to_words @ now.by_own.T * np.float32(QUICKER))


class _Adam:
    """Moves a matrix against its gradients, by their running mean and spread (Kingma and Ba, 2015)."""

    def __init__(self, matrix: Floats) -> None:
        self._matrix = matrix
        self._mean = np.zeros_like(matrix)
        self._spread = np.zeros_like(matrix)

    def move(self, gradient: Floats, step: int, rate: float, rows: Any = slice(None)) -> None:
        """A step, of ``rows`` alone where the gradient is of these; steps are counted from 1."""
        mean = self._mean[rows] * MEAN + gradient * (1 - MEAN)
        spread = self._spread[rows] * SPREAD + gradient * gradient * (1 - SPREAD)
        self._mean[rows], self._spread[rows] = mean, spread
        corrected = np.sqrt(spread / (1 - SPREAD**step)) + NOTHING
        self._matrix[rows] -= (rate / (1 - MEAN**step) * mean / corrected).astype(np.float32)


def _summed(words: NDArray[np.int64], rows: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Each word once, and the sum of its rows."""
    order = np.argsort(words, kind="stable")
    found, firsts = np.unique(words[order], return_index=True)
    return found, np.add.reduceat(rows[order], firsts, axis=0)
