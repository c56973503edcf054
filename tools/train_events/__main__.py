"""``make train-events``: from labelled sentences to the weights of the model of events.

With ``--across`` nothing is written: each file is scored by what files of other parts teach.
"""

import os

# The last bits of a matrix product depend on the number of threads. Read when numpy is loaded.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Final

import numpy as np

from services.enrich.entities import Finder
from services.enrich.events.model import Vectors, read
from services.enrich.places import gazetteer
from services.enrich.tagger.tagger import Tagger
from tools.train_events.across import across
from tools.train_events.coding import arrays, trained
from tools.train_events.context import learned
from tools.train_events.examples import SENTENCES, examples, labelled
from tools.train_events.parts import parts

OUT: Final = Path("services/enrich/events/weights.npz")


def main() -> None:
    """Train and write, or score; says what it does on standard error."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_events", description=__doc__)
    parser.add_argument("--sentences", type=Path, default=SENTENCES, help="directory with *.txt (default %(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write (default %(default)s)")
    parser.add_argument("--across", action="store_true", help="score each file by a model of others")
    wanted = parser.parse_args()
    told, reports = examples(labelled(wanted.sentences), Finder(gazetteer.load(), Tagger()))
    vectors = Vectors(read("vectors.npz"))
    held = parts(told, vectors)
    if wanted.across:
        for line in across(held, reports, vectors):
            _say(line)
        return
    model = trained(told, vectors)
    context = learned([article for part in held for article in part.articles()])
    np.savez_compressed(wanted.out, **arrays(model, context, len(told)))  # type: ignore[arg-type]
    digest = hashlib.sha256(wanted.out.read_bytes()).hexdigest()[:16]
    _say(f"{len(told):,} sentences; {wanted.out}: {wanted.out.stat().st_size / 1e6:.2f} MB, sha256 {digest}")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
