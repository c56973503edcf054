from collections import Counter

import pytest

from services.enrich.entities.knowledge import Knowledge
from services.enrich.lexicon.countries import countries
from services.enrich.lexicon.organizations import organizations
from services.enrich.lexicon.people import given_names, role_nouns, titles
from services.enrich.lexicon.table import rows, words
from services.enrich.text.fold import matching, plain


def test_every_country_has_its_code_its_record_and_its_place() -> None:
    assert len(countries()) == 250
    assert len({country.geonameid for country in countries().values()}) == 250
    for country in countries().values():
        assert len(country.iso) == 2
        assert -90 <= country.lat <= 90
        assert -180 <= country.lon <= 180
        assert country.name not in country.aliases


def test_regions_have_a_kind_and_a_place() -> None:
    for row in rows("regions"):
        assert row["kind"] in ("region", "other")
        assert row["country"] in ("", *countries())
        assert -90 <= float(row["lat"]) <= 90
        assert row["geonameid"] == "" or int(row["geonameid"]) > 0


def test_each_region_has_a_name_of_its_own() -> None:
    regions = list(rows("regions"))
    assert len(regions) >= 1200
    assert [
        name for name, times in Counter(matching(row["name"]).lower() for row in regions).items() if times > 1
    ] == []
    assert not {row["name"] for row in regions} & {country.name for country in countries().values()} - {"Antarctica"}


@pytest.mark.parametrize("name", ["abbreviations", "centres"])
def test_division_codes_begin_with_a_country(name: str) -> None:
    assert {row["code"].partition(".")[0] for row in rows(name)} <= set(countries())


def test_word_lists_are_written_as_they_are_compared() -> None:
    assert all(word == word.lower() for word in words("common_words"))
    assert all(word == word.lower() for word in role_nouns())
    assert all(name == plain(name) and name[0].isupper() for name in given_names())
    assert len(given_names()) >= 1500
    assert ("Prime", "Minister") in titles()


def test_no_name_begins_with_its_article() -> None:
    names = [name for one in organizations() for name in (one.name, *one.aliases)]
    names += [name for country in countries().values() for name in (country.name, *country.aliases)]
    assert [name for name in names if name.startswith(("The ", "the "))] == []


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("the U.N. said", "United Nations"),
        ("in HAMAS custody", "Hamas"),
        ("al-Qaida", "Al-Qaeda"),
        ("three Frenchmen", "French"),
        ("the Kremlin", "Kremlin"),
    ],
)
def test_known_names_are_found_in_their_spellings(text: str, canonical: str) -> None:
    found = Knowledge().find(matching(text), plain(text))
    assert [known.entry.canonical for known in found] == [canonical]


@pytest.mark.parametrize("text", ["Who knew?", "Ice melts.", "It fell.", "a letter X marks"])
def test_an_acronym_counts_in_capitals_only_and_a_letter_with_its_cue(text: str) -> None:
    assert Knowledge().find(matching(text), plain(text)) == []
