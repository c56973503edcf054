"""The outlines of the countries in the real Elasticsearch."""

from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from newswire import settings
from newswire.local import LocalStack
from newswire.settings import ElasticsearchSettings
from tests.integration.kibana.conftest import unsearched
from tests.kibana import scripts

INDEX = "kibana-countries-test"

countries = scripts.load("countries")
CONTENT = countries.NDJSON.read_bytes()
MAPPINGS = unsearched(countries.MAPPINGS)


@pytest.fixture(autouse=True)
def _clean(client: Elasticsearch) -> Iterator[None]:
    client.indices.delete(index=INDEX, ignore_unavailable=True)
    yield
    client.indices.delete(index=INDEX, ignore_unavailable=True)


def load(client: Elasticsearch, content: bytes = CONTENT) -> int:
    written: int = countries.load(client, content, mappings=MAPPINGS, index=INDEX)
    return written


def held(client: Elasticsearch) -> Any:
    return client.count(index=INDEX)["count"]


def test_every_outline_can_be_found_as_soon_as_the_call_returns(client: Elasticsearch) -> None:
    assert load(client) == len(CONTENT.splitlines()) == held(client)


def test_loading_again_writes_nothing(client: Elasticsearch) -> None:
    load(client)
    before = client.indices.get(index=INDEX).body
    assert load(client) == 0
    assert client.indices.get(index=INDEX).body == before


def test_another_edition_takes_the_place_of_the_one_before(client: Elasticsearch) -> None:
    load(client)
    shorter = b"\n".join(CONTENT.splitlines()[:100])
    assert load(client, shorter) == 100 == held(client)


def test_a_load_that_was_cut_off_is_done_over(client: Elasticsearch) -> None:
    client.indices.create(index=INDEX, mappings=MAPPINGS)
    client.index(index=INDEX, id="UA", document={"code": "UA", "name": "half"}, refresh=True)
    assert load(client) == held(client)
    assert client.get(index=INDEX, id="UA")["_source"]["name"] == "Ukraine"


def test_outlines_that_are_refused_are_named_and_tried_again(client: Elasticsearch) -> None:
    bad = CONTENT.splitlines()[0] + b'\n{"code": "XX", "name": "Nowhere", "capital": "None"}'
    with pytest.raises(countries.Incomplete, match=r"XX: .*capital"):
        load(client, bad)
    assert load(client) == held(client)


def test_an_elasticsearch_without_shapes_says_so(client: Elasticsearch) -> None:
    # The engine of the tests has none; the full distribution has.
    with pytest.raises(BadRequestError, match="geo_shape"):
        countries.load(client, CONTENT, index=INDEX)
    assert not client.indices.exists(index=INDEX)


def test_the_command_says_what_is_missing_from_the_map(stack: LocalStack) -> None:
    importer = scripts.load("import")
    here = settings.load(ElasticsearchSettings, {"NEWSWIRE_ELASTICSEARCH": stack.elasticsearch})
    with pytest.raises(importer.Refused, match=r"geo_shape.*the map shows the events without the countries"):
        importer.load_outlines(here, CONTENT)
