import msgspec
from kafka import TopicPartition

from newswire import dead_letter, enriched
from newswire.identity import external_version, letter_id
from newswire.reasons import Reason, Stage
from newswire.topics import DEAD
from services.index.item import Item, Unusable, action, bare_letter, letter_for
from tests.unit.index.records import NOW, document, item, record


def test_an_article_is_written_through_the_alias_with_its_external_version() -> None:
    head, body = item(7).lines.split(b"\n")
    assert msgspec.json.decode(head)["index"] == {
        "_index": "newswire",
        "_id": f"{7:032x}",
        "version": external_version(1007, canceled=False, status="ok", enrichment_version=1),
        "version_type": "external_gte",
        "require_alias": True,
    }
    assert msgspec.json.decode(body)["indexed_at"] == "2025-02-07T12:00:00Z"
    assert b"\n" not in body


def test_what_is_no_document_becomes_unusable_with_its_reason() -> None:
    broken = action(record(b'{"id": 3'), now=NOW)
    assert isinstance(broken, Unusable)
    assert broken.reason is Reason.BAD_MESSAGE
    later = action(record(b"{}", schema="enriched/2"), now=NOW)
    assert isinstance(later, Unusable)
    assert later.reason is Reason.UNKNOWN_SCHEMA
    before = action(record(enriched.encode(document(1, revision=-5))), now=NOW)
    assert isinstance(before, Unusable)


def test_a_letter_says_where_its_message_was_and_carries_its_bytes() -> None:
    made = item(3)
    letter = letter_for(made.record, made, Reason.MAPPING_REJECTED, "why", now=NOW)
    assert (letter.stage, letter.article_id, letter.revision) == (Stage.INDEX, made.id, 1003)
    assert letter.original == made.record.value
    assert letter.detail == "newswire.enriched.v1[0]@3"


def test_a_dead_letter_is_stored_once_under_the_hash_of_its_failure() -> None:
    letter = dead_letter.letter(
        stage=Stage.INGEST, reason=Reason.EMPTY, message="Nothing in it.", key="a.txt", now=NOW, original=b"\xff\x00"
    )
    taken = record(dead_letter.encode(letter), schema="dead/1")._replace(partition=TopicPartition(DEAD.name, 1))
    stored = action(taken, now=NOW)
    assert isinstance(stored, Item)
    assert stored.is_letter
    assert stored.id == letter_id("ingest", "a.txt", None, b"\xff\x00")
    body = msgspec.json.decode(stored.lines.split(b"\n")[1])
    assert (body["state"], body["original"]) == ("open", "/wA=")
    bare = bare_letter(stored, now=NOW)
    assert bare is not None
    assert bare.id == stored.id
    assert msgspec.json.decode(bare.lines.split(b"\n")[1])["original"] == ""
