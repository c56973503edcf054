"""SIGTERM while a large file is read: it is obeyed in time, and the next start goes on where it ended."""

import json
import signal
import time
from functools import partial

from newswire.local import LocalStack
from services.ingest.reading import PORTION_RECORDS
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.test_service import signal_group

RECORDS = 10_000
# An orchestrator kills after ten seconds.
GRACE = 10.0  # seconds


def lines(ingest: Ingest) -> bytes:
    """Some 20 MB."""
    body = "The council met in Oslo and approved the minutes of the last meeting. " * 28
    return b"".join(
        json.dumps(
            {"guid": f"{ingest.tag}-{number}", "title": f"Meeting {number}", "body": f"{number}. {body}"}
        ).encode()
        + b"\n"
        for number in range(RECORDS)
    )


def test_sigterm_in_a_large_file_is_obeyed_and_no_record_goes_out_twice(ingest: Ingest) -> None:
    path = ingest.drop("meetings.ndjson", lines(ingest))
    assert path.stat().st_size > 20_000_000
    seen, parts = [], []
    # Before anything of it is published, at its beginning, in the middle.
    for least in (0, 1, RECORDS // 2):
        ingest.start(NEWSWIRE_SETTLE="0s")
        ingest.until(lambda: ingest.ready().get("ready"))
        ingest.until(partial(is_done, ingest, least))
        started = time.monotonic()
        assert ingest.end(signal.SIGTERM) == 0
        seen.append(time.monotonic() - started)
        parts.append(done(ingest))
        assert ingest.waiting() == ["meetings.ndjson"]
    print(f"left after {', '.join(f'{one:.2f}' for one in seen)} s with {parts} of {RECORDS:,} records done")
    assert max(seen) < GRACE
    assert parts == sorted(parts)
    assert RECORDS // 2 <= parts[-1] < RECORDS

    ingest.start(NEWSWIRE_SETTLE="0s")
    ingest.until(lambda: done(ingest) and ingest.empty())
    check_account(ingest)
    # Whoever stops in order has what was under way acknowledged and written down first.
    assert len(ingest.articles()) == RECORDS


def test_sigterm_in_a_large_file_is_obeyed_while_kafka_stands_still(ingest: Ingest, stack: LocalStack) -> None:
    ingest.drop("meetings.ndjson", lines(ingest))
    ingest.start(NEWSWIRE_SETTLE="0s")
    ingest.until(partial(is_done, ingest, 1))
    (broker,) = [child.pid for child in stack.children if child.name == "kafka"]
    assert broker is not None
    signal_group(broker, signal.SIGSTOP)
    try:
        started = time.monotonic()
        assert ingest.end(signal.SIGTERM) == 0
        assert time.monotonic() - started < GRACE
    finally:
        signal_group(broker, signal.SIGCONT)
    assert 0 < done(ingest) < RECORDS

    ingest.start(NEWSWIRE_SETTLE="0s")
    ingest.until(lambda: ingest.rows("SELECT 1 FROM files WHERE put_away_at IS NOT NULL"))
    check_account(ingest)
    # What Kafka had and could not acknowledge goes out again, with the revision it had; no more than was under way.
    assert len(ingest.articles()) <= RECORDS + 2 * PORTION_RECORDS


def check_account(ingest: Ingest) -> None:
    """Every record is published, once as the ledger has it, and is in the topic."""
    account = ingest.rows("SELECT state, done, published, duplicates, refused FROM files")
    assert account == [("put_away", RECORDS, RECORDS, 0, 0)]
    assert ingest.rows("SELECT count(*), count(acked_at) FROM identities") == [(RECORDS, RECORDS)]
    sent = {(article.id, article.revision, article.source.record) for article, _ in ingest.articles()}
    assert len(sent) == RECORDS


def is_done(ingest: Ingest, least: int) -> bool:
    """Whether at least so many records are through."""
    return done(ingest) >= least


def done(ingest: Ingest) -> int:
    """How many records of the file are through."""
    return sum(number for (number,) in ingest.rows("SELECT done FROM files"))
