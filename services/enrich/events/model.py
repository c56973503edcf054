"""How likely each tag is for each sentence of an article: a model of its words, their vectors, and the rules.

A sentence is its words and their stems (what ``weights.npz`` has a row for), the mean of
its words' vectors (``vectors.npz``, rare words counting more), the classes of the phrases and
names in it, and what the trigger rules say; all this adds up, and with it what
``detectors`` make of single words. Names are no words of it: what happened must not follow
from where. Trained by ``tools/train_events``.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.enrich.events.detectors import Answers, Detectors
from services.enrich.events.rules import book
from services.enrich.events.scan import Clause
from services.enrich.events.taxonomy import TAGS
from services.enrich.word_keys import Numbers, place_of

Floats = NDArray[np.float32]

LAYOUT: Final = 3
MANY: Final = 15  # sentences that count for an article: those that taught this have no more
ABSENT: Final = -30.0  # the scores of a headline that is not there
RARE: Final = 0.005  # the share of sentences at which a word counts half in the mean of vectors
_REMEMBERED: Final = 6000  # words remembered with their products, three quarters of a kilobyte each
_ENDINGS: Final = ("ing", "ed", "er", "ly", "ion")
NUMBER: Final = {tag: at for at, tag in enumerate(TAGS)}


def words(clause: Clause) -> list[str]:
    """The words of a sentence that are not in a name, each once."""
    lower = clause.lower
    if not clause.names:
        return list(dict.fromkeys(lower.split()))
    base = clause.sentence.start
    between = []
    at = 0
    for name in clause.names:
        between.append(lower[at : name.start - base])
        at = name.end - base
    return list(dict.fromkeys(" ".join([*between, lower[at:]]).split()))


def normal(word: str) -> str:
    """The word, or 0 for what has a digit in it."""
    return word if word.isalpha() or not any(map(str.isdigit, word)) else "0"


def stem(word: str) -> str:
    """What forms of a word have in common, roughly."""
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def class_bits(masks: Sequence[int], count: int) -> Floats:
    """A row of ``count`` zeros and ones for each mask."""
    size = count // 8 + 1
    packed = np.frombuffer(b"".join(mask.to_bytes(size, "little") for mask in masks), np.uint8)
    bits = np.unpackbits(packed.reshape(len(masks), size), axis=1, count=count, bitorder="little")
    return bits.astype(np.float32)


def rule_weights(raised: Sequence[Mapping[str, float]]) -> Floats:
    """A row of weights, one for each tag, for what the rules say of each sentence."""
    rows = np.zeros((len(raised), len(TAGS)), np.float32)
    for row, weights in zip(rows, raised, strict=True):
        for tag, weight in weights.items():
            row[NUMBER[tag]] = weight
    return rows


class Vectors:
    """Vectors of frequent words, found by their hashes; one word in a hundred thousand is taken for another."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._keys = np.cumsum(arrays["key_steps"], dtype=np.uint32).data
        self._table: NDArray[np.int8] = arrays["table"]
        self._scale = arrays["scale"].astype(np.float32)
        self.size = self._table.shape[1]

    def of(self, word: str) -> Floats | None:
        """The vector of a word in lower case; None where there is none."""
        at = place_of(self._keys, word)
        if at is None:
            return None
        vector: Floats = self._table[at] * self._scale
        return vector


def gathered(scores: Floats, *, titled: bool) -> Floats:
    """What of the scores of an article bears on whether it tells an event: four numbers for each tag.

    They are the score of the headline, which is the last row (0 where there is none), that of the best
    sentence, that of all together, and the logarithm of their number. Of each tag the `MANY` best sentences count: a
    thousand lines of a table that are unlikely alike tell nothing together.
    """
    body = scores[:-1]
    if len(body) > MANY:
        body = np.partition(body, -MANY, axis=0)[-MANY:]
    best = body.max(axis=0)
    some = np.concatenate([body, scores[-1:]]) if titled else body
    top = some.max(axis=0)
    together = top + np.log(np.exp(some - top).sum(axis=0))
    title = scores[-1] if titled else np.zeros_like(best)
    numbers: Floats = np.stack([title, best, together, np.full_like(best, np.log(len(body)))])
    return numbers


class Reading(NamedTuple):
    """The scores of sentences and headline, a number for each tag: the greater, the likelier; what each word says.

    ``whole`` is that of the article for each tag.
    """

    scores: Floats
    whole: Floats
    words: list[list[str]]
    rows: Floats
    ends: list[int]

    def in_context(self) -> Floats:
        """The scores as the article makes them: its best sentence is as likely to tell an event as the article.

        Where the article makes an event likelier, each of its sentences is; where it makes it less likely, none is
        likelier than the article, but those that were unlikely anyway are not more so.
        """
        lifted: Floats = np.minimum(self.scores + np.maximum(self.whole - self.scores.max(axis=0), 0.0), self.whole)
        return lifted

    def head(self, at: int, clause: Clause, tag: str) -> tuple[int, int]:
        """Where the word of sentence ``at`` stands that says most for ``tag``: offsets of the body.

        Of a sentence without words it is the sentence.
        """
        told = self.words[at]
        if told:
            rows = self.rows[self.ends[at] - len(told) : self.ends[at]]
            number = NUMBER[tag]
            says = rows[:, number] + rows[:, len(TAGS) + number] / max(float(rows[:, -1].sum()), 1e-6)
            word = told[int(says.argmax())]
            start = f" {clause.lower} ".find(f" {word} ")
            if start >= 0:
                return clause.sentence.start + start, clause.sentence.start + start + len(word)
        return clause.sentence.start, clause.sentence.end


class Model:
    """Holds no state but what it remembers of words: the same text gives the same numbers."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], vectors: Vectors) -> None:
        """Take the arrays of a file; raises ValueError where it is of another layout or for other tags."""
        about = json.loads(bytes(arrays["about"]).decode())
        if about["layout"] != LAYOUT or about["tags"] != list(TAGS):
            raise ValueError("The weights of the events are of another layout or taxonomy: `make train-events`.")
        self.about: dict[str, Any] = about
        self._words, self._stems = (
            {word: at for at, word in enumerate(bytes(arrays[name]).decode().split(" "))} for name in ("words", "stems")
        )
        self._share = arrays["share"].astype(np.float32)
        self._lexical: NDArray[np.int8] = arrays["lexical"]
        self._scale = arrays["lexical_scale"].astype(np.float32)
        self._vectors = vectors
        self._by_vector = arrays["vector"].astype(np.float32)
        self._by_rule = arrays["rule"].astype(np.float32)
        self._bias = arrays["bias"].astype(np.float32)
        self._shares = arrays["context"].astype(np.float32)
        self._usual = arrays["usual"].astype(np.float32)
        bits = book().phrases.bit
        known = dict(zip(about["classes"], arrays["class"].astype(np.float32), strict=True))
        unknown = np.zeros(len(TAGS), np.float32)
        self._by_class = np.stack([known.get(name, unknown) for name in bits])
        self._known = Numbers()
        self._products = np.empty((_REMEMBERED, 2 * len(TAGS) + 1), np.float32)
        self._detectors = Detectors(arrays)
        self._answers: Answers = np.empty((_REMEMBERED, self._detectors.count), np.int16)

    def read(self, clauses: Sequence[Clause], by_rules: Floats) -> "Reading":
        """What the model makes of an article; ``by_rules`` is what the rules say of each sentence (``rule_weights``).

        The last of ``clauses`` is the headline, which may be empty.
        """
        total: Floats = class_bits([clause.mask for clause in clauses], len(self._by_class)) @ self._by_class
        total += by_rules @ self._by_rule + self._bias
        cut = [words(clause) for clause in clauses]
        numbers = self._known.of([word for some in cut for word in some], _REMEMBERED, self._learn)
        rows: Floats = self._products.take(numbers, axis=0)
        ends = list(accumulate(map(len, cut)))
        filled = [at for at, some in enumerate(cut) if some]
        if filled:
            count = len(TAGS)
            starts = [ends[at] - len(cut[at]) for at in filled]
            sums = np.add.reduceat(rows, starts, axis=0)
            sums[:, :count] += sums[:, count:-1] / np.maximum(sums[:, -1:], 1e-6)
            sums[:, :count] += self._detectors.scores(self._answers.take(numbers, axis=0), starts)
            total[filled] += sums[:, :count]
        titled = bool(clauses[-1].lower)
        if not titled:
            total[-1] = ABSENT
        return Reading(total, self._whole(total, titled=titled), cut, rows, ends)

    def _whole(self, scores: Floats, *, titled: bool) -> Floats:
        """The score of each tag for the whole article."""
        whole: Floats = scores[-1]
        if len(scores) == 1:
            return whole
        whole = self._shares[int(titled)] @ gathered(scores, titled=titled) + self._usual[int(titled)]
        return whole

    def _learn(self, some: Sequence[str], first: int) -> None:
        """Work out of new words what is remembered of them.

        That is what each says for each tag, what its vector does times its share in the mean, that share, and what the
        detectors answer.
        """
        end = first + len(some)
        if end > len(self._products):  # a text of more different words than are ever remembered
            self._products = np.empty((end, self._products.shape[1]), np.float32)
            self._answers = np.empty((end, self._answers.shape[1]), np.int16)
        told = list(map(normal, some))
        vectors = np.zeros((len(told), self._vectors.size), np.float32)
        for vector, word in zip(vectors, told, strict=True):
            if (found := self._vectors.of(word)) is not None:
                vector[:] = found
        for number, word, vector in zip(range(first, end), told, vectors, strict=True):
            self._products[number] = self._product(word, vector)
        self._answers[first:end] = self._detectors.answers([self._words.get(word, -1) + 1 for word in told], vectors)

    def _product(self, word: str, vector: Floats) -> Floats:
        count = len(TAGS)
        row = np.zeros(2 * count + 1, np.float32)
        share = 0.0
        at = self._words.get(word)
        if at is not None:
            row[:count] += self._lexical[at] * self._scale[at]
            share = float(self._share[at])
        at = self._stems.get(stem(word))
        if at is not None:
            at += len(self._words)
            row[:count] += self._lexical[at] * self._scale[at]
        if vector.any():
            row[-1] = RARE / (RARE + share)
            row[count:-1] = row[-1] * (vector @ self._by_vector)
        return row


def read(name: str) -> dict[str, NDArray[Any]]:
    """The arrays of a file of this package."""
    with as_file(files(__package__) / name) as path, np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


@cache
def model() -> Model:
    """The model that comes with this package, loaded once."""
    return Model(read("weights.npz"), Vectors(read("vectors.npz")))
