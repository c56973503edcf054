import pytest

from bench.search import corpus
from bench.search.judged import ndcg, questions, reciprocal_rank


def test_the_best_order_is_worth_one_and_the_wrong_articles_nothing() -> None:
    good = {"a": 3, "b": 1}
    assert ndcg(["a", "b", "x"], good) == 1
    assert ndcg(["x", "y"], good) == 0
    assert 0 < ndcg(["b", "a"], good) < 1


def test_the_gain_is_the_published_formula() -> None:
    # 7 / log2(3) + 1 / log2(4), over 7 / log2(2) + 1 / log2(3).
    assert ndcg(["x", "a", "b"], {"a": 3, "b": 1}) == pytest.approx((7 / 1.58496 + 0.5) / (7 + 1 / 1.58496), abs=1e-4)


def test_the_reciprocal_rank_counts_what_was_asked_for_only() -> None:
    assert reciprocal_rank(["b", "a"], {"a": 3, "b": 2}) == 0.5
    assert reciprocal_rank(["b"], {"a": 3, "b": 2}) == 0


def test_the_judged_set_is_what_the_documentation_says_it_is() -> None:
    asked = questions()
    assert len(asked) >= 40
    assert len({one.text for one in asked}) == len(asked)
    assert sum(one.held_out for one in asked) == pytest.approx(len(asked) / 3, abs=1)
    assert {grade for one in asked for grade in one.good.values()} == {1, 2, 3}
    assert all(3 in one.good.values() for one in asked)
    assert {name for one in asked for name in one.good} <= set(corpus.articles())
