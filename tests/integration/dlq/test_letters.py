"""Dead letters from the command line, on the real engines, with the index service that files them."""

import base64
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from newswire import dead_letter, enriched, identity
from newswire.dead_letter import DeadLetter, LetterSource
from newswire.enriched import Enriched, Enrichment
from newswire.letters import filed
from newswire.letters import register as registers
from newswire.letters.filed import State
from newswire.letters.register import Filters, Register
from newswire.reasons import Reason, Stage
from newswire.topics import DEAD, ENRICHED, RAW, Trail
from newswire.topics import headers as make_headers
from tests.integration.commands import Commands, headers
from tests.integration.conftest import Until

EVERY_BYTE = bytes(range(256))


def letter(tag: str, **fields: Any) -> DeadLetter:
    """A letter of this test's own: its key and its path carry ``tag``."""
    given: dict[str, Any] = {
        "stage": Stage.INGEST,
        "reason": Reason.BAD_FORMAT,
        "message": f"{tag}.txt: it cannot be read.",
        "key": f"{tag}.txt",
        "now": datetime.now(UTC),
        "original": tag.encode(),
        "source": LetterSource(path=f"{tag}.txt"),
    }
    return dead_letter.letter(**given | fields)


def filed_letter(newswire: Commands, until: Until, tag: str, **fields: Any) -> str:
    """Post a letter and wait until it is in the register; its id."""
    letter_id = newswire.post(letter(tag, **fields))
    until(lambda: newswire.letter(letter_id))
    return letter_id


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


@pytest.mark.parametrize(
    "original",
    [EVERY_BYTE, b"", b"caf\xe9 \xff\xfe\x00", EVERY_BYTE * (8 * 1024 * 4)],
    ids=["every byte", "nothing", "no UTF-8", "8 MiB"],
)
@pytest.mark.parametrize("path", ["dlq-bytes/caf%E9.txt", "dlq bytes/übung 9.txt"])
def test_a_file_goes_back_byte_for_byte(
    newswire: Commands, until: Until, tmp_path: Path, path: str, original: bytes
) -> None:
    letter_id = filed_letter(newswire, until, f"{path}-{len(original)}", original=original)
    shown = newswire.run("dlq", "show", letter_id, "--original")
    assert shown.stdout_bytes == original
    assert newswire.run("dlq", "replay", letter_id, "--wait", "0").exit_code == 0
    (back,) = [one for one in (tmp_path / "inbox").rglob("*") if one.is_file()]
    assert back.read_bytes() == original
    assert str(back.relative_to(tmp_path / "inbox")) == f"{path}-{len(original)}.txt"


@pytest.mark.parametrize("original", [EVERY_BYTE, b"", b'{"schema": "article/1'], ids=["every byte", "nothing", "cut"])
def test_a_message_goes_back_byte_for_byte(newswire: Commands, until: Until, original: bytes) -> None:
    key = identity.id_of_text("dlq-message", str(len(original)))
    letter_id = filed_letter(newswire, until, key, stage=Stage.ENRICH, key=key, original=original, attempts=3)
    before = newswire.ends(RAW.name)
    assert newswire.run("dlq", "replay", letter_id, "--wait", "0").exit_code == 0
    (back,) = newswire.since(before)
    assert (back.key, back.value or b"") == (key.encode(), original)
    assert (headers(back)["schema"], headers(back)["attempts"]) == ("article/1", "4")


def test_a_letter_that_was_stored_bare_is_read_from_the_topic(newswire: Commands, until: Until) -> None:
    key = identity.id_of_text("dlq-bare", "")
    letter_id = filed_letter(newswire, until, key, stage=Stage.ENRICH, key=key, original=EVERY_BYTE)
    whole = newswire.letter(letter_id)
    assert whole is not None
    newswire.client.index(
        index="newswire-dead",
        id=letter_id,
        document=msgspec.to_builtins(filed.bare(whole)),
        version=whole.external_version,
        version_type="external_gte",
        refresh=True,
    )
    before = newswire.ends(RAW.name)
    assert newswire.run("dlq", "replay", letter_id, "--wait", "0").exit_code == 0
    assert [one.value for one in newswire.since(before)] == [EVERY_BYTE]
    shown = newswire.json("dlq", "show", letter_id)
    assert (base64.b64decode(shown["original"]), shown["bytes_complete"]) == (EVERY_BYTE, True)


def test_a_letter_whose_bytes_are_nowhere_is_refused_with_the_next_step(newswire: Commands, until: Until) -> None:
    cut = {"original_complete": False, "put_away": "rejected/2025-02-07/gone.txt"}
    letter_id = filed_letter(newswire, until, "dlq-gone", **cut)
    answer = newswire.run("dlq", "replay", letter_id)
    assert answer.exit_code == 1
    assert "rejected/2025-02-07/gone.txt cannot be read (No such file or directory)" in answer.output
    assert newswire.state(letter_id) == ("open", 1)


def test_the_put_away_file_stands_in_for_what_the_letter_does_not_hold(
    newswire: Commands, until: Until, tmp_path: Path
) -> None:
    place = tmp_path / "data" / "rejected" / "2025-02-07"
    place.mkdir(parents=True)
    (place / "long.txt").write_bytes(b"head and tail")
    put_away = {"original_complete": False, "put_away": "rejected/2025-02-07/long.txt"}
    letter_id = filed_letter(newswire, until, "dlq-long", original=b"head", **put_away)
    changed = filed_letter(newswire, until, "dlq-changed", original=b"another", **put_away)
    assert newswire.run("dlq", "replay", letter_id, "--wait", "0").exit_code == 0
    assert (tmp_path / "inbox" / "dlq-long.txt").read_bytes() == b"head and tail"
    answer = newswire.run("dlq", "replay", changed, "--wait", "0")
    assert answer.exit_code == 1
    assert "was changed since it was put away" in answer.output


@pytest.mark.parametrize("original", [b'{"x":' + b"[" * 200_000, b"[" * 200_000], ids=["in a field", "bare"])
def test_brackets_without_end_are_sent_back_like_any_message(newswire: Commands, until: Until, original: bytes) -> None:
    key = identity.id_of_text("dlq-deep", str(len(original)))
    letter_id = filed_letter(newswire, until, key, stage=Stage.ENRICH, key=key, original=original)
    assert newswire.json("dlq", "replay", letter_id, "--dry-run")["sent"] == [letter_id]
    before = newswire.ends(RAW.name)
    assert newswire.run("dlq", "replay", letter_id, "--wait", "0").exit_code == 0
    (back,) = newswire.since(before)
    assert (back.value, headers(back)["schema"]) == (original, "article/1")


def test_a_message_of_the_largest_size_with_a_monstrous_key_becomes_a_letter(newswire: Commands, until: Until) -> None:
    key, value = b"\x01" * 1024 * 1024, b"garbage" * (6 * 1024 * 1024 // 7)
    sent = newswire.producer.send(ENRICHED.name, key=key, value=value, headers=[("trace", key[: 512 * 1024])])
    place = sent.get(timeout=30)
    where = f"{ENRICHED.name}[{place.partition}]@{place.offset}"
    query = {"match_phrase": {"detail": where}}
    found: list[Any] = []

    def filed_now() -> bool:
        newswire.client.indices.refresh(index="newswire-dead")
        found[:] = newswire.client.search(index="newswire-dead", query=query)["hits"]["hits"]
        return bool(found)

    until(filed_now)
    (whole,) = map(filed.of_hit, found)
    assert (whole.reason, whole.detail) == (Reason.BAD_MESSAGE, where)
    assert whole.key == dead_letter.cut(key.decode(), dead_letter.LONGEST_PATH)
    shown = newswire.run("dlq", "show", whole.id, "--original")
    assert shown.stdout_bytes == value


def test_a_path_that_no_file_has_is_refused_with_its_reason(newswire: Commands, until: Until, tmp_path: Path) -> None:
    letter_id = filed_letter(newswire, until, "dlq-long-path", source=LetterSource(path="d/" * 3000 + "a.txt"))
    answer = newswire.run("dlq", "replay", letter_id)
    assert answer.exit_code == 1
    assert "no file can be put there: its path has 6,005 bytes" in answer.output
    assert list((tmp_path / "inbox").iterdir()) == []
    assert newswire.state(letter_id) == ("open", 1)


@pytest.mark.parametrize("path", ["../outside.txt", "/{0}/outside.txt", "deep/../../outside.txt", "link/outside.txt"])
def test_no_letter_writes_outside_the_inbox(newswire: Commands, until: Until, tmp_path: Path, path: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "inbox" / "link").symlink_to(tmp_path / "elsewhere")
    path = path.format(tmp_path)
    letter_id = filed_letter(newswire, until, f"dlq-{path}", source=LetterSource(path=path))
    answer = newswire.run("dlq", "replay", letter_id)
    assert answer.exit_code == 1
    assert "would not stay inside the inbox" in answer.output
    assert not list(tmp_path.rglob("outside.txt"))
    assert newswire.state(letter_id) == ("open", 1)


def test_a_file_that_lies_in_the_inbox_is_not_overwritten(newswire: Commands, until: Until, tmp_path: Path) -> None:
    (tmp_path / "inbox" / "dlq-there.txt").write_text("somebody else's")
    letter_id = filed_letter(newswire, until, "dlq-there")
    answer = newswire.run("dlq", "replay", letter_id)
    assert answer.exit_code == 1
    assert "a file named dlq-there.txt lies in" in answer.output
    assert [one.read_text() for one in (tmp_path / "inbox").iterdir()] == ["somebody else's"]


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


def test_letters_are_found_by_what_is_known_of_them(newswire: Commands, until: Until) -> None:
    old = datetime.now(UTC) - timedelta(days=9)
    ids = {
        "one": filed_letter(newswire, until, "dlq-find/one"),
        "two": filed_letter(newswire, until, "dlq-find/two", reason=Reason.EMPTY),
        "old": filed_letter(newswire, until, "dlq-find/old", now=old),
        "other": filed_letter(newswire, until, "dlq-find/x", stage=Stage.INDEX, reason=Reason.REFUSED),
    }

    def found(*options: str) -> set[str]:
        listed = newswire.json("dlq", "list", "--source", "dlq-find/*", *options)["letters"]
        return {name for name, one in ids.items() if one in {letter["id"] for letter in listed}}

    assert found() == set(ids)
    assert found("--stage", "ingest") == {"one", "two", "old"}
    assert found("--stage", "index", "--stage", "enrich") == {"other"}
    assert found("--reason", "empty") == {"two"}
    assert found("--since", "2d") == {"one", "two", "other"}
    assert found("--until", "2d") == {"old"}
    assert found("--state", "resolved") == set()
    newswire.run("dlq", "resolve", ids["one"])
    assert found("--state", "resolved") == {"one"}
    assert found("--state", "all") == set(ids)
    assert newswire.json("dlq", "list", "--source", "dlq-find/???", "--until", "2d")["total"] == 0
    counts = newswire.json("dlq", "list", "--source", "dlq-find/*", "--counts")
    assert {(one["stage"], one["reason"]): one["letters"] for one in counts} == {
        ("ingest", "bad_format"): 1,
        ("ingest", "empty"): 1,
        ("index", "refused"): 1,
    }


def test_pages_follow_one_another(newswire: Commands, until: Until) -> None:
    now = datetime.now(UTC)
    ids = [filed_letter(newswire, until, f"dlq-page/{n}", now=now - timedelta(seconds=n // 2)) for n in range(5)]
    seen: list[str] = []
    while len(seen) < 5:
        after = ["--after", seen[-1]] if seen else []
        page = newswire.json("dlq", "list", "--source", "dlq-page/*", "--size", "2", *after)
        assert page["total"] == 5
        seen += [one["id"] for one in page["letters"]]
    assert len(seen) == 5
    assert set(seen) == set(ids)
    assert seen[-1] == ids[-1]


def test_no_letter_is_left_out_between_two_pages(
    newswire: Commands, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Times with microseconds, of which Elasticsearch keeps milliseconds.
    at = datetime(2025, 2, 7, 12, 0, 0, 400_999, tzinfo=UTC)
    ids = {filed_letter(newswire, until, f"dlq-all/{n}", now=at) for n in range(5)}
    monkeypatch.setattr(registers, "PAGE", 2)
    found = [one.id for one in Register(newswire.client).all(Filters(source="dlq-all/*"))]
    assert len(found) == 5
    assert set(found) == ids


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


def test_what_a_letter_says_cannot_command_the_terminal(newswire: Commands, until: Until) -> None:
    hostile = "dlq-hostile\x1b]0;owned\x07\u202e\x9b31m"
    letter_id = filed_letter(newswire, until, hostile, message=hostile, original=hostile.encode() * 3, detail=hostile)
    for command in (
        ("dlq", "list", "--source", "dlq-hostile*"),
        ("dlq", "list", "--source", "dlq-hostile*", "--json"),
        ("dlq", "show", letter_id),
        ("dlq", "show", letter_id, "--json"),
        ("dlq", "replay", letter_id, "--dry-run"),
    ):
        answer = newswire.run(*command)
        assert answer.exit_code == 0, answer.output
        assert letter_id[:10] in answer.output or "--dry-run" in command
        assert not set(answer.output) & set("\x1b\x07\u202e\x9b")


def test_a_letter_about_a_letter_goes_back_to_where_letters_are_read(newswire: Commands, until: Until) -> None:
    newswire.producer.send(DEAD.name, key=b"dlq-no-letter", value=b'{"schema": "dead/9"}').get(timeout=30)
    until(lambda: newswire.json("dlq", "list", "--article", "dlq-no-letter")["total"])
    before = newswire.ends(DEAD.name, ENRICHED.name)
    newswire.run("dlq", "replay", "--article", "dlq-no-letter", "--wait", "0")
    messages = [one for one in newswire.since(before) if one.value == b'{"schema": "dead/9"}']
    assert [one.topic for one in messages] == [DEAD.name]


def test_names_that_name_nothing_or_too_much_are_told_so(newswire: Commands, until: Until) -> None:
    ids = [filed_letter(newswire, until, f"dlq-name/{n}") for n in range(17)]
    start = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    answer = newswire.run("dlq", "show", start)
    assert answer.exit_code == 1
    assert "is the beginning of several" in answer.output
    answer = newswire.run("dlq", "show", "nosuchletter")
    assert answer.exit_code == 1
    assert "`newswire dlq list --state all` lists them" in answer.output
    for wrong in (
        ("dlq", "replay"),
        ("dlq", "replay", "ab", "--all"),
        ("dlq", "resolve"),
        ("dlq", "resolve", "a", "--arrived"),
    ):
        assert newswire.run(*wrong).exit_code == 2


def test_show_says_everything_and_previews_the_original(newswire: Commands, until: Until) -> None:
    letter_id = filed_letter(newswire, until, "dlq-show", original=b'{"title": "Half', detail="byte 15")
    answer = newswire.run("dlq", "show", letter_id[:16])
    for part in (letter_id, "ingest: bad_format", "dlq-show.txt: it cannot be read.", "byte 15", '{"title": "Half'):
        assert part in answer.output
    assert json.loads(newswire.run("dlq", "show", letter_id, "--json").stdout)["id"] == letter_id
