"""Quotations, each with the speaker the text names: ``"…," said X``, ``X told reporters "…"``, ``according to X``.

Words between marks count from four words on, or as a whole clause that somebody is
said to have spoken; fewer are scare quotes, and titles are neither. A quotation
whose own sentence names nobody belongs to the speaker of its paragraph; one over
several paragraphs has one speaker. Who "he" is, is said only where the sentence or
paragraph before leaves no choice. In other languages than English nobody is named.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from newswire.enriched import Entity, Quote
from services.enrich.model import Sentence, Text
from services.enrich.text.cast import SENTENCE, Cast, Speaker
from services.enrich.text.quote_marks import Marked, any_marks, marked
from services.enrich.text.sentences import Stretch
from services.enrich.text.speakers import Sayings, shown
from services.enrich.text.speech import words

_WORDS: Final = 4
_INK: Final = re.compile(r"\S")
_PERSONAL: Final = words("personal")
_UNSUITED: Final = {"he": words("honorifics_female"), "she": words("honorifics_male")}
# A sentence goes on behind words that end so, and may behind a question.
_COMMA: Final = frozenset(",—–-")
_QUESTION: Final = frozenset("?!…")
_ENDS: Final = frozenset(".,?!…")
_JOINING: Final = (["and"], ["or"], ["but"])
_BACK: Final = 4  # sentences in which "he" has been named
_SMALL: Final = words("small")


def find_quotes(text: Text, entities: Sequence[Entity], language: str | None) -> list[Quote]:
    """The quotations of the body in order, without overlaps; ``language`` None is English."""
    if not text.sentences or not any_marks(text.body):
        return []
    english = language in (None, "en")
    edges = _paragraphs(text.sentences)
    found = [one for one in marked(text.body, edges, single=english) if one.start < one.end]
    if not english:
        return [Quote(start=one.start, end=one.end) for one in found if _long(text.body, one)]
    return list(_Attribution(text, edges, entities, found).quotes())


def _paragraphs(sentences: Sequence[Sentence]) -> list[Stretch]:
    firsts = [at for at, (one, next_one) in enumerate(pairwise(sentences), 1) if one.paragraph != next_one.paragraph]
    edges = pairwise([0, *firsts, len(sentences)])
    return [Stretch(sentences[first].start, sentences[end - 1].end) for first, end in edges]


class _Attribution:
    """Goes through the quotations of one body in order and remembers who spoke before."""

    def __init__(
        self, text: Text, edges: Sequence[Stretch], entities: Sequence[Entity], found: Sequence[Marked]
    ) -> None:
        self._body = text.body
        self._sentences = text.sentences
        self._starts = [sentence.start for sentence in text.sentences]
        self._paragraphs = edges
        self._cast = Cast(entities)
        self._sayings = Sayings(text.body, self._cast)
        self._marked = found
        self._candidates = [one for one in found if _long(text.body, one) or _clause(text.body, one)]
        # Who spoke so far: the quotation, the words that name the speaker, and who that is.
        self._spoken: list[tuple[Marked, Speaker, Entity | None]] = []

    def quotes(self) -> Iterator[Quote]:
        """The quotations with their speakers."""
        chain: list[Marked] = []
        speaker: Speaker | None = None
        for number, one in enumerate(self._candidates):
            found, close = self._speaker(number, one)
            if not chain and not one.goes_on and not (close if not _long(self._body, one) else self._said(one, found)):
                continue
            speaker = speaker or found
            chain.append(one)
            if one.goes_on:
                continue
            entity = self._who(speaker, chain[0]) if speaker else None
            if speaker:
                self._spoken.append((one, speaker, entity))
            for part in chain:
                yield _quote(part, speaker, entity)
            chain, speaker = [], None

    def _speaker(self, number: int, one: Marked) -> tuple[Speaker | None, bool]:
        """Who spoke, and whether that stands right beside the quotation."""
        body, at = self._body, self._sentence(one.before)
        sentence = self._sentences[at]
        before = self._candidates[number - 1] if number else None
        leads = one.before == sentence.start
        comma = body[one.end - 1] in _COMMA or body[one.after : one.after + 1] == ","
        goes_on = comma or (leads and body[one.end - 1] in _QUESTION)
        right = self._end(number)
        behind = self._sayings.behind(one.after, right, inverted=not goes_on)
        if behind:
            return behind, True
        if leads:
            # A sentence that goes on behind a comma says itself who speaks, if not in words that are known here.
            return None if comma else self._told_before(at, before, one), False
        left = max(sentence.start, before.after) if before else sentence.start
        lead_in = body[left : one.before].rstrip()
        if shown(lead_in):
            return None, False
        ahead = self._sayings.ahead(left, one.before)
        if ahead is SENTENCE:
            ahead = self._of_the_sentence(sentence, one)
        return ahead or self._beside(sentence, before, one, right), bool(ahead) and lead_in[-1:] in (":", ",")

    def _beside(self, sentence: Sentence, before: Marked | None, one: Marked, right: int) -> Speaker | None:
        """The speaker of words within a sentence that it names at its end, or has named for the words before."""
        whole = self._body[one.end - 1] in ".!?" and right > sentence.end
        tail = None if whole else self._sayings.tail(one.after, right)
        if tail or not before or before.after <= sentence.start or not self._spoke_last(before):
            return tail
        joined = self._body[before.after : one.before].split()[:1] in _JOINING
        return self._spoken[-1][1] if joined else None

    def _spoke_last(self, one: Marked | None) -> bool:
        return bool(self._spoken) and self._spoken[-1][0] == one

    def _end(self, number: int) -> int:
        """Where the sentence ends that goes on behind a quotation."""
        body, one = self._body, self._candidates[number]
        following = _INK.search(body, one.after, self._paragraphs[one.paragraph].end)
        if following is None:
            return one.after
        end = self._sentences[self._sentence(following.start())].end
        return min(end, self._candidates[number + 1].before) if number + 1 < len(self._candidates) else end

    def _told_before(self, at: int, before: Marked | None, one: Marked) -> Speaker | None:
        """The speaker of a quotation that is a sentence: of the sentence before it, or of its paragraph so far."""
        if not at:
            return None
        previous = self._sentences[at - 1]
        if one.before == self._paragraphs[one.paragraph].start:
            lead_in = self._body[previous.end - 1] == ":"
            told = self._sayings.ahead(previous.start, previous.end) if lead_in else None
            return told if told is not SENTENCE else None
        last = before if before and before.paragraph == one.paragraph else None
        told = self._sayings.opening(previous.start, previous.end) if not last or last.after <= previous.start else None
        return told or (self._spoken[-1][1] if last and self._spoke_last(last) else None)

    def _of_the_sentence(self, sentence: Sentence, one: Marked) -> Speaker | None:
        if self._spoken and self._spoken[-1][0].after > sentence.start:
            return self._spoken[-1][1]
        return self._sayings.about(sentence.start, one.before)

    def _said(self, one: Marked, speaker: Speaker | None) -> bool:
        """Whether a long quotation is one, and no title: "The Way Home to the Sea"."""
        inside = self._body[one.start : one.end]
        large = [word for word in inside.split() if word.lower() not in _SMALL]
        titled = len(large) > 1 and all(word[0].isupper() for word in large) and not inside.isupper()
        return speaker is not None or not titled

    def _who(self, speaker: Speaker, one: Marked) -> Entity | None:
        if speaker.entity or speaker.pronoun not in _PERSONAL:
            return speaker.entity
        for _, told, entity in reversed(self._spoken):
            if told == speaker:
                return entity  # the same "he" as before
            break
        return self._only_person(speaker, one)

    def _only_person(self, speaker: Speaker, one: Marked) -> Entity | None:
        """The one person that the text before "he" leaves, None where it leaves none or more."""
        place = min(speaker.start, one.before)
        paragraph = bisect_right([edge.start for edge in self._paragraphs], place) - 1
        edge, end = self._paragraphs[paragraph], place
        at = self._sentence(place)
        for back in range(_BACK):
            start = self._sentences[at - back].start if at >= back else -1
            if start < edge.start:
                break
            persons = self._persons(start, end)
            if persons:
                return self._suiting(persons, speaker)
            told = self._sayings.opening(start, end) if back else None
            if told and not told.pronoun:
                return None  # somebody spoke meanwhile
            end = start
        else:
            return None
        if not paragraph:
            return None
        above = self._paragraphs[paragraph - 1]
        return self._suiting(self._persons(above.start, above.end), speaker)

    def _persons(self, start: int, end: int) -> list[tuple[int, Entity]]:
        """Who spoke in a stretch, else the persons named there outside quotations, each with a place."""
        spoke = [
            (told.start, entity)
            for one, told, entity in self._spoken[-8:]
            if entity and entity.type == "person" and start <= told.start < end
        ]
        return spoke or [
            (name.start, name.entity)
            for name in self._cast.within(start, end)
            if name.entity and name.entity.type == "person" and not self._quoted(name.start)
        ]

    def _suiting(self, persons: Sequence[tuple[int, Entity]], speaker: Speaker) -> Entity | None:
        if len({id(entity) for _, entity in persons}) != 1:
            return None
        unsuited = _UNSUITED[speaker.pronoun or "he"]
        for start, _ in persons:
            before = self._body[max(0, start - 12) : start].lower().replace(".", " ").split()
            if before and before[-1] in unsuited:
                return None
        return persons[0][1]

    def _quoted(self, place: int) -> bool:
        at = bisect_right(self._marked, place, key=lambda one: one.before) - 1
        return at >= 0 and place < self._marked[at].after

    def _sentence(self, place: int) -> int:
        return max(0, bisect_right(self._starts, place) - 1)


def _long(body: str, one: Marked) -> bool:
    return body.count(" ", one.start, one.end) >= _WORDS - 1 and len(body[one.start : one.end].split()) >= _WORDS


def _clause(body: str, one: Marked) -> bool:
    """Whether few words may be a sentence: they begin like one and end like one."""
    return body[one.start].isupper() and (body[one.end - 1] in _ENDS or body[one.after : one.after + 1] == ",")


def _quote(one: Marked, speaker: Speaker | None, entity: Entity | None) -> Quote:
    if speaker is None:
        return Quote(start=one.start, end=one.end)
    return Quote(
        start=one.start,
        end=one.end,
        speaker=entity.name if entity else None,
        speaker_id=entity.id if entity else None,
        speaker_start=speaker.start,
        speaker_end=speaker.end,
    )
