"""What the words around a capitalised run say about it."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec
from msgspec import structs

from services.enrich.lexicon.people import role_nouns
from services.enrich.lexicon.table import words

_AGE: Final = re.compile(r", (?:an? )?\d{1,2}(?:,| and|\.|-year-old)")
_RIGHT: Final = re.compile(r" ([\w'-]+)")
_LAST: Final = re.compile(r"[\w'-]+$")
_OPENING: Final = ('"', "'", "(")
_NOUN_OF: Final = re.compile(r"\b([a-z]+) of (?:the )?$")
_LEFT_REACH: Final = 32
_RIGHT_REACH: Final = 24
_VERBS: Final = words("verbs_of_persons")
_ROLES: Final = role_nouns()


class Context(msgspec.Struct, frozen=True, gc=False):
    """What speaks for each type.

    ``division`` (a level, or 0) and ``city`` say what kind of place the words name,
    ``noun`` is the word for a division right after it.
    """

    person: float
    organization: float
    place: float
    division: int
    city: bool
    noun: str


_NOTHING: Final = Context(0.0, 0.0, 0.0, 0, False, "")
_AGED: Final = structs.replace(_NOTHING, person=3.0)


class _Cues(NamedTuple):
    before_place: dict[str, float]
    levels: dict[str, int]
    nouns: dict[str, frozenset[str]]


@cache
def _cues() -> _Cues:
    text = (files("services.enrich.lexicon") / "data" / "context.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    nouns = {name: frozenset(value.split()) for name, value in data["nouns"].items()}
    nouns["after_place"] |= nouns["place"]
    return _Cues(data["before_place"], data["levels"], nouns)


def level(noun: str) -> int:
    """The level of division that a word speaks of, 0 for none."""
    return _cues().levels.get(noun, 0)


def read(text: str, start: int, end: int) -> Context:
    """The context of ``text[start:end]`` (``plain``), within its line."""
    left = _before(text[max(0, start - _LEFT_REACH) : start])
    right = _after(text[end : end + _RIGHT_REACH])
    if left is _NOTHING:
        return right
    if right is _NOTHING:
        return left
    return Context(
        left.person + right.person,
        left.organization + right.organization,
        left.place + right.place,
        left.division or right.division,
        left.city or right.city,
        right.noun,
    )


def _before(text: str) -> Context:
    before = text[:-1] if text.endswith(_OPENING) else text
    if not before.endswith(" "):
        return _NOTHING
    *_, further, last = ("", *before[:-1].rsplit(" ", 2))
    the = last == "the" and (further := _word(further)) != ""
    word = further if the else _word(last)
    if not word:
        return _NOTHING
    around = _before_which(word, the)
    noun = _NOUN_OF.search(text) if word == "of" else None
    if noun and noun[1] in _cues().nouns["place"]:
        city = noun[1] in _cues().nouns["city"]
        return structs.replace(around, place=around.place + 4.0, division=level(noun[1]), city=city)
    if noun and not the and noun[1] in _cues().nouns["beside_place"]:
        return structs.replace(around, place=around.place + 2.0)
    return around


@lru_cache(maxsize=8192)
def _before_which(word: str, the: bool) -> Context:
    """What a word says that stands right before a name, or before the article before it."""
    cues = _cues()
    weight = cues.before_place.get(word, 0.0)
    person, organization, place = 0.0, 0.0, weight * 0.4 if the else weight
    if word in cues.nouns["before_organization"]:
        organization += 2.0
    if the or word == "the":
        organization += 0.8
        person -= 1.5
        place -= 0.0 if the else 0.3
    else:
        person += 2.5 * (word in _ROLES or word.removesuffix("s") in _ROLES)
        person += 1.8 * (word in cues.nouns["reporting"])
        place += 1.5 * (word in cues.nouns["place"])
    return Context(person, organization, place, 0, False, "")


def _word(text: str) -> str:
    """The word that ``text`` ends with, in lower case."""
    if text.isalpha():
        return text.lower()
    found = _LAST.search(text)
    return found[0].lower() if found else ""


def _after(text: str) -> Context:
    found = _RIGHT.match(text)
    if found is None:
        return _AGED if _AGE.match(text) else _NOTHING
    return _after_which(found[1])


@lru_cache(maxsize=8192)
def _after_which(word: str) -> Context:
    """What a word says that stands right after a name."""
    nouns = _cues().nouns
    person = organization = place = 0.0
    if word in nouns["after_place"]:
        place = 3.0
    elif word in nouns["after_person"]:
        person = 2.2
    elif word in _VERBS:
        person, organization = 1.6, 0.7
    elif word in nouns["auxiliary"]:
        person = 0.5
    elif word in nouns["after_organization"]:
        organization = 1.3
    division = level(word) if place else 0
    return Context(person, organization, place, division, word in nouns["city"], word if division else "")
