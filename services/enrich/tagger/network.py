"""The network at work: scores for each label of the words that may be part of a name.

Two convolutions. The first reads five words; its product with each word and each context
is the same wherever they stand, so it is made once for a word and remembered. The second
reads three of its results and is a matrix product for the words in question alone.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.enrich.tagger.features import CONTEXTS, Vectors, hashes, listed, normal, parts
from services.enrich.tagger.weights import Weights
from services.enrich.tagger.words import LINE_BREAK
from services.enrich.word_keys import Numbers

Floats = NDArray[np.float32]

REACH: Final = 2  # words to either side that the first convolution reads
_BESIDE: Final = np.array((-1, 0, 1))  # the words that the second convolution reads
EDGE: Final = REACH + 1  # words to either side that the score of a word depends on
# Words remembered with their products, 2.5 kB each; an article has some 300 of its own.
_REMEMBERED: Final = 6000


class Network:
    """Holds no state but what it remembers of words: the same text gives the same scores."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._vectors = Vectors(weights.keys, weights.rows)
        self._first = weights.first.transpose(1, 0, 2).reshape(weights.size, -1)  # all five places at once
        self._second = weights.second.reshape(-1, weights.second.shape[2])
        self._contexts = self._places(np.stack([self._context(number) for number in range(CONTEXTS)]))
        # Most words stand in the context 0; the others are what they differ by from it.
        self._usual = weights.first_bias + self._contexts[0].sum(axis=0)
        self._unlike = self._contexts - self._contexts[0]
        self._products = np.empty((_REMEMBERED, *self._contexts.shape[1:]), np.float32)
        self._capital = np.empty(_REMEMBERED, np.bool_)
        self._known = Numbers()

    def scores(self, ids: NDArray[np.int64], contexts: NDArray[np.int64], wanted: NDArray[np.bool_]) -> Floats:
        """A row of scores, one for each label, for each word that is ``wanted``; ``ids`` as ``ids`` gave them last."""
        count = len(ids)
        places = 2 * REACH + 1
        rows = self._products.reshape(-1, self._products.shape[2])
        row = np.empty(count + 2 * EDGE, np.int64)
        row.fill(self._known[LINE_BREAK] * places)
        row[EDGE:-EDGE] = ids * places
        about = np.zeros(count + 2 * EDGE, np.int64)
        about[EDGE:-EDGE] = contexts
        at = wanted.nonzero()[0] + EDGE
        near = np.zeros(count + 2 * EDGE, np.bool_)
        near[at[:, None] + _BESIDE] = True
        inner = near.nonzero()[0]
        summed = np.empty((len(inner), rows.shape[1]), np.float32)
        summed[:] = self._usual
        product = np.empty_like(summed)
        for place in range(places):
            beside = inner + (place - REACH)
            # Written where there is room already; all are in range, and "clip" spares that check.
            summed += rows.take(row[beside] + place, axis=0, out=product, mode="clip")
            context = about[beside]
            unusual = context.nonzero()[0]
            summed[unusual] += self._unlike[context[unusual], place]
        hidden = np.maximum(summed, 0.0, out=summed)
        middle = (near.cumsum() - 1)[at]  # the row of each wanted word; those beside it stand beside it
        three = hidden.take(middle[:, None] + _BESIDE, axis=0).reshape(len(at), -1)
        second = np.maximum(three @ self._second + self._weights.second_bias, 0.0)
        return second @ self._weights.out + self._weights.out_bias  # type: ignore[no-any-return]

    def capitalised(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which words begin with a capital; ``ids`` as ``ids`` gave them last."""
        return self._capital[ids]

    def ids(self, words: Sequence[str]) -> NDArray[np.int64]:
        """A number for each word, ``LINE_BREAK`` among them, the same for the same word, until the next call."""
        return self._known.of(words, _REMEMBERED, self)

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Remember only the words of these rows, in this order."""
        for remembered in (self._products, self._capital):
            remembered[: len(rows)] = remembered[rows]

    def learn(self, words: Sequence[str], first: int) -> None:
        """Make the rows from ``first`` on, one for each word."""
        end = first + len(words)
        if end > len(self._products):  # a text of more different words than are ever remembered
            self._products = np.empty((end, *self._products.shape[1:]), np.float32)
            self._capital = np.empty(end, np.bool_)
        # One by one: a matrix product's last bits depend on how many rows it has, and a text's names must not
        # depend on what was read before it.
        embedded = self._embedded(words)
        products = self._products.reshape(len(self._products), -1)
        for number, word in enumerate(words):
            at = first + number
            np.matmul(embedded[number : number + 1], self._first, out=products[at : at + 1])
            self._capital[at] = word[0].isupper()

    def _places(self, embedded: Floats) -> Floats:
        """The first convolution's product with each row, for each of its five places."""
        return (embedded @ self._first).reshape(len(embedded), 2 * REACH + 1, -1)

    def _embedded(self, words: Sequence[str]) -> Floats:
        """A row for each word: the sum of all that is known of it."""
        weights = self._weights
        vectors = [self._vectors.rows(word) for word in words]
        total = weights.rows_of("words", [weights.vocabulary.get(normal(word), 0) for word in words])
        total += weights.rows_of("written", [written for written, _ in vectors])
        total += weights.rows_of("low", [low for _, low in vectors])
        total += weights.listed[[listed(word) for word in words]]
        for buckets in zip(*map(hashes, words), strict=True):
            total += weights.rows_of("hashes", list(buckets))
        return total

    def _context(self, number: int) -> Floats:
        label, begins, form = parts(number)
        weights = self._weights
        return weights.rule[label] + weights.begins[begins] + weights.form[form]  # type: ignore[no-any-return]
