import pytest

from services.enrich.entities.knowledge import Knowledge
from services.enrich.lexicon.countries import countries
from services.enrich.lexicon.people import given_names, people, surnames
from services.enrich.lexicon.table import rows, words
from services.enrich.text.fold import matching, plain


def test_there_are_many_people_in_order_of_their_names() -> None:
    names = [plain(person.name) for person in people()]
    assert len(names) >= 900
    assert names == sorted(set(names))
    assert all(list(row) == ["name", "country", "aliases"] for row in rows("people"))


def test_people_belong_to_a_country() -> None:
    assert {person.country for person in people()} <= set(countries())


def test_no_name_belongs_to_two_people() -> None:
    owners: dict[str, str] = {}
    for person in people():
        for name in (person.name, *person.aliases):
            assert owners.setdefault(matching(name), person.name) == person.name, name


def test_a_surname_that_is_a_word_stands_for_nobody() -> None:
    common = words("common_words")
    assert [name for person in people() for name in person.aliases if plain(name).lower() in common] == []


def test_word_lists_of_names_hold_names() -> None:
    for names, least in ((given_names(), 6000), (surnames(), 5000)):
        assert len(names) >= least
        assert all(name == plain(name) and name[0].isupper() and " " not in name for name in names)
    assert {name for name in surnames() if name.lower() in words("common_words")} == set()


@pytest.mark.parametrize("name", ["Garcia", "Nguyen", "Kovalenko", "Okafor", "Yamamoto", "Haddad", "Banerjee", "Kim"])
def test_frequent_surnames_are_known(name: str) -> None:
    assert name in surnames()


@pytest.mark.parametrize("name", ["Paris", "May", "Monday", "Israel", "Georgia", "Hope", "Florence"])
def test_words_and_places_are_no_surnames(name: str) -> None:
    assert name not in surnames()


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Zelenskiy", "Volodymyr Zelensky", "UA"),
        ("Sheinbaum", "Claudia Sheinbaum", "MX"),
        ("Pope Leo XIV", "Pope Leo XIV", "VA"),
        ("Hemedti", "Mohamed Hamdan Dagalo", "SD"),
        ("Assimi Goïta", "Assimi Goita", "ML"),
        ("Takaichi", "Sanae Takaichi", "JP"),
        ("Cherizier", "Jimmy Cherizier", "HT"),
    ],
)
def test_well_known_people_are_found_by_what_news_call_them(text: str, name: str, country: str) -> None:
    (found,) = Knowledge().find(matching(text), plain(text))
    assert (found.entry.canonical, found.entry.country) == (name, country)
