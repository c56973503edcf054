"""``en_core_web_sm``, in an environment and a process of its own: texts in, spans out, as NDJSON.

spaCy is never a dependency of ours: ``make rivals`` installs it into
``.venv-rivals``, and nothing but this module knows that it is there.
"""

import json
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from bench.quality.sample import Named, Sample, Span

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rivals" / "bin" / "python"
CHILD = Path(__file__).with_name("rival_child.py")
NAME = "en_core_web_sm"
MISSING = f"{NAME} is not installed (`make rivals` does that, once, with the network); these figures stand alone."

# OntoNotes' types in terms of three; nationalities and the rest are none of them.
TYPES = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
_ARTICLES = ("the ", "The ", "THE ")
_POSSESSIVES = ("'s", "’s", "'S", "’S")


def installed() -> bool:
    """Whether it can be run."""
    return (PYTHON.parents[1] / ".installed").exists()


class Rival(AbstractContextManager["Rival"]):
    """A running process with the model loaded; ``core`` pins it to one. Not for several threads."""

    def __init__(self, core: int | None = None) -> None:
        """Start it and wait until it is ready; raises RuntimeError when it cannot start."""
        command = [str(PYTHON), "-I", str(CHILD), *([str(core)] if core is not None else [])]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        ready = self._read()
        self.version = str(ready["version"])

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.communicate()

    def names(self, samples: Sequence[Sample]) -> dict[str, frozenset[Named]]:
        """The names in every sample, trimmed to the contract: no article before them, no 's behind."""
        texts = [(sample.id, field, text) for sample in samples for field, text in sample.fields() if text]
        self._write({"texts": [text for _, _, text in texts]})
        found: dict[str, set[Named]] = {sample.id: set() for sample in samples}
        for (name, field, text), entities in zip(texts, self._read()["entities"], strict=True):
            found[name].update(_named(field, text, entities))
        return {name: frozenset(several) for name, several in found.items()}

    def took(self, texts: Sequence[str]) -> tuple[float, float]:
        """Seconds that it takes over ``texts``: by the clock, and of processor time."""
        self._write({"texts": texts})
        answer = self._read()
        return float(answer["clock"]), float(answer["processor"])

    def _write(self, order: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{NAME} ended by itself, with status {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _named(field: str, text: str, entities: Iterable[Sequence[Any]]) -> Iterable[Named]:
    for start, end, label in entities:
        if label in TYPES:
            first, last = trimmed(text, start, end)
            if first < last:
                yield Named(Span(field, first, last), TYPES[label])


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a leading article, a trailing 's, and white space at either end."""
    for article in _ARTICLES:
        if text.startswith(article, start, end):
            start += len(article)
    for possessive in _POSSESSIVES:
        if text.endswith(possessive, start, end):
            end -= len(possessive)
    part = text[start:end]
    return end - len(part.lstrip()), start + len(part.rstrip())
