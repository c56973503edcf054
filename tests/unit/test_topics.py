from datetime import UTC, datetime

import pytest

from newswire import dead_letter
from newswire.reasons import Reason, Stage
from newswire.topics import (
    ARTICLE_CAP,
    BODY_CAP,
    DEAD_MESSAGE_CAP,
    ENRICHED_CAP,
    ENRICHED_MESSAGE_CAP,
    RAW_MESSAGE_CAP,
    Trail,
    headers,
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


def test_sizes_nest_so_that_nothing_fails_in_the_next_stage() -> None:
    assert BODY_CAP < ARTICLE_CAP < RAW_MESSAGE_CAP < ENRICHED_CAP < ENRICHED_MESSAGE_CAP < DEAD_MESSAGE_CAP


def test_the_largest_letter_fits_its_topic() -> None:
    letter = dead_letter.letter(
        stage=Stage.INDEX,
        reason=Reason.REFUSED,
        message="m" * 5000,
        detail="d" * 50_000,
        key="k",
        now=NOW,
        original=b"\0" * (dead_letter.ORIGINAL_CAP + 1),
    )
    value = dead_letter.encode(letter)
    assert not letter.bytes_complete
    assert len(value) < DEAD_MESSAGE_CAP - 16_384  # room for headers
    assert dead_letter.decode(value) == letter
