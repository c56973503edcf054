"""Templates, generations and aliases on the real engine."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from newswire.cli import group
from newswire.elastic import INDEX_ALIAS
from newswire.enriched import Quote
from newswire.local import LocalStack
from newswire.settings import ElasticsearchSettings, load
from services.index import schema
from services.index.generations.difference import difference
from services.index.generations.family import ARTICLES, FAMILIES, NOT_WITHDRAWN, Family, wanted
from services.index.generations.generation import SchemaError, look
from services.index.patience import Patience
from tests.integration.index.shelf import Shelf, article, item


@pytest.fixture
def shelf(client: Elasticsearch) -> Iterator[Shelf]:
    made = Shelf(client, "schema")
    made.declare()
    yield made
    made.remove()


def newswire(environ: Mapping[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments), env=dict(environ))


def everything(client: Elasticsearch) -> Any:
    return (
        client.indices.get(index="_all", expand_wildcards="all").body,
        client.indices.get_index_template().body,
        client.indices.get_alias().body,
    )


def stems(client: Elasticsearch, text: str) -> list[str]:
    answer = client.indices.analyze(index=INDEX_ALIAS, analyzer="english_news", text=text)
    return [token["token"] for token in answer["tokens"]]


def test_declaring_twice_changes_nothing(stack: LocalStack, client: Elasticsearch) -> None:
    settings = load(ElasticsearchSettings, {"NEWSWIRE_ELASTICSEARCH": stack.elasticsearch})
    before = everything(client)
    schema.declare(client, settings)
    assert everything(client) == before
    assert schema.missing(client) == []


def test_english_words_meet_across_their_forms(client: Elasticsearch) -> None:
    assert stems(client, "Toretsk's cities, Café") == stems(client, "Toretsk city cafe")


def test_words_that_stop_lists_drop_are_kept_for_phrases(client: Elasticsearch) -> None:
    assert stems(client, "to be or not") == ["to", "be", "or", "not"]


def test_the_alias_hides_what_was_withdrawn(client: Elasticsearch) -> None:
    current = look(client, ARTICLES).current
    assert current is not None
    assert current.aliases[INDEX_ALIAS] == {"filter": NOT_WITHDRAWN, "is_write_index": True}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.alias)
def test_an_index_that_was_just_made_differs_in_nothing_from_what_it_was_made_of(
    client: Elasticsearch, family: Family
) -> None:
    """Or else every upgrade would copy all articles because of a word that Elasticsearch prints otherwise."""
    shelf = Shelf(client, "made", like=family)
    try:
        shelf.declare()
        current = look(client, shelf.family).current
        assert current is not None
        aim = wanted(shelf.family, shelf.settings)
        assert difference(current.mappings, current.settings, aim) == ([], [], [])
        assert current.fingerprint == aim.fingerprint
    finally:
        shelf.remove()


def test_a_new_field_is_added_in_place_and_old_documents_lack_it_until_a_rebuild(shelf: Shelf) -> None:
    shelf.write([article("one")])
    other = shelf.with_mapping(properties={"extra": {"type": "keyword"}})
    said = other.declare()[0]
    assert said.startswith("index schema-v1: 1 field added (extra)")
    assert "newswire setup --rebuild" in said
    assert shelf.generations() == ["schema-v1"]
    assert "mapping up to date" in other.declare()[0]


def test_settings_that_changed_are_brought_up_to_date_in_place(shelf: Shelf) -> None:
    other = Shelf(shelf.client, shelf.alias)
    other.settings = load(ElasticsearchSettings, {"NEWSWIRE_SHARDS": "2", "NEWSWIRE_REFRESH_INTERVAL": "7s"})
    assert "would set index.refresh_interval" in other.preview()[0]
    other.declare()
    assert look(shelf.client, shelf.family).current.settings["index.refresh_interval"] == "7s"  # type: ignore[union-attr]
    assert shelf.generations() == ["schema-v1"]


def test_an_alias_that_was_lost_or_lost_its_filter_is_put_back(shelf: Shelf) -> None:
    shelf.client.indices.delete_alias(index="schema-v1", name="schema")
    shelf.declare()
    shelf.client.indices.put_alias(index="schema-v1", name="schema", filter={"match_all": {}})
    shelf.declare()
    current = look(shelf.client, shelf.family).current
    assert current is not None
    assert current.aliases == {"schema": {"filter": NOT_WITHDRAWN, "is_write_index": True}}


def test_where_the_generation_in_use_is_lost_the_one_before_takes_its_place_and_writes(shelf: Shelf) -> None:
    shelf.write([article("kept")])
    shelf.declare(rebuild=True)
    shelf.client.indices.delete(index="schema-v2")
    assert any("would put it behind the alias schema" in line for line in shelf.preview())
    shelf.declare()
    assert shelf.in_use() == ["schema-v1"]
    shelf.write([article("new")])
    assert set(shelf.documents()) == {"kept", "new"}


def test_an_alias_of_two_indices_is_left_to_a_person(shelf: Shelf) -> None:
    shelf.client.indices.create(index="schema-v9", aliases={"schema": {}})
    with pytest.raises(SchemaError, match="stands for schema-v1 and schema-v9"):
        shelf.declare()


def test_a_preview_says_what_would_be_done_and_does_none_of_it(shelf: Shelf) -> None:
    shelf.write(article(f"a-{n}") for n in range(12))
    shelf.refresh()
    before = everything(shelf.client)
    assert "nothing to do" in shelf.preview()[0]
    moving = shelf.with_mapping(sort="asc").preview()[0]
    assert "would copy 12 documents from schema-v1 into a new generation, schema-v2" in moving
    assert "sort.order is desc instead of asc" in moving
    assert "would add 1 field to schema-v1" in shelf.with_mapping(properties={"x": {"type": "keyword"}}).preview()[0]
    assert "asked for" in shelf.preview(rebuild=True)[0]
    assert Shelf(shelf.client, "nowhere").preview() == ["articles: would create nowhere-v1"]
    assert everything(shelf.client) == before


def test_another_number_of_shards_comes_with_a_rebuild(shelf: Shelf) -> None:
    other = Shelf(shelf.client, shelf.alias, shards=3)
    shelf.write(article(f"a-{n}") for n in range(12))
    assert any("has 2 shards where NEWSWIRE_SHARDS is 3" in line for line in other.declare())
    other.declare(rebuild=True)
    current = look(shelf.client, shelf.family).current
    assert current is not None
    assert (current.name, current.shards) == ("schema-v2", 3)
    assert len(shelf.documents()) == 12


def test_the_next_number_passes_over_an_index_that_somebody_made(shelf: Shelf) -> None:
    shelf.client.indices.create(index="schema-v4")
    shelf.declare(rebuild=True)
    assert shelf.in_use() == ["schema-v5"]


def test_old_generations_are_dropped_only_when_asked_for(shelf: Shelf) -> None:
    shelf.write([article("one")])
    shelf.declare(rebuild=True)
    assert schema.old_generations(shelf.client, [shelf.family]) == {"schema-v1": 1}
    schema.drop(shelf.client, "schema-v1", families=[shelf.family])
    schema.drop(shelf.client, "schema-v2", families=[shelf.family])  # in use: not an old one
    assert shelf.generations() == ["schema-v2"]
    assert schema.old_generations(shelf.client, [shelf.family]) == {}


def test_the_index_service_waits_while_the_index_would_refuse_what_it_writes(
    client: Elasticsearch, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = shelf.with_mapping(properties={"extra": {"type": "keyword"}, "source": {"type": "keyword"}})
    monkeypatch.setattr(schema, "FAMILIES", [lacking.family])
    said = schema.missing(client)
    assert len(said) == 1
    assert said[0].startswith("schema-v1 is of another version (lacks extra, source's ")
    found_otherwise = shelf.with_mapping(sort="asc", properties={"body": {"type": "text", "analyzer": "exact"}})
    monkeypatch.setattr(schema, "FAMILIES", [found_otherwise.family])
    assert schema.missing(client) == []
    monkeypatch.setattr(schema, "FAMILIES", [Shelf(client, "nowhere").family])
    assert schema.missing(client) == ["the alias nowhere is missing"]


def test_what_missing_warns_of_is_what_elasticsearch_refuses(shelf: Shelf) -> None:
    template = shelf.with_mapping().family.template
    del template["template"]["mappings"]["properties"]["event_tags"]
    former = Shelf(shelf.client, "former", like=shelf.family._replace(template=template))
    try:
        former.declare()
        aim = wanted(ARTICLES, former.settings)
        current = look(former.client, former.family).current
        assert current is not None
        assert difference(current.mappings, current.settings, aim).refused == ["lacks event_tags"]
        write = Patience(former.client, waiting=lambda _cause: None).write
        assert "event_tags" in str(write([item(article("one"), "former")])[0][1])
    finally:
        former.remove()


def test_an_index_from_before_quotations_takes_them_once_setup_has_added_their_fields(shelf: Shelf) -> None:
    template = shelf.with_mapping().family.template
    for field in ("quotes", "quoted"):
        del template["template"]["mappings"]["properties"][field]
    former = Shelf(shelf.client, "before-quotes", like=shelf.family._replace(template=template))
    try:
        former.declare()
        former.client.index(index="before-quotes", id="old", document={"id": "old", "title": "Of a former version"})
        now = Shelf(shelf.client, "before-quotes", like=shelf.family)
        assert now.declare()[0].startswith("index before-quotes-v1: 3 fields added (quotes, quoted, quoted.text)")
        said = [Quote(start=0, end=8, speaker="Ada Obi", speaker_start=9, speaker_end=12), Quote(start=12, end=15)]
        now.write([article("new", quotes=said)])
        stored = now.documents()["new"]["_source"]
        assert stored["quoted"] == ["Ada Obi"]
        assert [quote["speaker"] for quote in stored["quotes"]] == ["Ada Obi", None]
        assert now.documents()["old"]["_source"]["title"] == "Of a former version"
        assert now.generations() == ["before-quotes-v1"]
    finally:
        former.remove()


def test_setup_says_what_it_would_do_and_what_it_did(environ: Mapping[str, str]) -> None:
    preview = newswire(environ, "setup", "--dry-run")
    assert preview.exit_code == 0
    assert "topics: all there" in preview.stdout
    assert "articles: newswire-v1 has the mapping of this version" in preview.stdout
    done = newswire(environ, "setup")
    assert done.exit_code == 0
    assert "alias newswire-dead → newswire-dead-v1" in done.stdout


def test_dropping_is_refused_beside_a_rebuild_and_has_nothing_to_do_where_all_is_in_use(
    environ: Mapping[str, str],
) -> None:
    assert newswire(environ, "setup", "--drop-old", "--rebuild").exit_code == 2
    answer = newswire(environ, "setup", "--drop-old")
    assert (answer.exit_code, answer.stdout) == (0, "every generation is in use; there is nothing to delete\n")


def test_dropping_asks_first(environ: Mapping[str, str], client: Elasticsearch) -> None:
    client.indices.create(index="newswire-dead-v0")
    try:
        assert "newswire-dead-v0 (0 documents)" in newswire(environ, "setup", "--drop-old", "--dry-run").stdout
        unasked = newswire(environ, "setup", "--drop-old")
        assert unasked.exit_code == 2
        assert "--yes" in unasked.stderr
        assert client.indices.exists(index="newswire-dead-v0")
        meant = newswire(environ, "setup", "--drop-old", "--yes")
        assert (meant.exit_code, meant.stdout) == (0, "index newswire-dead-v0 deleted\n")
        assert not client.indices.exists(index="newswire-dead-v0")
    finally:
        client.indices.delete(index="newswire-dead-v0", ignore_unavailable=True)


def test_check_names_what_the_index_lacks(
    environ: Mapping[str, str], client: Elasticsearch, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = shelf.with_mapping(properties={"extra": {"type": "keyword"}})
    monkeypatch.setattr(schema, "FAMILIES", [lacking.family])
    answer = newswire(environ, "check", "--json")
    outcome = {one["check"]: one for one in json.loads(answer.stdout)}["elasticsearch"]
    assert not outcome["ok"]
    assert outcome["message"] == "schema-v1 is of another version (lacks extra); run `newswire setup`."
