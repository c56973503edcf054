from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.tagger.decode import decode
from services.enrich.tagger.features import LABELS


def allowed(labels: tuple[int, ...]) -> bool:
    """Whether every name in a sequence begins and ends; written apart from what it checks."""
    inside = None
    for label in labels:
        place, _, kind = LABELS[label].partition("-")
        if (inside is None) != (place in ("O", "B", "S")) or (inside is not None and kind != inside):
            return False
        if place == "B":
            inside = kind
        elif place == "E":
            inside = None
    return inside is None


@given(st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_the_best_of_all_allowed_sequences_is_found(count: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(count, len(LABELS))).astype(np.float32) * 3
    sequences = [one for one in product(range(len(LABELS)), repeat=count) if allowed(one)]
    best = max(sequences, key=lambda one: sum(scores[word, label] for word, label in enumerate(one)))
    expected = [  # the spans that the best sequence spells
        (first, last)
        for first in range(count)
        for last in range(first, count)
        if LABELS[best[first]][0] in "BS"
        and LABELS[best[last]][0] in "ES"
        and "E" not in _places(best[first:last])
        and (first == last) == (LABELS[best[first]][0] == "S")
    ]
    found = decode(np.arange(count), scores)
    assert [(one.first, one.last) for one in found] == expected


def _places(labels: tuple[int, ...]) -> list[str]:
    return [LABELS[label][0] for label in labels]


def test_words_that_are_no_neighbours_make_no_name_together() -> None:
    scores = np.full((2, len(LABELS)), -5.0, np.float32)
    scores[0, LABELS.index("B-person")] = 5.0
    scores[1, LABELS.index("E-person")] = 5.0
    together = decode(np.array([4, 5]), scores)
    apart = decode(np.array([4, 6]), scores)
    assert [(one.first, one.last) for one in together] == [(4, 5)]
    assert all(one.first == one.last for one in apart)


def test_nothing_comes_of_nothing() -> None:
    assert decode(np.array([], np.int64), np.empty((0, len(LABELS)), np.float32)) == []
