"""The filters of a question as clauses. What is asked of an event is asked of one event, not of its article."""

from datetime import datetime
from typing import Any

from newswire.search.clause import Clause, any_of, exactly, name_clause
from newswire.search.question import Area, Question
from newswire.search.vocabulary import Vocabulary


def filters(question: Question, vocabulary: Vocabulary) -> list[Clause]:
    """The clauses that all have to hold, without a say in the order of the hits."""
    held: list[Clause] = []
    event = _event(question)
    if event:
        if question.places:
            event.append(any_of([clause for area in question.places for clause in _happened_in(area)]))
        held.append({"nested": {"path": "events", "query": {"bool": {"filter": event}}}})
    elif question.places:
        held.append(any_of([clause for area in question.places for clause in _names(area)]))
    for index_field, names in (
        ("people.text", question.people),
        ("organizations.text", question.organizations),
        ("quoted.text", question.quoted),
    ):
        if names:
            forms = [form for name in names for form in vocabulary.forms(name)]
            held.append(any_of([name_clause(index_field, form) for form in forms]))
    for index_field, values in (("agency", question.agencies), ("language", question.languages)):
        if values:
            held.append(any_of([exactly(index_field, value) for value in values]))
    if question.countries:
        held.append({"terms": {"countries": list(question.countries)}})
    if question.sources:
        held.append(any_of([_path(source) for source in question.sources]))
    if question.first or question.end:
        held.append({"range": {"@timestamp": _bounds(question.first, question.end)}})
    return held


def _event(question: Question) -> list[Clause]:
    asked: list[Clause] = []
    if question.tags:
        asked.append({"terms": {"events.type": list(question.tags)}})
    if question.statuses:
        asked.append({"terms": {"events.status": list(question.statuses)}})
    if question.fatalities is not None:
        asked.append({"range": {"events.fatalities.min": {"gte": question.fatalities}}})
    return asked


def _happened_in(area: Area) -> list[Clause]:
    return [
        *(exactly("events.place.name", name) for name in area.names),
        *([_ids("events.place.geonameid", area)] if area.ids or not area.names else []),
    ]


def _names(area: Area) -> list[Clause]:
    if area.circle:
        lat, lon, km = area.circle
        return [{"geo_distance": {"distance": f"{km}km", "locations": {"lat": lat, "lon": lon}}}]
    names = [name_clause("place_names.text", name) for name in area.names]
    if area.country:
        return [*names, {"term": {"places.country": area.country}}]
    return [
        *names,
        *([_ids("places.geonameid", area)] if area.ids or not area.names else []),
    ]


def _ids(index_field: str, area: Area) -> Clause:
    return {"terms": {index_field: [str(one) for one in area.ids]}}


def _path(source: str) -> Clause:
    if "*" in source.lstrip("*"):
        return {"wildcard": {"source.path": {"value": source.lstrip("*"), "case_insensitive": True}}}
    return exactly("source.path", source)


def _bounds(first: datetime | None, end: datetime | None) -> dict[str, Any]:
    return {sign: instant.isoformat() for sign, instant in (("gte", first), ("lt", end)) if instant}
