"""From what a person asks to what Elasticsearch is asked: pure, one dict a request."""

import re
from dataclasses import dataclass, field
from typing import Any

# The title says what an article is about; names match without stemming; the body is where most words are.
TEXT_FIELDS = ("title^4", "title.exact^2", "caption^1.5", "subheads.text^1.5", "body", "text.exact^0.5")
NAME_FIELDS = ("people.text^2", "organizations.text^2", "place_names.text^2")
HIGHLIGHT = ("title", "caption", "body")
MARK = ("\ue000", "\ue001")  # private use: in no article, so that the terminal can colour what lies between
# The same relevance, a month older, counts for half of its bonus: newest first among equals.
RECENCY_SCALE = "30d"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. A filter's values are alternatives; filters narrow one another."""

    text: str = ""
    tags: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    size: int = field(default=10)


def body(question: Question) -> dict[str, Any]:
    """The body of a search request on the alias ``newswire``."""
    filters: list[dict[str, Any]] = []
    if question.tags:
        filters.append(_any([_tag(tag) for tag in question.tags]))
    for name, values in (
        ("place_names", question.places),
        ("people", question.people),
        ("organizations", question.organizations),
    ):
        if values:
            filters.append(_any([{"match_phrase": {f"{name}.text": value}} for value in values]))
    if question.countries:
        filters.append({"terms": {"countries": [country.upper() for country in question.countries]}})
    if question.first or question.last:
        bounds = {k: v for k, v in (("gte", question.first), ("lte", question.last)) if v}
        filters.append({"range": {"published_at": bounds}})
    return {
        "size": question.size,
        "query": {"bool": {"must": [_relevance(question.text)], "filter": filters}},
        "sort": [{"_score": "desc"}, {"published_at": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
        "track_total_hits": True,
        "highlight": {
            "pre_tags": [MARK[0]],
            "post_tags": [MARK[1]],
            "fields": {name: {"number_of_fragments": 2, "fragment_size": 160} for name in HIGHLIGHT},
        },
    }


def _relevance(text: str) -> dict[str, Any]:
    if not text.strip():
        return {"match_all": {}}
    return {
        "bool": {
            "must": [
                {
                    "query_string": {
                        "query": plain(text),
                        "fields": [*TEXT_FIELDS, *NAME_FIELDS],
                        "type": "best_fields",
                        "default_operator": "and",
                        "allow_leading_wildcard": False,
                        "analyze_wildcard": True,
                    }
                }
            ],
            "should": [
                {"multi_match": {"query": text, "fields": ["title^2", "body"], "type": "phrase", "boost": 2}},
                {"distance_feature": {"field": "published_at", "origin": "now", "pivot": RECENCY_SCALE}},
            ],
        }
    }


def plain(text: str) -> str:
    """``text`` with the signs of the query language that people mean as themselves: ``9/11``, ``Trump: peace``, ``(``.

    Quotes, wildcards, ``-`` and ``+`` before a word, AND, OR and NOT keep their meaning.
    """
    return re.sub(r"([/:(){}\[\]^~<>=!|&\\])", r"\\\1", text)


def _tag(tag: str) -> dict[str, Any]:
    """A tag, a branch of the tree (``conflict`` or ``conflict.*``), or a part of one."""
    stem = tag.removesuffix(".*").removesuffix("*")
    return {"bool": {"should": [{"term": {"event_tags": stem}}, {"prefix": {"event_tags": f"{stem}."}}]}}


def _any(clauses: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": clauses, "minimum_should_match": 1}}
