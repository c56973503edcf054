"""``newswire annotate --view`` and ``--html``, as they are called."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import html

from newswire.cli import group

ROOT = Path(__file__).parents[3]
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in [name for name in os.environ if name.startswith("NEWSWIRE_") and name != "NEWSWIRE_GAZETTEER"]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def call(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(group, ["annotate", *arguments], input=stdin)

    return call


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "a.txt").write_text("date 2025-02-07 Storm over Lviv\n\nTwo people died in Lviv on Friday.\n")
    (tmp_path / "b.txt").write_text("date 2025-02-07 Calm in Goma\n\nNothing happened in Goma on Friday.\n")
    return str(tmp_path / "a.txt"), str(tmp_path / "b.txt")


def test_several_files_are_shown_one_below_the_other(run: Run, files: tuple[str, str]) -> None:
    answer = run("--view", *files)
    assert answer.exit_code == 0, answer.stderr
    text = answer.stdout
    assert "Two people died in [LOC Lviv] on [DATE Friday]." in text
    assert text.index("Storm over [LOC Lviv]") < text.index("Calm in [LOC Goma]")
    assert "\x1b" not in text


def test_several_files_make_one_page(run: Run, files: tuple[str, str]) -> None:
    answer = run("--html", *files)
    assert answer.exit_code == 0, answer.stderr
    tree = html.document_fromstring(answer.stdout_bytes)
    assert tree.findtext(".//title") == "Storm over Lviv"
    assert [one.text_content() for one in tree.iter("h1")] == ["Storm over Lviv", "Calm in Goma"]
    assert answer.stdout.count("<!doctype html>") == answer.stdout.count("</html>") == 1


@pytest.mark.parametrize("way", ["--view", "--html"])
def test_what_cannot_be_read_is_named_and_the_rest_is_shown_whole(run: Run, files: tuple[str, str], way: str) -> None:
    answer = run(way, files[0], "gone.txt", files[1])
    assert answer.exit_code == 1
    assert "gone.txt: No such file or directory." in answer.stderr
    assert "1 file could not be read." in answer.stderr
    assert "Goma" in answer.stdout
    assert way == "--view" or answer.stdout.endswith("</html>\n")


def test_a_page_of_nothing_is_still_a_page(run: Run) -> None:
    answer = run("--html", "gone.txt")
    assert answer.exit_code == 1
    assert html.document_fromstring(answer.stdout_bytes).findtext(".//title") == "Newswire: no articles"


def test_lines_of_json_can_be_shown_as_well(run: Run) -> None:
    line = json.dumps({"id": "a", "title": None, "body": "In Lviv.\x1b[2J"}).encode()
    assert "In [LOC Lviv].\\x1b[2J" in run("--view", "--format", "ndjson", stdin=line).stdout
    assert "\\x1b[2J" in run("--html", "--format", "ndjson", stdin=line).stdout


def test_both_ways_at_once_make_the_page(run: Run, files: tuple[str, str]) -> None:
    assert run("--view", "--html", files[0]).stdout.startswith("<!doctype html>")


def test_a_wrong_option_is_wrong_usage(run: Run) -> None:
    assert run("--colour").exit_code == 2


def test_all_samples_can_be_shown(run: Run) -> None:
    samples = [str(path) for path in sorted((ROOT / "samples").iterdir()) if "cut-off" not in path.name]
    tree = html.document_fromstring(run("--html", *samples).stdout_bytes)
    assert len(tree.xpath("//article")) == len(tree.xpath("//h1")) >= len(samples)
