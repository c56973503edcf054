"""Documents as the network reads them: numbers for every word, and the label it should find.

Uses the enrich service's own words, features and rules: what the network learns on is
what it will be given. A part of the lines is put into capitals, or written as headlines
are, because wire copy has both and the corpora have neither.
"""

import random
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newswire.article import Article, Source
from services.enrich.entities.find import Finder
from services.enrich.tagger import Span
from services.enrich.tagger.features import OUTSIDE, TYPES, hashes, spelled
from services.enrich.tagger.tagger import contexts, rule_labels
from services.enrich.tagger.words import Words, words
from services.enrich.text import build
from tools.train_tagger.corpora import Document

SHOUTED: Final = 0.05  # of the documents
TITLED: Final = 0.05
_SMALL: Final = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)


class Example(NamedTuple):
    """A document's words with, for each, its hashes (words × 7), its context and its label."""

    source: str
    texts: list[str]
    hashed: NDArray[np.int32]
    contexts: NDArray[np.int32]
    labels: NDArray[np.int32]


class Maker:
    """Makes examples; remembers the hashes of words."""

    def __init__(self, finder: Finder, chance: random.Random) -> None:
        self._finder = finder
        self._chance = chance
        self._hashes: dict[str, tuple[int, ...]] = {}

    def make(self, document: Document) -> Example:
        """The example of a document, now and then in another form."""
        throw = self._chance.random()
        if throw < SHOUTED:
            document = document._replace(text=_shouted(document.text))
        elif throw < SHOUTED + TITLED:
            document = document._replace(text=_titled(document.text))
        return self.plain(document)

    def plain(self, document: Document) -> Example:
        """The example of a document as it is."""
        text = build(
            Article(id="0" * 32, revision=0, body=document.text, source=Source(path="", format="", bytes=0, sha256=""))
        )
        ruled = [one for one in self._finder.rules(text).mentions if one.field == "body"]
        cut = words(document.text)
        labelled = rule_labels(cut, [Span(one.start, one.end, one.type or "other") for one in ruled])
        return Example(
            document.source,
            cut.texts,
            np.array([self._hashed(word) for word in cut.texts], np.int32),
            contexts(cut, [sentence.start for sentence in text.sentences], labelled).astype(np.int32),
            np.array(gold_labels(cut, document.names), np.int32),
        )

    def _hashed(self, word: str) -> tuple[int, ...]:
        found = self._hashes.get(word)
        if found is None:
            found = self._hashes[word] = hashes(word)
        return found


def gold_labels(cut: Words, names: Sequence[Span]) -> list[int]:
    """The label of each word; a name that begins or ends inside a word has the whole word."""
    labels = [OUTSIDE] * len(cut.texts)
    at = 0
    for name in names:
        while cut.ends[at] <= name.start:
            at += 1
        last = at
        while last + 1 < len(cut.starts) and cut.starts[last + 1] < name.end:
            last += 1
        labels[at : last + 1] = spelled(last - at + 1, TYPES.index(name.type))
    return labels


def _shouted(text: str) -> str:
    """In capitals; letters whose capital is longer stay, so that offsets hold."""
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)


def _titled(text: str) -> str:
    """Each word with a capital, but for the small ones within a line."""
    lines = []
    for line in text.split("\n"):
        pieces = line.rstrip(".").split(" ") if line.endswith(".") else line.split(" ")
        lines.append(" ".join(p if n and p in _SMALL else p[:1].upper() + p[1:] for n, p in enumerate(pieces)))
        lines[-1] += " " * (len(line) - len(lines[-1]))  # for the full stop that a headline does not have
    return "\n".join(lines)
