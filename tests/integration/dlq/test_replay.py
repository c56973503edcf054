"""Dead letters sent back from the command line: what becomes of them, and of their state."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newswire import enriched, identity
from newswire.dead_letter import LetterSource
from newswire.enriched import Enriched, Enrichment
from newswire.letters.filed import State
from newswire.letters.register import Register
from newswire.reasons import Stage
from newswire.topics import DEAD, ENRICHED, RAW, Trail
from newswire.topics import headers as make_headers
from tests.integration.commands import Commands, headers
from tests.integration.conftest import Until
from tests.integration.dlq.letters import filed_letter, letter


def document(name: str) -> Enriched:
    return Enriched(
        id=identity.id_of_text(name, ""),
        title=name,
        body=f"The text of {name}.",
        revision=1000,
        enrichment=Enrichment(status="ok", version=1, model="test"),
    )


def indexed(newswire: Commands, article_id: str) -> bool:
    return bool(newswire.client.count(index="newswire", query={"term": {"id": article_id}})["count"])


def test_a_poison_message_is_found_sent_back_indexed_and_resolved(newswire: Commands, until: Until) -> None:
    # Whoever sent it said the wrong thing of it; the message itself says what it is.
    article = document("dlq-poison")
    sent = newswire.ends(ENRICHED.name)
    at = datetime(2025, 2, 7, tzinfo=UTC)
    trail = make_headers("enriched/9", Trail("the-trace", at, at))
    value = enriched.encode(article)
    newswire.producer.send(ENRICHED.name, key=article.id.encode(), value=value, headers=trail).get(timeout=30)
    found: list[Any] = []
    until(lambda: found.extend(newswire.json("dlq", "list", "--article", article.id)["letters"]) or found)
    assert (found[0]["stage"], found[0]["reason"], found[0]["attempts"]) == ("index", "unknown_schema", 1)

    answer = newswire.json("dlq", "replay", found[0]["id"][:12])
    assert (answer["sent"], answer["resolved"]) == ([found[0]["id"]], [found[0]["id"]])
    assert indexed(newswire, article.id)
    assert newswire.state(found[0]["id"]) == ("resolved", 1)
    first, again = newswire.since(sent)
    assert (again.key, again.value, again.partition) == (first.key, value, first.partition)
    changed = {"schema": "enriched/1", "attempts": "2", "first_failed_at": headers(again)["first_failed_at"]}
    assert headers(again) == headers(first) | changed


def test_what_fails_again_is_the_same_letter_until_the_limit(newswire: Commands, until: Until) -> None:
    key = identity.id_of_text("dlq-again", "")
    before = newswire.ends(ENRICHED.name)
    newswire.producer.send(ENRICHED.name, key=key.encode(), value=b'{"id": 7}').get(timeout=30)
    until(lambda: newswire.json("dlq", "list", "--article", key)["total"])
    (found,) = newswire.json("dlq", "list", "--article", key)["letters"]

    answer = newswire.run("dlq", "replay", "--article", key)
    assert answer.exit_code == 1
    assert f"{found['id'][:10]} failed again (2 times now)" in answer.output
    assert newswire.state(found["id"]) == ("open", 2)
    assert newswire.letter(found["id"]).first_at < newswire.letter(found["id"]).last_at  # type: ignore[union-attr]

    answer = newswire.run("dlq", "replay", found["id"], "--max-attempts", "2")
    assert answer.exit_code == 1
    assert "1 left out: failed 2 times or more." in answer.output
    assert newswire.state(found["id"]) == ("open", 2)

    newswire.run("dlq", "replay", found["id"], "--max-attempts", "2", "--force")
    until(lambda: newswire.state(found["id"]) == ("open", 3))
    assert [headers(one).get("attempts") for one in newswire.since(before)] == [None, "2", "3"]


def test_a_letter_that_was_sent_back_already_is_not_sent_twice(newswire: Commands, until: Until) -> None:
    letter_id = filed_letter(newswire, until, "dlq-twice")
    assert newswire.run("dlq", "replay", letter_id, "--wait", "0").exit_code == 0
    assert newswire.state(letter_id) == ("replayed", 1)
    answer = newswire.run("dlq", "replay", letter_id, "--wait", "0")
    assert answer.exit_code == 1
    assert "1 left out: replayed already." in answer.output


def test_a_mark_that_comes_late_does_not_cover_a_newer_failure(newswire: Commands, until: Until) -> None:
    register = Register(newswire.client)
    letter_id = filed_letter(newswire, until, "dlq-late")
    old = newswire.letter(letter_id)
    assert old is not None
    newswire.post(letter("dlq-late", attempts=2))
    until(lambda: newswire.state(letter_id) == ("open", 2))
    assert not register.mark(old, State.REPLAYED, datetime.now(UTC))
    assert not register.mark(old, State.RESOLVED, datetime.now(UTC))
    assert newswire.state(letter_id) == ("open", 2)


def test_a_new_failure_opens_what_was_resolved_and_the_same_one_does_not(newswire: Commands, until: Until) -> None:
    letter_id = filed_letter(newswire, until, "dlq-reopened")
    answer = newswire.run("dlq", "resolve", letter_id, "--note", "a file of a test")
    assert answer.output == "1 letter resolved.\n"
    newswire.post(letter("dlq-reopened"))
    filed_letter(newswire, until, "dlq-reopened-behind")
    assert newswire.state(letter_id) == ("resolved", 1)
    assert newswire.letter(letter_id).note == "a file of a test"  # type: ignore[union-attr]
    newswire.post(letter("dlq-reopened", attempts=2))
    until(lambda: newswire.state(letter_id) == ("open", 2))


def test_a_ctrl_c_ends_between_two_letters_and_says_how_far_it_came(newswire: Commands, until: Until) -> None:
    ids = [filed_letter(newswire, until, f"dlq-stopped/{n}") for n in range(8)]
    command = ["newswire", "dlq", "replay", "--source", "dlq-stopped/*", "--rate", "2", "--json"]
    running = subprocess.Popen([sys.executable, "-m", *command], env=newswire.environ, stdout=subprocess.PIPE)
    try:
        until(lambda: sum(newswire.state(one) == ("replayed", 1) for one in ids) >= 2)
        running.send_signal(signal.SIGINT)
        output, _ = running.communicate(timeout=30)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 130
    sent = json.loads(output)["sent"]
    assert 2 <= len(sent) < 8
    inbox = Path(newswire.environ["NEWSWIRE_INBOX"])
    assert len([one for one in inbox.rglob("*") if one.is_file()]) == len(sent)
    assert {one for one in ids if newswire.state(one) == ("replayed", 1)} == set(sent)


def test_a_dry_run_changes_nothing(newswire: Commands, until: Until, tmp_path: Path) -> None:
    key = identity.id_of_text("dlq-dry", "")
    message = filed_letter(newswire, until, key, stage=Stage.ENRICH, key=key, source=LetterSource(path="dlq-dry/1"))
    file = filed_letter(newswire, until, "dlq-dry/2")
    before = newswire.ends(RAW.name, ENRICHED.name, DEAD.name), newswire.letter(message), newswire.letter(file)
    answer = newswire.json("dlq", "replay", "--source", "dlq-dry/*", "--dry-run")
    assert (answer["dry_run"], set(answer["sent"])) == (True, {message, file})
    after = newswire.ends(RAW.name, ENRICHED.name, DEAD.name), newswire.letter(message), newswire.letter(file)
    assert before == after
    assert list((tmp_path / "inbox").iterdir()) == []


def test_a_letter_about_a_letter_goes_back_to_where_letters_are_read(newswire: Commands, until: Until) -> None:
    newswire.producer.send(DEAD.name, key=b"dlq-no-letter", value=b'{"schema": "dead/9"}').get(timeout=30)
    until(lambda: newswire.json("dlq", "list", "--article", "dlq-no-letter")["total"])
    before = newswire.ends(DEAD.name, ENRICHED.name)
    newswire.run("dlq", "replay", "--article", "dlq-no-letter", "--wait", "0")
    messages = [one for one in newswire.since(before) if one.value == b'{"schema": "dead/9"}']
    assert [one.topic for one in messages] == [DEAD.name]
