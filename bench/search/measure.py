"""The judged questions asked in three ways of the same index."""

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import fmean
from typing import Any

from elasticsearch import Elasticsearch

from bench.search.judged import DEPTH, Judged, ndcg, questions, reciprocal_rank
from newswire.cli import asked
from newswire.search import Question, search

# The day the questions are asked on: after the last article, and the same one in every run.
TODAY = datetime(2026, 1, 15, 12, tzinfo=UTC)
# Below this a question is listed as failed: the best article is not first, or half of the good ones are missing.
FAILED = 0.7
# The fields a person would list who knows the mapping and nothing else.
FIELDS = ["title", "body", "caption", "byline.text", "people.text", "organizations.text", "place_names.text"]

Way = Callable[[Elasticsearch, str, str], list[str]]


def newswire(client: Elasticsearch, index: str, text: str) -> list[str]:
    """As ``newswire search`` does it; the ids of the hits and what it shows below them."""
    question = Question(text=text, size=DEPTH, now=TODAY)
    answer = search(client, question, asked.vocabulary(), index=index)
    return [hit.id for hit in (*answer.hits, *answer.related)]


def match(client: Elasticsearch, index: str, text: str) -> list[str]:
    """A plain ``match`` on the body."""
    return _ids(client, index, {"match": {"body": text}})


def multi_match(client: Elasticsearch, index: str, text: str) -> list[str]:
    """A ``multi_match`` with Elasticsearch's defaults over the fields that hold words."""
    return _ids(client, index, {"multi_match": {"query": text, "fields": FIELDS}})


WAYS: dict[str, Way] = {"newswire search": newswire, "multi_match": multi_match, "match on body": match}


def _ids(client: Elasticsearch, index: str, query: dict[str, Any]) -> list[str]:
    answer = client.search(index=index, query=query, size=DEPTH, source=False)
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def measure(client: Elasticsearch, index: str, named: dict[str, str]) -> dict[str, Any]:
    """nDCG@10 and mean reciprocal rank of each way, of the questions tuned on, held out, and all; each question too."""
    asked_for = questions()
    unknown = {name for one in asked_for for name in one.good} - set(named.values())
    if unknown:
        raise ValueError(f"judged.toml names articles that do not exist: {', '.join(sorted(unknown))}")
    ways = {}
    for way, ask in WAYS.items():
        found = {one.text: [named[hit] for hit in ask(client, index, one.text)] for one in asked_for}
        ways[way] = {
            "tuned_on": _mean([one for one in asked_for if not one.held_out], found),
            "held_out": _mean([one for one in asked_for if one.held_out], found),
            "all": _mean(asked_for, found),
            "questions": [
                {
                    "text": one.text,
                    "held_out": one.held_out,
                    "ndcg": round(ndcg(found[one.text], one.good), 4),
                    "found": found[one.text],
                }
                for one in asked_for
            ],
        }
    return {"articles": len(named), "questions": len(asked_for), "ways": ways}


def _mean(some: list[Judged], found: dict[str, list[str]]) -> dict[str, float]:
    return {
        "ndcg": round(fmean(ndcg(found[one.text], one.good) for one in some), 4),
        "mrr": round(fmean(reciprocal_rank(found[one.text], one.good) for one in some), 4),
    }
