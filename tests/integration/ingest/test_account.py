"""Anyone can ask what became of a file: the commands, against all three services and both engines."""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from newswire.standing import SENTENCES, Standing
from services.ingest.ledger import Ledger
from services.ingest.main import ledger_path
from tests.integration.commands import Commands
from tests.integration.conftest import Until
from tests.integration.ingest.conftest import Ingest
from tests.integration.service import RunningService

TAG = "account"


class Newsroom:
    """Ingest, enrich and index at work, and the command line beside them."""

    def __init__(self, ingest: Ingest, commands: Commands, client: Elasticsearch) -> None:
        self.ingest = ingest
        self.client = client
        self._commands = commands

    def run(self, *arguments: str, **settings: str) -> Result:
        return self._commands.run(*arguments, **settings)

    def json(self, *arguments: str, **settings: str) -> Any:
        answer = self.run(*arguments, "--json", **settings)
        assert answer.stdout, answer.output
        return json.loads(answer.stdout)

    def why(self, name: str) -> dict[str, Any]:
        story: dict[str, Any] = self.json("why", name)["stories"][0]
        return story

    def drop(self, name: str, **fields: str) -> str:
        """An article in JSON, and how ingest calls its file."""
        article = {"title": f"Title of {name}", "body": f"The council of {name} met in Oslo on Friday.", "guid": name}
        self.ingest.drop(name, json.dumps(article | fields))
        return f"{TAG}/{name}"

    def through(self, name: str) -> str:
        """Wait until the file's article is in the index; its id."""
        path = f"{TAG}/{name}"

        def is_told() -> bool:
            found = self.json("why", path)["stories"]
            return bool(found) and found[0]["verdict"].startswith("In the index")

        self.ingest.until(is_told)
        return str(self.why(path)["articles"][0])

    def has(self, article: str) -> bool:
        """Whether a search finds it."""
        self.client.indices.refresh(index="newswire")
        return bool(self.client.count(index="newswire", query={"ids": {"values": [article]}})["count"])

    def lose(self, *articles: str) -> None:
        """What a lost disk does to the index: Elasticsearch is not to remember that they were deleted."""
        for article in articles:
            version = self.client.get(index="newswire-v1", id=article)["_version"]
            self.client.delete(
                index="newswire-v1", id=article, version=version, version_type="external_gte", refresh=True
            )


@pytest.fixture(scope="module")
def ports(index: RunningService, enrich: RunningService) -> dict[str, str]:
    return {"NEWSWIRE_ENRICH_PORT": str(enrich.port), "NEWSWIRE_INDEX_PORT": str(index.port)}


@pytest.fixture(scope="module")
def ingest(
    ports: dict[str, str], environ: Mapping[str, str], until: Until, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ingest]:
    made = Ingest(tmp_path_factory.mktemp("account"), {**environ, **ports}, until, TAG)
    made.start(NEWSWIRE_SETTLE="200ms")
    try:
        made.until(lambda: made.ready().get("ready"))
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def newsroom(ingest: Ingest, client: Elasticsearch, producer: KafkaProducer) -> Newsroom:
    return Newsroom(ingest, Commands(ingest.environ, client, producer), client)


def test_the_story_of_an_article_is_told_from_the_file_to_the_index(newsroom: Newsroom) -> None:
    path = newsroom.drop("story.json")
    article = newsroom.through("story.json")
    story = newsroom.why(path)
    steps = [step["what"] for step in story["steps"]]
    # The file is put away while the article is on its way; which is sooner is nobody's promise.
    assert [step for step in steps if step != "put away"] == ["seen", "read", "published", "enriched", "indexed"]
    assert steps.index("published") < steps.index("put away")
    assert story["put_away_is_there"] is True
    for name in (article, article[:9], story["file"]["put_away"], str(newsroom.ingest.inbox / path), "story.json"):
        assert newsroom.why(name)["verdict"] == "In the index, and found by search.", name
    told = newsroom.run("why", path).stdout
    assert "“Title of story.json”" in told
    assert "still there" in told


def test_a_refused_file_is_told_with_its_reason_and_its_letter(newsroom: Newsroom) -> None:
    newsroom.ingest.drop("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    newsroom.ingest.until(lambda: newsroom.json("why", f"{TAG}/picture.png")["stories"])

    def has_letter() -> bool:
        return bool(newsroom.why(f"{TAG}/picture.png")["letters"])

    newsroom.ingest.until(has_letter)
    story = newsroom.why(f"{TAG}/picture.png")
    assert story["verdict"].startswith("Rejected, unsupported: ")
    (letter,) = story["letters"]
    assert letter["state"] == "open"
    listed = newsroom.run("list", "--state", "rejected", "--reason", "unsupported", "--json", "--since", "1h").stdout
    assert [json.loads(line)["path"] for line in listed.splitlines()] == [f"{TAG}/picture.png"]
    assert "unsupported" in newsroom.run("list", "--path", "*.png").stdout
    assert newsroom.run("list", "--path", "*.nothing").stdout.startswith("No such files.")


def test_a_name_that_nobody_saw_is_a_failure_with_a_hint(newsroom: Newsroom) -> None:
    newsroom.drop("cup-final.json")
    newsroom.through("cup-final.json")
    answer = newsroom.run("why", "cup-fnial.json")
    assert answer.exit_code == 1
    assert f"Similar: {TAG}/cup-final.json" in answer.stderr
    hidden = newsroom.ingest.inbox / ".hidden.json"
    hidden.write_text("{}")
    assert "rename it" in newsroom.run("why", ".hidden.json").stdout
    hidden.unlink()


def test_the_status_adds_up(newsroom: Newsroom) -> None:
    newsroom.drop("status.json")
    newsroom.through("status.json")
    newsroom.ingest.until(newsroom.ingest.empty)
    answer = newsroom.run("status", "--json")
    status = json.loads(answer.stdout)
    assert answer.exit_code == 0, answer.output
    assert [one["ready"] for one in status["stages"]] == [True, True, True]
    counted = dict(newsroom.ingest.rows("SELECT state, count(*) FROM files GROUP BY state"))
    assert {name: one["files"] for name, one in status["files"]["states"].items() if one["files"]} == counted
    assert status["articles"]["found"] > 0
    assert {one["topic"] for one in status["backlogs"]} == {
        "newswire.raw.v1",
        "newswire.enriched.v1",
        "newswire.dead.v1",
    }
    assert f"{sum(counted.values()):,} seen = " in newsroom.run("status").stdout


def test_top_shows_every_stage(newsroom: Newsroom) -> None:
    found = newsroom.json("top", "--once")
    assert [(one["stage"], one["up"]) for one in found["stages"]] == [
        ("ingest", True),
        ("enrich", True),
        ("index", True),
    ]
    assert found["stages"][0]["articles_in"] > 0
    assert len(found["backlogs"]) == 3


def test_what_is_not_up_is_said_and_the_ledger_answers_instead(newsroom: Newsroom) -> None:
    newsroom.drop("ledger.json")
    newsroom.through("ledger.json")
    away = {"NEWSWIRE_INGEST_PORT": "1"}
    answer = newsroom.run("status", **away)
    assert answer.exit_code == 1
    assert "ingest is not up: it does not answer at http://127.0.0.1:1" in answer.stderr
    told = newsroom.run("why", f"{TAG}/ledger.json", **away)
    assert told.exit_code == 0
    assert "In the index" in told.stdout
    assert "The ledger is read instead" in told.stderr
    nowhere = newsroom.run("why", "a.txt", NEWSWIRE_DATA="/nowhere", **away)
    assert "Its ledger is not at /nowhere" in nowhere.stderr


def test_a_withdrawn_article_is_out_of_search_until_a_later_revision(newsroom: Newsroom) -> None:
    # Dated ahead, as sources with a wrong clock do: the withdrawal has to beat it all the same.
    newsroom.drop("kill.json", published_at=_in_hours(20))
    article = newsroom.through("kill.json")
    assert newsroom.json("withdraw", article[:10], "--dry-run")["title"] == "Title of kill.json"
    assert newsroom.has(article)
    answer = newsroom.run("withdraw", article, "--yes")
    assert answer.exit_code == 0, answer.output
    assert "“Title of kill.json”" in answer.stdout
    assert not newsroom.has(article)
    assert newsroom.why(article)["state"] == "withdrawn"
    assert "withdrawn already" in newsroom.run("withdraw", article, "--yes").stdout
    newsroom.drop("kill.json", title="It is back", published_at=_in_hours(22))
    newsroom.ingest.until(lambda: newsroom.has(article))


def test_an_article_that_has_not_come_is_withdrawn_in_advance(newsroom: Newsroom) -> None:
    newsroom.drop("early.json")
    article = newsroom.through("early.json")
    unknown = f"{int(article, 16) ^ 1:032x}"
    answer = newsroom.run("withdraw", unknown, "--yes")
    assert answer.exit_code == 0, answer.output
    assert "before it came" in answer.stdout
    assert newsroom.why(unknown)["state"] == "withdrawn"


def test_what_the_index_lost_is_found_and_sent_again(newsroom: Newsroom) -> None:
    lines = [json.dumps({"title": f"R {n}", "body": f"Report {n} of the harbour.", "guid": f"r-{n}"}) for n in range(9)]
    newsroom.ingest.drop("reports.ndjson", "\n".join(lines))
    newsroom.drop("single.json")
    single = newsroom.through("single.json")
    reports: list[str] = []

    def are_there() -> bool:
        stories = newsroom.json("why", f"{TAG}/reports.ndjson")["stories"]
        reports[:] = stories[0]["articles"] if stories else []
        return len(reports) == 9 and all(map(newsroom.has, reports))

    newsroom.ingest.until(are_there)
    before = newsroom.json("reconcile", "--older-than", "0s")
    assert (before["missing"], before["sent"]) == (0, 0)

    lost = [reports[2], reports[7], single]
    newsroom.lose(*lost)
    found = newsroom.run("reconcile", "--older-than", "0s")
    assert found.exit_code == 1
    assert "3 missing" in found.stdout
    assert f"{TAG}/reports.ndjson" in found.stdout
    assert "--fix sends them again" in found.stderr
    assert newsroom.json("reconcile", "--older-than", "1h")["articles"] == 0  # all of it is younger

    fixed = newsroom.json("reconcile", "--fix", "--older-than", "0s")
    assert (fixed["missing"], fixed["sent"], fixed["cannot_be_sent"]) == (3, 3, {})
    newsroom.ingest.until(lambda: all(map(newsroom.has, lost)))
    after = newsroom.json("reconcile", "--older-than", "0s")
    assert after["missing"] == 0
    assert after["articles"] == before["articles"]


def test_what_was_pruned_is_neither_missing_nor_sent_again(newsroom: Newsroom) -> None:
    # Nobody else writes articles of that age, and an earlier instant would be no revision.
    newsroom.drop("old.json", published_at="1970-06-01T00:00:00Z")
    newsroom.drop("lost.json", published_at="2024-06-01T00:00:00Z")
    old, lost = newsroom.through("old.json"), newsroom.through("lost.json")
    assert newsroom.has(old)
    assert newsroom.run("prune", "--older-than", "1971-01-01", "--yes").exit_code == 0
    newsroom.drop("late.json", published_at="1970-06-02T00:00:00Z")
    late = newsroom.through("late.json")
    newsroom.lose(lost, late)
    stories = [newsroom.why(one) for one in (old, f"{TAG}/old.json")]
    assert stories[0]["state"] == "pruned"
    assert {story["verdict"] for story in stories} == {SENTENCES[Standing.PRUNED]}
    assert "pruned" not in str(newsroom.why(late)["steps"])

    found = newsroom.json("reconcile", "--older-than", "0s")
    assert (found["pruned"], found["missing"]) == (1, 2)
    fixed = newsroom.json("reconcile", "--fix", "--older-than", "0s")
    assert (fixed["pruned"], fixed["sent"], fixed["cannot_be_sent"]) == (1, 2, {})
    newsroom.ingest.until(lambda: newsroom.has(lost) and newsroom.has(late))
    after = newsroom.run("reconcile", "--older-than", "0s")
    assert after.exit_code == 0, after.output
    assert "0 missing" in after.stdout
    assert "1 pruned" in after.stdout
    assert not newsroom.has(old)


def test_what_cannot_be_sent_again_is_said(newsroom: Newsroom) -> None:
    newsroom.drop("gone.json")
    newsroom.drop("changed.json")
    gone, changed = newsroom.through("gone.json"), newsroom.through("changed.json")
    newsroom.ingest.until(newsroom.ingest.empty)
    for name in ("gone.json", "changed.json"):
        place = newsroom.ingest.data / newsroom.why(f"{TAG}/{name}")["file"]["put_away"]
        kept = place.with_suffix(".kept")
        shutil.copy2(place, kept)
        if name == "gone.json":
            place.unlink()
        else:
            place.write_text("{}")
    newsroom.lose(gone, changed)
    found = newsroom.json("reconcile", "--fix", "--older-than", "0s")
    assert found["cannot_be_sent"] == {
        "its put-away file is gone": 1,
        "its put-away file was changed since it was put away": 1,
    }
    assert not newsroom.has(gone)
    # Somebody has copies: they are sent again, whatever the ledger says.
    folder = newsroom.ingest.data.parent / "copies"
    folder.mkdir()
    for kept in newsroom.ingest.data.rglob("*.kept"):
        kept.rename(folder / kept.with_suffix(".json").name)
    (folder / "new.json").write_text('{"title": "New", "body": "Nobody knows this.", "guid": "new"}')
    answer = newsroom.run("ingest", "--again", str(folder))
    assert "2 articles of 3 files sent again." in answer.stdout
    assert answer.exit_code == 1
    assert "put their files into the inbox" in answer.stderr
    newsroom.ingest.until(lambda: newsroom.has(gone) and newsroom.has(changed))
    assert newsroom.json("reconcile", "--older-than", "0s")["missing"] == 0


def test_the_ledger_is_backed_up_while_the_service_runs(newsroom: Newsroom, tmp_path: Path) -> None:
    target = tmp_path / "ledger.sqlite3"
    assert newsroom.run("ledger", "backup", str(target)).exit_code == 0
    with closing(sqlite3.connect(target)) as copy:
        rows = copy.execute("SELECT count(*) FROM files").fetchall()
    assert rows == newsroom.ingest.rows("SELECT count(*) FROM files")
    again = newsroom.run("ledger", "backup", str(target))
    assert "--force replaces it" in again.stderr
    assert newsroom.run("ledger", "backup", str(target), "--force").exit_code == 0
    own = newsroom.run("ledger", "backup", "--force", str(ledger_path(newsroom.ingest.data)))
    assert "is the ledger itself" in own.stderr
    Ledger(target).close()


def _in_hours(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
