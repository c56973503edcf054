"""The word lists of ``speech.toml``."""

import tomllib
from importlib.resources import files
from itertools import groupby
from typing import Final

_lists: Final[dict[str, str]] = tomllib.loads(files(__package__).joinpath("speech.toml").read_text("utf-8"))


def words(*names: str) -> frozenset[str]:
    """The words of some lists together; KeyError where there is no such list."""
    return frozenset(word.replace("_", " ") for name in names for word in _lists[name].split())


def any_of(*names: str) -> str:
    """A regular expression for any of the words of some lists, the longest that fits; by first letters, for speed."""
    beginnings = groupby(sorted(words(*names), key=lambda word: (word[0], -len(word), word)), key=lambda word: word[0])
    return "|".join(f"{letter}(?:{'|'.join(word[1:] for word in group)})" for letter, group in beginnings)
