"""How documents are cut into requests and pages, and how progress is told."""

import pytest

from newswire.topics import DEAD, ENRICHED, Topic
from services.index.generations.copying import REQUEST_BYTES, Copied, Misfits, requests
from services.index.generations.family import ARTICLES, LETTERS, WORST_PAGE, Family
from services.index.generations.report import LINE_INTERVAL, in_lines
from services.index.generations.scan import PAGE_BYTES, Page


def copied(*sizes: int) -> list[Copied]:
    return [Copied(str(n), b"x" * size) for n, size in enumerate(sizes)]


def test_requests_are_bounded_in_bytes_and_lose_nothing() -> None:
    half = REQUEST_BYTES // 2
    cut = list(requests(copied(half, half, half, 1)))
    assert [[one.id for one in request] for request in cut] == [["0", "1"], ["2", "3"]]
    assert list(requests([])) == []


def test_a_document_larger_than_a_request_is_alone() -> None:
    assert [len(request) for request in requests(copied(1, REQUEST_BYTES + 1, 1))] == [1, 1, 1]


def test_a_page_grows_by_doubling_and_shrinks_at_once() -> None:
    page = Page(200)
    sizes = [page.size]
    for _ in range(4):
        page.was(1000)
        sizes.append(page.size)
    assert sizes == [25, 50, 100, 200, 200]
    page.was(PAGE_BYTES // 4)
    assert page.size == 4
    page.was(PAGE_BYTES * 2)
    assert page.size == 1


@pytest.mark.parametrize(("family", "topic"), [(ARTICLES, ENRICHED), (LETTERS, DEAD)], ids=["articles", "letters"])
def test_a_page_of_the_largest_documents_after_a_run_of_small_ones_fits_into_memory(
    family: Family, topic: Topic
) -> None:
    page = Page(family.page)
    for _ in range(100):
        page.was(1000)
    assert 10 <= page.size <= WORST_PAGE // topic.max_message_bytes
    page.was(topic.max_message_bytes)
    assert page.size == 1


def test_a_page_may_be_one_from_the_beginning() -> None:
    assert Page(1).size == 1


def test_of_many_misfits_the_first_are_named() -> None:
    misfits = Misfits()
    for number in range(10):
        misfits.add(str(number), "because")
    assert (misfits.count, misfits.first) == (10, ["0 (because)", "1 (because)", "2 (because)"])


def test_where_nobody_looks_at_a_terminal_a_line_comes_every_now_and_then() -> None:
    now = 0.0
    said: list[str] = []
    with in_lines(said.append, clock=lambda: now).bar("old → new", 5000) as advance:
        for _ in range(5):
            now += LINE_INTERVAL / 2
            advance(1000)
    assert said == ["old → new: 2,000 of 5,000, 200 a second", "old → new: 4,000 of 5,000, 200 a second"]
