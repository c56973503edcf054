"""``make train-tagger``: from annotated sentences and word vectors to the weights of the enrich service's tagger."""

import argparse
import hashlib
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from services.enrich.entities.find import Finder
from services.enrich.places import gazetteer
from services.enrich.tagger import weights
from services.enrich.tagger.features import LABELS, Vectors
from tools.train_tagger import corpora, vectors
from tools.train_tagger.examples import Example, Maker
from tools.train_tagger.network import Parameters
from tools.train_tagger.train import Coding, train, vocabulary

# Read in this order; what begins with ``dev`` or ends with ``_dev`` is never read.
TRAINING: Final = ("train.jsonl", "news_gmb_train.jsonl.gz", "extra_btc.jsonl")
DIMENSIONS: Final = 96  # of the word vectors that are kept
OUT: Final = Path("services/enrich/tagger/weights.npz")


def main() -> None:
    """Train and write; says what it does on standard error."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_tagger", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with " + ", ".join(TRAINING))
    parser.add_argument("--vectors", type=Path, required=True, help="directory vocab/ of spaCy's en_core_web_md")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write (default %(default)s)")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=None, help="documents of each file at most, to try things")
    wanted = parser.parse_args()
    missing = [str(one) for name in TRAINING if not (one := wanted.data / name).is_file()]
    if missing:
        parser.error(f"not there: {', '.join(missing)}")
    examples = _examples(wanted.data, wanted.seed, wanted.limit)
    counts = vocabulary(examples)
    numbered = {word: number for number, word in enumerate(sorted(counts), 1)}
    read = vectors.read(wanted.vectors, DIMENSIONS)
    coding = Coding(numbered, Vectors.of(read.rows))
    _say(f"{len(examples):,} documents, {len(numbered):,} words, {len(read.rows):,} words with vectors")
    about = {"labels": LABELS, "seed": wanted.seed, "data": _digests(wanted.data)}
    began = time.monotonic()

    def told(epoch: int, loss: float, mean: Parameters) -> None:
        _say(f"epoch {epoch} of {wanted.epochs}: loss {loss:.4f}, {time.monotonic() - began:.0f} s")
        _save(wanted.out, mean, coding, read.table, about | {"epochs": epoch})

    train(examples, coding, counts, read.table, epochs=wanted.epochs, seed=wanted.seed, say=told)
    _say(f"{wanted.out}: {wanted.out.stat().st_size / 1e6:.1f} MB, sha256 {_digest(wanted.out)}")


def _examples(data: Path, seed: int, limit: int | None) -> list[Example]:
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    maker = Maker(Finder(gazetteer.load()), chance)
    examples = []
    for name in TRAINING:
        documents = list(corpora.read(data / name, separators=("\n", " ", " ", "\n\n"), chance=chance))[:limit]
        _say(f"{name}: {len(documents):,} documents")
        examples += [maker.make(document) for document in documents]
    return examples


def _save(path: Path, parameters: Parameters, coding: Coding, table: np.ndarray, about: dict[str, object]) -> None:
    """The parameters with everything multiplied in that is the same for every text."""
    arrays = {name: np.asarray(value, np.float32) for name, value in parameters.items()}
    size = arrays["words"].shape[1]
    first = arrays["first"].reshape(-1, size, arrays["first"].shape[1])
    common = sum(arrays["style"][0] @ place for place in first)
    floats = {
        "words": arrays["words"],
        "hashes": arrays["hashes"],
        "written": table @ arrays["written"],
        "low": table @ arrays["low"],
        "rule": arrays["rule"],
        "begins": arrays["begins"],
        "form": arrays["form"],
        "listed": arrays["listed"],
        "first": first,
        "first_bias": arrays["first_bias"] + common,
        "second": arrays["second"].reshape(3, -1, arrays["second"].shape[1]),
        "second_bias": arrays["second_bias"] + arrays["style_second"][0],
        "out": arrays["out"],
        "out_bias": arrays["out_bias"],
    }
    keys, rows = coding.vectors.arrays
    weights.save(path, about=about, vocabulary=list(coding.vocabulary), keys=keys, rows=rows, floats=floats)


def _digests(data: Path) -> dict[str, str]:
    return {name: _digest(data / name) for name in TRAINING}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _say(*words: str | Sequence[str]) -> None:
    print(*words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
