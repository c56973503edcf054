"""The bytes of a dead letter on their way back: whole, to where they came from, and nowhere else."""

import base64
from pathlib import Path
from typing import Any

import msgspec
import pytest

from newswire import dead_letter, identity
from newswire.dead_letter import LetterSource
from newswire.letters import filed
from newswire.reasons import Reason, Stage
from newswire.topics import ENRICHED, RAW
from tests.integration.commands import Commands, headers
from tests.integration.conftest import Until
from tests.integration.dlq.letters import filed_letter

EVERY_BYTE = bytes(range(256))


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
