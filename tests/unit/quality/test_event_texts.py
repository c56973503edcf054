"""Our own texts about events: the files can be read, are large enough, and hold what the documentation says."""

from collections import Counter
from datetime import date

import pytest

from bench.quality.event_texts import KINDS, TextError, _bounds, _counted, _pair, _stated, halves
from newswire.enriched import Count
from services.enrich.events.taxonomy import TAGS

HALVES = halves()
ARTICLES = [article for half in HALVES for article in half.articles]
UNLIKE = [article for half in HALVES for article in half.unlike]


def test_the_halves_are_of_one_size() -> None:
    sizes = [(len(half.articles), len(half.counts), len(half.statuses), len(half.pairs)) for half in HALVES]
    assert sizes == [(75, 61, 61, 30)] * 2
    assert [len(half.unlike) for half in HALVES] == [60, 60]


def test_there_are_as_many_texts_as_promised() -> None:
    assert len(ARTICLES) == 150
    assert sum(not article.tags for article in ARTICLES) >= 37
    assert sum(all(tag.startswith("economy.") for tag in article.tags) for article in ARTICLES) >= 47
    assert sum(len(half.counts) for half in HALVES) >= 120
    assert sum(len(half.statuses) for half in HALVES) >= 120
    assert sum(len(half.pairs) for half in HALVES) == 60


def test_every_tag_has_an_article() -> None:
    assert set(TAGS) == {tag for article in ARTICLES for tag in article.tags}


def test_no_article_is_told_twice_or_without_a_day() -> None:
    assert len({article.id for article in ARTICLES}) == len(ARTICLES)
    assert len({article.body for article in ARTICLES}) == len(ARTICLES)
    assert len({article.body for article in UNLIKE}) == len(UNLIKE)
    for article in [*ARTICLES, *UNLIKE]:
        assert date.fromisoformat(article.date)
        assert article.title
        assert article.body
        assert not article.tags & article.optional


def test_every_status_is_asked_for_in_both_halves() -> None:
    for half in HALVES:
        counted = Counter(one.status for one in half.statuses)
        assert set(counted) == {"reported", "claimed", "denied", "planned", "hypothetical", "historical", "negated"}
        assert min(counted.values()) >= 6


def test_every_kind_of_count_is_asked_for_in_both_halves() -> None:
    for half in HALVES:
        assert {kind for one in half.counts for kind in one.counts} == set(KINDS)
        assert any(not one.counts for one in half.counts)


def test_half_of_the_pairs_are_of_one_event() -> None:
    for half in HALVES:
        assert sum(pair.same for pair in half.pairs) == len(half.pairs) // 2


@pytest.mark.parametrize(
    ("written", "low", "high"), [("9", 9, 9), ("9-", 9, None), ("-20", None, 20), ("10-15", 10, 15)]
)
def test_a_number_says_where_it_is_open(written: str, low: int | None, high: int | None) -> None:
    assert _bounds(written) == Count(min=low, max=high)


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(TextError, match="no number"):
        _bounds("some")
    with pytest.raises(TextError, match="not counted"):
        _counted("cows 3", "Three cows.")
    with pytest.raises(TextError, match="does not say whose"):
        _stated("claimed attack", "They claimed it.")
    with pytest.raises(TextError, match="no tag"):
        _stated("reported picnic", "They met.")
    with pytest.raises(TextError, match="neither"):
        _pair("alike attack\n2025-02-07 | One.\n2025-02-07 | Two.")
