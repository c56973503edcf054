"""The keys a place is looked up by, made from the names its record carries.

Names in other scripts, codes and nicknames of small places are left out: a key that
is never meant costs a false hit each time it is written.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from services.enrich.text.fold import matching

_LATIN_ENDS: Final = 0x250
_FORM: Final = re.compile(r"(?:al|as|ad|ar|ash|at|az|an|el|es|ed|er)-[A-Z]\w|[A-Z]\w")
_WRONG: Final = re.compile(r"[^\w .'&-]|\d")
_MARKS: Final = {"\u0304", "\u0323", "\u0331", "\u0326"}
_LONGEST: Final = 48

# How the press shortens the first word of a name.
_SHORT: Final = {"Saint ": ("St. ", "St "), "Sankt ": ("St. ", "St "), "Fort ": ("Ft. ",), "Mount ": ("Mt. ", "Mt ")}
_ARTICLES: Final = re.compile(r"(Al|As|Ad|Ar|Ash|At|Az|An|El|Es|Ed|Er)[ -](?=[A-Z])")
_SMALL_WORDS: Final = re.compile(r"(?<=[ -])[a-z]")

# The words for what a place is, as they follow or precede its proper name.
GENERIC: Final = (
    "Autonomous Region|Autonomous Republic|Borough|Canton|County|Department|District|Governorate|Krai|Kray|Metropolis|"
    "Municipality|Oblast|Parish|Prefecture|Province|Raion|Rayon|Region|Republic|State|Territory|Viloyati|Voblast|"
    "Voivodeship|Voivodship|Zone"
)
_TAIL: Final = re.compile(rf"[ -](?:{GENERIC})$")
_HEAD: Final = re.compile(r"^(?:State|Province|Canton|Region|Governorate|Republic|Commonwealth) of (?:the )?")


def keys(name: str) -> Iterator[str]:
    """The forms under which ``name`` may stand in a text, folded; none for a name not to be looked for."""
    base = " ".join(re.sub(r"\(.*?\)", "", name).split())
    if not base or (ord(max(base)) >= _LATIN_ENDS and not _vietnamese(base)):
        return
    folded = matching(base)
    if len(folded) > _LONGEST or len(folded) < 2 or not _FORM.match(folded) or _WRONG.search(folded):
        return
    forms = {folded}
    if "'" in folded:
        forms.add(matching(folded.replace("'", "")))
    for form in tuple(forms):
        if "-" in form:
            forms.add(form.replace("-", " "))
        article = _ARTICLES.match(form)
        if article:
            rest = form[article.end() :]
            forms.update((f"{article[1]} {rest}", f"{article[1]}-{rest}", f"{article[1].lower()}-{rest}"))
        for long, short in _SHORT.items():
            if form.startswith(long):
                forms.update(prefix + form[len(long) :] for prefix in short)
    for form in tuple(forms):
        if _SMALL_WORDS.search(form):
            forms.add(_SMALL_WORDS.sub(lambda letter: letter.group().upper(), form))
    yield from sorted(forms)


def display(name: str) -> str:
    """``name`` as the English-language press writes it: without macrons and dots below."""
    parts = unicodedata.normalize("NFD", name)
    kept = "".join(part for part in parts if part not in _MARKS).strip("‘ʻ’ʼ'")
    return unicodedata.normalize("NFC", re.sub("[‘ʻʼ]", "'", kept))


def bare(name: str) -> str:
    """``name`` without the word for what it is: "Donetsk Oblast" and "State of Texas" are "Donetsk" and "Texas"."""
    return _HEAD.sub("", _TAIL.sub("", name))


def alike(one: str, other: str) -> bool:
    """Whether two folded names are spellings of one word: the same consonants after the same beginning."""
    return _skeleton(one) == _skeleton(other)


def _vietnamese(name: str) -> bool:
    return all(ord(letter) < _LATIN_ENDS or 0x1E00 <= ord(letter) < 0x1F00 or letter in "‘’ʻʼ‐" for letter in name)


_SAME: Final = str.maketrans({"c": "k", "q": "k", "w": "v", "y": "", "j": "", "z": "s", "h": "", "f": "v", "x": "k"})


def _skeleton(name: str) -> str:
    letters = re.sub(r"[^a-z]", "", name.lower()).translate(_SAME)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"(?<=.)[aeiou]+", "", letters)).rstrip("s")
