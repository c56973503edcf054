"""Articles for the tests of events: bodies cut into sentences, with the names of a small world in them."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from newswire.enriched import Event
from services.enrich.dates import find_times
from services.enrich.events import detect
from services.enrich.model import Name, Sentence, Text

# text: (type, canonical, id, country, geonameid, state_actor)
WORLD: dict[str, tuple[str, str, str | None, str | None, int | None, bool]] = {}
_COUNTRIES = """
RU Russia Russian, UA Ukraine Ukrainian, SY Syria Syrian, IL Israel Israeli, TR Turkey Turkish, IR Iran Iranian,
GB Britain British, FR France French, ML Mali Malian, MM Myanmar Burmese, DE Germany German, BY Belarus Belarusian,
SD Sudan Sudanese, ET Ethiopia Ethiopian, GH Ghana Ghanaian, CL Chile Chilean, CN China Chinese, CA Canada Canadian,
SO Somalia Somali, NG Nigeria Nigerian, IQ Iraq Iraqi, ES Spain Spanish, US America American, KP North_Korea Korean"""
_TOWNS = """
RU Moscow *, UA Kyiv *, FR Paris *, SY Damascus *, IE Dublin *, UA Kharkiv, UA Toretsk, UA Sumy, RU Kursk, SY Idlib,
PS Gaza, AF Helmand, US Florida, IQ Mosul, NG Kano, FR Lille, ES Seville, SO Baidoa, UA Odesa, RU Belgorod"""
for number, line in enumerate(_COUNTRIES.split(","), 6_000_001):
    code, country, adjective = line.split()
    country = country.replace("_", " ")
    WORLD[country] = ("place", country, f"country:{code}", code, number, True)
    WORLD[adjective] = ("nationality", country, f"country:{code}", code, None, True)
for number, line in enumerate(_TOWNS.split(","), 700_001):
    code, town, *capital = line.split()
    WORLD[town] = ("place", town, f"geonames:{number}", code, number, bool(capital))
WORLD["Dzerzhinsk"] = WORLD["Toretsk"]
for group in ("Islamic State", "Taliban", "Boko Haram", "Hezbollah", "al-Shabab", "European Union"):
    WORLD[group] = ("group", group, f"org:{group}", None, None, False)
WORLD["NATO"] = ("organization", "NATO", "org:nato", None, None, False)
WORLD["Reuters"] = ("organization", "Reuters", "org:reuters", "GB", None, False)
WORLD["Vladimir Putin"] = ("person", "Vladimir Putin", "person:vladimir-putin", "RU", None, False)

_names = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, WORLD), key=len, reverse=True)) + r")\b")
_sentence = re.compile(r"(?:[^\n]|\n(?!\n))+?(?:[.!?]”?(?=\s|$)|(?=\n\n)|$)")


def build(body: str, *, written: date | None = None, title: str | None = None, dateline: str | None = None) -> Text:
    sentences = [
        Sentence(m.start() + len(m[0]) - len(m[0].lstrip()), m.end(), body.count("\n\n", 0, m.start()), 0)
        for m in _sentence.finditer(body)
        if m[0].strip()
    ]
    return Text(body, title, None, dateline, sentences, written)


def names_in(text: Text) -> list[Name]:
    def name(field: str, m: re.Match[str]) -> Name:
        return Name(m.start(), m.end(), field, m[0], *WORLD[m[0]])  # type: ignore[arg-type]

    found = [name("body", m) for m in _names.finditer(text.body)]
    return found + [name("dateline", m) for m in _names.finditer(text.dateline or "")]


Read = Callable[..., list[Event]]


@pytest.fixture
def read() -> Read:
    """The events of a body; keyword arguments as for ``build``, the day of writing is 7 February 2025."""

    def events(body: str, **about: object) -> list[Event]:
        text = build(body, **{"written": date(2025, 2, 7), **about})  # type: ignore[arg-type]
        return detect(text, names_in(text), find_times(text))

    return events
