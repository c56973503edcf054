"""``newswire search`` as a person and a program run it."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from bench.search import corpus
from newswire.cli import group
from newswire.elastic import INDEX_ALIAS

INDEX = "search-command"
DOCUMENT = Path(__file__).parents[3] / "docs" / "search.md"


@pytest.fixture(scope="module", autouse=True)
def library(client: Elasticsearch) -> Iterator[None]:
    """The judged articles behind the production alias, beside whatever other tests have there."""
    corpus.index(client, INDEX)
    client.indices.put_alias(index=INDEX, name=INDEX_ALIAS)
    yield
    client.indices.delete(index=INDEX)


def run(environ: Mapping[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(group, ["search", *arguments], env=environ)


def test_a_program_reads_the_documented_shape(environ: Mapping[str, str]) -> None:
    answer = run(environ, "Konotop", "--facets", "--size", "1", "--json")
    assert answer.exit_code == 0, answer.stderr
    found = json.loads(answer.stdout)
    documented = set(re.findall(r"^\| `(\w+)", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    assert {*found, *found["hits"][0]} <= documented
    assert found["schema"] == "search/1"
    assert found["hits"][0]["title"]["marks"]
    assert found["next"]


def test_the_next_page_is_the_same_command_with_a_word_that_can_be_typed(
    environ: Mapping[str, str], tmp_path: Path
) -> None:
    environ = {**environ, "NEWSWIRE_CACHE": str(tmp_path)}
    asked = ("Konotop", "--from", "10y", "--size", "1")
    first = run(environ, *asked)
    page = re.search(r"the same command with --after (\S+)\n$", first.stdout)
    assert page
    assert len(page[1]) == 8
    second = run(environ, *asked, "--after", page[1])
    assert second.exit_code == 0, second.stderr
    assert "Konotop" in second.stdout
    assert second.stdout.splitlines()[2] != first.stdout.splitlines()[2]
    other = run(environ, "Kherson", "--after", page[1])
    assert (other.exit_code, other.stderr.count("another question")) == (2, 1)


def test_a_program_is_given_a_cursor_that_needs_no_file(environ: Mapping[str, str], tmp_path: Path) -> None:
    environ = {**environ, "NEWSWIRE_CACHE": str(tmp_path)}
    asked = ("Konotop", "--size", "1", "--json")
    first = json.loads(run(environ, *asked).stdout)
    second = json.loads(run(environ, *asked, "--after", first["next"]).stdout)
    assert second["hits"][0]["id"] != first["hits"][0]["id"]
    assert list(tmp_path.iterdir()) == []


def test_lines_are_all_hits_of_all_pages(environ: Mapping[str, str]) -> None:
    total = json.loads(run(environ, "--agency", "Newswire", "--json", "--all").stdout)["total"]["articles"]
    lines = run(environ, "--agency", "Newswire", "--ndjson", "--all", "--size", "20").stdout.splitlines()
    assert total > 20
    assert len({json.loads(line)["id"] for line in lines}) == len(lines) == total


def test_a_reader_that_has_seen_enough_is_no_failure(environ: Mapping[str, str]) -> None:
    command = f"{sys.executable} -m newswire search --agency Newswire --ndjson --size 5 | head -n 1"
    answer = subprocess.run(["bash", "-c", command], env=environ, capture_output=True, check=True)
    assert (answer.stderr, answer.stdout.count(b"\n")) == (b"", 1)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--tag", "law.verdct"), 2, "law.verdict"),
        (("--near", "Nowhereville"), 2, "no place"),
        (("--country", "Atlantis"), 2, "no country"),
        (("--after", "nonsense"), 2, "no cursor"),
        (("--after", "00000000"), 1, "have expired"),
        (("--from", "soon"), 2, "is no date"),
        (("--during", "soon"), 2, "is no date"),
        (("--size", "many"), 2, "is not a whole number from 1 to 1000"),
        (("--status", "sure"), 2, "claimed"),
        (("--ndjson", "--json"), 2, "--ndjson"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_next_step(
    environ: Mapping[str, str], arguments: tuple[str, ...], status: int, said: str
) -> None:
    answer = run(environ, *arguments)
    assert answer.exit_code == status
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not answer.stdout


def test_a_server_that_is_not_there_is_one_sentence(environ: Mapping[str, str]) -> None:
    answer = run({**environ, "NEWSWIRE_ELASTICSEARCH": "http://127.0.0.1:9"}, "drone")
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1
    assert "does not answer" in answer.stderr


def examples() -> list[str]:
    """Every command of the guide, lines joined."""
    text = DOCUMENT.read_text("utf-8").replace("\\\n", " ")
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines() if line]


def test_the_guide_has_examples() -> None:
    assert len(examples()) >= 10


@pytest.mark.parametrize("example", [one for one in examples() if one.startswith("newswire search")])
def test_an_example_of_the_guide_finds_something(environ: Mapping[str, str], example: str) -> None:
    # The articles are of one month, whenever this runs.
    example = example.replace('"last month"', "2025-12")
    answer = run(environ, *shlex.split(example)[2:])
    assert answer.exit_code == 0, answer.stderr
    assert not answer.stdout.startswith("0 articles"), answer.stdout
