from datetime import UTC, datetime

import msgspec

from newswire.reasons import Stage
from newswire.replay.job import Terms
from newswire.replay.selection import Selection


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_the_terms_of_a_job_are_the_options_that_begin_it() -> None:
    terms = Terms(Stage.ENRICH, at(2025, 1, 1), at(2025, 2, 7, 18, 30, 1), 20.0, Selection(("failed", "partial"), 2))
    assert terms.options == (
        "--stage enrich --from 2025-01-01T00:00Z --to 2025-02-07T18:30:01Z "
        "--status failed --status partial --version-below 2 --rate 20"
    )


def test_what_was_not_asked_for_is_no_option() -> None:
    assert Terms(Stage.INDEX, at(2025, 1, 1, 0, 0, 0, 250_000)).options == (
        "--stage index --from 2025-01-01T00:00:00.250Z --rate 50"
    )


def test_terms_are_remembered_as_they_are() -> None:
    terms = Terms(Stage.INDEX, at(2025, 1, 1), None, 0.5, Selection(("failed",), None))
    assert msgspec.json.decode(msgspec.json.encode(terms), type=Terms) == terms
