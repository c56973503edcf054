import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from newswire.enriched import Count, Event, EventPlace, Interval, Location, Place, Quote
from services.index.document import Document, decode, encode, project
from tests.unit.index.records import NOW, document

PUBLISHED = datetime(2024, 5, 1, tzinfo=UTC)
INGESTED = datetime(2024, 6, 1, tzinfo=UTC)


def event(**fields: Any) -> Event:
    return Event(
        **({"type": "conflict.remote.air_drone_strike", "score": 0.9, "status": "reported", "evidence": []} | fields)
    )


def stored(*events: Event, **fields: Any) -> Document:
    return project(document(1, events=list(events), **fields), indexed_at=NOW)


def test_an_article_belongs_to_the_day_it_was_published_or_else_to_the_moment_it_came_in() -> None:
    assert stored(published_at=PUBLISHED, ingested_at=INGESTED).timestamp == PUBLISHED
    assert stored(ingested_at=INGESTED).timestamp == INGESTED
    assert stored().timestamp == NOW


def test_the_arguments_of_all_events_stand_flat_sorted_and_once() -> None:
    made = stored(
        event(actors=["Russia"], claimed_by=["Russia"], denied_by=["Ukraine"], status="claimed", story="b"),
        event(actors=["M23", "Russia"], targets=["Goma"], story="a"),
        event(story="a", date=Interval(start="2025-02-01", end="2025-02-03")),
    )
    assert made.event_actors == ["M23", "Russia"]
    assert made.event_targets == ["Goma"]
    assert (made.event_claimed_by, made.event_denied_by) == (["Russia"], ["Ukraine"])
    assert made.event_statuses == ["claimed", "reported"]
    assert made.event_stories == ["a", "b"]
    assert json.loads(encode(made))["event_dates"] == ["2025-02-01"]


def test_who_is_quoted_stands_flat_sorted_and_once() -> None:
    said = [Quote(start=at, end=at + 9, speaker=name) for at, name in ((0, "Ben Lund"), (10, "Ada Obi"), (20, None))]
    assert stored(quotes=[*said, Quote(start=30, end=39, speaker="Ben Lund")]).quoted == ["Ada Obi", "Ben Lund"]
    assert stored().quoted == []


def test_a_figure_is_the_largest_certain_number_of_one_event() -> None:
    made = stored(
        event(fatalities=Count(min=9, max=None)),
        event(fatalities=Count(min=3, max=3), injured=Count(min=None, max=20)),
    )
    assert (made.event_fatalities, made.event_injured, made.event_displaced) == (9, None, None)


@pytest.mark.parametrize("status", ["planned", "hypothetical", "historical", "negated"])
def test_the_dead_of_what_did_not_happen_now_are_not_counted(status: Any) -> None:
    made = stored(event(fatalities=Count(min=3000, max=None), status=status), event(fatalities=Count(min=2, max=2)))
    assert made.event_fatalities == 2


def test_events_are_on_the_map_where_they_happened_and_not_where_else_the_article_goes() -> None:
    sumy, kyiv = Location(lat=50.9, lon=34.8), Location(lat=50.4, lon=30.5)

    def place(geonameid: int | None, name: str, location: Location | None) -> Place:
        return Place(
            geonameid=geonameid,
            name=name,
            kind="city",
            country="UA",
            admin1=None,
            location=location,
            confidence=1.0,
            mentions=[],
        )

    made = stored(
        event(place=EventPlace(geonameid=2, name="Sumy")),
        event(place=EventPlace(geonameid=2, name="Sumy")),
        event(place=EventPlace(geonameid=3, name="the front")),
        places=[
            place(1, "Kyiv", kyiv),
            place(2, "Sumy", sumy),
            place(3, "the front", None),
            place(None, "Donbas", kyiv),
        ],
    )
    assert made.event_places == ["Sumy", "the front"]
    assert made.event_locations == [sumy]


def test_what_is_stored_can_be_worked_out_again_from_itself() -> None:
    made = stored(event(fatalities=Count(min=9, max=None)), ingested_at=INGESTED)
    assert project(decode(encode(made)), indexed_at=NOW) == made
    of_a_later_version = encode(made).replace(b'"event_tags"', b'"a_new_field":1,"event_tags"')
    assert project(decode(of_a_later_version), indexed_at=NOW) == made


def test_the_template_holds_every_field_of_the_document_and_no_other() -> None:
    template = json.loads(files("services.index.template").joinpath("articles.json").read_text("utf-8"))
    mapped = set(template["template"]["mappings"]["properties"])
    fields = {field.encode_name for field in msgspec.structs.fields(Document)}
    assert mapped - fields == {"text"}  # filled by copy_to
    assert fields <= mapped
