"""What the matching articles are about, counted: their tags, countries, people and so on.

A facet that the question filters by is counted without its own filter, so that the
other values stay in sight and can be chosen as well.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

from elasticsearch import Elasticsearch

from newswire.search.answer import FacetValue
from newswire.search.question import Question
from newswire.search.request import TIME_LIMIT, Asked

VALUES: Final = 10
MONTHS: Final = 12


class Facet(NamedTuple):
    """A field to count by, and what of a question filters by it (``chosen``) and is left out (``without``)."""

    index_field: str
    chosen: Callable[[Question], tuple[str, ...]]
    without: Callable[[Question], Question]


FACETS: Final[dict[str, Facet]] = {
    "tags": Facet("event_tags", lambda q: q.tags, lambda q: replace(q, tags=())),
    "statuses": Facet("event_statuses", lambda q: q.statuses, lambda q: replace(q, statuses=())),
    "countries": Facet("countries", lambda q: q.countries, lambda q: replace(q, countries=())),
    "people": Facet("people", lambda q: q.people, lambda q: replace(q, people=())),
    "organizations": Facet("organizations", lambda q: q.organizations, lambda q: replace(q, organizations=())),
    "places": Facet(
        "place_names",
        lambda q: tuple(name for area in q.places for name in area.names),
        lambda q: replace(q, places=()),
    ),
    "agencies": Facet("agency", lambda q: q.agencies, lambda q: replace(q, agencies=())),
    "months": Facet("@timestamp", lambda _q: (), lambda q: replace(q, first=None, end=None)),
}


def facets(client: Elasticsearch, asked: Asked, pit: str) -> tuple[dict[str, list[FacetValue]], list[str]]:
    """The most frequent values of each facet, most frequent first, and which facets have more of them.

    Months are the latest, in their order.
    """
    answer = client.search(pit={"id": pit}, **body(asked)).body
    found = {name: _values(name, facet, answer, asked) for name, facet in FACETS.items()}
    cut = [name for name, values in found.items() if len(values) > _most(name)]
    shown = {name: values[: _most(name)] for name, values in found.items()}
    return shown | {"months": shown["months"][::-1]}, cut


def body(asked: Asked) -> dict[str, Any]:
    """The request: nothing but counts."""
    aggregations = {
        name: {
            "filter": asked.matching(facet.without(asked.question)),
            "aggregations": {"values": _counting(name, facet)},
        }
        for name, facet in FACETS.items()
    }
    return {
        "size": 0,
        "track_total_hits": False,
        "timeout": TIME_LIMIT,
        "aggregations": aggregations,
    }


def _counting(name: str, facet: Facet) -> dict[str, Any]:
    if name == "months":
        return {
            "date_histogram": {
                "field": facet.index_field,
                "calendar_interval": "month",
                "format": "yyyy-MM",
                # A single wrong date in 1970 must not make six hundred empty months.
                "min_doc_count": 1,
                "order": {"_key": "desc"},
            }
        }
    # One more than is shown tells whether there are more.
    return {"terms": {"field": facet.index_field, "size": _most(name) + 1}}


def _most(name: str) -> int:
    return MONTHS if name == "months" else VALUES


def _values(name: str, facet: Facet, answer: dict[str, Any], asked: Asked) -> list[FacetValue]:
    chosen = {one.lower() for one in facet.chosen(asked.question)}
    called = asked.vocabulary.country_names if name == "countries" else {}
    buckets = answer["aggregations"][name]["values"]["buckets"]
    return [
        FacetValue(
            key := bucket.get("key_as_string", bucket["key"]),
            bucket["doc_count"],
            key.lower() in chosen,
            called.get(key),
        )
        for bucket in buckets
    ]
