"""The sentences that the model of events is trained on, and what it reads of each.

``sentences/*.txt`` have a line ``tag, tag … | sentence`` each, ``-`` for none; the files
were written independently of one another and of the rules. The taxonomy's own examples come along: a match has
its tag, of a miss nothing is known but that it has not. So do the articles of our own gold texts that may be
looked at (none of those that are unlike them): no sentence has a tag that its article has not.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from bench.quality.event_texts import HALVES, articles
from newswire.article import Article, Source
from services.enrich.dates import find_times
from services.enrich.entities import Finder
from services.enrich.events.model import Floats, normal, words
from services.enrich.events.rules import book
from services.enrich.events.scan import read
from services.enrich.events.taxonomy import TAGS, TAXONOMY
from services.enrich.events.trigger import raised
from services.enrich.model import Text
from services.enrich.text import build

SENTENCES: Final = Path(__file__).parent / "sentences"
ARTICLES: Final = HALVES["own"] / "articles.txt"
OWN: Final = "own"  # where the examples of the taxonomy and of the gold texts come from
_TAG: Final = {tag: at for at, tag in enumerate(TAGS)}


class Labelled(NamedTuple):
    """A sentence; ``known`` are the tags of which it is known whether it has them, None for all."""

    source: str
    sentence: str
    tags: frozenset[str]
    known: frozenset[str] | None = None


class Example(NamedTuple):
    """A sentence as the model reads it."""

    source: str
    words: list[str]
    mask: int
    raised: dict[str, float]
    wanted: Floats
    known: Floats


def labelled(directory: Path = SENTENCES) -> Iterator[Labelled]:
    """All sentences; raises ValueError at a line without a bar or with a tag that does not exist."""
    for file in sorted(directory.glob("*.txt")):
        for line in file.read_text("utf-8").splitlines():
            tags, bar, sentence = line.partition(" | ")
            told = frozenset(tag.strip() for tag in tags.split(",")) - {"-"}
            if not bar or not told <= TAXONOMY.keys():
                raise ValueError(f"{file.name}: {line!r} is not 'tags | sentence'.")
            yield Labelled(file.stem, sentence, told)
    for tag in TAXONOMY.values():
        yield from (Labelled(OWN, sentence, frozenset((tag.id,))) for sentence in tag.matches)
        yield from (Labelled(OWN, sentence, frozenset(), frozenset((tag.id,))) for sentence in tag.misses)
    for article in articles(ARTICLES):
        absent = TAXONOMY.keys() - article.tags - article.optional
        yield Labelled(OWN, article.title, frozenset(), absent)
        for sentence in (text := _text(article.body)).sentences:
            yield Labelled(OWN, text.body[sentence.start : sentence.end], frozenset(), absent)


def example(one: Labelled, finder: Finder) -> Example:
    """What the service would find in the sentence, were it an article."""
    text = _text(one.sentence)
    names, _ = finder.find(text, "en")
    clauses = read(text, names, find_times(text, "en"), book().phrases)
    weights: dict[str, float] = {}
    mask = 0
    for clause in clauses:
        mask |= clause.mask
        for tag, (weight, _) in raised(clause, book()).items():
            weights[tag] = max(weight, weights.get(tag, 0.0))
    return Example(
        one.source,
        [normal(word) for clause in clauses for word in words(clause)],
        mask,
        weights,
        _row(one.tags),
        np.ones(len(TAGS), np.float32) if one.known is None else _row(one.known),
    )


def _text(body: str) -> Text:
    return build(
        Article(id="", revision=1, title=None, body=body, source=Source(path="", format="", bytes=0, sha256=""))
    )


def _row(tags: frozenset[str]) -> Floats:
    row = np.zeros(len(TAGS), np.float32)
    row[[_TAG[tag] for tag in sorted(tags)]] = 1.0
    return row
