"""Invented articles, and the words that surround articles in pages."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from bench.articles import PLAIN

TITLES = (
    "Council delays vote on harbour bridge",
    "Bakers warn of higher prices after dry summer",
    "Night trains return to the northern line",
    "School opens second kitchen for 300 pupils",
    "Museum shows photographs found in an attic",
    "Ferry workers accept new timetable",
)
AUTHORS = ("Marta Quell", "Jonas Ferrier", "Ada Lindqvist", "Priya Nandan", "Tomás Rey", "Ines Kowal")
SUBHEADS = ("What the plan says", "A long wait", "Who pays", "The view from the quay")
GERMAN = (
    "Die Fähre zu den äußeren Inseln fährt wegen des Eises erst am späten Nachmittag.",
    "Für die Bäcker im Süden der Stadt wird das Mehl zum dritten Mal in diesem Jahr teurer.",
    "Über den Bau der neuen Brücke entscheidet der Rat nach den Ferien im Frühjahr.",
    "Die Schüler müssen bis März mit Bussen zur Ersatzschule gebracht werden.",
    "Im Museum hängen Bilder, die jahrzehntelang auf einem Dachboden lagen.",
    "Ein Sprecher sagte, die Gespräche verliefen ruhig und würden am Donnerstag fortgesetzt.",
    "Größere Verspätungen erwartet die Bahn nach eigenen Angaben nicht.",
    "Zwölf Häuser wurden geräumt, verletzt wurde niemand.",
)

# What is not the article, in words that articles share.
MENU = (
    "Home",
    "World",
    "Politics",
    "Business",
    "Sport",
    "Culture",
    "Weather",
    "Opinion",
    "Video",
    "Podcasts",
    "My account",
)
TEASERS = (
    "Ten gardens to visit before the end of May",
    "Why your neighbour's cat knows more than you do",
    "The quiet return of the corner shop",
    "Live: second day of the regional games",
    "Five recipes for a week without an oven",
    "Analysis: what the budget leaves out",
)
COOKIES = (
    "We value your privacy.",
    "We and our 812 partners store and access information on a device, such as cookies, and process personal data.",
    "You can change your choices at any time by clicking on the button in our privacy policy.",
    "Accept all",
    "Manage options",
)
COMMENTS = (
    "Same story every year and nobody ever learns anything from it, if you ask me.",
    "I used to work there and can tell you that half of this is not what happened.",
    "Thank you for reporting on this, I wish more papers would.",
    "First! Also, the photo is from the wrong town.",
    "Could the editors please say where the figures come from?",
    "My grandmother lives on that street and she heard nothing at all.",
)
SUBSCRIBE = (
    "This article is for subscribers only.",
    "Subscribe now for 1 euro a week and read everything without limits.",
    "Already a subscriber? Log in",
)
NEWSLETTER = ("Sign up for our morning newsletter", "The five stories you need to know, in your inbox at six.")
FOOTER = (
    "About us",
    "Contact",
    "Terms of use",
    "Privacy",
    "Advertise with us",
    "© 2026 The Harbour Times. All rights reserved.",
)


class Story(NamedTuple):
    """An article: what a reader of the page should be given."""

    title: str
    author: str
    published: str  # ISO 8601, with its zone
    paragraphs: Sequence[str]


def story(seed: int, *, paragraphs: int = 8, german: bool = False) -> Story:
    """The same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    pool = list(GERMAN) if german else PLAIN.read_text("utf-8").splitlines()
    rng.shuffle(pool)
    size = 1 if german else 3
    texts = [" ".join(pool[at : at + size]) for at in range(0, min(len(pool), size * paragraphs), size)]
    day = f"2026-{rng.randint(1, 9):02d}-{rng.randint(1, 28):02d}T{rng.randint(6, 22):02d}:30:00+00:00"
    return Story(rng.choice(TITLES), rng.choice(AUTHORS), day, texts)
