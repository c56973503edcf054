"""The noun phrases of a sentence: which words name the subject of a verb, and which of them is the head.

A name inside a noun phrase is not its head: "a spokesman for the port" is no port,
"Henrik Dahl of the United Nations" is Henrik Dahl. English.
"""

import re
from typing import Final

from services.enrich.text.cast import Cast, Speaker
from services.enrich.text.speech import any_of, words

_ARTICLE: Final = re.compile(r"\s(?:the|a|an)$")
_ASIDE: Final = words("over", "adverbs", "conjunctions", "belonging")
WORD: Final = re.compile(r"[\w’'-]+")
LAST: Final = re.compile(r"[\w’'-]+(?=\W*$)")
_ADVERBS: Final = words("adverbs")
_PASSIVE: Final = words("passive")
_PRONOUNS: Final = words("pronouns")
_CONJUNCTIONS: Final = words("conjunctions")
_RELATIVE: Final = frozenset({"who", "which", "whose", "where"})
_JOINING: Final = frozenset({"and", "but", "or", "then"})
_BELONGING: Final = words("belonging")
_DETERMINERS: Final = words("determiners")
_OVER: Final = re.compile(rf"\s(?:{any_of('over')})(?![\w-])|[,:;–—(]|\s-")
LONGEST: Final = 90  # code points of a subject; longer ones are sentences
_PARTS: Final = 4  # between commas, of which the first may be the subject
FURTHEST: Final = 220  # code points from a quotation in which its speaker is looked for
_DAYS: Final = words("days")


class Phrases:
    """Finds the noun phrases in stretches of one body; a stretch lies in one sentence."""

    def __init__(self, body: str, cast: Cast) -> None:
        self._body = body
        self._cast = cast

    def beginning(self, start: int, end: int) -> Speaker | None:
        """The name or pronoun that a sentence begins with."""
        first = WORD.match(self._body, start, end)
        if first and first.group().lower() in ("he", "she"):
            return Speaker(first.start(), first.end(), None, first.group().lower())
        names = self._cast.within(start, min(end, start + LONGEST))
        if names and self._body[start : names[0].start].istitle():
            return names[0]
        return names[0] if names and names[0].start == start else None

    def skip(self, start: int, end: int) -> int:
        """Past commas, dashes and adverbs."""
        while start < end:
            word = WORD.search(self._body, start, end)
            if word is None:
                return end
            if word.group().lower() not in _ADVERBS:
                return word.start()
            start = word.end()
        return start

    def source(self, start: int, end: int) -> Speaker | None:
        """``According to X, …``; without a comma nothing but a name tells where the phrase ends."""
        if self._body.find(",", start, min(end, start + FURTHEST)) >= 0:
            return self.right_of(start, end)
        named = self._cast.within(start, min(end, start + LONGEST))
        return named[0] if named else None

    def right_of(self, start: int, end: int) -> Speaker | None:
        """The noun phrase right of ``start``."""
        begin = start + len(self._body[start:end]) - len(self._body[start:end].lstrip())
        limit = min(end, begin + LONGEST)
        over = self._over(begin, limit)
        until = over.start() if over else limit
        until = begin + len(self._body[begin:until].rstrip(' .!?…"”’\n'))
        until = self._without_adverbs(begin, until)
        speaker = self._phrase(begin, until, anchored=True)
        if speaker is None or speaker.entity or speaker.pronoun or over is None or over.group() != ",":
            return speaker
        return self._apposition(over.end(), end) or speaker

    def _over(self, begin: int, limit: int) -> re.Match[str] | None:
        """Where a noun phrase ends, not counting what is inside a name."""
        at = begin
        while over := _OVER.search(self._body, at, limit):
            inside = [one for one in self._cast.within(begin, limit + LONGEST) if one.start <= over.start() < one.end]
            if not inside:
                return over
            at = inside[-1].end
        return None

    def _apposition(self, start: int, end: int) -> Speaker | None:
        """The name between ``start`` and the next comma, where it is all that stands there: ``the mayor, X``."""
        comma = self._body.find(",", start, min(end, start + LONGEST))
        until = comma if comma >= 0 else start + len(self._body[start:end].rstrip(' .!?…"”’\n'))
        found = self._cast.ending_at(until)
        return found if found and _titles(self._body[start : found.start]) else None

    def subject(self, start: int, verb: int) -> Speaker | None:
        """The subject of the verb at ``verb``, which begins behind ``start``."""
        end = self._without_adverbs(start, verb)
        last = LAST.search(self._body, max(start, end - 30), end)
        word = last.group().lower() if last else ""
        if end <= start or word in _PASSIVE:
            return None
        if word in _JOINING:
            return self.beginning(self.skip(start, end), end)
        if word in _RELATIVE:
            end = start + len(self._body[start : end - len(word)].rstrip(" ,"))
            return self._phrase(self._clause(start, end), end)
        begin = self._clause(start, end)
        first = WORD.match(self._body, begin, end)
        if self._body[end - 1] in ",–—-" or (begin > start and first and first.group() in _BELONGING):
            return self._before_apposition(start, end)
        return self._phrase(begin, self._trimmed(begin, end))

    def _before_apposition(self, start: int, end: int) -> Speaker | None:
        """``X, the mayor, said``, ``the mayor, X, said``, ``X, who is mayor, said``."""
        parts: list[tuple[int, int]] = []
        while len(parts) < _PARTS and (end := self._trimmed(start, end)) > start:
            begin = self._clause(start, end)
            parts.append((begin, end))
            end = begin
        parts = [part for part in parts if self._body[slice(*part)] not in _ADVERBS]
        if not parts:
            return None
        name = self._cast.ending_at(parts[0][1])
        if name and _titles(self._body[parts[0][0] : name.start]) and not (name.place and len(parts) > 1):
            return name
        outer = [self._phrase(*part) for part in parts[1:] if not self._beside(*part)]
        named = next((one for one in outer if one and one.entity), None)
        return named or (outer[0] if outer else self._phrase(*parts[0]))

    def _trimmed(self, start: int, end: int) -> int:
        """The end without commas, dashes and what stands in brackets there: "the agency (WHO), "."""
        end = start + len(self._body[start:end].rstrip(" ,–—-"))
        opened = self._body.rfind("(", max(start, end - 30), end) if self._body[start:end].endswith(")") else -1
        return end if opened < 0 else start + len(self._body[start:opened].rstrip(" ,–—-"))

    def _beside(self, begin: int, end: int) -> bool:
        """Whether the words between commas tell when or where: "On Friday", "Yesterday"."""
        first = WORD.match(self._body, begin, end)
        if first is None or first.group().isdigit():
            return True
        return first.group().lower() in _ASIDE or first.group() in _DAYS

    def _clause(self, start: int, end: int) -> int:
        """Where the words after the last comma begin."""
        found = max(self._body.rfind(sign, start, end) for sign in (",", ";", ":", "–", "—"))
        begin = found + 1 if found >= 0 else start
        return begin + len(self._body[begin:end]) - len(self._body[begin:end].lstrip())

    def _without_adverbs(self, start: int, end: int) -> int:
        """The end of what stands before ``end``, adverbs, auxiliaries and days left out."""
        while end > start:
            end = start + len(self._body[start:end].rstrip())
            last = LAST.search(self._body, max(start, end - 30), end)
            if last is None or last.end() != end:
                return end
            word = last.group()
            if word not in _ADVERBS and not (word.endswith("ly") and word.islower()) and word not in _DAYS:
                return end
            if self._cast.ending_at(end):
                return end
            end = last.start()
        return end

    def _phrase(self, begin: int, end: int, *, anchored: bool = False) -> Speaker | None:
        """The noun phrase that ends at ``end``; the head counts, not what it belongs to."""
        if end <= begin:
            return None
        last = LAST.search(self._body, max(begin, end - 40), end)
        if last is None:
            return None
        if last.group().lower() in _PRONOUNS and (last.group() == "I" or not last.group().isupper()):
            alone = anchored is False or last.start() == begin
            return Speaker(last.start(), last.end(), None, last.group().lower()) if alone else None
        head = end
        for _ in range(4):
            name = self._cast.ending_at(head)
            before = self._body[begin : name.start if name else head].rstrip()
            before = _ARTICLE.sub("", before[-60:]) if name else before
            belongs = LAST.search(before[-30:]) if name else None
            word = belongs.group() if belongs else ""
            if name and word == "and" and self._cast.within(begin, name.start - 4):
                return Speaker(begin if anchored else self._noun_start(begin, end), end)
            if name and word not in _BELONGING:
                return name
            if name is None:
                break
            head = self._body.rfind(word, begin, name.start)
            head = begin + len(self._body[begin:head].rstrip())
        start = begin if anchored else self._noun_start(begin, end)
        return Speaker(start, end) if start < end else None

    def _noun_start(self, begin: int, end: int) -> int:
        """Where the noun phrase begins that ends at ``end``: its first determiner, else its last words."""
        several = list(WORD.finditer(self._body, begin, end))
        chosen = None
        for at in range(len(several) - 1, -1, -1):
            if several[at].group().lower() in _DETERMINERS:
                chosen = at
                if at == 0 or several[at - 1].group().lower() not in _BELONGING:
                    break
        if chosen is not None:
            return several[chosen].start()
        while several and several[0].group().lower() in _CONJUNCTIONS:
            several.pop(0)
        return several[max(0, len(several) - 4)].start() if several else end


def _titles(before: str) -> bool:
    """Whether all words before a name are capitalised, or there are none: "Defence Minister" X."""
    return all(word[:1].isupper() for word in before.split())
