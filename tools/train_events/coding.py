"""The model of sentences: what it knows of words, its training, and its file."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.enrich.events.model import LAYOUT, RARE, Floats, Vectors, class_bits, rule_weights, stem
from services.enrich.events.rules import book
from services.enrich.events.taxonomy import TAGS
from tools.train_events.context import Context
from tools.train_events.detecting import Detecting, Sentences, taught
from tools.train_events.examples import Example
from tools.train_events.fit import Fitted, Sparse, fit

OFTEN: Final = 3  # sentences that a word or stem must stand in to have a weight
PAIRED: Final = 4  # and two words that follow one another
# Penalties, and what the detectors count beside the sum of all else: chosen by --across.
BY_WORD: Final = 1.3
BY_CLASS: Final = 4.0
BY_RULE: Final = 0.05
BY_VECTOR: Final = 200.0
SHARE: Final = 0.35


class Coding(NamedTuple):
    """What the model knows of words: those with a weight, the share of sentences they are in, stems, pairs, vectors.

    ``pairs`` are words with a weight that follow one another, by their numbers.
    """

    words: list[str]
    share: dict[str, float]
    stems: list[str]
    pairs: list[tuple[int, int]]
    vectors: Vectors
    spread: float

    @classmethod
    def of(cls, examples: Sequence[Example], vectors: Vectors) -> "Coding":
        """From the examples to train on."""
        words = Counter(word for one in examples for word in set(one.words))
        stems = Counter(root for one in examples for root in {stem(word) for word in one.words})
        kept = sorted(word for word, count in words.items() if count >= OFTEN)
        coding = cls(
            kept,
            {word: words[word] / len(examples) for word in kept},
            sorted(root for root, count in stems.items() if count >= OFTEN),
            [],
            vectors,
            1.0,
        )
        number = {word: at for at, word in enumerate(kept)}
        pairs = Counter(pair for one in examples for pair in set(coding.paired(one, number)))
        coding = coding._replace(pairs=sorted(pair for pair, count in pairs.items() if count >= PAIRED))
        return coding._replace(spread=float(coding.means(examples).std(axis=0).mean()))

    @staticmethod
    def paired(one: Example, number: Mapping[str, int]) -> Iterator[tuple[int, int]]:
        """The numbers of words that follow one another and both have one."""
        for first, second in pairwise(map(number.get, one.words)):
            if first is not None and second is not None:
                yield first, second

    def sparse(self, examples: Sequence[Example]) -> Sparse:
        """The words, stems and pairs of each example."""
        number = {word: at for at, word in enumerate(self.words)}
        stems = {root: at for at, root in enumerate(self.stems, len(number) + 1)}
        pairs = {pair: at for at, pair in enumerate(self.pairs, len(number) + len(stems) + 1)}
        rows = [
            [number[word] + 1 for word in one.words if word in number]
            + [stems[root] for root in map(stem, one.words) if root in stems]
            + [pairs[pair] for pair in set(self.paired(one, number)) if pair in pairs]
            for one in examples
        ]
        return Sparse.of(rows, len(number) + len(stems) + len(pairs))

    def means(self, examples: Sequence[Example]) -> Floats:
        """The mean of the vectors of each example's words."""
        rows = np.zeros((len(examples), self.vectors.size), np.float32)
        for at, one in enumerate(examples):
            total = 0.0
            for word, vector in zip(one.words, self.vectors.of(one.words), strict=True):
                if vector.any():
                    weight = RARE / (RARE + self.share.get(word, 0.0))
                    rows[at] += weight * vector
                    total += weight
            rows[at] /= max(total, 1e-6)
        return rows / self.spread

    def dense(self, examples: Sequence[Example]) -> Floats:
        """The classes, the rules and the vectors of each example."""
        return np.concatenate(
            [
                class_bits([one.mask for one in examples], len(book().phrases.bit)),
                rule_weights([one.raised for one in examples]),
                self.means(examples),
            ],
            axis=1,
        )

    @property
    def penalties(self) -> Floats:
        """Of the columns of ``dense``."""
        counts = [len(book().phrases.bit), len(TAGS), self.vectors.size]
        return np.repeat(np.array([BY_CLASS, BY_RULE, BY_VECTOR], np.float32), counts)


class Trained(NamedTuple):
    """A linear model and detectors, of the same words; the score of a sentence is `SHARE` from these."""

    coding: Coding
    fitted: Fitted
    detecting: Detecting

    def scores(self, examples: Sequence[Example]) -> Floats:
        """A row for each example."""
        linear = self.fitted.scores(self.coding.sparse(examples), self.coding.dense(examples))
        detected = self.detecting.scores(Sentences.of(examples, self.coding.words, self.coding.vectors))
        return np.float32(1 - SHARE) * linear + np.float32(SHARE) * detected


def trained(examples: Sequence[Example], vectors: Vectors) -> Trained:
    """The model of some examples."""
    coding = Coding.of(examples, vectors)
    wanted, known = (np.stack([getattr(one, name) for one in examples]) for name in ("wanted", "known"))
    fitted = fit(
        coding.sparse(examples), coding.dense(examples), wanted, known, penalty=BY_WORD, penalties=coding.penalties
    )
    detecting = taught(Sentences.of(examples, coding.words, vectors), len(coding.words), wanted, known)
    return Trained(coding, fitted, detecting)


def arrays(model: Trained, context: Context, count: int) -> dict[str, NDArray[Any]]:
    """What ``services.enrich.events.model`` reads; rows of words in eight bits a number."""
    coding, fitted, detecting = model
    linear = np.float32(1 - SHARE)
    classes = list(book().phrases.bit)
    by_class, by_rule, by_vector = np.split(fitted.dense * linear, [len(classes), len(classes) + len(TAGS)])
    lexical, lexical_scale = _eight_bits(fitted.sparse[1:] * linear)
    own, own_scale = _eight_bits(detecting.own)
    keys = np.array([first * len(coding.words) + second for first, second in coding.pairs], np.int64)
    about = {"layout": LAYOUT, "tags": list(TAGS), "classes": classes, "sentences": count}
    return {
        "about": np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8),
        "words": np.frombuffer(" ".join(coding.words).encode(), np.uint8),
        "stems": np.frombuffer(" ".join(coding.stems).encode(), np.uint8),
        "pair_steps": np.diff(keys, prepend=0).astype(np.uint32),
        "share": np.array([coding.share[word] for word in coding.words], np.float16),
        "lexical": lexical,
        "lexical_scale": lexical_scale,
        "rule": by_rule.astype(np.float16),
        "vector": (by_vector / coding.spread).astype(np.float16),
        "bias": (fitted.bias * linear + detecting.usual * SHARE).astype(np.float16),
        "class": by_class.astype(np.float16),
        "own": own,
        "own_scale": own_scale,
        "by_own": detecting.by_own.astype(np.float16),
        "by_vector": detecting.by_vector.astype(np.float16),
        "detector_bias": detecting.bias.astype(np.float16),
        "out": (detecting.out * SHARE).astype(np.float16),
        "context": context.shares,
        "usual": context.usual,
    }


def _eight_bits(rows: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Whole numbers, and what one is in each row."""
    scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True) / 127, 1e-6).astype(np.float16)
    return np.round(rows / scale.astype(np.float32)).clip(-127, 127).astype(np.int8), scale
