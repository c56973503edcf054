"""What ``newswire search`` prints of an article that somebody wrote for the terminal of whoever finds it."""

import json
from collections.abc import Iterator, Mapping

import pytest
from click.testing import CliRunner
from elasticsearch import Elasticsearch

from newswire.cli import group
from newswire.elastic import INDEX_ALIAS
from services.index.patience import Patience
from tests.integration.index.shelf import article, item

# A C1 control that begins a colour, a mark that turns a line round, a separator of lines.
TITLE = "Zyxomma petiolatum \x9b31m \u202ereversed \u2028 \x85"


@pytest.fixture(scope="module")
def hostile(client: Elasticsearch) -> Iterator[str]:
    # Once for both: Elasticsearch refuses the version of what was deleted for a minute.
    made = item(article("search-hostile", title=TITLE, body="Zyxomma \x9b2J \u202e."), INDEX_ALIAS)
    Patience(client, waiting=lambda _cause: None).write([made])
    client.indices.refresh(index=INDEX_ALIAS)
    yield made.id
    client.delete(index="newswire-v1", id=made.id, refresh=True)


@pytest.mark.parametrize("form", ["--json", "--ndjson"])
def test_json_is_printed_in_ascii(environ: Mapping[str, str], hostile: str, form: str) -> None:
    answer = CliRunner().invoke(group, ["search", "Zyxomma", form], env=dict(environ))
    assert answer.exit_code == 0, answer.stderr
    assert all(char == "\n" or " " <= char <= "~" for char in answer.stdout)
    found = json.loads(answer.stdout)
    (hit,) = found["hits"] if form == "--json" else [found]
    assert (hit["id"], hit["title"]["text"]) == (hostile, TITLE)
