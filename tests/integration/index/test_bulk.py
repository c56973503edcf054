"""What Elasticsearch says in its own words to one bulk request."""

from elasticsearch import Elasticsearch

from services.index.bulk import send
from services.index.outcome import TOO_LARGE, Indexed
from tests.unit.index.records import item


def test_an_article_that_elasticsearch_never_has_room_for_is_dead_and_its_neighbours_live(
    client: Elasticsearch,
) -> None:
    """The tests' Elasticsearch has a tenth of 512 MB for what is under way, and counts five times what is sent."""
    items = [item(0xB160001), item(0xB160002, body="word " * 2_500_000), item(0xB160003)]
    assert [outcome for _, outcome in send(client, items)] == [Indexed(), TOO_LARGE, Indexed()]
    assert [outcome for _, outcome in send(client, items[1:2])] == [TOO_LARGE]


def test_articles_that_are_too_much_only_together_are_all_written(client: Elasticsearch) -> None:
    items = [item(0xB160010 + number, body="word " * 1_000_000) for number in range(4)]
    assert [outcome for _, outcome in send(client, items)] == [Indexed()] * 4
