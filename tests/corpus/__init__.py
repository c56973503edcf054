"""The corpus of bad files: made by a script, nothing of it lies in the tree.

``python -m tests.corpus DIR`` writes it. Each case says in a sentence what it is
and what has to become of it; tests drop all of it into an ingest, and the fuzzer
starts from it.
"""

from tests.corpus import archives, foreign, lists, mails, markup, names, nodes, plain, wires
from tests.corpus.case import UNTOLD, Case, prose, story, write

__all__ = ["CASES", "UNTOLD", "Case", "prose", "story", "write"]

CASES: tuple[Case, ...] = tuple(
    case for module in (plain, lists, markup, wires, mails, archives, foreign, names, nodes) for case in module.CASES
)
