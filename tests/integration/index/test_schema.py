"""The templates on the real engine."""

from elasticsearch import Elasticsearch

from newswire.local import LocalStack
from newswire.settings import ElasticsearchSettings, load
from services.index import schema


def stems(client: Elasticsearch, text: str) -> list[str]:
    answer = client.indices.analyze(index="newswire-v1", analyzer="english_news", text=text)
    return [token["token"] for token in answer["tokens"]]


def test_declaring_twice_changes_nothing(stack: LocalStack, client: Elasticsearch) -> None:
    settings = load(ElasticsearchSettings, {"NEWSWIRE_ELASTICSEARCH": stack.elasticsearch})
    before = client.indices.get(index="newswire-v1").body
    schema.declare(client, settings)
    assert client.indices.get(index="newswire-v1").body == before
    assert schema.missing(client) == []


def test_english_words_meet_across_their_forms(client: Elasticsearch) -> None:
    assert stems(client, "Toretsk's cities, Café") == stems(client, "Toretsk city cafe")


def test_words_that_stop_lists_drop_are_kept_for_phrases(client: Elasticsearch) -> None:
    assert stems(client, "to be or not") == ["to", "be", "or", "not"]


def test_the_alias_hides_what_was_withdrawn(client: Elasticsearch) -> None:
    alias = client.indices.get_alias(name="newswire")["newswire-v1"]["aliases"]["newswire"]
    assert alias["filter"] == schema.NOT_WITHDRAWN
    assert alias["is_write_index"]
