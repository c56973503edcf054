"""People known by name, and the words that tell an unknown name is a person's."""

from functools import cache
from typing import NamedTuple

from services.enrich.lexicon.table import listed, rows, words


class Person(NamedTuple):
    """One line of ``people.tsv``; ``country`` is the ISO code of the state the person is known for."""

    name: str
    country: str
    aliases: tuple[str, ...]


@cache
def people() -> tuple[Person, ...]:
    """Everyone in the list, in its order."""
    return tuple(Person(row["name"], row["country"], listed(row["aliases"])) for row in rows("people"))


@cache
def given_names() -> frozenset[str]:
    """Given names, without accents."""
    return words("given_names")


@cache
def surnames() -> frozenset[str]:
    """Frequent surnames of the world, without accents, common words and large towns left out."""
    return words("surnames")


@cache
def titles() -> frozenset[tuple[str, ...]]:
    """Titles before a name, as their words: ("Prime", "Minister")."""
    return frozenset(tuple(title.split("_")) for title in words("titles"))


@cache
def role_nouns() -> frozenset[str]:
    """Lower-case nouns that stand right before a name: "spokesman", "striker"."""
    return words("role_nouns")
