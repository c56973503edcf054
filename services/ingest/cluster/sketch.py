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

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import compress
from struct import pack, unpack
from zlib import crc32

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

# Whose hashes are at hand; some 2 MB. A newsroom's day has more, nearly all of them rare.
MOST_WORDS = 16_000

_HASHES = 1 << 32
# A run's hash is the sum of its words' hashes, each times the multiplier of its place, modulo 2 ** 32. Any odd numbers
# of 26 bits: nine of them, times 32 bits each, stay below 64 bits.
_MULTIPLIERS = (0x2C1B3C7, 0x297A2D5, 0x36B5E91, 0x1B87359, 0x3E2F4AB, 0x185EBCB, 0x2F35D1D, 0x21ED5A7, 0x3B2AE35)
# Scripts without spaces have runs of characters instead, about as long as RUN words. Told by how many characters stand
# between spaces: 7 in German, 10 in Malayalam, 25 and more in Thai, Chinese and Japanese.
CHARACTERS = len(_MULTIPLIERS)
_LONG_WORD = 16

# ASCII that is neither letter nor digit separates words; so does what is mostly punctuation: U+0080 to U+00BF (in UTF-8
# C2 ..), U+2000 to U+2FFF (E2 ..) and the first of CJK (E3 80 ..).
_SEPARATED = bytes(code if code > 127 or chr(code).isalnum() else 32 for code in range(256))
_SMALL = _SEPARATED.lower()
_PUNCTUATION = re.compile(rb"\xc2.|\xe2..|\xe3\x80.", re.DOTALL)


def sketch(body: str) -> bytes:
    """The signature of a text; empty where the text is too short to say.

    Linear in the length of ``body``. The headline is no part of it: that of an edit
    may be another, and a standing one ("Stocks to watch") makes no story.
    """
    runs = _runs(body)
    if len(runs) < FEWEST_RUNS:
        return b""
    # About a third more than are kept begin with a byte below this, so that only they need sorting.
    below = min(256 * KEPT * 4 // 3 // len(runs) + 1, 256)
    low = runs.tobytes()[3::4].translate(b"\1" * below + bytes(256 - below))
    kept = sorted(set(compress(runs.tolist(), low)))
    if len(kept) < KEPT:  # a short text, or one that repeats itself
        kept = sorted(set(runs))
    if len(kept) < FEWEST_RUNS:
        return b""
    del kept[KEPT:]
    return pack(f"{len(kept)}I", *kept)


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


def _runs(body: str) -> "array[int]":
    """The hash of every run of words, or of characters where the text has no spaces."""
    text = body if body.isascii() else body.lower()
    if text.isascii():
        return _hashes(text.encode().translate(_SMALL).split(), RUN)
    if len(text) > _LONG_WORD * len(text.split()):
        return _hashes([character.encode() for character in text if character.isalnum()], CHARACTERS)
    return _hashes(_PUNCTUATION.sub(b" ", text.encode("utf-8", "replace")).translate(_SEPARATED).split(), RUN)


def _hashes(words: list[bytes], length: int) -> "array[int]":
    """The hash of each run of ``length`` words, all by one long multiplication.

    The words' hashes are the digits, to the base 2 ** 64, of one factor, the
    multipliers those of the other: each digit of the product is the sum for one run.
    """
    count = len(words)
    if count < length:
        return array("I")
    digits = int.from_bytes(b"".join(map(_DIGITS.__getitem__, words)), "little")
    product = (digits * _FACTORS[length]).to_bytes(8 * (count + length), "little")
    # The lower half of each digit is its remainder; the first and last ``length - 1`` digits are of runs cut off.
    return array("I", product)[2 * (length - 1) : 2 * count : 2]


class _Digits(dict[bytes, bytes]):
    """The digit for each word; the most of a text are words of the texts before it."""

    def __missing__(self, word: bytes) -> bytes:
        if len(self) >= MOST_WORDS:
            self.clear()
        digit = self[word] = crc32(word).to_bytes(8, "little")
        return digit


_DIGITS = _Digits()
_FACTORS = {
    length: sum(multiplier << 64 * place for place, multiplier in enumerate(_MULTIPLIERS[:length]))
    for length in (RUN, CHARACTERS)
}
