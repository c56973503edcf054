"""Any spaCy pipeline in the tagger's place; an optional extra, ``pip install newswire[spacy]``.

Its names are brought to our guideline: no article before a name, no possessive behind it.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from newswire.enriched import EntityType
from newswire.told import Told
from services.enrich.tagger.tagger import Span

_TYPES: Final[dict[str, EntityType]] = {
    "PERSON": "person",
    "PER": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
}
# What says nothing of names, where a pipeline has it.
_IDLE: Final = ["tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "morphologizer"]
_ARTICLE: Final = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE: Final = re.compile(r"(?:['’][sS]?|\s)+$")


class SpacyMissing(Told):
    """spaCy or the pipeline is not installed; the message says what to do."""


class SpacyTagger:
    """The names that a pipeline finds; it does not read what the rules found."""

    def __init__(self, pipeline: str) -> None:
        """Load the installed package or directory ``pipeline``; raises SpacyMissing."""
        try:
            import spacy  # noqa: PLC0415 - an extra; who does not name a pipeline does not need it
        except ImportError as error:
            raise SpacyMissing(
                "NEWSWIRE_TAGGER names a spaCy pipeline, and spaCy is not installed: pip install 'newswire[spacy]'."
            ) from error
        try:
            self._pipeline: Any = spacy.load(pipeline, exclude=_IDLE)
        except OSError as error:
            raise SpacyMissing(
                f"NEWSWIRE_TAGGER names the spaCy pipeline {pipeline!r}, which is not installed; "
                f"install its package, for many of them by: python -m spacy download {pipeline}."
            ) from error

    def tag(self, text: str, starts: Sequence[int], rules: Sequence[Span]) -> list[Span]:
        """The names in ``text``, in order and without overlaps; ``starts`` and ``rules`` are not looked at."""
        self._pipeline.max_length = max(self._pipeline.max_length, len(text) + 1)
        spans = []
        for found in self._pipeline(text).ents:
            kind = _TYPES.get(found.label_)
            start, end = _trimmed(text, found.start_char, found.end_char)
            if kind and start < end:
                spans.append(Span(start, end, kind))
        return spans


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    if article := _ARTICLE.match(text, start, end):
        start = article.end()
    possessive = _POSSESSIVE.search(text[start:end])
    return start, start + possessive.start() if possessive else end
