"""What an index lacks, told from its mapping."""

from typing import Any

import pytest

from services.index.generations.difference import difference, fields, some
from services.index.generations.family import Wanted

SETTINGS = {"index.sort.field": "@timestamp", "index.number_of_shards": 1}
PROPERTIES: dict[str, Any] = {
    "title": {"type": "text", "analyzer": "news", "fields": {"exact": {"type": "text", "analyzer": "exact"}}},
    "place": {"type": "object", "dynamic": "strict", "properties": {"name": {"type": "keyword"}}},
}


def wanted(properties: dict[str, Any] | None = None, **settings: Any) -> Wanted:
    return Wanted({"dynamic": "strict", "properties": PROPERTIES | (properties or {})}, SETTINGS | settings, "f")


def there(properties: dict[str, Any] | None = None, dynamic: str = "strict") -> dict[str, Any]:
    return {"dynamic": dynamic, "_meta": {"version": "0"}, "properties": PROPERTIES | (properties or {})}


FLAT = {"index.sort.field": "@timestamp", "index.number_of_shards": "1", "index.uuid": "u"}


def test_the_same_is_no_difference() -> None:
    assert difference(there(), FLAT, wanted()) == ([], [], [])


@pytest.mark.parametrize(
    "printed",
    [
        {
            "place": {"dynamic": "strict", "properties": {"name": {"type": "keyword"}}}
        },  # an object's type is its default
        {"extra": {"type": "keyword"}},  # what is there beyond that harms nobody
    ],
)
def test_what_elasticsearch_prints_otherwise_is_no_difference(printed: dict[str, Any]) -> None:
    assert difference(there(printed), FLAT, wanted()) == ([], [], [])


def test_numbers_booleans_and_lists_of_one_are_what_they_are_printed_as() -> None:
    needed = wanted({"n": {"type": "keyword", "ignore_above": 1024, "copy_to": ["text"], "index": False}})
    printed = there({"n": {"type": "keyword", "ignore_above": "1024", "copy_to": "text", "index": "false"}})
    assert difference(printed, {**FLAT, "index.sort.field": ["@timestamp"]}, needed) == ([], [], [])


def test_a_new_field_is_added_in_place_and_refused_until_then() -> None:
    found = difference(
        there(), FLAT, wanted({"dates": {"type": "object", "properties": {"value": {"type": "keyword"}}}})
    )
    assert found == (["dates", "dates.value"], [], ["lacks dates", "lacks dates.value"])


def test_a_new_sub_field_is_added_in_place_and_refuses_nothing() -> None:
    title = PROPERTIES["title"] | {"fields": PROPERTIES["title"]["fields"] | {"raw": {"type": "keyword"}}}
    assert difference(there(), FLAT, wanted({"title": title})) == (["title.raw"], [], [])


def test_another_type_needs_a_new_generation_and_refuses_until_then() -> None:
    found = difference(there({"n": {"type": "keyword"}}), FLAT, wanted({"n": {"type": "long"}}))
    assert [str(change) for change in found.changed] == ["n's type is keyword instead of long"]
    assert found.refused == ["n's type is keyword instead of long"]


@pytest.mark.parametrize(
    ("attribute", "said"),
    [
        ({"analyzer": "other"}, "title's analyzer is other instead of news"),
        ({"boost": 2}, "title's boost is 2 instead of nothing"),
    ],
)
def test_another_way_to_find_it_needs_a_new_generation_and_refuses_nothing(
    attribute: dict[str, Any], said: str
) -> None:
    found = difference(there({"title": PROPERTIES["title"] | attribute}), FLAT, wanted())
    assert [str(change) for change in found.changed] == [said]
    assert (found.added, found.refused) == ([], [])


def test_the_mapping_as_a_whole_is_compared_too() -> None:
    found = difference(there(dynamic="true"), FLAT, wanted())
    assert [(one.field, one.attribute) for one in found.changed] == [("", "dynamic")]


@pytest.mark.parametrize("sort", ["published_at", None])
def test_another_sort_order_needs_a_new_generation(sort: str | None) -> None:
    flat = {name: value for name, value in (FLAT | {"index.sort.field": sort}).items() if value}
    found = difference(there(), flat, wanted())
    assert [str(change) for change in found.changed] == [f"sort.field is {sort or 'nothing'} instead of @timestamp"]
    assert found.refused == []


def test_an_analyzer_s_chain_is_compared_in_its_order() -> None:
    name = "index.analysis.analyzer.news.filter"
    one, other = ["lowercase", "stemmer"], ["stemmer", "lowercase"]
    assert difference(there(), FLAT | {name: one}, wanted(**{name: one})).changed == []
    assert len(difference(there(), FLAT | {name: one}, wanted(**{name: other})).changed) == 1


def test_shards_and_codec_alone_are_no_reason_for_a_new_generation() -> None:
    assert difference(there(), FLAT, wanted(**{"index.number_of_shards": 4, "index.codec": "default"})) == ([], [], [])


def test_many_are_named_in_part() -> None:
    assert some(["a", "b", "c"]) == "a, b, c"
    assert some(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert (fields(1), fields(2)) == ("1 field", "2 fields")
