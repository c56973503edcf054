"""Words of a table by their hashes: four bytes a word, and no word of it in memory; and words that are remembered."""

import zlib
from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray


def key_of(word: str) -> int:
    """The hash by which a word is found, below 2 ** 32."""
    return zlib.crc32(word.encode("utf-8", "replace"))


def place_of(keys: Sequence[int], word: str) -> int | None:
    """Where the word's key stands in ``keys`` (ascending, ``array.data``: for one key numpy takes longer).

    None where it is not there. The chance that a word which is not among them is
    taken for one that is: their number in 2 ** 32.
    """
    key = key_of(word)
    at = bisect_left(keys, key)
    return at if at < len(keys) and keys[at] == key else None


class Numbers(dict[str, int]):
    """Words by numbers from 0, the next one for a word that is new: what is worked out of a word stands in its row."""

    def __init__(self) -> None:
        super().__init__()
        self._new: list[str] = []

    def __missing__(self, word: str) -> int:
        self._new.append(word)
        self[word] = number = len(self)
        return number

    def of(self, words: Sequence[str], room: int, learn: Callable[[Sequence[str], int], None]) -> NDArray[np.int64]:
        """The number of each word, the same for the same word until the next call.

        ``learn`` is given the words that are new and the first one's number. Where there is no
        ``room`` for them all others are forgotten, which is the only limit: a text of more
        different words than that has them all the same.
        """
        self._new = []
        numbers = np.fromiter(map(self.__getitem__, words), np.int64, len(words))
        if len(self) > room and len(self) > len(self._new):
            self.clear()
            return self.of(words, room, learn)
        try:
            if self._new:
                learn(self._new, len(self) - len(self._new))
        except BaseException:
            self.clear()  # a number without its row would be taken for known
            raise
        return numbers
