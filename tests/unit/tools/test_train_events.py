from pathlib import Path

import numpy as np
import pytest

from services.enrich.entities import Finder
from services.enrich.events.taxonomy import TAGS
from services.enrich.places import gazetteer
from services.enrich.tagger.tagger import Tagger
from tools.train_events.context import Scored, learned
from tools.train_events.examples import OWN, examples, labelled
from tools.train_events.fit import Sparse, fit, minimised


def test_every_line_of_the_sentences_can_be_read_and_every_tag_has_some() -> None:
    told = [one for one in labelled() if one.known is None]
    assert set(TAGS) == {tag for one in told for tag in one.tags}
    sentences = [one.sentence for one in told if one.source != OWN]
    assert len(set(sentences)) == len(sentences)
    assert sum(not one.tags for one in told) > 500


def test_a_line_with_a_tag_that_does_not_exist_is_told(tmp_path: Path) -> None:
    (tmp_path / "some.txt").write_text("law.arest | Police detained two men.\n", "utf-8")
    with pytest.raises(ValueError, match=r"some\.txt.*law\.arest"):
        list(labelled(tmp_path))


def test_a_line_of_an_article_is_read_where_it_stands_and_the_article_has_the_tags_of_all(tmp_path: Path) -> None:
    text = """\
== 1
law.arrest | Two held after raid in Bari
law.arrest | Police in Bari detained two men. Both are from the port.
- | The port is large.
== 2
- | Nothing here
- | Nothing at all.
"""
    (tmp_path / "some.txt").write_text(text, "utf-8")
    found, reports = examples(
        (one for one in labelled(tmp_path) if one.source == "some"), Finder(gazetteer.load(), Tagger())
    )
    assert [(one.article, bool(one.wanted.any())) for one in found] == [
        (1, True),
        (1, True),
        (1, False),
        (2, False),
        (2, False),
    ]
    assert found[0].words[:3] == ["two", "held", "after"]
    assert {"detained", "port"} <= set(found[1].words)
    assert found[2].words == ["the", "port", "is", "large"]
    assert [(one.source, one.article, one.tags, one.headline) for one in reports] == [
        ("some", 1, {"law.arrest"}, {"law.arrest"}),
        ("some", 2, set(), set()),
    ]


def test_what_a_headline_bears_on_an_article_is_learned() -> None:
    def article(title: float, told: float) -> Scored:
        scores = np.full((4, len(TAGS)), -6, np.float32)
        scores[-1, 0] = title
        wanted = np.zeros_like(scores)
        wanted[-1, 0] = told
        return Scored(scores, wanted)

    told = learned([article(2.0, 1.0), article(-6.0, 0.0)] * 20)
    assert told.shares[1, 0] > 0
    assert told.usual[1, 0] > told.usual[1, 1]
    assert told.shares[0, 0] == 0


def test_a_sparse_product_is_that_of_the_matrix() -> None:
    sparse = Sparse.of([[1, 3], [], [2, 2]], 3)
    matrix = np.array([[0, 1, 0, 1], [0, 0, 0, 0], [0, 0, 2, 0]], np.float32)
    weights = np.arange(8, dtype=np.float32).reshape(4, 2)
    weights[0] = 0.0
    assert np.array_equal(sparse.times(weights), matrix @ weights)
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)
    assert np.array_equal(sparse.across(rows)[1:], (matrix.T @ rows)[1:])


def test_frequent_and_rare_columns_make_one_sparse_product() -> None:
    sparse = Sparse.of([[1], [1, 2], *([[1]] * 198)], 2)
    weights = np.array([[0], [2], [3]], np.float32)
    assert len(sparse.often) == 1
    assert sparse.times(weights).ravel().tolist() == [2, 5, *[2] * 198]
    assert sparse.across(np.ones((200, 1), np.float32)).ravel().tolist() == [0, 200, 1]


def test_the_minimum_of_a_convex_function_is_found() -> None:
    scale = np.array([1.0, 10.0, 100.0])
    found = minimised(lambda at: (float(scale @ (at - 3) ** 2), 2 * scale * (at - 3)), np.zeros(3))
    assert np.allclose(found, 3, atol=1e-3)


def test_what_is_taught_is_learned_and_the_unknown_teaches_nothing() -> None:
    sparse = Sparse.of([[1], [2]] * 20, 2)
    dense = np.zeros((40, 1), np.float32)
    wanted = np.array([[1, 1], [0, 0]] * 20, np.float32)
    known = np.array([[1, 0], [1, 0]] * 19 + [[1, 1], [1, 1]], np.float32)
    fitted = fit(sparse, dense, wanted, known, penalty=0.1, penalties=np.ones(1, np.float32))
    scores = fitted.scores(sparse, dense)
    assert scores[0, 0] > 2 > -2 > scores[1, 0]
    assert abs(scores[0, 1]) < scores[0, 0]
