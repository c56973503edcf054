import re
from collections import Counter

import pytest

from services.enrich.entities.knowledge import Knowledge
from services.enrich.lexicon.countries import countries
from services.enrich.lexicon.organizations import KINDS, Organization, organizations
from services.enrich.lexicon.people import given_names, people, surnames
from services.enrich.lexicon.table import rows, words
from services.enrich.text.fold import matching, plain

_COLUMNS = ["id", "name", "type", "kind", "country", "aliases", "cues"]
# Names that are words, first names, surnames or towns as well, and mean the organisation in most news that has them.
_KNOWN_ALL_THE_SAME = frozenset(
    [
        *("Amnesty", "Apple", "Arsenal", "Congress", "Democrats", "Diet", "Economist", "Fox", "Guardian", "Labour"),
        *("Nasa", "Nato", "Peshmerga", "Quartet", "Rada", "Republicans", "Senate", "Sony", "Stanford", "Tasnim"),
        *("Wafa", "Wagner", "Wikipedia", "Xinhua", "Yale", "Bayer", "Bloomberg", "Ferrari", "Nomura", "Philips"),
        *("Roche", "Spiegel"),
    ]
)


def _names(one: Organization) -> tuple[str, ...]:
    return (one.name, *one.aliases)


def test_there_are_thousands_in_order_of_their_ids() -> None:
    ids = [one.id for one in organizations()]
    assert len(ids) >= 2000
    assert ids == sorted(set(ids))
    assert [one for one in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one)] == []


def test_every_line_is_complete() -> None:
    for row in rows("organizations"):
        assert list(row) == _COLUMNS
        assert row["type"] == ("group" if row["kind"] in ("armed", "movement", "party") else "organization")
        assert row["name"] == row["name"].strip() != ""
        for cell in (row["aliases"], row["cues"]):
            assert cell == "" or all(part == part.strip() != "" for part in cell.split("|"))


def test_the_country_is_known_and_the_kind_is_one_of_the_list() -> None:
    assert {one.country for one in organizations()} <= {*countries(), None}
    assert {one.kind for one in organizations()} == KINDS


def test_companies_parties_and_bodies_of_states_all_but_always_have_a_country() -> None:
    for kind in ("central_bank", "company", "legislature", "party"):
        of_kind = [one for one in organizations() if one.kind == kind]
        assert sum(one.country is not None for one in of_kind) >= 0.9 * len(of_kind), kind


def test_no_name_belongs_to_two_organizations() -> None:
    owners: dict[str, str] = {}
    for one in organizations():
        for name in _names(one):
            assert owners.setdefault(matching(name), one.id) == one.id, name


def test_no_spelling_is_listed_twice() -> None:
    for one in organizations():
        spellings = Counter(plain(name) for name in _names(one))
        assert max(spellings.values()) == 1, one.id


def test_no_name_is_a_persons_or_a_countrys() -> None:
    taken = {matching(name) for person in people() for name in (person.name, *person.aliases)}
    for country in countries().values():
        taken |= {matching(name) for name in (country.name, *country.aliases, *country.adjectives)}
    # The Holy See is both: what speaks for the Vatican, and its name as a state.
    assert [name for one in organizations() for name in _names(one) if matching(name) in taken] == ["Holy See"]


def test_a_word_or_a_surname_is_no_organization_without_a_cue() -> None:
    taken = words("common_words") | {name.lower() for name in given_names() | surnames()}
    found = {
        name
        for one in organizations()
        if not one.cues
        for name in _names(one)
        if plain(name).lower() in taken and not plain(name).replace(".", "").isupper()
    }
    assert found <= _KNOWN_ALL_THE_SAME


@pytest.mark.parametrize(
    ("text", "identity", "country"),
    [
        ("USAID", "usaid", "US"),
        ("IRGC", "revolutionary-guards", "IR"),
        ("Revolutionary Guards", "revolutionary-guards", "IR"),
        ("RSF", "rapid-support-forces", "SD"),
        ("Reporters Without Borders", "reporters-without-borders", None),
        ("FSB", "fsb", "RU"),
        ("SBU", "security-service-of-ukraine", "UA"),
        ("ISI", "isi", "PK"),
        ("Mossad", "mossad", "IL"),
        ("Verkhovna Rada", "verkhovna-rada", "UA"),
        ("Lok Sabha", "lok-sabha", "IN"),
        ("JNIM", "jnim", "ML"),
        ("M23", "m23", "CD"),
        ("FARDC", "fardc", "CD"),
        ("Kachin Independence Army", "kachin-independence-army", "MM"),
        ("Tehreek-e-Labbaik", "tehreek-e-labbaik-pakistan", "PK"),
        ("Viv Ansanm", "viv-ansanm", "HT"),
        ("Los Zetas", "zetas", "MX"),
        ("LTTE", "tamil-tigers", "LK"),
        ("UNITA", "unita", "AO"),
        ("Norges Bank", "norges-bank", "NO"),
        ("Oesterreichische Nationalbank", "oesterreichische-nationalbank", "AT"),
        ("Petróleos Mexicanos", "pemex", "MX"),
        ("Fenerbahçe", "fenerbahce", "TR"),
        ("Médecins Sans Frontières", "doctors-without-borders", None),
        ("Maple Leafs", "toronto-maple-leafs", "CA"),
    ],
)
def test_well_known_names_lead_to_their_organization(text: str, identity: str, country: str | None) -> None:
    sentence = f"That is what {text} said."
    (found,) = Knowledge().find(matching(sentence), plain(sentence))
    assert sentence[found.start : found.end] == text
    assert (found.entry.id, found.entry.country) == (f"org:{identity}", country)


@pytest.mark.parametrize(
    "sentence",
    ["It is time to target orange shells.", "Chelsea and Barcelona lie far apart.", "Santos met Forbes and Mercedes."],
)
def test_words_towns_and_people_stay_what_they_are(sentence: str) -> None:
    assert [known for known in Knowledge().find(matching(sentence), plain(sentence)) if "org:" in known.entry.id] == []
