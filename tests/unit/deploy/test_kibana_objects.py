"""What Kibana imports, judged without a Kibana."""

import pytest

from services.enrich.events.taxonomy import TAGS
from tests.kibana import fitting, kuery, scripts, structure
from tests.kibana.objects import NDJSON, ROOT, Saved, layers, saved
from tests.kibana.structure import Rule

RULES = structure.RULES + fitting.RULES

# Bookmarks, links and exports of others go by these names: none is ever renamed, and one is taken away only with a word
# in the CHANGELOG.
IDS = {
    "index-pattern": "newswire newswire-dead newswire-generations newswire-indexed newswire-outlines",
    "search": "newswire-contested newswire-dead-latest newswire-dead-letters newswire-latest newswire-unenriched "
    "newswire-withdrawn",
    "lens": "newswire-articles newswire-branches newswire-countries newswire-dead-ages newswire-dead-oldest "
    "newswire-dead-open newswire-dead-reasons newswire-dead-reasons-over-time newswire-dead-sources "
    "newswire-dead-states newswire-dead-volume newswire-contested-articles newswire-distinct "
    "newswire-enrichment newswire-events newswire-fatalities newswire-indexed-articles newswire-models "
    "newswire-organizations newswire-people newswire-places newswire-sources newswire-statuses "
    "newswire-toll newswire-unenriched-articles newswire-versions newswire-volume",
    "map": "newswire-map",
    "links": "newswire-links",
    "dashboard": "newswire-newsroom newswire-pipeline",
}


@pytest.fixture(scope="module")
def objects() -> Saved:
    return saved()


def test_the_file_to_import_is_the_one_the_objects_make() -> None:
    assert NDJSON.read_text(encoding="utf-8") == scripts.load("build").build(), "run: python deploy/kibana/build.py"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_objects_keep_every_rule(rule: Rule, objects: Saved) -> None:
    assert list(rule(objects)) == []


def test_every_id_is_one_that_was_given_and_none_has_gone(objects: Saved) -> None:
    given = {(kind, name) for kind, names in IDS.items() for name in names.split()}
    assert {(one["type"], one["id"]) for one in objects.objects} == given
    assert {name for _, name in given} == {file.stem for file in (ROOT / "deploy/kibana/objects").glob("*.json")}


def test_no_object_carries_the_history_of_one_kibana(objects: Saved) -> None:
    for one in objects.objects:
        assert not (one.keys() - {"coreMigrationVersion", "typeMigrationVersion"}) & scripts.load("build").NOISE


def test_the_kinds_of_event_are_the_branches_of_the_taxonomy(objects: Saved) -> None:
    (layer,) = layers(objects.get("lens", "newswire-branches")).values()
    asked = [one["input"]["query"] for one in layer["columns"]["group"]["params"]["filters"]]
    assert sorted(asked) == sorted({f"event_tags : {tag.partition('.')[0]}.*" for tag in TAGS})


def test_the_ages_of_dead_letters_leave_out_none_and_count_none_twice(objects: Saved) -> None:
    (layer,) = layers(objects.get("lens", "newswire-dead-ages")).values()
    asked = [kuery.parse(one["input"]["query"]) for one in layer["columns"]["age"]["params"]["filters"]]
    bounds = [{(clause.sign, clause.values[0]) for clause in kuery.clauses(tree)} for tree in asked]
    edges = ["now-1h", "now-1d", "now-7d", "now-30d"]
    younger = [{(">", edge)} for edge in edges] + [set()]
    older: list[set[tuple[str, str]]] = [set()] + [{("<=", edge)} for edge in edges]
    assert bounds == [low | high for low, high in zip(younger, older, strict=True)]


def test_panels_on_what_is_open_look_at_all_time(objects: Saved) -> None:
    panels = objects.get("dashboard", "newswire-pipeline")["attributes"]["panelsJSON"]
    always = {
        one["panelIndex"] for one in panels if one["embeddableConfig"].get("timeRange", {}).get("from") == "now-20y"
    }
    assert always == {"newswire-dead-open", "newswire-dead-oldest", "newswire-dead-ages", "newswire-dead-letters"}


def test_kibana_is_told_to_ask_no_map_service() -> None:
    assert "map.includeElasticMapsService: false" in (ROOT / "deploy/kibana/kibana.yml").read_text(encoding="utf-8")
