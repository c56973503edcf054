import itertools
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from kafka import TopicPartition

from newswire import dead_letter
from newswire.dead_letter import ORIGINAL_CAP, DeadLetter
from newswire.letters import arrival, filed
from newswire.letters.filed import KEPT_ORIGINAL, FiledLetter, State
from newswire.reasons import Reason, Stage
from newswire.topics import DEAD, MOST_ATTEMPTS, Trail
from services.index.item import Item, Record, Unusable, action, letter_for

NOW = datetime(2025, 2, 7, 12, tzinfo=UTC)
TRAIL = Trail("trace", NOW, NOW)


def letter(**fields: Any) -> DeadLetter:
    given: dict[str, Any] = {"stage": Stage.ENRICH, "reason": Reason.BAD_MESSAGE, "message": "m", "key": "k"}
    return dead_letter.letter(**given | {"now": NOW, "original": b"o"} | fields)


def in_state(state: State, **fields: Any) -> FiledLetter:
    made = filed.file(letter(**fields), partition=3, offset=4, now=NOW)
    return msgspec.structs.replace(made, state=state, state_at=NOW)


def test_an_attempt_outweighs_every_state_of_the_attempts_before_it() -> None:
    versions = [in_state(state, attempts=attempts).external_version for attempts in (1, 2, 7) for state in State]
    assert all(earlier < later for earlier, later in itertools.pairwise(versions))


def test_attempts_stay_within_what_a_version_takes() -> None:
    assert [letter(attempts=wrong).attempts for wrong in (-3, 0, 10**12)] == [1, 1, MOST_ATTEMPTS]
    forged = dead_letter.encode(letter()).replace(b'"attempts":1', b'"attempts":0')
    with pytest.raises(msgspec.ValidationError, match="attempts"):
        dead_letter.decode(forged)


def test_a_long_original_stays_in_the_topic_alone() -> None:
    kept = in_state(State.OPEN, original=b"x" * KEPT_ORIGINAL)
    left = in_state(State.OPEN, original=b"x" * ORIGINAL_CAP)
    assert (len(kept.original), kept.bytes_complete) == (KEPT_ORIGINAL, True)
    assert (left.original, left.bytes_complete, left.partition, left.offset) == (b"", False, 3, 4)
    assert left.id == filed.id_of(letter(original=b"x" * ORIGINAL_CAP))


def test_what_is_filed_is_read_again_as_it_was() -> None:
    whole = in_state(State.REPLAYED, original=bytes(range(256)), detail="d")
    hit = {"_id": whole.id, "_source": msgspec.json.decode(filed.encode(whole))}
    assert filed.of_hit(hit) == whole
    # A document of a version that knew neither id nor place.
    for name in ("id", "partition", "offset", "state_at", "sha256", "note"):
        del hit["_source"][name]
    old = filed.of_hit(hit)
    assert (old.id, old.partition, old.state) == (whole.id, None, State.REPLAYED)


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"article_id": "a" * 32}, True),
        ({"key": "b" * 32}, True),
        ({"key": "newswire.raw.v1[3]@17"}, False),
        ({"stage": Stage.INGEST, "key": "c" * 32}, False),
    ],
)
def test_arrival_is_known_only_where_an_article_can_be_named(fields: dict[str, Any], known: bool) -> None:
    assert (arrival.sign(in_state(State.REPLAYED, **fields)) is not None) is known


def test_a_letter_about_a_letter_that_is_too_long_is_the_end_of_it() -> None:
    key = "k" * 1024 * 1024
    too_long = msgspec.structs.replace(letter(message="m"), message="\x01" * 256 * 1024, key=key)
    taken = Record(TopicPartition(DEAD.name, 1), 7, key, dead_letter.encode(too_long), dead_letter.SCHEMA, TRAIL)
    refused = action(taken, now=NOW)
    assert isinstance(refused, Unusable)
    about = letter_for(taken, None, refused.reason, refused.message, now=NOW)
    assert (about.reason, about.original) == (Reason.BAD_MESSAGE, taken.value)
    again = Record(TopicPartition(DEAD.name, 1), 8, about.key, dead_letter.encode(about), dead_letter.SCHEMA, TRAIL)
    assert isinstance(action(again, now=NOW), Item)
