"""Detectors: what single words of a sentence say of its tags, beside what all of them say together (``model``).

A detector answers to every word, by the word's vector and by numbers that are the
word's own. Of a sentence its highest answer counts, where that is high enough, and says
how much likelier each tag is. So one telling word is not outvoted by many plain ones, and
two of a kind count once. Taught by ``tools/train_events/detecting``.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Answers = NDArray[np.int16]

# Answers are whole numbers, so many to 1: half the memory, and the highest of many is found sooner.
STEPS: Final = 256
_HIGHEST: Final = 2.0**15 - 1
# Of what is no word.
LOWEST: Final = -(2**15)


class Detectors:
    """Holds no state: the same words give the same numbers."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take what is theirs of the arrays of ``weights.npz``."""
        self._own: NDArray[np.int8] = arrays["own"]
        self._scale = arrays["own_scale"].astype(np.float32)
        self._by_own = arrays["by_own"].astype(np.float32)
        self._by_vector = arrays["by_vector"].astype(np.float32)
        self._bias = arrays["detector_bias"].astype(np.float32)
        self._out = arrays["out"].astype(np.float32)
        self.count = len(self._bias)

    def answers(self, places: NDArray[np.int64], vectors: Floats) -> Answers:
        """What each detector answers to each word, a row for a word; ``places`` are their rows, 0 for the unknown."""
        numbers = self._own[places] * self._scale[places]
        found = (numbers @ self._by_own + vectors @ self._by_vector) * STEPS
        whole: Answers = np.rint(found).clip(-_HIGHEST, _HIGHEST).astype(np.int16)
        return whole

    def scores(self, highest: Answers) -> Floats:
        """What they say for each tag; ``highest`` are their highest answers in each sentence, a row for a sentence."""
        scores: Floats = np.maximum(highest * np.float32(1 / STEPS) + self._bias, 0.0) @ self._out
        return scores
