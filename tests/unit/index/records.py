"""Records as the loop would take them from Kafka, for the tests of what becomes of them."""

from datetime import UTC, datetime

from kafka import TopicPartition

from newswire import enriched
from newswire.enriched import Enriched, Enrichment
from newswire.topics import ENRICHED, Trail
from services.index.item import Item, Record, action

NOW = datetime(2025, 2, 7, 12, 0, tzinfo=UTC)
PARTITION = TopicPartition(ENRICHED.name, 0)


def document(number: int, **fields: object) -> Enriched:
    """A small document with a valid id."""
    given = {"title": f"Title {number}", "body": "Body", "revision": 1000 + number} | fields
    return Enriched(
        id=f"{number:032x}",
        enrichment=Enrichment(status="ok", version=1, model="test"),
        **given,  # type: ignore[arg-type] # the fields of one test
    )


def record(value: bytes, offset: int = 0, schema: str | None = enriched.SCHEMA) -> Record:
    """A record of the enriched topic."""
    return Record(PARTITION, offset, "key", value, schema, Trail("trace", NOW, NOW))


def item(number: int, **fields: object) -> Item:
    """The action for ``document(number)``."""
    made = action(record(enriched.encode(document(number, **fields)), number), now=NOW)
    assert isinstance(made, Item)
    return made
