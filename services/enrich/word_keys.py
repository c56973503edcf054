"""Words of a table by their hashes: four bytes a word, and no word of it in memory."""

import zlib

import numpy as np
from numpy.typing import NDArray


def key_of(word: str) -> int:
    """The hash by which a word is found, below 2 ** 32."""
    return zlib.crc32(word.encode("utf-8", "replace"))


def place_of(keys: NDArray[np.uint32], word: str) -> int | None:
    """Where the word's key stands in ``keys`` (ascending); None where it is not there.

    The chance that a word which is not among them is taken for one that is: their number in 2 ** 32.
    """
    key = np.uint32(key_of(word))
    at = int(np.searchsorted(keys, key))
    return at if at < len(keys) and keys[at] == key else None
