"""The phrases of the data files: how they are written and how a text is searched for all of them at once.

A class is a bit of an integer, so that what a sentence contains is one number and
a rule's condition one ``&``. The classes of names (place, country, …) have bits
too, but no phrases: the article brings them.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final

import msgspec
from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

# Classes that the names of an article bring.
NAME_CLASSES: Final = ("place", "country", "group", "person", "organization")

_piece: Final = re.compile(r"\(([^)]*)\)|([^(]+)")
# What separates words in news copy; anything rarer may stay, it only hides the word it touches.
_SEPARATORS: Final = "\n\t.,;:!?'\"()[]/-–—…“”‘’„«»*_|"


# Letters of the shortest past tense that an infinitive is made from.
SHORTEST: Final = 5


class Hit(msgspec.Struct, frozen=True, gc=False, order=True):
    """A phrase found: offsets into the body, its classes as bits, and its number."""

    start: int
    end: int
    classes: int
    phrase: int


def expand(pattern: str) -> Iterator[str]:
    """Every phrase that a pattern with "(a|b|)" groups stands for."""
    parts = [(m[1].split("|") if m[1] is not None else [m[2]]) for m in _piece.finditer(pattern)]
    for choice in product(*parts):
        yield " ".join("".join(choice).lower().split())


def split(patterns: str) -> Iterator[str]:
    """Every phrase of a list separated by commas."""
    for pattern in patterns.split(","):
        if pattern.strip():
            yield from expand(pattern.strip())


def with_infinitives(phrases: frozenset[str], nouns: frozenset[str]) -> frozenset[str]:
    """The phrases, and what is missing beside "freed" and "freeing": "free", as it stands behind "will" and "to".

    Only for verbs of which two forms are listed, and not where the form would be one of ``nouns``.
    """
    made: set[str] = set()
    for phrase in phrases:
        verb, space, rest = phrase.partition(" ")
        if not verb.endswith("ed") or len(verb) < SHORTEST:
            continue
        stem = verb[:-2]
        forms = {f"{stem}{ending}{space}{rest}" for ending in ("ing", "eing", "s", "es")}
        if forms.isdisjoint(phrases):
            continue
        if stem.endswith("i"):
            bases = {stem[:-1] + "y"}
        elif stem[-1] == stem[-2] and stem[-1] not in "sl":
            bases = {stem[:-1]}
        elif stem.endswith(("sh", "ch", "x", "ss")):
            bases = {stem}
        else:
            bases = {stem, stem + "e"}  # one of them is no word, and is never found
        made |= {f"{base}{space}{rest}" for base in bases - nouns}
    return phrases | made


def within(phrase: str) -> Iterator[str]:
    """The shorter phrases that a phrase contains, at its word boundaries."""
    words = phrase.split()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                yield " ".join(words[start:end])


def normalised(body: str) -> str:
    """Lower case, with a space for every character that separates words; as long as ``body``."""
    lower = body.replace("İ", "I").lower()
    for separator in _SEPARATORS:
        lower = lower.replace(separator, " ")
    return lower


@cache
def lexicon() -> dict[str, frozenset[str]]:
    """The word classes of ``lexicon.toml``."""
    data = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8"))
    classes = {name: frozenset(split(patterns)) for name, patterns in data.items()}
    return {name: with_infinitives(phrases, classes["nouns"]) for name, phrases in classes.items()}


class Phrases:
    """All phrases of all classes in one automaton; built once, then only read."""

    def __init__(self, classes: dict[str, frozenset[str]]) -> None:
        names = [*NAME_CLASSES, *(name for name in classes if name not in NAME_CLASSES)]
        self.bit: dict[str, int] = {name: 1 << at for at, name in enumerate(names)}
        masks: defaultdict[str, int] = defaultdict(int)
        for name, phrases in classes.items():
            for phrase in phrases:
                masks[phrase] |= self.bit[name]
        self.texts: list[str] = sorted(masks)
        self.masks: list[int] = [masks[text] for text in self.texts]
        self._numbers = {text: number for number, text in enumerate(self.texts)}
        self._automaton = CharwiseDoubleArrayAhoCorasick(
            [" " + text for text in self.texts], match_kind=MATCH_KIND_LEFTMOST_LONGEST
        )

    def find(self, text: str) -> list[Hit]:
        """The phrases in a normalised text, left to right, the longest at each place, whole words only."""
        padded = f" {text} "
        masks = self.masks
        hits = []
        for start, end, phrase in self._automaton.find(padded):
            if padded[end] == " ":
                hits.append(Hit(start, end - 1, masks[phrase], phrase))
            elif (shorter := self._whole(self.texts[phrase])) is not None:
                hits.append(Hit(start, start + len(self.texts[shorter]), masks[shorter], shorter))
        return hits

    def _whole(self, phrase: str) -> int | None:
        """The longest phrase at the head of one whose last word turned out to go on ("arms" in "arms dumps")."""
        while " " in phrase:
            phrase = phrase.rpartition(" ")[0]
            if phrase in self._numbers:
                return self._numbers[phrase]
        return None
