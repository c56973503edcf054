from pathlib import Path

import numpy as np
import pytest

from services.enrich.entities import Finder
from services.enrich.events.model import Model, Vectors
from services.enrich.events.model import read as arrays_of
from services.enrich.events.scan import Clause
from services.enrich.events.taxonomy import TAGS
from services.enrich.model import Sentence
from services.enrich.places import gazetteer
from services.enrich.tagger.tagger import Tagger
from tools.train_events.coding import Coding, Trained, arrays
from tools.train_events.context import Context, Scored, learned
from tools.train_events.detecting import BATCH, Detecting, Sentences, taught
from tools.train_events.examples import OWN, Example, examples, labelled
from tools.train_events.fit import Fitted, Sparse, fit, minimised


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


WORDS = ("flood", "fire", "the", "a", "of")


def told(*words: str, tag: int | None = None) -> Example:
    wanted = np.zeros(len(TAGS), np.float32)
    if tag is not None:
        wanted[tag] = 1.0
    return Example("some", list(words), 0, {}, wanted, np.ones(len(TAGS), np.float32))


FLOODS_AND_FIRES = [
    told("the", "flood", "of", tag=0),
    told("a", "fire", tag=1),
    told("a", "the", "of"),
    told("fire", "of", "the", "a", tag=1),
] * BATCH


def detecting(sentences: Sentences) -> Detecting:
    wanted, known = (np.stack([getattr(one, name) for one in FLOODS_AND_FIRES]) for name in ("wanted", "known"))
    return taught(sentences, len(WORDS), wanted, known)


@pytest.fixture(name="vectors")
def vectors_of_the_model() -> Vectors:
    return Vectors(arrays_of("vectors.npz"))


@pytest.fixture(name="sentences")
def sentences_as_they_are_taught(vectors: Vectors) -> Sentences:
    return Sentences.of(FLOODS_AND_FIRES, WORDS, vectors)


def test_one_telling_word_among_others_is_detected(sentences: Sentences) -> None:
    scores = detecting(sentences).scores(sentences)
    assert np.array_equal(scores[:4, :2] > 0, [[True, False], [False, True], [False, False], [False, True]])


def test_detectors_are_taught_the_same_each_time(sentences: Sentences) -> None:
    first, second = detecting(sentences), detecting(sentences)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))


def test_the_service_scores_a_sentence_as_it_was_taught(vectors: Vectors, sentences: Sentences) -> None:
    coding = Coding.of(FLOODS_AND_FIRES, vectors)
    assert (coding.words.index("the"), coding.words.index("flood")) in coding.pairs
    rng = np.random.default_rng(3)
    columns = {coding.sparse(FLOODS_AND_FIRES).width: 1.0, coding.penalties.size: 0.05, 1: 1.0}
    rows = (rng.normal(0.0, spread, (count, len(TAGS))).astype(np.float32) for count, spread in columns.items())
    fitted = Fitted(*rows)
    fitted.sparse[0] = 0.0  # the column of nothing
    context = Context(np.zeros((2, 4), np.float32), np.zeros((2, len(TAGS)), np.float32))
    model = Trained(coding, fitted._replace(bias=fitted.bias[0]), detecting(sentences))
    served = Model(arrays(model, context, len(FLOODS_AND_FIRES)), vectors)
    read = served.read([*map(clause, FLOODS_AND_FIRES[:4]), clause(told())], np.zeros((5, len(TAGS)), np.float32))
    # Eight bits a number, and sixteen for what a detector answers.
    assert np.abs(read.scores[:4] - model.scores(FLOODS_AND_FIRES[:4])).max() < 0.25


def clause(example: Example) -> Clause:
    text = " ".join(example.words)
    return Clause(0, Sentence(0, len(text), 0, 0), text, text)
