"""Every request behind the dashboards, on the real engine and the samples: it brings data, and the right figures."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from tests.integration.kibana.conftest import INDICES, NOW, ROOT, Corpus
from tests.kibana import kuery
from tests.kibana.objects import Saved
from tests.kibana.panels import PRECISION, Period, Request, of_object, requests

Ask = Callable[..., Any]

# The samples' own days, and the last week, which is when they were indexed.
NEWSROOM = Period("2024-01-01", "now")
PIPELINE = Period("now-7d/d", "now")
PERIODS = {"newswire-newsroom": NEWSROOM, "newswire-pipeline": PIPELINE}


@pytest.fixture(scope="module")
def ask(client: Elasticsearch, corpus: Corpus, saved: Saved) -> Ask:
    """The answer to the only request of an object."""

    def answer(kind: str, name: str, period: Period = NEWSROOM) -> Any:
        (request,) = of_object(saved, saved.get(kind, name), period)
        return send(client, request)

    return answer


def send(client: Elasticsearch, request: Request) -> Any:
    return client.search(index=INDICES[request.title], body=request.body).body


def buckets(answer: Any, name: str) -> dict[str, int]:
    return {one["key"]: one["doc_count"] for one in answer["aggregations"][name]["buckets"]}


def counted(documents: Iterable[dict[str, Any]], field: str) -> Counter[str]:
    return Counter(value for one in documents for value in one[field])


def is_empty(answer: Any) -> bool:
    """Whether a panel would have nothing to draw: no hits, no bucket with a document, no figure."""
    if "aggregations" not in answer:
        return not answer["hits"]["hits"]
    return any(_is_empty(one) for one in answer["aggregations"].values())


def _is_empty(found: Any) -> bool:
    if "buckets" in found:
        every = found["buckets"].values() if isinstance(found["buckets"], dict) else found["buckets"]
        return not any(one["doc_count"] for one in every)
    return not (found["value"] if not isinstance(found.get("value"), dict) else found["value"]["value"])


@pytest.mark.parametrize("name", PERIODS)
def test_every_panel_of_a_dashboard_has_something_to_show(
    name: str, client: Elasticsearch, corpus: Corpus, saved: Saved, outlines: None
) -> None:
    asked = list(requests(saved, saved.get("dashboard", name), PERIODS[name]))
    assert len(asked) >= len(saved.get("dashboard", name)["attributes"]["panelsJSON"]) - 1  # the links ask nothing
    assert [request.name for request in asked if is_empty(send(client, request))] == []


def test_the_figures_of_the_newsroom_are_those_of_the_samples(ask: Ask, corpus: Corpus) -> None:
    found = corpus.articles
    assert len(found) == 14  # thirteen sample articles, once each, and the one that enrichment crashed on
    stories = {one["cluster"] for one in found}
    assert len(stories) == len(found) - 1  # the one that crashed is a version of another
    contested = [one for one in found if one["event_claimed_by"] or one["event_denied_by"]]
    expected = {
        "newswire-articles": ("count", len(found)),
        "newswire-distinct": ("count", len(stories)),
        "newswire-events": ("count", len(counted(found, "event_stories"))),
        "newswire-toll": ("killed", max(one["event_fatalities"] or 0 for one in found)),
    }
    for name, (column, figure) in expected.items():
        assert ask("lens", name)["aggregations"][column]["value"] == figure, name
    answer = ask("lens", "newswire-contested-articles")["aggregations"]["count"]
    assert answer["value"]["value"] == len(contested) > 0


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("newswire-people", "people"),
        ("newswire-organizations", "organizations"),
        ("newswire-places", "place_names"),
        ("newswire-countries", "countries"),
        ("newswire-statuses", "event_statuses"),
    ],
)
def test_a_ranking_counts_each_article_once_for_each_value(name: str, field: str, ask: Ask, corpus: Corpus) -> None:
    ranked, expected = buckets(ask("lens", name), "value"), counted(corpus.articles, field)
    assert ranked.items() <= expected.items()
    assert sorted(ranked.values(), reverse=True) == [times for _, times in expected.most_common(15)]


def test_articles_by_tag_lie_on_the_days_they_were_published(ask: Ask, corpus: Corpus) -> None:
    days = ask("lens", "newswire-volume")["aggregations"]["time"]["buckets"]
    shown = {(day["key_as_string"][:10], tag["key"]) for day in days for tag in day["group"]["buckets"]}
    tagged = {(one["@timestamp"][:10], tag) for one in corpus.articles for tag in one["event_tags"]}
    assert shown == tagged


def test_every_article_with_events_is_in_a_branch(ask: Ask, corpus: Corpus) -> None:
    days = ask("lens", "newswire-branches")["aggregations"]["time"]["buckets"]
    branches = Counter[str]()
    for day in days:
        branches.update({name: one["doc_count"] for name, one in day["group"]["buckets"].items()})
    expected = Counter(b for one in corpus.articles for b in {tag.partition(".")[0] for tag in one["event_tags"]})
    assert +branches == expected


def test_fatalities_over_time_are_a_maximum_and_no_sum(ask: Ask, corpus: Corpus) -> None:
    days = ask("lens", "newswire-fatalities")["aggregations"]["time"]["buckets"]
    shown = {day["key_as_string"][:10]: day["killed"]["value"] for day in days}
    expected: dict[str, float | None] = {}
    for one in corpus.articles:
        day, killed = one["@timestamp"][:10], one["event_fatalities"]
        expected[day] = max(expected.get(day) or 0, killed) if killed is not None else expected.get(day)
    assert shown == expected


def test_the_map_shows_every_article_where_its_events_happened(
    client: Elasticsearch, corpus: Corpus, saved: Saved, outlines: None
) -> None:
    answers = {
        request.name.partition(": ")[2]: send(client, request)
        for request in of_object(saved, saved.get("map", "newswire-map"), NEWSROOM)
    }
    placed = [one for one in corpus.articles if one["event_locations"]]
    assert {hit["fields"]["title"][0] for hit in answers["reports"]["hits"]["hits"]} == {one["title"] for one in placed}
    cells = buckets(answers["events"], "cells")
    assert all(key.startswith(f"{PRECISION}/") for key in cells)
    assert len(placed) <= sum(cells.values()) <= sum(len(one["event_locations"]) for one in placed)
    assert buckets(answers["countries, joined"], "join") == counted(corpus.articles, "countries")
    drawn = {hit["_source"]["code"] for hit in answers["countries"]["hits"]["hits"]}
    assert counted(corpus.articles, "countries").keys() <= drawn
    assert len(answers["land"]["hits"]["hits"]) == len(answers["countries"]["hits"]["hits"])


def test_the_tables_list_the_articles_they_promise(ask: Ask, corpus: Corpus) -> None:
    def listed(name: str, period: Period = NEWSROOM) -> set[str]:
        return {hit["_id"] for hit in ask("search", name, period)["hits"]["hits"]}

    assert listed("newswire-latest") == {one["id"] for one in corpus.articles}
    assert listed("newswire-contested") == {
        one["id"] for one in corpus.articles if one["event_claimed_by"] or one["event_denied_by"]
    }
    assert listed("newswire-unenriched", PIPELINE) == {
        one["id"] for one in corpus.articles if one["enrichment"]["status"] == "failed"
    }
    assert listed("newswire-withdrawn", PIPELINE) == {one["id"] for one in corpus.withdrawn}
    assert len(corpus.withdrawn) == 1


def test_the_latest_article_comes_first_and_shows_who_claims(ask: Ask, corpus: Corpus) -> None:
    hits = ask("search", "newswire-latest")["hits"]["hits"]
    dates = {one["id"]: one["@timestamp"] for one in corpus.articles}
    assert [dates[hit["_id"]] for hit in hits] == sorted(dates.values(), reverse=True)
    claims = {name for hit in hits for name in hit["fields"].get("event_claimed_by", [])}
    assert claims == set(counted(corpus.articles, "event_claimed_by"))


def test_the_queries_of_the_documentation_find_the_one_event_they_ask_for(
    client: Elasticsearch, corpus: Corpus
) -> None:
    asked = re.findall(r"^events:\{ (.*) \}$", (ROOT / "docs/kibana.md").read_text(encoding="utf-8"), re.M)
    found = []
    for text in asked:
        query = {"nested": {"path": "events", "query": kuery.to_query(within("events", kuery.parse(text)))}}
        hits = client.search(index=INDICES["newswire"], query=query)["hits"]["hits"]
        found.append([hit["_source"]["source"]["path"] for hit in hits])
    assert found == [["01-goma.txt"], ["14-kherson-drones.txt"]]


def within(path: str, tree: Any) -> Any:
    """The query with its fields below ``path``, as the braces of the query language mean it."""
    if isinstance(tree, kuery.Clause):
        return tree._replace(field=f"{path}.{tree.field}")
    return tree._replace(parts=tuple(within(path, part) for part in tree.parts))


def test_the_pipeline_counts_what_was_indexed_by_the_day_it_was(ask: Ask, corpus: Corpus) -> None:
    answer = ask("lens", "newswire-indexed-articles", PIPELINE)
    assert answer["aggregations"]["count"]["value"] == len(corpus.articles)
    assert ask("lens", "newswire-unenriched-articles", PIPELINE)["aggregations"]["count"]["value"]["value"] == 1
    (day,) = ask("lens", "newswire-enrichment", PIPELINE)["aggregations"]["time"]["buckets"]
    assert {one["key"]: one["doc_count"] for one in day["group"]["buckets"]} == Counter(
        one["enrichment"]["status"] for one in corpus.articles
    )
    assert day["key_as_string"][:10] == f"{NOW:%Y-%m-%d}"
    assert sum(buckets(ask("lens", "newswire-sources", PIPELINE), "agency").values()) == len(corpus.articles)


def test_dead_letters_are_counted_by_stage_reason_state_and_age(ask: Ask, corpus: Corpus) -> None:
    letters, always = corpus.letters, Period("now-20y", "now")
    waiting = [one for one in letters if one.state == "open"]
    answer = ask("lens", "newswire-dead-open", always)["aggregations"]["count"]
    assert answer["value"]["value"] == len(waiting) == len(letters) - 1
    oldest = ask("lens", "newswire-dead-oldest", always)["aggregations"]["first"]
    assert oldest["value"]["value"] == int(min(one.first_at for one in waiting).timestamp() * 1000)
    ages = ask("lens", "newswire-dead-ages", always)["aggregations"]["age"]["buckets"]
    assert {age: one["doc_count"] for age, one in ages.items()} == {
        "under an hour": 1,
        "an hour to a day": 0,  # that one is replayed
        "a day to a week": 1,
        "a week to a month": 1,
        "over a month": 1,
    }
    assert buckets(ask("lens", "newswire-dead-states", PIPELINE), "value") == Counter(one.state for one in letters)
    stages = ask("lens", "newswire-dead-reasons", PIPELINE)["aggregations"]["stage"]["buckets"]
    shown = {(stage["key"], one["key"]): one["doc_count"] for stage in stages for one in stage["reason"]["buckets"]}
    assert shown == Counter((one.stage, one.reason) for one in letters)
    files = buckets(ask("lens", "newswire-dead-sources", PIPELINE), "path")
    assert files == Counter(one.source.path for one in letters if one.source)


def test_letters_are_listed_by_when_they_failed_last(ask: Ask, corpus: Corpus) -> None:
    open_ones = ask("search", "newswire-dead-letters", Period("now-20y", "now"))["hits"]["hits"]
    assert {hit["_id"] for hit in open_ones} == {one.id for one in corpus.letters if one.state == "open"}
    latest = ask("search", "newswire-dead-latest", PIPELINE)["hits"]["hits"]
    assert {hit["_id"] for hit in latest} == {one.id for one in corpus.letters}
    assert [hit["sort"] for hit in latest] == sorted((hit["sort"] for hit in latest), reverse=True)
