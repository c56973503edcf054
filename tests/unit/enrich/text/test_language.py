"""Which language a text is in, and when its source is believed."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.text.language import LONG, language, primary

TEXTS: dict[str, str] = tomllib.loads(Path(__file__).with_name("languages.toml").read_text("utf-8"))


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_tells_its_language(code: str) -> None:
    assert language(TEXTS[code], None) == code


@pytest.mark.parametrize("code", TEXTS)
def test_a_source_that_says_another_language_than_a_long_text_loses(code: str) -> None:
    said = "en" if code != "en" else "fr"
    assert language(TEXTS[code], said) == code


@pytest.mark.parametrize("code", TEXTS)
def test_capitals_tell_the_same(code: str) -> None:
    assert language(TEXTS[code].upper(), None) in (code, None)
    assert language(TEXTS[code].upper(), code) == code


@pytest.mark.parametrize("code", TEXTS)
def test_an_english_quotation_does_not_make_a_text_english(code: str) -> None:
    mixed = f"{TEXTS[code]} “We did what we could,” {TEXTS[code]}"
    assert language(mixed, None) == code


@pytest.mark.parametrize("code", [code for code in TEXTS if code != "en"])
def test_an_english_text_that_quotes_another_language_stays_english(code: str) -> None:
    quoted = " ".join(TEXTS[code].split()[:8])
    assert language(f"{TEXTS['en']} “{quoted}” {TEXTS['en']}", None) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "42",
        "Berlin",
        "AC Milan - Inter 2:1 (1:0)",
        "Rangers 2 Celtic 2; Hearts 1 Hibernian 0; Dundee 3 Motherwell 1; Aberdeen 0 Kilmarnock 0",
        "Anna Berg, Johan Lund, Pieter de Vries, Marie Dubois, Luca Rossi, José García, Mehmet Yılmaz, Ivan Petrov",
        "AAPL 182.31 +0.4\nMSFT 402.10 -1.2\nSAP 165.88 +0.1\nBASF 44.02 -0.3\nSHEL 29.10 +0.2",
        "!!! ??? ***",
        "😀😀😀",
    ],
)
@pytest.mark.parametrize("said", [None, "en", "de"])
def test_what_tells_nothing_keeps_what_the_source_said(text: str, said: str | None) -> None:
    assert language(text, said) == said


def test_a_short_text_is_told_only_where_the_source_says_nothing() -> None:
    short = "La policía dijo que los dos hombres huyeron por la puerta de atrás."
    assert len(short.split()) < LONG
    assert language(short, None) == "es"
    assert language(short, "ca") == "ca"


def test_two_languages_in_equal_parts_decide_nothing_against_the_source() -> None:
    both = f"{TEXTS['en']} {TEXTS['fr']}"
    assert language(both, "en") == "en"
    assert language(both, "fr") == "fr"


@pytest.mark.parametrize(("said", "text"), [("nb", "da"), ("sr", "hr"), ("ms", "id"), ("prs", "fa")])
def test_a_near_relative_that_the_source_names_is_kept(said: str, text: str) -> None:
    assert language(TEXTS.get(text, ""), said) == said


@pytest.mark.parametrize(
    ("said", "subtag"),
    [
        ("en", "en"),
        ("EN-gb", "en"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("eng", "en"),
        ("English", "en"),
        ("nb-NO", "nb"),
        ("und", None),
        ("mul", None),
        ("", None),
        (None, None),
        ("12", None),
        ("unknown", None),
    ],
)
def test_what_sources_write_is_read_as_a_primary_subtag(said: str | None, subtag: str | None) -> None:
    assert primary(said) == subtag


@given(st.text(max_size=300), st.none() | st.text(max_size=12))
def test_any_text_has_one_answer(text: str, said: str | None) -> None:
    found = language(text, said)
    assert found is None or (2 <= len(found) <= 3 and found.islower())
    assert found == language(text, said)
