"""What names mean in texts, with the whole gazetteer: the cases are in ``meanings.txt``."""

from pathlib import Path
from typing import NamedTuple

import pytest

from newswire.article import Article, Source
from newswire.enriched import Enriched, Place
from services.enrich.pipeline import Enricher
from services.enrich.places.gazetteer import distance

_CASES = Path(__file__).with_name("meanings.txt")
_FAR = 161.0  # km, a hundred miles: nearer is the same place


class Case(NamedTuple):
    name: str
    number: int
    country: str | None
    kind: str
    lat: float
    lon: float
    text: str


def cases() -> list[Case]:
    found = []
    for line in _CASES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            mention, meaning, text = (part.strip() for part in line.split("|"))
            name, _, number = mention.partition("@")
            country, kind, point = meaning.split()
            lat, lon = map(float, point.split(","))
            found.append(Case(name, int(number or 1), None if country == "-" else country, kind, lat, lon, text))
    return found


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return Enricher()


def enriched(enricher: Enricher, text: str) -> Enriched:
    source = Source(path="", format="", bytes=0, sha256="")
    return enricher.enrich(Article(id="0" * 32, revision=0, title=None, body=text, source=source))


def place(document: Enriched, name: str, number: int = 1) -> Place | None:
    """The place whose mention is the ``number``th ``name`` of the text."""
    at = -1
    for _ in range(number):
        at = document.body.index(name, at + 1)
    span = (at, at + len(name))
    return next((one for one in document.places if span in {(m.start, m.end) for m in one.mentions}), None)


def test_there_are_cases_of_every_kind_of_doubt() -> None:
    assert len(cases()) >= 90
    assert {case.kind for case in cases()} == {"city", "admin1", "admin2", "country", "region", "other"}


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.name}: {case.text[:60]}")
def test_a_name_means_what_its_text_says(enricher: Enricher, case: Case) -> None:
    found = place(enriched(enricher, case.text), case.name, case.number)
    assert found is not None, "not recognised"
    assert found.location is not None
    away = distance(found.location.lat, found.location.lon, case.lat, case.lon)
    assert (found.country, found.kind) == (case.country, case.kind), found
    assert away < _FAR, found


def test_a_region_without_a_geonameid_is_a_place_with_an_id_of_our_own(enricher: Enricher) -> None:
    document = enriched(enricher, "The UN warned of famine in Darfur. Aid reached Darfur by truck.")
    darfur = place(document, "Darfur")
    assert darfur is not None
    assert darfur.geonameid is None
    assert len(darfur.mentions) == 2
    assert "region:darfur" in {entity.id for entity in document.entities}
    assert "Darfur" in document.place_names
    assert "SD" in document.countries


def test_a_dateline_may_be_a_region(enricher: Enricher) -> None:
    document = enriched(enricher, "DARFUR, Sudan (AP) - Fighters burned a village on Monday, two residents said.")
    assert document.dateline is not None
    assert (document.dateline.place, document.dateline.geonameid) == ("Darfur", None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Two limestone quarries closed in southern Indiana.", "Indiana"),
        ("Ferries stopped, and roads in eastern Jakarta were under water.", "Jakarta"),
        ("A second airport opened in north-western Sydney.", "Sydney"),
        ("Tea is grown in east Africa.", "Africa"),
        ("Eastern China saw the heaviest rain in years.", "China"),
        ("Aid went to far northern Cameroon.", "Cameroon"),
    ],
)
def test_a_direction_is_no_part_of_the_name(enricher: Enricher, text: str, name: str) -> None:
    assert place(enriched(enricher, text), name) is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Voters in South Sudan waited in line.", "South Sudan"),
        ("Lava reached a road in North Sumatra.", "North Sumatra"),
        ("Miners in West Virginia went on strike.", "West Virginia"),
        ("Floods hit Southeast Asia in June.", "Southeast Asia"),
        ("Fires burned in Northern Territory, Australia.", "Northern Territory"),
    ],
)
def test_a_direction_that_is_part_of_the_name_stays(enricher: Enricher, text: str, name: str) -> None:
    assert place(enriched(enricher, text), name) is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sweden was against it. Singapore abstained, and so did two others.", "Singapore"),
        ("Zimbabwe beat Kenya by six wickets in Harare.", "Zimbabwe"),
        ("Qatar mediated the deal and Egypt praised it.", "Qatar"),
    ],
)
def test_a_country_that_stands_for_its_government_or_team_is_a_place(enricher: Enricher, text: str, name: str) -> None:
    assert place(enriched(enricher, text), name) is not None


@pytest.mark.parametrize("city", ["KHARTOUM", "KANO", "TBILISI", "DNIPRO", "SHIMLA"])
def test_a_dateline_in_capitals_is_a_place(enricher: Enricher, city: str) -> None:
    document = enriched(enricher, f"{city} (Reuters) - Shells fell on a market on Monday, killing five people.")
    assert city.title() in {one.name for one in document.places}


def test_the_same_text_gives_the_same_places(enricher: Enricher) -> None:
    text = " ".join(case.text for case in cases())
    assert enriched(enricher, text).places == enriched(enricher, text).places


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("There is no cure for West Nile virus yet.", "West Nile"),
        ("Vets warned farmers of Rift Valley fever.", "Rift Valley"),
        ("The deal is worth US$40 million.", "US"),
    ],
)
def test_what_bears_the_name_of_a_place_is_not_the_place(enricher: Enricher, text: str, name: str) -> None:
    assert place(enriched(enricher, text), name) is None
