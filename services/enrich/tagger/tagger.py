"""The tagger: a text and what the rules found in it in, names out."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from newswire.enriched import EntityType
from services.enrich.tagger import weights
from services.enrich.tagger.decode import decode
from services.enrich.tagger.features import OUTSIDE, RULE_TYPES, TYPES, context, spelled
from services.enrich.tagger.network import Network
from services.enrich.tagger.words import Words, words

_RULE_NUMBERS: Final = {name: number for number, name in enumerate(RULE_TYPES)}


class Span(msgspec.Struct, frozen=True, gc=False):
    """A name, ``text[start:end]``."""

    start: int
    end: int
    type: EntityType


class Tagger:
    """Loaded once a process; the same text and rules give the same names."""

    def __init__(self) -> None:
        """Read the weights; some tens of milliseconds."""
        self._network = Network(weights.load())

    def tag(self, text: str, starts: Sequence[int], rules: Sequence[Span]) -> list[Span]:
        """The names in ``text``, in order and without overlaps.

        ``starts`` are where its sentences begin, ascending; ``rules`` are the names that
        the rules found, of any type, without overlaps.
        """
        cut = words(text)
        labelled = rule_labels(cut, rules)
        ids = self._network.ids(cut.texts)
        wanted = _wanted(self._network.capitalised(ids) | (labelled != OUTSIDE), ids == ids[-1])
        at = wanted.nonzero()[0]
        if not len(at):
            return []
        scores = self._network.scores(ids, contexts(cut, starts, labelled), wanted)
        return [Span(cut.starts[found.first], cut.ends[found.last], TYPES[found.type]) for found in decode(at, scores)]


def rule_labels(cut: Words, rules: Sequence[Span]) -> NDArray[np.int64]:
    """The label that the rules give to each word."""
    labelled = [OUTSIDE] * len(cut.texts)
    for span in rules:
        first = bisect_left(cut.ends, span.start + 1)
        last = bisect_left(cut.starts, span.end) - 1
        if first <= last:
            labelled[first : last + 1] = spelled(last - first + 1, _RULE_NUMBERS[span.type])
    return np.array(labelled, np.int64)


def contexts(cut: Words, starts: Sequence[int], labelled: NDArray[np.int64]) -> NDArray[np.int64]:
    """The context of each word; see ``features.context``."""
    begins = np.zeros(len(cut.starts), np.int64)
    for start in starts:
        number = bisect_left(cut.starts, start)
        if cut.starts[number] == start:
            begins[number] = 1
    return context(labelled, begins, cut.forms)


def _wanted(named: NDArray[np.bool_], breaks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The words that may be part of a name: those that seem ``named``, and up to two between such in a line."""
    wanted = named.copy()
    wanted[1:-1] |= named[:-2] & named[2:]
    two = named[:-3] & named[3:]
    wanted[1:-2] |= two
    wanted[2:-1] |= two
    return wanted & ~breaks
