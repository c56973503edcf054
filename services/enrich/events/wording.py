"""The words of ``wording.toml``: the classes that go into the automaton, and the small sets looked at one by one."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from services.enrich.events.phrases import split


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text("utf-8"))


@cache
def meanings(name: str) -> dict[str, str]:
    """The phrases of a class, each with what it is given as; most are themselves."""
    given: dict[str, str] = {}
    for entry in _data()["classes"][name].split(","):
        pattern, _, meaning = entry.partition("=")
        for phrase in split(pattern):
            given[phrase] = meaning.strip() or phrase
    return given


@cache
def classes() -> dict[str, frozenset[str]]:
    """Every class with its phrases, for the automaton."""
    return {name: frozenset(meanings(name)) for name in _data()["classes"]}


@cache
def words(name: str) -> frozenset[str]:
    """A set of single words."""
    return frozenset(_data()["words"][name].split())


def leads(before: str, heads: frozenset[str], between: frozenset[str]) -> bool:
    """Whether one of ``heads`` stands at the end of ``before``, with nothing but words of ``between`` behind it."""
    words = before.rsplit(None, 1)
    while words:
        word = words[-1]
        if word in heads:
            return True
        if word not in between or len(words) == 1:
            return False
        words = words[0].rsplit(None, 1)
    return False
