from datetime import UTC, datetime

import msgspec
import pytest

from newswire import dead_letter
from newswire.dead_letter import LetterSource
from newswire.reasons import Reason, Stage
from newswire.topics import (
    ARTICLE_CAP,
    BODY_CAP,
    DEAD_MESSAGE_CAP,
    ENRICHED_CAP,
    ENRICHED_MESSAGE_CAP,
    LONGEST_HEADER,
    MOST_ATTEMPTS,
    RAW_MESSAGE_CAP,
    Trail,
    headers,
    one_more,
    read_headers,
)

NOW = datetime(2025, 2, 7, 12, 0, tzinfo=UTC)


def test_headers_survive_the_way_through_kafka() -> None:
    trail = Trail("abc", NOW, NOW.replace(hour=13), 2)
    assert read_headers(headers("article/1", trail), now=NOW) == ("article/1", trail)
    again = trail._replace(first_failed_at=NOW.replace(hour=11))
    assert read_headers(headers("article/1", again), now=NOW) == ("article/1", again)


@pytest.mark.parametrize(
    "pairs",
    [
        None,
        [],
        [("available_at", b"\xff"), ("attempts", b"many")],
        [("attempts", b"0")],
        [("available_at", b"0001-01-01T00:00:00+14:00"), ("attempts", b"9" * 5000)],
    ],
)
def test_missing_and_unreadable_headers_count_from_now(pairs: list[tuple[str, bytes]] | None) -> None:
    assert read_headers(pairs, now=NOW) == (None, Trail("", NOW, NOW, 1))


def test_a_header_of_somebody_else_is_not_copied_at_any_length() -> None:
    schema, trail = read_headers([("schema", b"s" * 10**6), ("trace", b"\xff" * 10**6)], now=NOW)
    assert schema == "s" * LONGEST_HEADER
    assert trail.trace == "\ufffd" * LONGEST_HEADER


def test_sizes_nest_so_that_nothing_fails_in_the_next_stage() -> None:
    assert BODY_CAP < ARTICLE_CAP < RAW_MESSAGE_CAP < ENRICHED_CAP < ENRICHED_MESSAGE_CAP < DEAD_MESSAGE_CAP


# What JSON makes the most of, and what a header makes the most of.
WORST = ["\x01", "\U0001f4f0", "\u00e9", '"']


@pytest.mark.parametrize("char", WORST)
def test_the_largest_letter_fits_its_topic(char: str) -> None:
    much = char * 1024 * 1024
    letter = dead_letter.letter(
        stage=Stage.INDEX,
        reason=Reason.REFUSED,
        message=much,
        detail=much,
        key=much,
        article_id=much,
        revision=2**63 - 1,
        source=LetterSource(path=much, record=2**31 - 1),
        put_away=much,
        now=NOW,
        original=b"\0" * (dead_letter.ORIGINAL_CAP + 1),
    )
    value = dead_letter.encode(letter)
    assert not letter.bytes_complete
    assert dead_letter.decode(value) == letter
    _, trail = read_headers([("trace", much.encode())], now=NOW)
    pairs = headers(dead_letter.SCHEMA, trail)
    beside = len(letter.key.encode()) + sum(len(name) + len(said) for name, said in pairs)
    assert len(value) + beside < DEAD_MESSAGE_CAP - 16_384  # room for what Kafka adds


def test_a_name_that_is_cut_still_tells_letters_apart() -> None:
    longest = dead_letter.LONGEST_PATH
    assert dead_letter.cut("k" * longest, longest) == "k" * longest
    cut = [dead_letter.cut("k" * (longest + 1) + end, longest) for end in ("", "a", "b")]
    assert len(set(cut)) == 3
    assert {len(one) for one in cut} == {longest}
    assert [dead_letter.cut(one, longest) for one in cut] == cut


@pytest.mark.parametrize(
    ("field", "longest"),
    [
        ("message", dead_letter.LONGEST_MESSAGE),
        ("detail", dead_letter.LONGEST_DETAIL),
        ("key", dead_letter.LONGEST_PATH),
        ("put_away", dead_letter.LONGEST_PATH),
        ("article_id", dead_letter.LONGEST_NAME),
        ("version", dead_letter.LONGEST_NAME),
    ],
)
def test_what_is_longer_than_a_letter_may_be_is_no_letter(field: str, longest: int) -> None:
    made = dead_letter.letter(
        stage=Stage.INGEST, reason=Reason.EMPTY, message="m", key="k", now=NOW, original=b"", detail="d"
    )
    fits = msgspec.structs.replace(made, **{field: "x" * longest})
    assert dead_letter.decode(dead_letter.encode(fits)) == fits
    with pytest.raises(msgspec.ValidationError, match=field):
        dead_letter.decode(dead_letter.encode(msgspec.structs.replace(made, **{field: "x" * (longest + 1)})))


def test_attempts_are_counted_as_far_as_the_header_goes() -> None:
    assert [one_more(1), one_more(MOST_ATTEMPTS - 1), one_more(MOST_ATTEMPTS)] == [2, MOST_ATTEMPTS, MOST_ATTEMPTS]
    sent = headers("article/1", Trail("", NOW, NOW, one_more(MOST_ATTEMPTS)))
    assert read_headers(sent, now=NOW)[1].attempts == MOST_ATTEMPTS
