"""Texts as agencies and press offices send them, with signals in words."""

from datetime import UTC, datetime

import pytest

from newswire.reasons import Reason
from tests.unit.ingest.readers.shipped.stories import BODY, DAY, LEAD, MORE, article, fields, refused

TEXTS: dict[str, tuple[str, dict[str, object]]] = {
    "Associated Press": (
        f"Ferry late again\n\nBy KARI NORDMANN, Associated Press\n\nOSLO, Norway (AP) — {LEAD}\n\n{MORE}",
        {"title": "Ferry late again", "byline": "KARI NORDMANN", "agency": "AP", "dateline": "OSLO, Norway",
         "body": BODY},
    ),
    "Associated Press, the name of the agency below": (
        f"Ferry late again\n\nBy KARI NORDMANN\n\nAssociated Press\n\nOSLO, Norway — {LEAD}\n\n{MORE}",
        {"byline": "KARI NORDMANN", "agency": "Associated Press", "dateline": "OSLO, Norway", "body": BODY},
    ),
    "Associated Press, with what may be done with it": (
        f"Ferry late again\n\nOSLO (AP) — {LEAD}\n\n{MORE}\n\n"
        "Copyright 2025 The Associated Press. All rights reserved.",
        {"agency": "AP", "body": BODY},
    ),
    "AFP on the web": (
        "Ferry late again\n\nOslo, Norway | AFP | Friday 2/7/2025 - 10:12 UTC+1 | 345 words\n\n"
        f"{LEAD}\n\n{MORE}\n\n© Agence France-Presse",
        {"agency": "AFP", "dateline": "Oslo, Norway", "body": BODY},
    ),
    "AFP in French": (
        f"Encore en retard\n\nOslo, 7 fév 2025 (AFP) - {LEAD}\n\n{MORE}",
        {"agency": "AFP", "dateline": "Oslo", "published_at": DAY, "body": BODY},
    ),
    "dpa": (
        f"Fähre schon wieder zu spät\n\nVon Kari Nordmann, dpa\n\nOslo (dpa) - {LEAD}\n\n{MORE}",
        {"byline": "Kari Nordmann", "agency": "dpa", "dateline": "Oslo", "body": BODY},
    ),
    "EFE": (
        f"Otra vez tarde\n\nPor Kari Nordmann\n\nOslo, 7 feb (EFE).- {LEAD}\n\n{MORE} EFE",
        {"byline": "Kari Nordmann", "agency": "EFE", "dateline": "Oslo"},
    ),
    "TASS": (
        f"Ferry late again\n\nOSLO, February 7. /TASS/. {LEAD}\n\n{MORE}",
        {"agency": "TASS", "dateline": "OSLO", "body": BODY},
    ),
    "Reuters": (
        f"UPDATE 1-Ferry late again\n\n(Adds quotes, background)\n\n* Third time in a week\n\n* Nobody knows why\n\n"
        f"By Kari Nordmann\n\nOSLO, Feb 7 (Reuters) - {LEAD}\n\n{MORE}\n\n"
        "(Reporting by Kari Nordmann in Oslo; Editing by Ola Hansen)",
        {
            "byline": "Kari Nordmann", "agency": "Reuters", "dateline": "OSLO",
            "body": f"* Third time in a week\n\n* Nobody knows why\n\n{BODY}\n\n"
            "(Reporting by Kari Nordmann in Oslo; Editing by Ola Hansen)",
        },
    ),
    "a press office": (
        f"OSLO, Feb. 7, 2025 /PRNewswire/ -- {LEAD}\n\n{MORE}",
        {"title": None, "agency": "PRNewswire", "dateline": "OSLO", "published_at": DAY, "body": BODY},
    ),
    "paragraphs that are lines": (f"Ferry late again\n\n{LEAD}\n{MORE}\n{LEAD}", {"title": "Ferry late again"}),
    "an embargo above the headline": (
        f"EMBARGOED UNTIL 00:01 GMT, 8 February 2025\n\nFerry late again\n\n{LEAD}\n\n{MORE}",
        {"title": "Ferry late again", "body": BODY, "embargo": datetime(2025, 2, 8, 0, 1, tzinfo=UTC),
         "pubstatus": "usable"},
    ),
    "an embargo below the headline, in the year of the text": (
        f"date 2025-02-07 Ferry late again\n\nEmbargo until: 10 a.m. EST, Feb 8\n\n{LEAD}\n\n{MORE}",
        {"title": "Ferry late again", "body": BODY, "embargo": datetime(2025, 2, 8, 15, tzinfo=UTC)},
    ),
    "an embargo in German": (
        f"Sperrfrist: 8. Februar 2025, 11.00 Uhr\n\nFähre zu spät\n\n{LEAD}\n\n{MORE}",
        {"title": "Fähre zu spät", "body": BODY, "embargo": datetime(2025, 2, 8, 11, tzinfo=UTC)},
    ),
    "an embargo that nobody can tell the end of": (
        f"STRICTLY EMBARGOED\n\nFerry late again\n\n{LEAD}\n\n{MORE}",
        {"title": "Ferry late again", "embargo": None, "pubstatus": "withheld"},
    ),
    "an embargo that is over": (
        f"FOR IMMEDIATE RELEASE\n\nFerry late again\n\n{LEAD}\n\n{MORE}",
        {"title": "Ferry late again", "embargo": None, "pubstatus": "usable"},
    ),
    "a story about embargoes": (
        f"Embargo on ferries begins\n\n{LEAD}\n\nEmbargoes hurt, it said, until the last of them ends in May 2026.",
        {"title": "Embargo on ferries begins", "embargo": None, "pubstatus": "usable"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("maker", TEXTS)
def test_a_text_is_taken_apart(maker: str) -> None:
    text, expected = TEXTS[maker]
    assert fields(article(text, "a.txt"), **expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"KILL\n\nFerry late again\n\n{LEAD}",
        f"MANDATORY KILL - Ferry late again\n\nKill the story about the ferry. {LEAD}",
        f"KILL NOTICE\n\n{LEAD}",
    ],
)
def test_a_kill_that_names_no_story_matches_none(text: str) -> None:
    found = refused(text, "a.txt")
    assert found.reason is Reason.KILL_UNMATCHED


def test_a_message_to_editors_is_no_article() -> None:
    found = refused(f"NOTE TO EDITORS\n\n{LEAD}", "a.txt")
    assert found.reason is Reason.UNSUPPORTED


def test_a_held_text_that_is_refused_shows_nothing() -> None:
    found = refused("EMBARGOED UNTIL 8 February 2025\n\nFerry late\n\nBy Kari Nordmann\n\nOSLO (NTB) -", "a.txt")
    assert found.original == b""
