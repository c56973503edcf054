"""Logistic regression for all tags at once, with numpy alone: the same examples give the same numbers.

An example is a row of ones in a sparse half (words and stems) and numbers in a dense one
(classes, rules, vectors). What is minimised is the log loss with a square penalty, by L-BFGS.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

STEPS: Final = 60
OFTEN: Final = 0.01  # of the rows: a column filled in more is kept as one of a matrix
REMEMBERED: Final = 8


class Sparse(NamedTuple):
    """Rows of ones; column 0 is nothing. Columns that are often filled are kept as a matrix, which is faster.

    The rare ones of row i are ``columns`` from ``starts[i]`` on, and every row has one. The same by columns:
    ``owners`` are the rows of column ``filled[j]`` from ``firsts[j]`` on.
    """

    width: int
    often: NDArray[np.int64]
    matrix: Floats
    columns: NDArray[np.int64]
    starts: NDArray[np.int64]
    owners: NDArray[np.int64]
    filled: NDArray[np.int64]
    firsts: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]], width: int) -> "Sparse":
        """From the column numbers of each row, counted from 1."""
        every = np.array([column for row in rows for column in row], np.int64)
        often = np.flatnonzero(np.bincount(every, minlength=width + 1) > OFTEN * len(rows))
        place = np.zeros(width + 1, np.int64)
        place[often] = np.arange(1, len(often) + 1)
        owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        matrix = np.zeros((len(rows), len(often) + 1), np.float32)
        np.add.at(matrix, (owner, place[every]), 1.0)
        each = [[column for column in row if not place[column]] or [0] for row in rows]
        starts = np.cumsum([0, *(len(row) for row in each[:-1])])
        columns = np.array([column for row in each for column in row])
        owner = np.repeat(np.arange(len(rows)), [len(row) for row in each])
        order = np.argsort(columns, kind="stable")
        filled, firsts = np.unique(columns[order], return_index=True)
        return cls(width + 1, often, matrix[:, 1:].copy(), columns, starts, owner[order], filled, firsts)

    def times(self, weights: Floats) -> Floats:
        """The product with a matrix of ``width`` rows, of which the first counts for nothing."""
        rare: Floats = np.add.reduceat(weights[self.columns], self.starts, axis=0)
        return rare + self.matrix @ weights[self.often]

    def across(self, rows: Floats) -> Floats:
        """The product of the transposed matrix with one row for each of ours."""
        product = np.zeros((self.width, rows.shape[1]), np.float32)
        product[self.filled] = np.add.reduceat(rows[self.owners], self.firsts, axis=0)
        product[self.often] = self.matrix.T @ rows
        product[0] = 0.0
        return product


class Fitted(NamedTuple):
    """Weights: one row for each column of the sparse half and of the dense one, and the bias."""

    sparse: Floats
    dense: Floats
    bias: Floats

    def scores(self, sparse: Sparse, dense: Floats) -> Floats:
        """A row for each example."""
        return sparse.times(self.sparse) + dense @ self.dense + self.bias


def fit(sparse: Sparse, dense: Floats, wanted: Floats, known: Floats, *, penalty: float, penalties: Floats) -> Fitted:
    """The weights; ``known`` is how much it counts whether an example has a tag, 0 where nobody knows.

    ``penalty`` is that of every weight of the sparse half, ``penalties`` those of the dense one's columns.
    """
    tags = wanted.shape[1]
    share = (wanted * known).sum(axis=0) / known.sum(axis=0)
    bias = np.log(np.clip(share, 1e-4, 0.5) / (1 - np.clip(share, 1e-4, 0.5)))
    shapes = [(sparse.width, tags), (dense.shape[1], tags), (1, tags)]
    ends = np.cumsum([rows * columns for rows, columns in shapes])

    # In units in which the loss is curved alike along all of them, roughly: so it takes a third of the steps.
    spread = share * (1 - share)
    curved = [
        np.outer(sparse.across(np.ones((len(wanted), 1), np.float32)), spread) + penalty,
        np.outer((dense * dense).sum(axis=0), spread) + penalties[:, None],
        len(wanted) * spread[None],
    ]
    unit = 1.0 / np.sqrt(np.concatenate([rows.ravel() for rows in curved]).astype(np.float64))

    def parts(flat: Doubles) -> list[Floats]:
        cut = np.split((flat * unit).astype(np.float32), ends[:-1])
        return [piece.reshape(shape) for piece, shape in zip(cut, shapes, strict=True)]

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        words, rest, base = parts(flat)
        scores = sparse.times(words) + dense @ rest + base
        lost = float(((np.logaddexp(0, scores) - wanted * scores) * known).sum(dtype=np.float64))
        wrong = (1 / (1 + np.exp(-scores)) - wanted) * known
        by_words = sparse.across(wrong) + penalty * words
        by_rest = dense.T @ wrong + penalties[:, None] * rest
        lost += 0.5 * float(penalty * (words * words).sum() + (penalties[:, None] * rest * rest).sum())
        gradient = [by_words.ravel(), by_rest.ravel(), wrong.sum(axis=0)]
        return lost, np.concatenate(gradient).astype(np.float64) * unit

    start = np.zeros(int(ends[-1]))
    start[ends[-2] :] = bias / unit[ends[-2] :]
    words, rest, base = parts(minimised(loss, start))
    return Fitted(words, rest, base[0])


def minimised(loss: Callable[[Doubles], tuple[float, Doubles]], start: Doubles) -> Doubles:
    """Where ``loss``, a convex function given with its gradient, is smallest, nearly."""
    at = start
    value, gradient = loss(at)
    past: deque[tuple[Doubles, Doubles, float]] = deque(maxlen=REMEMBERED)
    for _ in range(STEPS):
        direction = -_scaled(gradient, past)
        slope = float(direction @ gradient)
        length = 1.0 if past else 1.0 / max(1.0, float(np.abs(gradient).sum()))
        while True:
            there = at + length * direction
            new_value, new_gradient = loss(there)
            if new_value <= value + 1e-4 * length * slope or length < 1e-8:
                break
            length *= 0.5
        moved, turned = there - at, new_gradient - gradient
        if (curve := float(moved @ turned)) > 1e-10:
            past.append((moved, turned, 1.0 / curve))
        done = value - new_value < 1e-6 * abs(value)
        at, value, gradient = there, new_value, new_gradient
        if done:
            break
    return at


def _scaled(gradient: Doubles, past: "deque[tuple[Doubles, Doubles, float]]") -> Doubles:
    """The gradient times what the last steps say of the inverse of the curvature."""
    vector = gradient.copy()
    shares = []
    for moved, turned, inverse in reversed(past):
        share = inverse * float(moved @ vector)
        vector -= share * turned
        shares.append(share)
    if past:
        moved, turned, inverse = past[-1]
        vector *= 1.0 / (inverse * float(turned @ turned))
    for (moved, turned, inverse), share in zip(past, reversed(shares), strict=True):
        vector += moved * (share - inverse * float(turned @ vector))
    return vector
