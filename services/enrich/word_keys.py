"""Words of a table by their hashes: four bytes a word, and no word of it in memory; and words that are remembered."""

import zlib
from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

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


class Owner(Protocol):
    """Who has a row for each word that is remembered."""

    def learn(self, words: Sequence[str], first: int) -> None:
        """Make the rows of new words, from ``first`` on."""

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Move these rows, given in order, to the front; nobody asks for the others any more."""


class Numbers(dict[str, int]):
    """Words by numbers from 0, the next one for a word that is new: what is worked out of a word stands in its row."""

    def __init__(self) -> None:
        super().__init__()
        self._new: list[str] = []
        self._uses = np.zeros(1, np.int64)  # texts that each was used in; halved whenever some are forgotten

    def __missing__(self, word: str) -> int:
        self._new.append(word)
        self[word] = number = len(self)
        return number

    def of(self, words: Sequence[str], room: int, owner: Owner) -> NDArray[np.int64]:
        """The number of each word of a text, the same for the same word until the next call.

        Where there is no ``room`` for those that are new, words that few texts used are forgotten. That is the only
        limit: a text of more different words than that has them all the same.
        """
        self._new = []
        try:
            numbers = np.fromiter(map(self.__getitem__, words), np.int64, len(words))
            if len(self) > room and len(self) > len(self._new):
                self._forget(room, owner)
                return self.of(words, room, owner)
            if self._new:
                owner.learn(self._new, len(self) - len(self._new))
        except BaseException:
            self.clear()  # a number without its row would be taken for known
            self._uses[:] = 0
            raise
        if len(self) > len(self._uses):
            self._uses = np.concatenate([self._uses, np.zeros(len(self), np.int64)])
        self._uses[numbers] += 1
        return numbers

    def _forget(self, room: int, owner: Owner) -> None:
        """Keep the words of more than one text, where that leaves room for these new ones, else none."""
        new = len(self._new)
        known = list(self)[: len(self) - new]
        kept = (self._uses[: len(known)] > 1).nonzero()[0]
        if len(kept) + new > room:
            kept = kept[:0]
        self.clear()
        self.update({known[number]: place for place, number in enumerate(kept.tolist())})
        owner.keep(kept)
        uses = self._uses[kept] // 2
        self._uses[:] = 0
        self._uses[: len(uses)] = uses
