"""Which tagger a process uses: its own, a spaCy pipeline, or none."""

from collections.abc import Sequence
from typing import Protocol

from services.enrich.settings import OWN, RULES, SPACY
from services.enrich.tagger.tagger import Span, Tagger


class Namer(Protocol):
    """What a tagger does; see ``Tagger.tag``."""

    def tag(self, text: str, starts: Sequence[int], rules: Sequence[Span]) -> list[Span]:
        """The names in ``text``."""


def tagger(name: str) -> Namer | None:
    """The tagger of a name that ``settings.tagger_name`` passes, loaded; None: lexicons and rules decide alone.

    Raises ``spacy.SpacyMissing``.
    """
    if name == RULES:
        return None
    if name == OWN:
        return Tagger()
    from services.enrich.tagger.spacy import SpacyTagger  # noqa: PLC0415 - an extra

    return SpacyTagger(name.removeprefix(SPACY))
