"""What a setup does, decided from what is there."""

from typing import Any

import pytest

from newswire.settings import ElasticsearchSettings, load
from services.index.generations.family import ARTICLES, FAMILIES, Family, Wanted, template, wanted
from services.index.generations.generation import Generation, Generations
from services.index.generations.plan import Create, Extend, Keep, Move, notes, plan

AIM = wanted(ARTICLES, ElasticsearchSettings())


def generation(number: int, *, fingerprint: str | None = AIM.fingerprint, **settings: Any) -> Generation:
    meta = {"fingerprint": fingerprint} if fingerprint else {}
    flat = {name: value if isinstance(value, list) else str(value) for name, value in (AIM.settings | settings).items()}
    return Generation(f"newswire-v{number}", number, AIM.mappings | {"_meta": meta}, flat, {})


def only(current: Generation | None, build: Generation | None = None, *old: Generation) -> Generations:
    return Generations(current, build, list(old))


def test_where_nothing_is_the_first_generation_is_made() -> None:
    assert plan(ARTICLES, only(None), AIM) == Create("newswire-v1")


def test_a_number_is_never_used_again_while_its_index_is_there() -> None:
    assert plan(ARTICLES, only(None, generation(3)), AIM) == Create("newswire-v4")


def test_the_same_fingerprint_is_trusted_without_a_comparison() -> None:
    odd = generation(1)._replace(mappings={"_meta": {"fingerprint": AIM.fingerprint}, "properties": {}})
    assert plan(ARTICLES, only(odd), AIM) == Keep(odd, {})


def test_an_index_from_before_fingerprints_is_compared() -> None:
    current = generation(1, fingerprint=None)
    assert plan(ARTICLES, only(current), AIM) == Keep(current, {})


def test_settings_that_can_be_changed_in_use_are_changed() -> None:
    current = generation(1, **{"index.refresh_interval": "30s", "index.query.default_field": ["title"]})
    assert plan(ARTICLES, only(current), AIM) == Keep(
        current, {"index.refresh_interval": "1s", "index.query.default_field": ["text"]}
    )


def test_another_number_of_shards_is_said_and_done_only_when_asked_for() -> None:
    current = generation(1, **{"index.number_of_shards": 6})
    step = plan(ARTICLES, only(current), AIM)
    assert step == Keep(current, {})
    assert "NEWSWIRE_SHARDS is 1" in notes(step, only(current), AIM)[0]
    assert isinstance(plan(ARTICLES, only(current), AIM, rebuild=True), Move)


def test_a_field_that_is_missing_is_added_in_place() -> None:
    current = generation(1, fingerprint="other")
    fewer = {name: field for name, field in AIM.mappings["properties"].items() if name != "event_tags"}
    current = current._replace(mappings=current.mappings | {"properties": fewer})
    assert plan(ARTICLES, only(current), AIM) == Extend(current, {}, ["event_tags"])
    assert plan(ARTICLES, only(current), AIM, rebuild=True) == Move(current, 2, ["it was asked for"])


def test_another_sort_order_is_a_new_generation() -> None:
    current = generation(7, fingerprint="other", **{"index.sort.order": "asc"})
    assert plan(ARTICLES, only(current), AIM) == Move(current, 8, ["sort.order is asc instead of desc"])


def test_a_generation_that_was_begun_is_gone_on_with() -> None:
    step = plan(ARTICLES, only(generation(1), generation(2)), AIM, rebuild=True)
    assert isinstance(step, Move)
    assert step.number == 2


def test_a_setup_that_ended_while_writers_waited_is_finished_whatever_is_asked_for() -> None:
    blocked = generation(1, **{"index.blocks.write": True})
    assert isinstance(plan(ARTICLES, only(blocked, generation(2)), AIM), Move)
    step = plan(ARTICLES, only(blocked), AIM)
    assert step == Keep(blocked, {})
    assert "takes no writes" in notes(step, only(blocked), AIM)[0]


def test_what_is_left_behind_is_said_with_what_removes_it() -> None:
    there = only(generation(3), generation(4), generation(1), generation(2))
    said = notes(plan(ARTICLES, there, AIM), there, AIM)
    assert "newswire-v4 is being filled, or was begun" in said[0]
    assert "newswire-v1, newswire-v2" in said[1]
    assert all("--drop-old" in line for line in said)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.alias)
def test_the_fingerprint_is_of_the_mapping_and_not_of_what_can_be_changed_in_use(family: Family) -> None:
    other = load(
        ElasticsearchSettings,
        {"NEWSWIRE_SHARDS": "4", "NEWSWIRE_REPLICAS": "2", "NEWSWIRE_REFRESH_INTERVAL": "30s"},
    )
    default = wanted(family, ElasticsearchSettings())
    assert wanted(family, other).fingerprint == default.fingerprint
    assert isinstance(default, Wanted)
    longer = family._replace(template={**family.template, "template": template(family, other)["template"]})
    longer.template["template"]["mappings"]["properties"]["extra"] = {"type": "keyword"}
    assert wanted(longer, other).fingerprint != default.fingerprint


def test_the_two_families_do_not_share_a_fingerprint_or_a_pattern() -> None:
    bodies = [template(family, ElasticsearchSettings()) for family in FAMILIES]
    assert [body["index_patterns"] for body in bodies] == [["newswire-v*"], ["newswire-dead-v*"]]
    assert len({wanted(family, ElasticsearchSettings()).fingerprint for family in FAMILIES}) == len(FAMILIES)
