import json
from pathlib import Path

import numpy as np
import pytest

from services.enrich.tagger.features import BUCKETS, LABELS, RULE_LABELS
from services.enrich.tagger.weights import Weights, load, save
from services.enrich.tagger.words import Form


def test_the_weights_that_come_along_fit_the_code() -> None:
    weights = load()
    assert weights.about["labels"] == LABELS
    assert weights.rule.shape == (len(RULE_LABELS), weights.size)
    assert weights.form.shape == (len(Form), weights.size)
    assert weights.out.shape[1] == len(LABELS)
    assert np.isfinite(weights.rows_of("hashes", [0, BUCKETS - 1])).all()
    assert np.all(np.diff(weights.keys.astype(np.int64)) > 0)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    shapes = {
        **dict.fromkeys(("words", "hashes", "written", "low", "rule", "begins", "form", "listed"), (4, 3)),
        **{"first": (5, 3, 2), "first_bias": (2,), "second": (3, 2, 2), "second_bias": (2,), "out": (2, 13)},
        "out_bias": (13,),
    }
    floats = {name: chance.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    keys = np.array([3, 9, 4_000_000_000], np.uint32)
    rows = np.array([1, 2, 3], np.uint16)
    save(tmp_path / "w.npz", about={"labels": ["O"]}, vocabulary=["über", "zu"], keys=keys, rows=rows, floats=floats)
    with np.load(tmp_path / "w.npz") as arrays:
        weights = Weights(dict(arrays.items()))
    assert weights.about["labels"] == ["O"]
    assert weights.vocabulary == {"über": 1, "zu": 2}
    assert weights.keys.tolist() == keys.tolist()
    # Eight bits for a number of a table, sixteen for one of a matrix.
    hashed = weights.rows_of("hashes", [2, 0])
    np.testing.assert_allclose(hashed, floats["hashes"][[2, 0]], atol=np.abs(floats["hashes"]).max() / 200)
    np.testing.assert_allclose(weights.first, floats["first"], rtol=1e-3)


def test_a_file_of_another_layout_is_refused() -> None:
    about = np.frombuffer(json.dumps({"layout": 0}).encode(), np.uint8)
    with pytest.raises(ValueError, match="layout 0"):
        Weights({"about": about})
