import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newswire.cli import COMMANDS, Failure, group
from newswire.cli.check import SETTINGS
from newswire.cli.settings_table import page
from newswire.reasons import Reason
from newswire.settings import declared

ROOT = Path(__file__).parents[3]
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in [name for name in os.environ if name.startswith("NEWSWIRE_") and name != "NEWSWIRE_GAZETTEER"]:
        monkeypatch.delenv(name)

    def call(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(group, list(arguments), input=stdin)

    return call


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run: Run, name: str) -> None:
    answer = run(name, "--help")
    assert answer.exit_code == 0
    assert len(answer.output.splitlines()) > 5


def test_the_commands_on_letters_are_listed_with_whole_sentences(run: Run) -> None:
    listed = run("dlq", "--help").output.partition("Commands:")[2]
    assert "..." not in listed
    assert "back into the stage where they failed." in " ".join(listed.split())


@pytest.mark.parametrize("command", ["list", "replay"])
def test_every_reason_that_can_be_asked_for_is_listed(run: Run, command: str) -> None:
    answer = run("dlq", command, "--help").output
    assert all(reason in answer for reason in Reason)


def test_letters_that_are_named_are_not_narrowed_down(run: Run) -> None:
    for both in (("--all",), ("--stage", "index"), ("--state", "resolved")):
        answer = run("dlq", "replay", "3f2a", *both)
        assert answer.exit_code == 2
        assert "not both" in answer.output
    assert "or say --all" in run("dlq", "replay").output


def test_a_command_that_does_not_exist_is_wrong_usage_with_the_next_step(run: Run) -> None:
    answer = run("serach")
    assert answer.exit_code == 2
    assert "newswire --help" in answer.output


def test_no_two_settings_share_a_variable() -> None:
    variables = [one.variable for settings_class in SETTINGS for one in declared(settings_class)]
    assert len(variables) == len(set(variables))


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == page()


def test_settings_are_printed_with_secrets_redacted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH_PASSWORD", "hunter2")
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH", "https://someone:hunter2@search.example:9200")
    for answer in (run("check", "--settings"), run("check", "--settings", "--json")):
        assert answer.exit_code == 0
        assert "hunter2" not in answer.output
    rows = {row["variable"]: row["value"] for row in json.loads(answer.output)}
    assert rows["NEWSWIRE_ELASTICSEARCH_PASSWORD"] == "(set)"  # noqa: S105 - what is shown instead of it
    assert rows["NEWSWIRE_ELASTICSEARCH"] == "https://(redacted)@search.example:9200"


def test_annotate_keeps_ids_order_and_bodies_of_its_input(run: Run) -> None:
    lines = [
        {
            "id": "b",
            "title": None,
            "body": "Two people died in Lviv on Friday.",
            "published_at": "2025-02-07T00:00:00Z",
        },
        {"id": "a", "body": "KYIV - Nothing happened."},
    ]
    answer = run("annotate", "--format", "ndjson", stdin="\n".join(map(json.dumps, lines)).encode())
    assert answer.exit_code == 0, answer.output
    documents = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [(one["id"], one["body"]) for one in documents] == [(one["id"], one["body"]) for one in lines]
    assert [(one["source"], one["cluster"]) for one in documents] == [(None, None), (None, None)]
    for one in documents:
        for entity in one["entities"]:
            for mention in entity["mentions"]:
                assert one[mention["field"]][mention["start"] : mention["end"]] == mention["text"]


def test_annotate_names_the_line_that_is_wrong_and_goes_on(run: Run) -> None:
    lines = b'{"id": "a", "body": "x"}\n{"id": 3}\n\xff\n{"id": "b", "body": "y"}\n'
    answer = run("annotate", "--format", "ndjson", stdin=lines)
    assert answer.exit_code == 1
    assert [json.loads(line)["id"] for line in answer.stdout.splitlines()] == ["a", "b"]
    for part in ("standard input, line 2: ", "standard input, line 3: ", "2 articles could not be read."):
        assert part in answer.stderr


def test_annotate_reads_standard_input_by_its_usual_name_between_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("First\n\nA body about Lviv.\n")
    (tmp_path / "c.txt").write_text("Third\n\nA body about Lviv.\n")
    answer = run(
        "annotate", str(tmp_path / "a.txt"), "-", str(tmp_path / "c.txt"), stdin=b"Second\n\nA body about Goma.\n"
    )
    assert answer.exit_code == 0, answer.stderr
    assert [json.loads(line)["title"] for line in answer.stdout.splitlines()] == ["First", "Second", "Third"]


@pytest.mark.parametrize("form", ["text", "ndjson"])
def test_annotate_names_the_files_that_it_cannot_open_and_does_the_others(run: Run, tmp_path: Path, form: str) -> None:
    (tmp_path / "a.txt").write_text('{"id": "a", "title": "A title", "body": "A body about Lviv."}\n')
    answer = run("annotate", "--format", form, *(str(tmp_path / name) for name in ("\x1bgone.txt", "a.txt", ".")))
    assert answer.exit_code == 1
    assert len(answer.stdout.splitlines()) == 1
    assert "%1Bgone.txt: No such file or directory." in answer.stderr
    assert f"{tmp_path}: Is a directory." in answer.stderr


def test_annotate_says_why_a_file_is_no_article_and_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"title": "cut')
    (tmp_path / "b.txt").write_text("A title\n\nA body about Lviv.\n")
    answer = run("annotate", str(tmp_path / "a.json"), str(tmp_path / "b.txt"))
    assert answer.exit_code == 1
    assert "truncated" in answer.output
    assert '"title":"A title"' in answer.output


def test_check_names_what_does_not_answer() -> None:
    environ = os.environ | {
        "NEWSWIRE_KAFKA": "127.0.0.1:1",
        "NEWSWIRE_ELASTICSEARCH": "http://127.0.0.1:1",
        "NEWSWIRE_INBXO": "typo",
    }
    command = [sys.executable, "-m", "newswire", "check"]
    answer = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 1
    for part in ("NEWSWIRE_INBXO", "Kafka at 127.0.0.1:1", "Elasticsearch at http://127.0.0.1:1"):
        assert part in answer.stdout
    assert answer.stderr.startswith("newswire: 3 of 3 checks failed")


def test_a_reader_who_has_seen_enough_is_no_failure() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "newswire", "check", "--settings", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, b"")


def test_output_that_cannot_be_written_is_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "newswire", "check", "--settings"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.decode() == "newswire: the output cannot be written: No space left on device.\n"


def test_a_word_to_be_left_out_is_no_option_and_a_wrong_option_is_no_word(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH", "http://127.0.0.1:1")
    with pytest.raises(Failure, match="does not answer"):
        group.main(["search", "storm", "-hurricane", "-Nepal"], standalone_mode=False)
    assert "No such option: --sise" in run("search", "storm", "--sise", "3").output
    assert "Search the index" in run("search", "-h").output
