"""The hashes of a text's runs of words, with numpy: some two dozen operations a text, whatever its length.

Apart from `sketch` because only those who read articles need numpy, which takes 16 MB.

A word's hash is a polynomial in its bytes, that of a run a sum over its words, each times
the multiplier of its place; both modulo 2 ** 64. Last the bits are mixed, and the
upper 32 are the hash.
"""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
_Words = NDArray[np.uint64]

# Scripts without spaces have runs of characters instead, about as long as six words. Told by how many characters stand
# between spaces: 7 in German, 10 in Malayalam, 25 and more in Thai, Chinese and Japanese.
CHARACTERS: Final = 9
_LONG_WORD: Final = 16

# ASCII that is neither letter nor digit separates words; so does what is mostly punctuation: U+0080 to U+00BF (in UTF-8
# C2 ..), U+2000 to U+2FFF (E2 ..) and the first of CJK (E3 80 ..).
_SEPARATED: Final = bytes(code if code > 127 or chr(code).isalnum() else 32 for code in range(256))
_SMALL: Final = _SEPARATED.lower()
_PUNCTUATION: Final = re.compile(rb"\xc2.|\xe2..|\xe3\x80.", re.DOTALL)
_SPACE: Final = 32

# Bytes that are looked at together: what numbers there are for them stay in the processor's cache.
_PIECE: Final = 1 << 14
# Odd numbers of 64 bits without a pattern: the fractional parts of square roots of primes, their last bits set.
_BASE: Final = 0x6A09E667F3BCC909
_MIXER: Final = 0x9B05688C2B3E6C1F
_MULTIPLIERS: Final = [
    np.uint64(number)
    for number in (
        0xBB67AE8584CAA73B,
        0x3C6EF372FE94F82B,
        0xA54FF53A5F1D36F1,
        0x510E527FADE682D1,
        0x1F83D9ABFB41BD6B,
        0x5BE0CD19137E2179,
        0xCBBB9D5DC1059ED9,
        0x629A292A367CD507,
        0x9159015A3070DD17,
    )
]


def _powers(base: int) -> _Words:
    """Of an odd number, for every place in a piece."""
    numbers = np.full(_PIECE + 2, base, np.uint64)
    numbers[0] = 1
    return np.cumprod(numbers)


_POWERS: Final = _powers(_BASE)
_BACK: Final = _powers(pow(_BASE, -1, 1 << 64))


def runs(text: str, words: int) -> Hashes:
    """The hash of each run of so many words, or of `CHARACTERS` characters where the text has no spaces, in order.

    Case, punctuation and spacing do not count.
    """
    if not text.isascii():
        text = text.lower()
    if text.isascii():
        return _runs(_words(text.encode().translate(_SMALL)), words)
    if len(text) > _LONG_WORD * len(text.split()):
        characters = "".join(filter(str.isalnum, text)).encode("utf-32-le")
        return _runs(np.frombuffer(characters, "<u4").astype(np.uint64), CHARACTERS)
    return _runs(_words(_PUNCTUATION.sub(b" ", text.encode("utf-8", "replace")).translate(_SEPARATED)), words)


def smallest(found: Hashes, many: int) -> Hashes:
    """The smallest of some hashes, in order and each once; at most so many."""
    # About a third more than are wanted are below this, so that only they need sorting.
    below = (many * 4 // 3 << 32) // max(len(found), 1)
    if below < 1 << 32 and len(few := _sorted(found[found < below])) >= many:
        return few[:many]
    return _sorted(found)[:many]  # a short text, or one that repeats itself


def _sorted(found: Hashes) -> Hashes:
    found = np.sort(found)
    first = np.ones(len(found), np.bool_)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first]


def _runs(words: _Words, length: int) -> Hashes:
    count = len(words) - length + 1
    if count < 1:
        return np.empty(0, np.uint32)
    total = words[:count] * _MULTIPLIERS[0]
    for place in range(1, length):
        total += words[place : place + count] * _MULTIPLIERS[place]
    total ^= total >> np.uint64(32)
    total *= np.uint64(_MIXER)
    return (total >> np.uint64(32)).astype(np.uint32)


def _words(text: bytes) -> _Words:
    """The hash of each word; a text is cut between words, or in one that is as long as a piece."""
    if len(text) <= _PIECE:
        return _of_piece(text)
    found = []
    start = 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text):
            end = text.rfind(b" ", start, end) + 1 or end
        found.append(_of_piece(text[start:end]))
        start = end
    return np.concatenate(found)


def _of_piece(text: bytes) -> _Words:
    letters = np.frombuffer(b" %b " % text, np.uint8)
    spaces = letters == _SPACE
    # The last space before each word and the word's last letter, in turns.
    edges = np.flatnonzero(spaces[1:] != spaces[:-1])
    before, last = edges[::2], edges[1::2]
    so_far = np.cumsum(letters * _POWERS[: len(letters)])
    hashes: _Words = (so_far[last] - so_far[before]) * _BACK[before]
    return hashes
