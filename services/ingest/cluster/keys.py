"""Which stories have a key: a table in memory of fixed size that forgets the oldest by itself.

Two generations of open addressing with linear probing, one 64-bit slot an entry:
32 bits of key, 32 of the story's number. What comes goes into the younger; when that is
half full it becomes the elder, and what was the elder is forgotten. So nothing is ever
taken out, and an entry may name a story that is gone: whoever asks looks the story up.

Not a table of SQLite's: on disk each key would dirty a page of its own, 24 kB for an
article of 4; in its memory an entry costs ten times the time, and a start seconds.
"""

import mmap

# 8 MB each; memory is taken from the system as it fills.
_SLOTS = 1 << 20
# Of one generation: half full, a search takes two steps or three.
ENTRIES = _SLOTS // 2
_NUMBER = (1 << 32) - 1


class Keys:
    """Keys and the stories that have them, for the last `ENTRIES` entries at least; used by one thread.

    What ``crowd`` stories have, or more, leads to none of them.
    """

    def __init__(self, crowd: int) -> None:
        self._crowd = crowd
        self._young = _generation()
        self._elder = _generation()
        self._entries = 0
        # What a crowd was found to have, until some of it is forgotten.
        self._crowded: set[int] = set()

    def add(self, key: int, number: int) -> None:
        """Note that the story has the key; both are below 2 ** 32, and numbers begin at 1. Once is enough."""
        if self._entries == ENTRIES:
            self._young, self._elder, self._entries = _generation(), self._young, 0
            self._crowded.clear()
        slots, slot, entry = self._young, key % _SLOTS, key << 32 | number
        while there := slots[slot]:
            if there == entry:  # a transaction that is tried again gives the same numbers again
                return
            slot = (slot + 1) % _SLOTS
        slots[slot] = entry
        self._entries += 1

    def stories(self, key: int) -> list[int] | None:
        """The numbers of the stories that have the key; None where they are a crowd."""
        if key in self._crowded:
            return None
        found = []
        for slots in (self._young, self._elder):
            slot = key % _SLOTS
            while entry := slots[slot]:
                if entry >> 32 == key:
                    found.append(entry & _NUMBER)
                slot = (slot + 1) % _SLOTS
        if len(found) < self._crowd:
            return found
        self._crowded.add(key)
        return None


def _generation() -> "memoryview[int]":
    return memoryview(mmap.mmap(-1, 8 * _SLOTS)).cast("Q")
