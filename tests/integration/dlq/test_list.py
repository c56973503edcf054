"""Dead letters found, paged and shown."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from newswire.letters import register as registers
from newswire.letters.register import Filters, Register
from newswire.reasons import Reason, Stage
from tests.integration.commands import Commands
from tests.integration.conftest import Until
from tests.integration.dlq.letters import filed_letter


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
