"""Old articles deleted, on the real engine."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from newswire.cli import group
from newswire.cli import prune as prune_command
from newswire.elastic import INDEX_ALIAS
from newswire.enriched import Enriched
from newswire.pruned import noted
from services.index import prune
from services.index.generations.generation import SchemaError, look
from services.index.generations.report import SILENT
from services.index.patience import Patience
from services.index.prune import Prune
from tests.integration.index.shelf import Shelf, article, at_each_page, item

BEFORE = datetime(2020, 1, 1, tzinfo=UTC)


def dated(name: str, year: int, **fields: Any) -> Enriched:
    return article(name, published_at=datetime(year, 6, 1, tzinfo=UTC), **fields)


def newswire(environ: Mapping[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(group, ["prune", *arguments], env=dict(environ))


def test_the_old_go_the_new_and_the_withdrawn_stay(shelf: Shelf) -> None:
    shelf.write(dated(f"old-{n}", 2001) for n in range(300))
    shelf.write(dated(f"new-{n}", 2024) for n in range(10))
    shelf.write([dated("withdrawn", 2001, pubstatus="canceled"), article("undated")])
    shelf.refresh()
    run = Prune(shelf.client, shelf.family, BEFORE, SILENT)
    assert (run.index, run.found(), run.tombstones()) == (f"{shelf.alias}-v1", 300, 1)
    run.run()
    assert (run.deleted, run.changed, run.found()) == (300, 0, 0)
    assert set(shelf.documents(f"{shelf.alias}-v1")) == {f"new-{n}" for n in range(10)} | {"withdrawn", "undated"}
    # That is what the tombstone is kept for: the article comes again, and stays away.
    shelf.write([dated("withdrawn", 2001)])
    assert "withdrawn" not in shelf.documents()


def test_an_article_that_changes_in_between_survives(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write([dated("corrected", 2001), dated("old", 2001)])
    shelf.refresh()
    delete = Prune._delete

    def correct_first(self: Prune, patience: Patience, hits: Any) -> None:
        if any(hit["_id"] == "corrected" for hit in hits):
            shelf.write([dated("corrected", 2024, revision=2000)])
        delete(self, patience, hits)

    monkeypatch.setattr(Prune, "_delete", correct_first)
    run = Prune(shelf.client, shelf.family, BEFORE, SILENT)
    run.run()
    assert (run.deleted, run.changed) == (1, 1)
    assert list(shelf.documents()) == ["corrected"]


def test_nothing_is_pruned_while_a_new_generation_is_filled(shelf: Shelf) -> None:
    shelf.write(dated(f"old-{n}", 2001) for n in range(30))
    run = Prune(shelf.client, shelf.family, BEFORE, SILENT)

    def press() -> None:
        with pytest.raises(SchemaError, match=f"{shelf.alias}-v2 is being filled"):
            Prune(shelf.client, shelf.family, BEFORE, SILENT)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.declare(rebuild=True, report=at_each_page(press))
    # One that was begun before notices, too.
    with pytest.raises(SchemaError, match=f"{shelf.alias}-v2 is being filled"):
        run.run()
    assert run.deleted == 0
    shelf.declare(rebuild=True)
    assert len(shelf.documents()) == 30


def test_what_was_pruned_is_remembered_by_every_generation_that_follows(shelf: Shelf) -> None:
    def runs() -> list[datetime]:
        current = look(shelf.client, shelf.family).current
        assert current
        return [one.before for one in noted(current.meta)]

    shelf.write([dated("old", 2001), dated("new", 2024)])
    shelf.refresh()
    assert runs() == []
    Prune(shelf.client, shelf.family, BEFORE, SILENT).run()
    assert runs() == [BEFORE]
    shelf.with_mapping(properties={"mood": {"type": "keyword"}}).declare()  # in place
    assert runs() == [BEFORE]
    shelf.declare(rebuild=True)
    assert shelf.in_use() == [f"{shelf.alias}-v2"]
    assert runs() == [BEFORE]
    later = datetime(2021, 1, 1, tzinfo=UTC)
    Prune(shelf.client, shelf.family, later, SILENT).run()
    assert runs() == [later]


def test_it_is_noted_before_the_first_article_goes_and_again_where_a_setup_wrote_over_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "PAGE", 8)
    shelf.write(dated(f"old-{n}", 2001) for n in range(40))
    shelf.refresh()
    seen: list[int] = []
    delete = Prune._delete

    def look_first(self: Prune, patience: Patience, hits: Any) -> None:
        current = look(shelf.client, shelf.family).current
        assert current
        seen.append(len(noted(current.meta)))
        delete(self, patience, hits)
        shelf.client.indices.put_mapping(index=self.index, meta={"version": "former"})

    monkeypatch.setattr(Prune, "_delete", look_first)
    Prune(shelf.client, shelf.family, BEFORE, SILENT).run()
    assert len(seen) > 2
    assert set(seen) == {1}


def test_a_prune_that_is_interrupted_goes_on_when_called_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "PAGE", 10)
    shelf.write(dated(f"old-{n}", 2001) for n in range(100))
    shelf.refresh()

    def press() -> None:
        raise KeyboardInterrupt

    first = Prune(shelf.client, shelf.family, BEFORE, at_each_page(press))
    with pytest.raises(KeyboardInterrupt):
        first.run()
    second = Prune(shelf.client, shelf.family, BEFORE, SILENT)
    second.run()
    assert first.deleted > 0
    assert first.deleted + second.deleted == 100
    assert shelf.documents() == {}


def test_the_command_counts_asks_and_deletes(environ: Mapping[str, str], client: Elasticsearch) -> None:
    # In the index of all tests: nobody else writes articles of that age.
    actions = [item(dated(f"prune-{n}", 1801), INDEX_ALIAS) for n in range(3)]
    Patience(client, waiting=lambda _cause: None).write(actions)
    client.indices.refresh(index=INDEX_ALIAS)
    limit = ("--older-than", "1850-01-01")
    dry = newswire(environ, *limit, "--dry-run")
    assert (dry.exit_code, dry.stdout) == (0, "3 articles from before 1850-01-01T00:00:00.000Z would be deleted\n")
    unasked = newswire(environ, *limit)
    assert unasked.exit_code == 2
    assert "--yes" in unasked.stderr
    done = newswire(environ, *limit, "--yes", "--json")
    counts = json.loads(done.stdout)
    assert (counts["index"], counts["found"], counts["deleted"], counts["dry_run"]) == ("newswire-v1", 3, 3, False)
    again = newswire(environ, *limit)  # nothing to delete, nothing to ask
    assert (again.exit_code, again.stdout) == (
        0,
        "newswire-v1 has 0 articles from before 1850-01-01T00:00:00.000Z; nothing to do\n",
    )


def test_the_person_at_the_terminal_may_say_no(
    environ: Mapping[str, str], client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    Patience(client, waiting=lambda _cause: None).write([item(dated("prune-not", 1802), INDEX_ALIAS)])
    client.indices.refresh(index=INDEX_ALIAS)
    asked: list[str] = []

    def no(question: str, *, yes: bool) -> bool:
        asked.append(question)
        return yes

    monkeypatch.setattr(prune_command.consent, "given", no)
    answer = newswire(environ, "--older-than", "1850-01-01")
    assert answer.exit_code == 1
    assert "Nothing was deleted." in answer.stderr
    assert asked == ["Delete 1 article from before 1850-01-01T00:00:00.000Z from newswire-v1?"]
    client.delete(index="newswire-v1", id="prune-not", refresh=True)


def test_a_limit_in_the_future_or_without_sense_is_wrong_usage(environ: Mapping[str, str]) -> None:
    assert newswire(environ, "--older-than", "2999-01-01", "--dry-run").exit_code == 2
    assert newswire(environ, "--older-than", "soon", "--dry-run").exit_code == 2
    assert newswire(environ, "--dry-run").exit_code == 2
