"""Pages and folding on the real engine."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from elasticsearch import Elasticsearch

from newswire.cli import asked
from newswire.search import CursorExpired, Hit, Question, QuestionError, cursor, pages
from newswire.search.question import Order

from .shelf import NOW, Shelf, shelf

ARTICLES, COPIED, COPIES = 60, 12, 3


@pytest.fixture
def library(client: Elasticsearch) -> Iterator[Shelf]:
    """Sixty drone articles, twelve of them in three versions, and as many that are about something else."""
    for made in shelf(client, "pages"):
        day = datetime(2025, 1, 1, tzinfo=UTC)
        several: list[dict[str, object]] = []
        for number in range(ARTICLES):
            versions = COPIES if number < COPIED else 1
            for version in range(versions):
                several.append(
                    {
                        "id": f"drone-{number}-{version}",
                        "title": f"Drone {'drone ' * (number % 3)}report {number}",
                        "body": f"About drones, {number % 7} of them. " * (1 + number % 5),
                        # Most share their day, so that only the id tells them apart.
                        "published_at": day + timedelta(days=number % 4, hours=12 * version),
                        # Half of those without versions have a cluster of their own, the others none.
                        "cluster": f"c{number}" if number < 36 else None,
                    }
                )
            several.append({"title": f"Flowers {number}"})
        made.put_all(several)
        made.refresh()
        yield made


def every(library: Shelf, question: Question) -> list[Hit]:
    return [
        hit for page in pages(library.client, question, asked.vocabulary(), index=library.alias) for hit in page.hits
    ]


@pytest.mark.parametrize("order", get_args(Order))
@pytest.mark.parametrize("size", [7, 30])
def test_all_pages_give_every_hit_once_while_articles_are_added(library: Shelf, order: Order, size: int) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            # New articles, and new versions of old ones that would come before them.
            library.put(f"Drone drone drone new {number}", "drones", published_at=NOW, cluster=f"c{number % 36}")
            library.refresh()
            number += 1

    question = Question(text="drone", size=size, order=order, now=NOW)
    before = library.answer(replace(question, size=1000))
    writer = threading.Thread(target=write)
    found: list[Hit] = []
    first = library.answer(question)
    writer.start()
    try:
        found += first.hits
        following = first.next
        while following:
            page = library.answer(question, after=cursor.decode(following))
            found += page.hits
            following = page.next
    finally:
        stop.set()
        writer.join()
    assert len(found) == ARTICLES
    assert len({hit.id for hit in found}) == ARTICLES
    assert [(hit.id, hit.folded, hit.score) for hit in found] == [(h.id, h.folded, h.score) for h in before.hits]


def test_versions_are_folded_into_the_first_and_counted(library: Shelf) -> None:
    question = Question(text="drone", size=1000, order="newest", now=NOW)
    answer = library.answer(question)
    assert answer.total.articles == ARTICLES + COPIED * (COPIES - 1)
    folded = {hit.id: hit.folded for hit in answer.hits if hit.folded}
    assert folded == {f"drone-{number}-{COPIES - 1}": COPIES - 1 for number in range(COPIED)}


def test_articles_without_a_cluster_are_not_taken_for_versions_of_one(library: Shelf) -> None:
    found = {hit.id for hit in every(library, Question(text="drone", size=10, now=NOW))}
    assert {f"drone-{number}-0" for number in range(36, ARTICLES)} <= found


def test_all_versions_are_shown_when_asked_for(library: Shelf) -> None:
    found = every(library, Question(text="drone", size=10, folded=False, now=NOW))
    assert len(found) == ARTICLES + COPIED * (COPIES - 1)
    assert not any(hit.folded for hit in found)


def test_only_versions_that_match_are_folded(library: Shelf) -> None:
    library.put("Drone report 0", "flowers", id="other", cluster="c0", published_at=NOW)
    library.put("Flowers 0", "flowers", id="first", cluster="c0", published_at=NOW)
    library.refresh()
    answer = library.answer(Question(text="flowers", size=1000, now=NOW))
    assert next(hit.folded for hit in answer.hits if hit.id in ("other", "first")) == 1


def test_a_page_that_holds_everything_has_no_other_and_leaves_no_snapshot(library: Shelf) -> None:
    before = _open(library.client)
    assert library.answer(Question(text="drone", size=1000, now=NOW)).next is None
    assert list(every(library, Question(text="drone", size=7, now=NOW)))
    assert _open(library.client) == before


def test_leaving_the_pages_early_gives_the_snapshot_back(library: Shelf) -> None:
    before = _open(library.client)
    walk = pages(library.client, Question(text="drone", size=7, now=NOW), asked.vocabulary(), index=library.alias)
    next(walk)
    assert _open(library.client) == before + 1
    walk.close()
    assert _open(library.client) == before


def test_a_page_as_large_as_what_is_left_is_the_last(library: Shelf) -> None:
    question = Question(text="drone", size=ARTICLES // 2, now=NOW)
    first = library.answer(question)
    assert first.next
    assert library.answer(question, after=cursor.decode(first.next)).next is None


def test_a_cursor_whose_snapshot_is_gone_says_to_ask_again(library: Shelf) -> None:
    question = Question(text="drone", size=7, now=NOW)
    word = library.answer(question).next
    assert word
    place = cursor.decode(word)
    library.client.close_point_in_time(id=place.pit)
    with pytest.raises(CursorExpired, match="ask it again"):
        library.answer(question, after=place)


def test_a_cursor_with_a_snapshot_that_never_was_is_refused(library: Shelf) -> None:
    question = Question(text="drone", size=7, now=NOW)
    forged = cursor.Cursor("bm90IGEgcGl0", [1.0, 1, "x"], NOW, cursor.digest(question))
    with pytest.raises(QuestionError):
        library.answer(question, after=forged)


def test_recent_is_measured_from_the_first_page(library: Shelf) -> None:
    question = Question(text="drone", size=7, now=NOW)
    word = library.answer(question).next
    assert word
    much_later = replace(question, now=NOW + timedelta(days=900))
    following = library.answer(much_later, after=cursor.decode(library.answer(question).next or ""))
    assert following.hits == library.answer(question, after=cursor.decode(word)).hits


def _open(client: Elasticsearch) -> int:
    """How many snapshots the server holds."""
    nodes = client.nodes.stats(metric="indices", index_metric="search")["nodes"]
    return sum(node["indices"]["search"]["open_contexts"] for node in nodes.values())
