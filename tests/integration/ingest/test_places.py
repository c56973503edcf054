"""Inboxes that are several, elsewhere, or gone for a while, and disks that are full."""

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.corpus import story
from tests.integration.ingest.conftest import Ingest

MIB = 1024 * 1024


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A directory on another file system than the tests'."""
    made = Path(tempfile.mkdtemp(prefix="newswire-", dir="/dev/shm"))
    assert made.stat().st_dev != tmp_path.stat().st_dev
    yield made
    shutil.rmtree(made)


def drop(ingest: Ingest, inbox: Path, name: str, content: str) -> Path:
    path = inbox / ingest.tag / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_several_inboxes_are_watched_and_one_may_be_gone_for_a_while(ingest: Ingest, elsewhere: Path) -> None:
    second = elsewhere / "inbox"
    ingest.start(NEWSWIRE_INBOX=f"{ingest.inbox}{os.pathsep}{second}", NEWSWIRE_SETTLE="100ms")
    ingest.until(lambda: ingest.ready().get("ready"))
    ingest.drop("first.txt", story("the first of the inboxes"))
    drop(ingest, second, "second.txt", story("the second of the inboxes"))
    ingest.until(lambda: ingest.put_away("processed") == ["first.txt", "second.txt"])

    shutil.rmtree(second)
    ingest.drop("third.txt", story("an inbox that stays"))
    ingest.until(second.exists)
    drop(ingest, second, "fourth.txt", story("an inbox that came back"))
    ingest.until(lambda: len(ingest.put_away("processed")) == 4)
    assert sorted(article.title or "" for article, _ in ingest.articles()) == [
        "Inspectors report on an inbox that came back",
        "Inspectors report on an inbox that stays",
        "Inspectors report on the first of the inboxes",
        "Inspectors report on the second of the inboxes",
    ]
    assert ingest.ready().get("ready")


def test_a_file_that_finds_no_room_stays_and_is_put_away_when_there_is(ingest: Ingest, elsewhere: Path) -> None:
    inbox = elsewhere / "inbox"
    ingest.start(NEWSWIRE_INBOX=str(inbox), NEWSWIRE_SETTLE="100ms")
    ingest.until(lambda: ingest.ready().get("ready"))
    assert ingest.process is not None
    # From another file system it is copied, and no file of this process may grow so large.
    resource.prlimit(ingest.process.pid, resource.RLIMIT_FSIZE, (2 * MIB, resource.RLIM_INFINITY))
    large = drop(ingest, inbox, "large.ndjson", records(3 * MIB, ingest.tag))
    drop(ingest, inbox, "small.txt", story("disks with a little room"))
    ingest.until(lambda: "large.ndjson" in ingest.ready().get("causes", {}).get("finished", ""))
    ingest.until(lambda: "small.txt" in ingest.put_away("processed"))
    assert large.exists()

    resource.prlimit(ingest.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    ingest.until(lambda: ingest.ready().get("ready") and not large.exists())
    assert ingest.put_away("processed") == ["large.ndjson", "small.txt"]
    sent = [message.key for _, message in ingest.articles()]
    assert len(set(sent)) == len(sent)


def test_a_kill_while_files_are_copied_to_another_file_system_loses_and_doubles_none(
    ingest: Ingest, elsewhere: Path
) -> None:
    inbox = elsewhere / "inbox"
    names = sorted(f"{number}.txt" for number in range(1_000))
    for name in names:
        drop(ingest, inbox, name, story(f"copies that are cut short, {name}"))
    for _ in range(3):
        away = len(ingest.put_away("processed"))
        ingest.start(NEWSWIRE_INBOX=str(inbox), NEWSWIRE_SETTLE="0s")
        ingest.until(partial(lambda away: len(ingest.put_away("processed")) > away, away))
        ingest.end()
    ingest.start(NEWSWIRE_INBOX=str(inbox), NEWSWIRE_SETTLE="0s")
    ingest.until(lambda: not any(path.is_file() for path in inbox.rglob("*")))
    ingest.until(lambda: ingest.rows("SELECT count(*) FROM files WHERE put_away_at IS NULL") == [(0,)])
    assert ingest.put_away("processed") == names
    assert len({message.key for _, message in ingest.articles()}) == len(names)
    assert ingest.rows("SELECT sum(published), sum(duplicates) FROM files") == [(len(names), 0)]


def records(size: int, tag: str) -> str:
    """So many bytes of articles."""
    line = '{{"title": "Record {number} of {tag}", "body": "{body}"}}\n'
    body = "The inspectors found nothing, again. " * 500
    count = size // len(body) + 1
    return "".join(line.format(number=number, tag=tag, body=f"{number} {body}") for number in range(count))
