"""``make train-events``: from labelled sentences to the weights of the model of events.

With ``--across`` nothing is written: each file of sentences is scored by what the others
teach, beside what the rules alone say of it.
"""

import os

# The last bits of a matrix product depend on the number of threads. Read when numpy is loaded.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from services.enrich.entities import Finder
from services.enrich.events.model import LAYOUT, RARE, Floats, Vectors, class_bits, read, rule_weights, stem
from services.enrich.events.rules import book
from services.enrich.events.taxonomy import TAGS
from services.enrich.places import gazetteer
from services.enrich.tagger.tagger import Tagger
from tools.train_events.examples import OWN, SENTENCES, Example, example, labelled
from tools.train_events.fit import Fitted, Sparse, fit

OUT: Final = Path("services/enrich/events/weights.npz")
OFTEN: Final = 2  # sentences that a word or stem must stand in to have a weight
# Penalties, chosen by --across.
BY_WORD: Final = 0.3
BY_CLASS: Final = 0.3
BY_RULE: Final = 0.1
BY_VECTOR: Final = 1.0
SURE: Final = np.arange(-2.5, 1.0, 0.25)  # thresholds that --across tries


class Coding(NamedTuple):
    """What the model knows of words: those with a weight, the share of sentences they are in, stems, vectors."""

    words: list[str]
    share: dict[str, float]
    stems: list[str]
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
            vectors,
            1.0,
        )
        return coding._replace(spread=float(coding.means(examples).std()))

    def sparse(self, examples: Sequence[Example]) -> Sparse:
        """The words and stems of each example."""
        words = {word: at for at, word in enumerate(self.words, 1)}
        stems = {root: at for at, root in enumerate(self.stems, len(self.words) + 1)}
        rows = [
            [words[word] for word in one.words if word in words]
            + [stems[root] for root in map(stem, one.words) if root in stems]
            for one in examples
        ]
        return Sparse.of(rows, len(words) + len(stems))

    def means(self, examples: Sequence[Example]) -> Floats:
        """The mean of the vectors of each example's words."""
        rows = np.zeros((len(examples), self.vectors.size), np.float32)
        for at, one in enumerate(examples):
            total = 0.0
            for word in one.words:
                if (vector := self.vectors.of(word)) is not None:
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


def main() -> None:
    """Train and write, or score; says what it does on standard error."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_events", description=__doc__)
    parser.add_argument("--sentences", type=Path, default=SENTENCES, help="directory with *.txt (default %(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write (default %(default)s)")
    parser.add_argument("--across", action="store_true", help="score each file by a model of the others")
    wanted = parser.parse_args()
    finder = Finder(gazetteer.load(), Tagger())
    examples = [example(one, finder) for one in labelled(wanted.sentences)]
    vectors = Vectors(read("vectors.npz"))
    if wanted.across:
        across(examples, vectors)
        return
    coding, fitted = trained(examples, vectors)
    save(wanted.out, coding, fitted, len(examples))
    digest = hashlib.sha256(wanted.out.read_bytes()).hexdigest()[:16]
    _say(f"{len(examples):,} sentences; {wanted.out}: {wanted.out.stat().st_size / 1e6:.2f} MB, sha256 {digest}")


def trained(examples: Sequence[Example], vectors: Vectors) -> tuple[Coding, Fitted]:
    """The model of some examples."""
    coding = Coding.of(examples, vectors)
    wanted, known = (np.stack([getattr(one, name) for one in examples]) for name in ("wanted", "known"))
    fitted = fit(
        coding.sparse(examples), coding.dense(examples), wanted, known, penalty=BY_WORD, penalties=coding.penalties
    )
    return coding, fitted


def across(examples: Sequence[Example], vectors: Vectors) -> None:
    """Precision, recall and F1 on each file of what the other files teach, at the threshold that serves all best."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for source in sorted({one.source for one in examples} - {OWN}):
        others = [one for one in examples if one.source not in (source, OWN)]
        here = [one for one in examples if one.source == source]
        coding, fitted = trained(others, vectors)
        scores = fitted.scores(coding.sparse(here), coding.dense(here))
        wanted = np.stack([one.wanted for one in here]) > 0
        rows[source] = [_figures(scores > bar, wanted) for bar in SURE]
        _say(f"{source}, rules alone: {_told(_figures(rule_weights([one.raised for one in here]) >= 0.5, wanted))}")
    best = int(np.argmax([sum(row[at][2] for row in rows.values()) for at in range(len(SURE))]))
    for source, row in rows.items():
        _say(f"{source}, trained on the others, above {SURE[best]:.2f}: {_told(row[best])}")


def _figures(found: np.ndarray, wanted: np.ndarray) -> tuple[float, float, float]:
    right = float((found & wanted).sum())
    return right / max(found.sum(), 1), right / wanted.sum(), 2 * right / (found.sum() + wanted.sum())


def _told(figures: tuple[float, float, float]) -> str:
    return "precision {:.3f}, recall {:.3f}, F1 {:.3f}".format(*figures)


def save(path: Path, coding: Coding, fitted: Fitted, count: int) -> None:
    """Write what ``services.enrich.events.model`` reads; rows of words in eight bits a number."""
    classes = list(book().phrases.bit)
    by_class, by_rule, by_vector = np.split(fitted.dense, [len(classes), len(classes) + len(TAGS)])
    lexical = fitted.sparse[1:]
    scale = np.maximum(np.abs(lexical).max(axis=1, keepdims=True) / 127, 1e-6).astype(np.float16)
    about = {"layout": LAYOUT, "tags": list(TAGS), "classes": classes, "sentences": count}
    np.savez_compressed(
        path,
        about=np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8),
        words=np.frombuffer(" ".join(coding.words).encode(), np.uint8),
        stems=np.frombuffer(" ".join(coding.stems).encode(), np.uint8),
        share=np.array([coding.share[word] for word in coding.words], np.float16),
        lexical=np.round(lexical / scale.astype(np.float32)).clip(-127, 127).astype(np.int8),
        lexical_scale=scale,
        rule=by_rule.astype(np.float16),
        vector=(by_vector / coding.spread).astype(np.float16),
        bias=fitted.bias.astype(np.float16),
        **{"class": by_class.astype(np.float16)},
    )


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
