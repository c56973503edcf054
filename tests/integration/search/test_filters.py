"""Filters on the real engine; above all: what is asked of an event holds for one event."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch

from newswire.cli import asked
from newswire.enriched import Count, Quote
from newswire.search import facets

from .shelf import Shelf, event, place, shelf

SUMY, KHARKIV, GOMA = (692194, "Sumy"), (706483, "Kharkiv"), (216281, "Goma")
DRONE, TRIAL = "conflict.remote.air_drone_strike", "law.trial"
BIG, SMALL, MIXED, GOMA_TRIAL, PLAIN = "big", "small", "mixed", "goma", "plain"


def killed(least: int) -> Count:
    return Count(min=least, max=None)


@pytest.fixture(scope="module")
def library(client: Elasticsearch) -> Iterator[Shelf]:
    for made in shelf(client, "filters"):
        sumy, kharkiv = place(*SUMY, 50.92, 34.8), place(*KHARKIV, 49.98, 36.25)
        made.put(
            "Nine killed in Sumy",
            id=BIG,
            events=[event(DRONE, place=SUMY, fatalities=killed(9), status="claimed")],
            places=[sumy],
            place_names=["Sumy"],
            countries=["UA"],
            locations=[sumy.location],
            people=["Volodymyr Zelenskyy"],
            quotes=[Quote(start=0, end=4, speaker="Zoë Müller")],
            agency="AFP",
            language="en",
        )
        made.put(
            "One killed in Sumy",
            id=SMALL,
            events=[event(DRONE, place=SUMY, fatalities=killed(1))],
            places=[sumy],
            place_names=["Sumy"],
            countries=["UA"],
            locations=[sumy.location],
            published_at=datetime(2025, 11, 5, 23, 59, tzinfo=UTC),
        )
        # Drones in Kharkiv killed nobody; the trial in Sumy is about nine dead; neither is a drone strike on Sumy.
        made.put(
            "Drones over Kharkiv, trial in Sumy",
            id=MIXED,
            events=[event(DRONE, place=KHARKIV, status="denied"), event(TRIAL, place=SUMY, fatalities=killed(9))],
            places=[sumy, kharkiv],
            place_names=["Kharkiv", "Sumy"],
            countries=["UA"],
            locations=[sumy.location, kharkiv.location],
        )
        goma = place(*GOMA, -1.68, 29.22, "CD")
        made.put(
            "Trial in Goma",
            id=GOMA_TRIAL,
            events=[event(TRIAL, place=GOMA)],
            places=[goma],
            place_names=["Goma"],
            countries=["CD"],
            locations=[goma.location],
            people=["Donald Trump"],
            organizations=["United Nations"],
        )
        made.put("Nothing known", id=PLAIN, published_at=None)
        made.refresh()
        yield made


def test_drone_strikes_in_a_region_with_more_than_five_dead_last_month_are_one_command(library: Shelf) -> None:
    asked = {"tags": (DRONE,), "places": ("Sumy Oblast",), "fatalities": 6, "during": "last month"}
    assert library.found(**asked) == {BIG}


def test_what_is_asked_of_an_event_holds_for_one_event(library: Shelf) -> None:
    assert library.found(tags=(DRONE,), fatalities=2) == {BIG}
    assert library.found(tags=(DRONE,), places=("Sumy",)) == {BIG, SMALL}
    assert library.found(tags=(DRONE,), places=("Kharkiv",)) == {MIXED}
    assert library.found(tags=(TRIAL,), statuses=("denied",)) == set()
    assert library.found(tags=(DRONE,), statuses=("claimed", "denied")) == {BIG, MIXED}
    assert library.found(fatalities=9, near="Kharkiv", within="30km") == set()
    assert library.found(fatalities=9, near="Sumy", within="30km") == {BIG, MIXED}


def test_a_place_without_an_event_is_wherever_it_is_named(library: Shelf) -> None:
    assert library.found(places=("sumy",)) == {BIG, SMALL, MIXED}
    assert library.found(places=("Ukraine",)) == {BIG, SMALL, MIXED}
    assert library.found(places=("Goma", "Kharkiv")) == {GOMA_TRIAL, MIXED}
    assert library.found(near="50.9,34.8", within="10km") == {BIG, SMALL, MIXED}
    assert library.found(near="Kharkiv") == {MIXED}


@pytest.mark.parametrize("name", ["trump", "Donald Trump", "TRUMP, Donald"])
def test_a_person_goes_by_any_usual_form_of_the_name(library: Shelf, name: str) -> None:
    assert library.found(people=(name,)) == {GOMA_TRIAL}


@pytest.mark.parametrize("name", ["muller", "Zoe Müller"])
def test_an_article_is_found_by_whom_it_quotes(library: Shelf, name: str) -> None:
    assert library.found(quoted=(name,)) == {BIG}
    assert library.found(people=(name,)) == set()
    assert library.found("quoted:muller") == {BIG}


@pytest.mark.parametrize("name", ["un", "UN", "united nations"])
def test_an_organisation_goes_by_its_acronym(library: Shelf, name: str) -> None:
    assert library.found(organizations=(name,)) == ({GOMA_TRIAL} if name != "un" else set())


def test_dates_are_inclusive_and_an_article_without_one_belongs_to_the_day_it_came(library: Shelf) -> None:
    assert library.found(first="2025-11-05", last="2025-11-05") == {SMALL}
    assert library.found(last="2025-11-04") == set()
    assert PLAIN in library.found(first="2025-12-02")


def test_filters_narrow_one_another_and_their_values_are_alternatives(library: Shelf) -> None:
    assert library.found(countries=("Ukraine",), tags=(TRIAL,)) == {MIXED}
    assert library.found(agencies=("afp",), languages=("EN",)) == {BIG}


def test_a_facet_still_shows_what_else_could_be_chosen(library: Shelf) -> None:
    question, _ = asked.question(asked.Options(tags=(TRIAL,), countries=("UA",)))
    counted = library.answer(question, with_facets=True).facets
    assert counted
    assert set(counted) == set(facets.FACETS)
    assert {one.value: (one.count, one.chosen) for one in counted["tags"]} == {DRONE: (3, False), TRIAL: (1, True)}
    assert {one.value: (one.count, one.chosen) for one in counted["countries"]} == {"UA": (1, True), "CD": (1, False)}
    assert {one.value: one.name for one in counted["countries"]}["UA"] == "Ukraine"
    assert {one.name for one in counted["tags"]} == {None}
    assert [one.value for one in counted["months"]] == ["2025-12"]


def test_a_facet_with_more_values_than_it_lists_says_so(client: Elasticsearch) -> None:
    for made in shelf(client, "facets"):
        most = facets.VALUES
        names = [f"Person {number:02}" for number in range(most + 1)]
        days = [datetime(2024, 1 + number, 1, tzinfo=UTC) for number in range(12)] + [datetime(2025, 1, 1, tzinfo=UTC)]
        made.put_all(
            [{"title": None, "people": names, "place_names": names[:most], "published_at": day} for day in days]
        )
        made.refresh()
        answer = made.answer(asked.question(asked.Options())[0], with_facets=True)
        assert answer.facets
        assert {name: len(answer.facets[name]) for name in ("people", "places", "months")} == {
            "people": most,
            "places": most,
            "months": facets.MONTHS,
        }
        assert answer.facets_cut == ["people", "months"]
        assert [one.value for one in answer.facets["months"]][::11] == ["2024-02", "2025-01"]


def test_nothing_found_says_which_filter_left_nothing(library: Shelf) -> None:
    advice = " ".join(library.ask("killed", tags=(TRIAL,), countries=("CD",)).advice)
    assert "Without the words there would be 1 article." in advice
    assert "Without --tag" not in advice


def test_a_word_that_nobody_writes_is_spelled(library: Shelf) -> None:
    assert library.ask("Khharkiv drones").advice[0] == "Did you mean: kharkiv drones?"
    assert library.ask("trail", countries=("CD",)).advice


def test_a_withdrawn_article_is_in_no_page(library: Shelf) -> None:
    gone = library.put("Withdrawn gardens", pubstatus="canceled")
    library.refresh()
    assert gone not in library.found("gardens")
    assert library.ask("gardens").total.articles == 0


def test_an_empty_index_says_how_to_fill_it(client: Elasticsearch) -> None:
    for made in shelf(client, "empty"):
        assert "The index is empty" in made.ask("drone").advice[0]
