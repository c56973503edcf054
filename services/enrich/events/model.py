"""How likely each tag is for each sentence of an article: a model of its words, their vectors, and the rules.

A sentence is its words, their stems and pairs of words (what ``weights.npz`` has a row for), the mean of
its words' vectors (``vectors.npz``, rare words counting more), the classes of the phrases and
names in it, and what the trigger rules say; all this adds up, and with it what
``detectors`` make of single words. Names are no words of it: what happened must not follow
from where. Trained by ``tools/train_events``.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.enrich.events.detectors import LOWEST, Answers, Detectors
from services.enrich.events.rules import book
from services.enrich.events.scan import Clause
from services.enrich.events.taxonomy import TAGS
from services.enrich.word_keys import Numbers, key_of

Floats = NDArray[np.float32]
Numbered = NDArray[np.int64]

LAYOUT: Final = 4
MANY: Final = 15  # sentences that count for an article: those that taught this have no more
ABSENT: Final = -30.0  # the scores of a headline that is not there
RARE: Final = 0.005  # the share of sentences at which a word counts half in the mean of vectors
NOTHING: Final = -1  # the row of no word
COLUMN: Final = 64  # words of a sentence that are added up at once
TOGETHER: Final = 512  # pairs of words that are
_REMEMBERED: Final = 6000  # words remembered with their products, three quarters of a kilobyte each
_ENDINGS: Final = ("ing", "ed", "er", "ly", "ion")
NUMBER: Final = {tag: at for at, tag in enumerate(TAGS)}


def words(clause: Clause) -> list[str]:
    """The words of a sentence that are not in a name, each once."""
    return list(dict.fromkeys(clause.spoken.split()))


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
        self._keys: NDArray[np.uint32] = np.cumsum(arrays["key_steps"], dtype=np.uint32)
        self._table: NDArray[np.int8] = arrays["table"]
        self._scale = arrays["scale"].astype(np.float32)
        self.size = self._table.shape[1]

    def of(self, words: Sequence[str]) -> Floats:
        """A row for each of some words in lower case: its vector, zeros where there is none."""
        keys = np.fromiter(map(key_of, words), np.uint32, len(words))
        places = self._keys.searchsorted(keys)
        there = self._keys.take(places, mode="clip") == keys
        vectors: Floats = self._table.take(places, axis=0, mode="clip") * self._scale
        vectors[~there] = 0.0
        return vectors


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

    ``whole`` is that of the article for each tag. ``rows`` has the row of ``says`` for each word of each sentence, one
    behind the other, and is good until the model reads the next article.
    """

    scores: Floats
    whole: Floats
    words: list[list[str]]
    rows: Numbered
    starts: Numbered
    says: Floats

    def in_context(self) -> Floats:
        """The scores as the article makes them: its best sentence is as likely to tell an event as the article.

        Where the article makes an event likelier, each of its sentences is; where it makes it less likely, none is
        likelier than the article, but those that were unlikely anyway are not more so.
        """
        lifted: Floats = np.minimum(self.scores + np.maximum(self.whole - self.scores.max(axis=0), 0.0), self.whole)
        return lifted

    def heads(self, asked: Sequence[tuple[int, int]], clauses: Sequence[Clause]) -> list[tuple[int, int]]:
        """Where the word stands that says most for a tag: offsets of the body.

        A sentence and a tag are asked for by their numbers. Of a sentence without words it is the sentence.
        """
        if not asked:
            return []
        sentences, tags = np.array(asked).T
        lengths = np.array([len(self.words[at]) for at, _ in asked])
        places = np.arange(max(lengths.max(), 1))[:, None]
        there = places < lengths
        rows = self.rows.take(np.where(there, self.starts[sentences] + places, 0), mode="clip")
        shares = np.where(there, self.says[rows, -1], 0.0).sum(axis=0)
        says = self.says[rows, tags] + self.says[rows, len(TAGS) + tags] / np.maximum(shares, 1e-6)
        most = np.where(there, says, -np.inf).argmax(axis=0).tolist()
        return [
            _found(clauses[at], self.words[at][place : place + 1]) for (at, _), place in zip(asked, most, strict=True)
        ]


def _found(clause: Clause, some: Sequence[str]) -> tuple[int, int]:
    """Where the word of a sentence stands; the sentence where there is none."""
    base, end = clause.sentence.start, clause.sentence.end
    for word in some:
        at = f" {clause.lower} ".find(f" {word} ")
        if at >= 0:
            return base + at, base + at + len(word)
    return base, end


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
        # Two words that follow one another are found by their numbers.
        self._pairs: Numbered = np.cumsum(arrays["pair_steps"], dtype=np.int64)
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
        self._detectors = Detectors(arrays)
        self._make_room(_REMEMBERED)

    def read(self, clauses: Sequence[Clause], by_rules: Floats) -> "Reading":
        """What the model makes of an article; ``by_rules`` is what the rules say of each sentence (``rule_weights``).

        The last of ``clauses`` is the headline, which may be empty.
        """
        total: Floats = class_bits([clause.mask for clause in clauses], len(self._by_class)) @ self._by_class
        total += by_rules @ self._by_rule + self._bias
        cut = [words(clause) for clause in clauses]
        rows = self._known.of([word for some in cut for word in some], _REMEMBERED, self)
        lengths = np.array(list(map(len, cut)))
        starts = lengths.cumsum() - lengths
        count = len(TAGS)
        sums, answers = self._gathered(rows, starts, lengths)
        self._add_pairs(total, rows, lengths)
        total += sums[:, :count] + sums[:, count:-1] / np.maximum(sums[:, -1:], 1e-6)
        total += self._detectors.scores(answers) * (lengths > 0)[:, None]
        titled = bool(clauses[-1].lower)
        if not titled:
            total[-1] = ABSENT
        return Reading(total, self._whole(total, titled=titled), cut, rows, starts, self._products)

    def _gathered(self, rows: Numbered, starts: Numbered, lengths: Numbered) -> tuple[Floats, Answers]:
        """What the words of each sentence say together, and the highest answer of each detector.

        The sentences stand beside one another, as columns filled up with nothing: so what is done is done for all of
        them at once. Those of very many words are several columns.
        """
        first = None
        if lengths.max() > COLUMN:
            parts = np.maximum(-(-lengths // COLUMN), 1)
            first = parts.cumsum() - parts
            before = (np.arange(parts.sum()) - np.repeat(first, parts)) * COLUMN
            starts = np.repeat(starts, parts) + before
            lengths = np.minimum(np.repeat(lengths, parts) - before, COLUMN)
        down = np.arange(max(lengths.max(), 1))[:, None]
        table = np.append(rows, NOTHING).take(np.where(down < lengths, starts + down, len(rows)))
        sums: Floats = self._products.take(table, axis=0).sum(axis=0)
        answers: Answers = self._answers.take(table, axis=0).max(axis=0)
        if first is not None:
            sums, answers = np.add.reduceat(sums, first, axis=0), np.maximum.reduceat(answers, first, axis=0)
        return sums, answers

    def _add_pairs(self, total: Floats, rows: Numbered, lengths: Numbered) -> None:
        """Add what words say that follow one another in a sentence."""
        places = self._places.take(rows)
        follows = np.repeat(np.arange(len(lengths)), lengths)
        known = ((places[:-1] >= 0) & (places[1:] >= 0) & (follows[:-1] == follows[1:])).nonzero()[0]
        keys = places.take(known) * len(self._words) + places.take(known + 1)
        found = self._pairs.searchsorted(keys)
        there = (self._pairs.take(found, mode="clip") == keys).nonzero()[0]
        pairs = found.take(there) + (len(self._words) + len(self._stems))
        sentences = follows.take(known.take(there))
        for start in range(0, len(pairs), TOGETHER):
            some, of = pairs[start : start + TOGETHER], sentences[start : start + TOGETHER]
            # A product takes a third of the time of a sum by sentences.
            weighed = np.zeros((of[-1] - of[0] + 1, len(some)), np.float32)
            weighed[of - of[0], np.arange(len(some))] = self._scale.take(some)
            total[of[0] : of[-1] + 1] += weighed @ self._lexical.take(some, axis=0)

    def _whole(self, scores: Floats, *, titled: bool) -> Floats:
        """The score of each tag for the whole article."""
        whole: Floats = scores[-1]
        if len(scores) == 1:
            return whole
        whole = self._shares[int(titled)] @ gathered(scores, titled=titled) + self._usual[int(titled)]
        return whole

    def learn(self, some: Sequence[str], first: int) -> None:
        """Work out of new words what is remembered of them.

        That is what each says for each tag, what its vector does times its share in the mean, that share, and what the
        detectors answer.
        """
        end = first + len(some)
        if end >= len(self._products):  # a text of more different words than are ever remembered
            self._make_room(end)
        told = list(map(normal, some))
        vectors = self._vectors.of(told)
        places = np.array([self._words.get(word, -1) for word in told])
        stems = np.array([self._stems.get(stem(word), -1) for word in told])
        self._places[first:end] = places
        self._answers[first:end] = self._detectors.answers(places + 1, vectors)
        self._say(self._products[first:end], places, stems, vectors)

    def keep(self, rows: Numbered) -> None:
        """Remember only the words of these rows, in this order."""
        for remembered in (self._products, self._answers, self._places):
            remembered[: len(rows)] = remembered[rows]

    def _say(self, rows: Floats, places: Numbered, stems: Numbered, vectors: Floats) -> None:
        """Fill the rows of words: ``places`` are theirs among known words, ``stems`` among known stems, -1 for none."""
        count = len(TAGS)
        rows[:, :count] = self._lexical.take(places, axis=0, mode="clip") * self._told(places)[:, None]
        stems = np.where(stems < 0, stems, stems + len(self._words))
        rows[:, :count] += self._lexical.take(stems, axis=0, mode="clip") * self._told(stems)[:, None]
        share = np.where(places < 0, 0.0, self._share.take(places, mode="clip"))
        rows[:, -1] = np.where(vectors.any(axis=1), RARE / (RARE + share), 0.0)
        # One by one: a matrix product's last bits depend on how many rows it has, and a text's events must not depend
        # on what was read before it.
        for row, vector in zip(rows[:, count:-1], vectors, strict=True):
            np.matmul(vector, self._by_vector, out=row)
        rows[:, count:-1] *= rows[:, -1:]

    def _told(self, places: Numbered) -> Floats:
        """What a step of these rows is worth: nothing of those that are not there."""
        worth: Floats = np.where(places < 0, np.float32(0.0), self._scale.take(places, mode="clip"))
        return worth

    def _make_room(self, many: int) -> None:
        """A row for each word, and the last for none."""
        self._products = np.empty((many + 1, 2 * len(TAGS) + 1), np.float32)
        self._answers: Answers = np.empty((many + 1, self._detectors.count), np.int16)
        self._places = np.empty(many + 1, np.int64)
        self._products[NOTHING], self._answers[NOTHING] = 0.0, LOWEST


def read(name: str) -> dict[str, NDArray[Any]]:
    """The arrays of a file of this package."""
    with as_file(files(__package__) / name) as path, np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


@cache
def model() -> Model:
    """The model that comes with this package, loaded once."""
    return Model(read("weights.npz"), Vectors(read("vectors.npz")))
