"""The sentences that the model of events is trained on, and what it reads of each.

``sentences/*.txt`` have a line ``tag, tag … | sentence`` each, ``-`` for none; the files
were written independently of one another and of the rules. In some a line ``== number`` begins an article,
of which the next line is the headline. The taxonomy's own examples come along: a match has
its tag, of a miss nothing is known but that it has not. So do the articles of our own gold texts that may be
looked at (none of those that are unlike them): no sentence has a tag that its article has not.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import accumulate, groupby
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from bench.quality.event_texts import HALVES, articles
from newswire.article import Article, Source
from services.enrich.dates import find_times
from services.enrich.entities import Finder
from services.enrich.events.detect import headline
from services.enrich.events.model import Floats, normal, words
from services.enrich.events.rules import book
from services.enrich.events.scan import Clause, read
from services.enrich.events.taxonomy import TAGS, TAXONOMY
from services.enrich.events.trigger import raised
from services.enrich.model import Name, Text, Time
from services.enrich.text import build

SENTENCES: Final = Path(__file__).parent / "sentences"
ARTICLES: Final = HALVES["own"] / "articles.txt"
OWN: Final = "own"  # where the examples of the taxonomy and of the gold texts come from
OWN_COUNTS: Final = 50.0  # sentences, each of those: they say what a definition means
# The day on which labelled texts are taken to be published.
WRITTEN: Final = datetime(2025, 2, 7, 12, tzinfo=UTC)
_BEGINS: Final = re.compile(r"== (\d+)")
_TAG: Final = {tag: at for at, tag in enumerate(TAGS)}


class Labelled(NamedTuple):
    """A sentence; ``known`` are the tags of which it is known whether it has them, None for all.

    ``article`` is the number of its article in its source, 0 where it stands alone.
    """

    source: str
    sentence: str
    tags: frozenset[str]
    known: frozenset[str] | None = None
    article: int = 0


class Example(NamedTuple):
    """A sentence as the model reads it."""

    source: str
    words: list[str]
    mask: int
    raised: dict[str, float]
    wanted: Floats
    known: Floats
    article: int = 0


class Report(NamedTuple):
    """A labelled article, and what the steps before the events find in it; ``tags`` are those of its sentences."""

    source: str
    article: int
    text: Text
    names: list[Name]
    times: list[Time]
    tags: frozenset[str]
    headline: frozenset[str]


def labelled(directory: Path = SENTENCES) -> Iterator[Labelled]:
    """All sentences; raises ValueError at a line without a bar or with a tag that does not exist."""
    for file in sorted(directory.glob("*.txt")):
        article = 0
        for line in file.read_text("utf-8").splitlines():
            if begun := _BEGINS.fullmatch(line):
                article = int(begun[1])
                continue
            tags, bar, sentence = line.partition(" | ")
            told = frozenset(tag.strip() for tag in tags.split(",")) - {"-"}
            if not bar or not told <= TAXONOMY.keys():
                raise ValueError(f"{file.name}: {line!r} is not 'tags | sentence'.")
            yield Labelled(file.stem, sentence, told, article=article)
    for tag in TAXONOMY.values():
        yield from (Labelled(OWN, sentence, frozenset((tag.id,))) for sentence in tag.matches)
        yield from (Labelled(OWN, sentence, frozenset(), frozenset((tag.id,))) for sentence in tag.misses)
    for article in articles(ARTICLES):
        absent = TAXONOMY.keys() - article.tags - article.optional
        yield Labelled(OWN, article.title, frozenset(), absent)
        for sentence in (text := _text(article.body)).sentences:
            yield Labelled(OWN, text.body[sentence.start : sentence.end], frozenset(), absent)


def examples(sentences: Iterable[Labelled], finder: Finder) -> tuple[list[Example], list[Report]]:
    """What the service would find in each sentence: in its article, or were it one itself; and the articles."""
    found: list[Example] = []
    reports: list[Report] = []
    for (_, number), group in groupby(sentences, lambda one: (one.source, one.article)):
        some = list(group)
        if not number:
            found += [_example(one, _clauses(_text(one.sentence), finder)) for one in some]
            continue
        title, *body = some
        text = _text("\n".join(one.sentence for one in body), title.sentence)
        names, _ = finder.find(text, "en")
        times = find_times(text, "en")
        clauses = read(text, names, times, book().phrases)
        starts = list(accumulate((len(one.sentence) + 1 for one in body), initial=0))
        found.append(_example(title, [headline(text.title or "", names, book())]))
        lines = defaultdict[int, list[Clause]](list)
        for clause in clauses:
            lines[bisect_right(starts, clause.sentence.start) - 1].append(clause)
        found += [_example(one, lines[at]) for at, one in enumerate(body)]
        told = frozenset[str]().union(*(one.tags for one in some))
        reports.append(Report(title.source, number, text, names, times, told, title.tags))
    return found, reports


def _clauses(text: Text, finder: Finder) -> list[Clause]:
    names, _ = finder.find(text, "en")
    return read(text, names, find_times(text, "en"), book().phrases)


def _example(one: Labelled, clauses: Sequence[Clause]) -> Example:
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
        (np.ones(len(TAGS), np.float32) if one.known is None else _row(one.known))
        * np.float32(OWN_COUNTS if one.source == OWN else 1.0),
        one.article,
    )


def _text(body: str, title: str | None = None) -> Text:
    source = Source(path="", format="", bytes=0, sha256="")
    return build(Article(id="", revision=1, title=title, body=body, published_at=WRITTEN, source=source))


def _row(tags: frozenset[str]) -> Floats:
    row = np.zeros(len(TAGS), np.float32)
    row[[_TAG[tag] for tag in sorted(tags)]] = 1.0
    return row
