"""A text's signature, from which it shows how much of one text stands in another.

A text is the set of its runs of `RUN` words; case, punctuation and spacing do not
count. Of the runs' hashes the `KEPT` smallest are the signature (bottom-k, or KMV:
Cohen and Kaplan, 2007; Beyer et al., 2007). Those of two texts are a fair sample of
the runs of both together, so what they share says how much the texts resemble
one another, and how much of one the other holds (Broder, 1997).

Runs are long so that reports of one mould are told apart: each figure or name that
differs takes `RUN` runs with it, so forecasts and market closes share few, while a
paragraph that was added, cut or moved leaves the rest as it was.

The signature is stored: another way to make it finds none of the texts of before.
Measured by ``make bench-clusters``.
"""

from bisect import bisect_right
from collections.abc import Sequence
from struct import unpack

# Of the lengths 3 to 8 the one that keeps versions and reports of one mould furthest apart.
RUN = 6
# 384 bytes a story. What a short report shares is exact; in a longer one the error is five hundredths.
KEPT = 96
# Thirty words. In fewer, one other name is already another text.
FEWEST_RUNS = 25
# Of the runs of two texts together, as many must stand in both. Below, too few hashes are shared to say how many.
ALIKE = 0.25
# Of the shorter text, as much must stand in the longer one. What share a mould or a background stay below 0.65, nearly
# all versions above 0.75.
HELD = 0.7

_HASHES = 1 << 32


def sketch(body: str) -> bytes:
    """The signature of a text; empty where the text is too short to say.

    Linear in the length of ``body``. The headline is no part of it: that of an edit
    may be another, and a standing one ("Stocks to watch") makes no story.
    """
    from services.ingest.cluster.runs import runs, smallest  # noqa: PLC0415 - numpy, which only who reads needs

    found = runs(body, RUN)
    if len(found) < FEWEST_RUNS:
        return b""
    kept = smallest(found, KEPT)
    return kept.tobytes() if len(kept) >= FEWEST_RUNS else b""


def hashes(signature: bytes) -> tuple[int, ...]:
    """The hashes in a signature, the smallest first."""
    return unpack(f"{len(signature) // 4}I", signature)


def held(one: Sequence[int], other: Sequence[int]) -> float:
    """How much of the shorter of two texts stands in the longer one, 0 to 1, from their `hashes`.

    0 where they are less than `ALIKE`: a note among the many of a round-up is no
    version of it.
    """
    # Up to here both signatures have every hash that their texts have.
    last = min(runs[-1] if len(runs) == KEPT else _HASHES for runs in (one, other))
    first, second = one[: bisect_right(one, last)], other[: bisect_right(other, last)]
    shared = len(set(first).intersection(second))
    if shared < ALIKE * (len(first) + len(second) - shared):
        return 0.0
    return shared / min(len(first), len(second))
