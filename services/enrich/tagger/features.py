"""What the network reads of a word and of the place it stands in: the same numbers in training and at work.

A word is a few numbers: its place in the vocabulary, hashes of its beginning, its end
and its shape, rows of word vectors, and the lists of names it stands in. Its context is one number: the label that the
rules gave it, whether it begins a sentence, and the form of its line.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.enrich.lexicon.people import given_names, role_nouns, surnames
from services.enrich.lexicon.table import words
from services.enrich.tagger.words import Form
from services.enrich.text.fold import plain
from services.enrich.word_keys import key_of, place_of

BUCKETS: Final = 4096  # of hashed features
HASHED: Final = 7  # hashed features of a word

TYPES: Final = ("person", "organization", "place")
RULE_TYPES: Final = ("person", "organization", "place", "group", "nationality", "event", "work", "other")
OUTSIDE: Final = 0


def labels(types: Sequence[str]) -> list[str]:
    """Outside, then Beginning, Inside, End and Single of each type; a label's number is its place here."""
    return ["O", *(f"{place}-{one}" for one in types for place in "BIES")]


LABELS: Final = labels(TYPES)
RULE_LABELS: Final = labels(RULE_TYPES)
CONTEXTS: Final = len(RULE_LABELS) * 2 * len(Form)


@lru_cache(maxsize=1000)
def spelled(count: int, type_number: int) -> tuple[int, ...]:
    """The label numbers of a name of ``count`` words whose type is the ``type_number``-th."""
    first = 1 + 4 * type_number
    if count == 1:
        return (first + 3,)
    return (first, *[first + 1] * (count - 2), first + 2)


def context(rule_label: NDArray[np.int64], begins: NDArray[np.int64], form: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number below ``CONTEXTS`` for each word."""
    return (rule_label * 2 + begins) * len(Form) + form


def parts(number: int) -> tuple[int, int, int]:
    """The three that ``context`` made one of."""
    rest, form = divmod(number, len(Form))
    return rest // 2, rest % 2, form


def normal(word: str) -> str:
    """The form a word has in the vocabulary: lower case, every digit a 0."""
    low = word.lower().replace("’", "'")
    return low if low.isalpha() else "".join("0" if letter.isdigit() else letter for letter in low)


def hashes(word: str) -> tuple[int, ...]:
    """``HASHED`` numbers below ``BUCKETS``."""
    low = normal(word)
    clues = (
        "1" + low[:2],
        "2" + low[:3],
        "3" + low[-2:],
        "4" + low[-3:],
        "5" + low[-4:],
        "s" + _shape(word),
        f"c{word[:1]}{min(len(word), 8)}",
    )
    return tuple([key_of(clue) % BUCKETS for clue in clues])


# The lists that a word may stand in, each a bit.
_LISTS: Final = (given_names, surnames, role_nouns, partial(words, "org_heads"), partial(words, "common_words"))
LISTED: Final = 2 ** len(_LISTS)


def listed(word: str) -> int:
    """In which lists of the lexicon the word stands: a number below ``LISTED``."""
    flat = plain(word)
    low = flat.lower()
    word = low.title() if flat.isupper() else flat
    return sum(1 << bit for bit, names in enumerate(_listed()) if word in names or low in names)


@cache
def _listed() -> tuple[frozenset[str], ...]:
    return tuple(names() for names in _LISTS)


def _shape(word: str) -> str:
    """Runs of like signs as one, of capitals as two at most: ``Mc`` and ``McK`` and ``USA`` differ."""
    if word.isascii() and word.isalpha():  # what most words are
        if word.islower():
            return "x"
        if word[0].isupper() and word[1:].islower():
            return "Xx"
    shape = ""
    for letter in word[:12]:
        kind = _kind(letter)
        if shape[-1:] != kind or (kind == "X" and len(shape) < 2):
            shape += kind
    return shape[:6]


def _kind(letter: str) -> str:
    if letter.isupper():
        return "X"
    if letter.islower():
        return "x"
    if letter.isdigit():
        return "d"
    return letter if letter in ".'-\n" else "p"


class Vectors:
    """Which row of the word vectors a word has: sorted hashes of the words, and a row for each.

    Two words in ten thousand that are not among them are taken for one that is.
    """

    def __init__(self, keys: NDArray[np.uint32], rows: NDArray[np.uint16]) -> None:
        self._keys = keys
        self._places = keys.data
        self._rows = rows

    @classmethod
    def of(cls, table: Mapping[str, int]) -> "Vectors":
        """From words and their rows; of words with the same hash one wins."""
        by_hash = {key_of(word): row for word, row in sorted(table.items(), reverse=True)}
        keys = sorted(by_hash)
        return cls(np.array(keys, np.uint32), np.array([by_hash[key] for key in keys], np.uint16))

    @property
    def arrays(self) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
        """Keys and rows, as the constructor takes them."""
        return self._keys, self._rows

    def rows(self, word: str) -> tuple[int, int]:
        """The row of the word as it is written, else in lower case, else with a capital; and that in lower case.

        Row 0 is that of words without a vector.
        """
        low = self._row(word.lower())
        written = self._row(word) or low or self._row(word.title())
        return written, low

    def _row(self, word: str) -> int:
        at = place_of(self._places, word)
        return 0 if at is None else int(self._rows[at])
