"""Kibana's query language, as far as the objects use it, and what it stands for in Elasticsearch."""

from typing import Any

import pytest

from tests.kibana import kuery


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", {"match_all": {}}),
        ("a : *", {"bool": {"should": [{"exists": {"field": "a"}}]}}),
        ("a : x.*", {"bool": {"should": [{"wildcard": {"a": {"value": "x.*"}}}]}}),
        (
            'a : ("x y" or z)',
            {"bool": {"should": [{"term": {"a": {"value": "x y"}}}, {"term": {"a": {"value": "z"}}}]}},
        ),
        ("a >= now-1d", {"bool": {"should": [{"range": {"a": {"gte": "now-1d"}}}]}}),
        (
            "not a : x and b < 3 or c : y",
            {
                "bool": {
                    "should": [
                        {
                            "bool": {
                                "filter": [
                                    {"bool": {"must_not": [{"bool": {"should": [{"term": {"a": {"value": "x"}}}]}}]}},
                                    {"bool": {"should": [{"range": {"b": {"lt": "3"}}}]}},
                                ]
                            }
                        },
                        {"bool": {"should": [{"term": {"c": {"value": "y"}}}]}},
                    ]
                }
            },
        ),
    ],
)
def test_the_query_language_is_understood(text: str, query: dict[str, Any]) -> None:
    assert kuery.to_query(kuery.parse(text)) == query


@pytest.mark.parametrize(
    "text", ["x", "a :", "a : (x", "(a : x", "a : x y", "a : (x or)", "and a : x", "a = 3", 'a : "x']
)
def test_what_is_not_understood_is_not_guessed_at(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        kuery.parse(text)
