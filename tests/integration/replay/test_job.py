"""Articles sent again through the index stage, on the real engines, with the service that indexes them."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from kafka import TopicPartition

from newswire import enriched, identity, kafka
from newswire.enriched import Enriched, Enrichment
from newswire.replay import job as jobs
from newswire.settings import KafkaSettings, load
from newswire.topics import ENRICHED, INDEX_GROUP, Trail
from newswire.topics import headers as make_headers
from tests.integration.commands import Commands, headers
from tests.integration.conftest import Until
from tests.integration.replay.moment import next_millisecond
from tests.integration.service import RunningService

MANY = 1000


def document(name: str, **fields: Any) -> Enriched:
    given = {"status": "ok", "version": 1} | fields
    made = Enrichment(status=given["status"], version=given["version"], model="test")
    return Enriched(
        id=identity.id_of_text(name, ""), title=name, body=f"The text of {name}.", revision=1000, enrichment=made
    )


class Articles:
    """Articles of one test: published, and looked at again between two instants."""

    def __init__(self, newswire: Commands, until: Until) -> None:
        self.newswire = newswire
        self.until = until
        self.before = newswire.ends(ENRICHED.name)
        # The topic's clock has milliseconds; what other tests sent lies in an earlier one.
        self.first = next_millisecond()

    def publish(self, *documents: Enriched) -> None:
        now = datetime.now(UTC)
        pairs = make_headers(enriched.SCHEMA, Trail("trace", now, now))
        sent = [
            self.newswire.producer.send(ENRICHED.name, key=one.id.encode(), value=enriched.encode(one), headers=pairs)
            for one in documents
        ]
        for future in sent:
            future.get(timeout=30)
        next_millisecond()

    def indexed(self, *documents: Enriched) -> int:
        query = {"terms": {"id": [one.id for one in documents]}}
        return int(self.newswire.client.count(index="newswire", query=query)["count"])

    def stored(self, one: Enriched) -> tuple[int, int]:
        """Its external version and that of its enrichment."""
        self.newswire.client.indices.refresh(index="newswire")
        query = {"term": {"id": one.id}}
        (hit,) = self.newswire.client.search(index="newswire", query=query, version=True)["hits"]["hits"]
        return hit["_version"], hit["_source"]["enrichment"]["version"]

    def arguments(self, *more: str) -> tuple[str, ...]:
        return ("replay", "--stage", "index", "--from", self.first, "--rate", "1000", *more)

    def again(self) -> list[Any]:
        """The messages that were sent again."""
        return [one for one in self.newswire.since(self.before) if int(headers(one).get("attempts", "1")) > 1]


@pytest.fixture
def articles(newswire: Commands, until: Until) -> Articles:
    return Articles(newswire, until)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    made: list[subprocess.Popen[bytes]] = []
    yield made
    for one in made:
        one.kill()
        one.wait()


def test_everything_goes_again_as_it_is_but_for_its_attempts(articles: Articles) -> None:
    several = [document(f"replay-all-{n}") for n in range(20)]
    articles.publish(*several)
    answer = articles.newswire.json(*articles.arguments())
    assert (answer["finished"], answer["sent"], answer["others"], answer["unreadable"]) == (True, 20, 0, 0)
    first = {one.key: one for one in articles.newswire.since(articles.before) if headers(one)["attempts"] == "1"}
    again = articles.again()
    assert len(again) == len(first) == 20
    for one in again:
        assert (one.value, one.partition) == (first[one.key].value, first[one.key].partition)
        assert headers(one) == headers(first[one.key]) | {"attempts": "2"}


def test_a_job_that_was_killed_goes_on_and_ends_where_it_began_to(
    articles: Articles, started: list[subprocess.Popen[bytes]]
) -> None:
    many = [document(f"replay-killed-{n}") for n in range(MANY)]
    articles.publish(*many)
    name = f"killed-{os.getpid()}"
    command = [sys.executable, "-m", "newswire", *articles.arguments("--rate", "400", "--job", name)]
    started.append(subprocess.Popen(command, env=articles.newswire.environ, stdout=subprocess.DEVNULL))
    settings = load(KafkaSettings, articles.newswire.environ)
    articles.until(lambda: (job := jobs.find(settings, name)) and job.done >= 200)
    started[0].send_signal(signal.SIGKILL)
    started[0].wait(30)
    interrupted = jobs.find(settings, name)
    assert interrupted is not None
    assert 200 <= interrupted.done < MANY

    answer = articles.newswire.json("replay", "--job", name, "--rate", "1000")
    assert (answer["finished"], answer["sent"]) == (True, MANY - interrupted.done)
    times = Counter(one.key.decode() for one in articles.again())
    assert set(times) == {one.id for one in many}
    # At most the batch in hand went out twice, and nothing that the job itself wrote was read.
    assert sum(times.values()) <= MANY + 100
    assert {headers(one)["attempts"] for one in articles.again()} == {"2"}
    articles.until(lambda: articles.indexed(*many[:500]) == 500)
    articles.until(lambda: articles.indexed(*many[500:]) == 500)

    ends = articles.newswire.ends(ENRICHED.name)
    answer = articles.newswire.run("replay", "--job", name)
    assert answer.exit_code == 0
    assert f"The job {name} is finished: 1,000 messages. --again begins it anew." in answer.output
    told = articles.newswire.json("replay", "--job", name)
    assert (told["job"], told["finished"], told["sent"]) == (name, True, 0)
    assert articles.newswire.ends(ENRICHED.name) == ends
    terms = msgspec.structs.replace(interrupted.terms, rate=1000.0)
    listed = articles.newswire.run("replay", "--list").output
    assert f"{name}: finished 1,000 messages ({terms.options})" in listed


def test_a_ctrl_c_says_how_to_go_on(articles: Articles, started: list[subprocess.Popen[bytes]]) -> None:
    articles.publish(*(document(f"replay-stopped-{n}") for n in range(300)))
    name = f"stopped-{os.getpid()}"
    command = [sys.executable, "-m", "newswire", *articles.arguments("--rate", "100", "--job", name)]
    started.append(
        subprocess.Popen(command, env=articles.newswire.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    )
    settings = load(KafkaSettings, articles.newswire.environ)
    articles.until(lambda: (job := jobs.find(settings, name)) and job.done)
    started[0].send_signal(signal.SIGINT)
    output, error = started[0].communicate(timeout=30)
    assert started[0].returncode == 130
    assert f"`newswire replay --job {name}` goes on from here, 100 a second at most.".encode() in error
    job = jobs.find(settings, name)
    assert job is not None
    # What was sent is what is remembered: nothing goes out a second time.
    assert len(articles.again()) == job.done < 300
    assert f"{job.done} articles sent again".encode() in output
    # Its pace is remembered with the rest of what it was begun with.
    assert job.terms.rate == 100
    left = articles.newswire.run("replay", "--job", name, "--dry-run")
    assert f"job {name} (--stage index --from " in left.output
    assert "--rate 100): " in left.output


def test_a_job_waits_for_a_service_that_does_not_keep_up(
    articles: Articles, index: RunningService, started: list[subprocess.Popen[bytes]]
) -> None:
    live = [document(f"replay-live-{n}") for n in range(200)]
    os.kill(index.pid, signal.SIGSTOP)
    try:
        articles.publish(*live)
        command = [sys.executable, "-m", "newswire", *articles.arguments("--rate", "20")]
        started.append(subprocess.Popen(command, env=articles.newswire.environ, stderr=subprocess.PIPE, text=True))
        told = started[0].stderr
        assert told
        articles.until(lambda: "live ones go first" in told.readline())
        assert articles.again() == []
    finally:
        os.kill(index.pid, signal.SIGCONT)
    articles.until(lambda: len(articles.again()) == len(live))
    started[0].communicate(timeout=30)
    assert started[0].returncode == 0


def test_an_older_enrichment_that_is_sent_again_changes_nothing(articles: Articles) -> None:
    old, new, behind = document("replay-old"), document("replay-old", version=2), document("replay-old-behind")
    articles.publish(old)
    last = next_millisecond()
    articles.publish(new)
    articles.until(lambda: articles.indexed(new) and articles.stored(new)[1] == 2)
    before = articles.stored(new)
    answer = articles.newswire.json(*articles.arguments("--to", last))
    assert answer["sent"] == 1
    articles.publish(behind)
    articles.until(lambda: articles.indexed(behind))
    # Another partition may be faster: the replayed one has been handled once its offset is committed.
    (again,) = articles.again()
    articles.until(lambda: _committed(articles, again) > again.offset)
    assert articles.stored(new) == before


def test_only_what_the_index_says_of_them_goes(articles: Articles) -> None:
    failed, partial = document("replay-failed", status="failed"), document("replay-partial", status="partial")
    good, newer = document("replay-good"), document("replay-newer", version=3)
    articles.publish(failed, partial, good, newer)
    articles.until(lambda: articles.indexed(failed, partial, good, newer) == 4)

    def sent(*options: str) -> set[str]:
        before = articles.newswire.ends(ENRICHED.name)
        articles.newswire.json(*articles.arguments("--to", last, *options))
        return {enriched.decode(one.value).title or "" for one in articles.newswire.since(before)}

    last = next_millisecond()
    assert sent("--status", "failed") == {"replay-failed"}
    assert sent("--status", "failed", "--status", "partial") == {"replay-failed", "replay-partial"}
    assert sent("--version-below", "3") == {"replay-failed", "replay-partial", "replay-good"}
    assert sent("--version-below", "3", "--status", "ok") == {"replay-good"}


def test_what_is_no_article_is_left_to_the_dead_letters(articles: Articles) -> None:
    articles.newswire.producer.send(ENRICHED.name, key=b"replay-broken", value=b"{").get(timeout=30)
    articles.publish(document("replay-beside"))
    answer = articles.newswire.run(*articles.arguments())
    assert "1 article sent again." in answer.output
    assert "1 message is no article and was left alone; see `newswire dlq list`." in answer.output
    assert [one.key for one in articles.again()] == [document("replay-beside").id.encode()]


def test_a_dry_run_counts_and_changes_nothing(articles: Articles) -> None:
    articles.publish(*(document(f"replay-dry-{n}") for n in range(7)))
    ends = articles.newswire.ends(ENRICHED.name)
    answer = articles.newswire.json(*articles.arguments("--dry-run", "--job", "dry"))
    assert (answer["finished"], answer["sent"]) == (True, 7)
    assert articles.newswire.ends(ENRICHED.name) == ends
    assert jobs.find(load(KafkaSettings, articles.newswire.environ), "dry") is None


def test_a_job_is_what_it_was_begun_with_until_it_is_begun_anew(articles: Articles) -> None:
    articles.publish(document("replay-anew"))
    assert articles.newswire.json(*articles.arguments("--job", "anew"))["sent"] == 1
    answer = articles.newswire.run(*articles.arguments("--job", "anew", "--status", "ok"))
    assert answer.exit_code == 1
    assert re.search(r"was begun with --stage index --from \S+ --rate 1000; go on with --job anew alone", answer.output)
    assert articles.newswire.json(*articles.arguments("--job", "anew", "--again"))["finished"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "--stage is needed to begin a job."),
        (("--job", "nosuchjob"), "There is no job nosuchjob to go on with"),
        (("--stage", "index"), "--from is needed"),
        (("--stage", "index", "--from", "soon"), "is no date"),
        (("--stage", "index", "--from", "2025-02", "--to", "2025-01"), "is not after --from"),
        (("--stage", "index", "--from", "1d", "--job", "a/b"), "a name has"),
        (("--stage", "ingest", "--from", "1d"), "ingest"),
    ],
)
def test_wrong_usage_is_told_with_the_next_step(newswire: Commands, arguments: tuple[str, ...], sentence: str) -> None:
    answer = newswire.run("replay", *arguments)
    assert answer.exit_code == 2
    assert sentence in answer.output


def _committed(articles: Articles, message: Any) -> int:
    """What the index service has finished of the message's partition."""
    with kafka.admin(load(KafkaSettings, articles.newswire.environ)) as admin:
        offsets = admin.list_group_offsets(INDEX_GROUP)[INDEX_GROUP]
    return int(offsets[TopicPartition(message.topic, message.partition)].offset)
