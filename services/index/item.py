"""From a Kafka record to one action of a bulk request, or to the reason why not: pure, no client in sight."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from newswire import dead_letter, enriched, identity
from newswire.dead_letter import DeadLetter, LetterSource
from newswire.elastic import DEAD_ALIAS, INDEX_ALIAS
from newswire.letters import filed
from newswire.reasons import Reason, Stage
from newswire.topics import DEAD, Trail, read_headers
from services.index import document as stored

_encoder = msgspec.json.Encoder()


class Record(NamedTuple):
    """What the loop keeps of a Kafka record; ``partition`` is a kafka.TopicPartition."""

    partition: Any
    offset: int
    key: str
    value: bytes
    schema: str | None
    trail: Trail


class Item(NamedTuple):
    """One action: ``lines`` is the action and the document, newline between, as the bulk API reads them."""

    record: Record
    id: str
    revision: int | None
    is_letter: bool
    lines: bytes


class Unusable(NamedTuple):
    """A record that is no article; it becomes a letter."""

    record: Record
    reason: Reason
    message: str


class Refusal(NamedTuple):
    """A record that will never be a document, with its item where it was an article at least."""

    record: Record
    item: Item | None
    reason: Reason
    message: str


def record(message: Any, partition: Any, *, now: datetime) -> Record:
    """What the loop keeps of a kafka-python ConsumerRecord."""
    schema, trail = read_headers(message.headers, now=now)
    key = (message.key or b"").decode("utf-8", "replace")
    return Record(partition, message.offset, key, message.value or b"", schema, trail)


def action(record: Record, *, now: datetime) -> Item | Unusable:
    """The action that writes ``record``; ``now`` becomes its ``indexed_at``."""
    if record.partition.topic == DEAD.name:
        return _letter_action(record, now)
    if record.schema not in (None, enriched.SCHEMA):
        return Unusable(record, Reason.UNKNOWN_SCHEMA, f"This version does not know the schema {record.schema!r}.")
    try:
        document = enriched.decode(record.value)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        return Unusable(record, Reason.BAD_MESSAGE, f"The message is no {enriched.SCHEMA} document: {error}.")
    version = identity.external_version(
        document.revision,
        canceled=document.pubstatus == "canceled",
        status=document.enrichment.status,
        enrichment_version=document.enrichment.version,
    )
    # The version ES keeps must be positive; a revision may lie before 1970 only in a message made by hand.
    if version < 0:
        return Unusable(record, Reason.BAD_MESSAGE, f"The revision {document.revision} is negative.")
    source = stored.encode(stored.project(document, indexed_at=now))
    return Item(
        record,
        document.id,
        document.revision,
        False,
        action_lines(INDEX_ALIAS, document.id, version, "external_gte", source),
    )


def _letter_action(record: Record, now: datetime, *, bare: bool = False) -> Item | Unusable:
    try:
        letter = dead_letter.decode(record.value)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        return Unusable(record, Reason.BAD_MESSAGE, f"The message is no {dead_letter.SCHEMA} letter: {error}.")
    document = filed.file(letter, partition=record.partition.partition, offset=record.offset, now=now)
    if bare:
        document = filed.bare(document)
    # `external`, not `external_gte`: the same letter again must not reopen one that was replayed since.
    lines = action_lines(DEAD_ALIAS, document.id, document.external_version, "external", filed.encode(document))
    return Item(record, document.id, letter.revision, True, lines)


def bare_letter(item: Item, *, now: datetime) -> Item | None:
    """The letter of ``item`` with its metadata alone, for when the whole was refused."""
    bare = _letter_action(item.record, now, bare=True)
    return bare if isinstance(bare, Item) else None


def action_lines(alias: str, document_id: str, version: int, version_type: str, source: bytes) -> bytes:
    """The two lines that write ``source`` through ``alias``."""
    head = {
        "index": {
            "_index": alias,
            "_id": document_id,
            "version": version,
            "version_type": version_type,
            # Without it a missing alias would become a new index with guessed fields.
            "require_alias": True,
        }
    }
    return _encoder.encode(head) + b"\n" + source


def letter_for(record: Record, item: Item | None, reason: Reason, message: str, *, now: datetime) -> DeadLetter:
    """The index stage's dead letter for ``record``."""
    source: LetterSource | None = None
    if item is not None:
        document = enriched.decode(record.value)
        if document.source is not None:
            source = LetterSource(path=document.source.path, record=document.source.record)
    where = f"{record.partition.topic}[{record.partition.partition}]@{record.offset}"
    return dead_letter.letter(
        stage=Stage.INDEX,
        reason=reason,
        message=message,
        detail=where,
        key=record.key or where,
        now=now,
        original=record.value,
        article_id=item.id if item else None,
        revision=item.revision if item else None,
        source=source,
        attempts=record.trail.attempts,
        first_at=record.trail.first_failed_at,
    )
