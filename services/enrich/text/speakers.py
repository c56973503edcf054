"""Who a sentence says is speaking: the subject of a verb of saying, or whom it is said "according to".

Only what the sentence says. A subject is a name, a noun phrase or a pronoun. English.
"""

import re
from collections import deque
from typing import Final

from services.enrich.text.cast import SENTENCE, Cast, Speaker
from services.enrich.text.noun_phrases import FURTHEST, LAST, LONGEST, WORD, Phrases
from services.enrich.text.speech import any_of, words

_FINITE: Final = any_of("verbs")
_BY: Final = r"(?:\s+(?:by|in|on)\s[^,.:;]{1,40}?)?"
_QUOTED: Final = rf"(?:was|were|is|are)\s+(?:quoted|cited|reported){_BY}\s+as\s+(?:saying|telling)"
_VERB: Final = re.compile(
    rf"(?<![\w’'-])(?:(?P<quoted>{_QUOTED})|(?P<finite>{_FINITE})|(?P<participle>{any_of('participles')})"
    rf"|(?P<source>(?i:{any_of('sources')})))(?![\w-])"
)
# "… quoted X, a doctor, as saying": not who quotes, but who is quoted.
_QUOTES: Final = re.compile(r"(?<![\w-])(?:quot(?:ed|es|ing)|cit(?:ed|es|ing))(?=\s[^\"“”]{1,120}?\sas\s$)")
_INVERTED: Final = words("inverted")
_CONJUNCTIONS: Final = words("conjunctions")
_SHORT: Final = 10  # words of a subject at the end of a sentence
_SHOWN: Final = words("shown")


class Sayings:
    """Reads the speakers out of stretches of one body; a stretch lies in one sentence and outside quotations."""

    def __init__(self, body: str, cast: Cast) -> None:
        self._body = body
        self._cast = cast
        self._phrases = Phrases(body, cast)

    def behind(self, start: int, end: int, *, inverted: bool = False) -> Speaker | None:
        """The speaker told right after a quotation: ``said X``, ``according to X``; unless ``inverted``, ``X said``."""
        start = self._phrases.skip(start, end)
        verb = _VERB.search(self._body, start, min(end, start + FURTHEST))
        if verb is None or verb["participle"]:
            return None
        if verb.start() == start:
            follows = verb["source"] or verb["finite"] in _INVERTED
            return self._phrases.right_of(verb.end(), end) if follows else None
        first = WORD.match(self._body, start)
        if inverted or verb["source"] or first is None or first.group().lower() in _CONJUNCTIONS:
            return None
        name = self._phrases.beginning(start, verb.start())
        if name and self._body[name.end : name.end + 1] == ",":
            return name  # and then who that is
        return self._phrases.subject(start, verb.start())

    def ahead(self, start: int, end: int) -> Speaker | None:
        """The speaker told before a quotation; ``SENTENCE`` where that is the subject of all of it ("…, adding")."""
        start = max(start, end - FURTHEST)
        verb = self._last_verb(start, end)
        if verb is None:
            return self._before_colon(start, end)
        if verb["participle"]:
            quoted = _QUOTES.search(self._body, start, verb.start())
            return self._phrases.right_of(quoted.end(), verb.start()) if quoted else SENTENCE
        if verb["source"]:
            return self._phrases.source(verb.end(), end)
        if verb["finite"] in _INVERTED and self._phrases.skip(start, end) == verb.start():
            return self._phrases.right_of(verb.end(), end)
        return self._phrases.subject(start, verb.start())

    def tail(self, start: int, end: int) -> Speaker | None:
        """The speaker told at the end of a sentence, behind a comma: ``…, X said on Friday``."""
        verb = self._last_verb(start, min(end, start + FURTHEST))
        if verb is None or verb["participle"] or end - verb.end() > LONGEST:
            return None
        if verb["source"]:
            return self._phrases.right_of(verb.end(), end)
        comma = self._body.rfind(",", start, verb.start())
        if comma < 0 or self._body.count(" ", comma, verb.start()) > _SHORT:
            return None
        return self._phrases.subject(start, verb.start())

    def opening(self, start: int, end: int) -> Speaker | None:
        """The subject of a sentence that speaks without quoting: ``X said that …``."""
        verb = _VERB.search(self._body, start, min(end, start + FURTHEST))
        if verb is None or verb["participle"]:
            return None
        return self._phrases.source(verb.end(), end) if verb["source"] else self._phrases.subject(start, verb.start())

    def about(self, start: int, end: int) -> Speaker | None:
        """Whoever the sentence is about: who speaks in it, else who it begins with."""
        return self.opening(start, end) or self._phrases.beginning(start, end)

    def _last_verb(self, start: int, end: int) -> re.Match[str] | None:
        return next(iter(deque(_VERB.finditer(self._body, start, end), maxlen=1)), None)

    def _before_colon(self, start: int, end: int) -> Speaker | None:
        """``X: "…"``."""
        stretch = self._body[start:end].rstrip()
        if not stretch.endswith(":"):
            return None
        found = self._cast.ending_at(start + len(stretch) - 1)
        return found if found and not self._body[start : found.start].strip() else None


def shown(text: str) -> bool:
    """Whether the words before marks say that these are shown, not said: a sign reading "…"."""
    last = LAST.search(text[-30:])
    return last is not None and last.group().lower() in _SHOWN
