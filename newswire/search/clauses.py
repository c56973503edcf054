"""From the tree of a query to clauses of Elasticsearch; what a field cannot read is looked for as words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from newswire.search import when
from newswire.search.clause import Clause, all_of, any_of, exactly, name_clause
from newswire.search.fields import BOX, Field, Kind
from newswire.search.nodes import (
    Between,
    Either,
    Every,
    Like,
    Needed,
    Node,
    Pattern,
    Phrase,
    Without,
    Word,
)
from newswire.search.question import QuestionError
from newswire.search.vocabulary import Vocabulary, folded

# Words that a question is made of, not an answer: needed by no article, where others are left.
UNASKED: Final = frozenset(
    {
        "a",
        "about",
        "an",
        "and",
        "any",
        "are",
        "at",
        "be",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "happened",
        "has",
        "have",
        "how",
        "in",
        "is",
        "it",
        "its",
        "latest",
        "many",
        "much",
        "news",
        "of",
        "on",
        "or",
        "recent",
        "that",
        "the",
        "their",
        "there",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "why",
        "will",
        "with",
    }
)
# Of one or two words an article must have all, of more three quarters; "+" and AND insist on theirs.
FEW: Final = 2
MOST: Final = 0.75
# And to be shown below those: half.
SOME: Final = 0.5
# An article about a country that does not name it so ("Khartoum", "Georgian") is about it, a little less plainly.
ABOUT: Final = 1.0
_FIXED_START: Final = 1  # the first letter is rarely wrong, and fixing it spares most of the dictionary
_EXPANSIONS: Final = 50
_LARGEST: Final = 2**31 - 1  # of Elasticsearch's integers
_INNER_SIGN: Final = re.compile(r"\w[^\w\s]+\w")
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(slots=True)
class Compiler:
    """Turns nodes into clauses; ``notes`` collects what was read otherwise than written."""

    vocabulary: Vocabulary
    now: datetime
    relaxed: bool = False
    notes: dict[str, None] = field(default_factory=dict)

    def clause(self, node: Node) -> Clause:  # noqa: PLR0911 - one return for each kind of node
        """The clause that holds where ``node`` does."""
        match node:
            case Every():
                return self._every(node)
            case Either(parts):
                return any_of([self.clause(part) for part in parts])
            case Needed(part):
                return self.clause(part)
            case Without(part):
                return {"bool": {"must_not": [self.clause(part)]}}
            case Between():
                return self._between(node)
            case Like(text, edits, into):
                return self._like(text, edits, into)
            case Pattern(text, into):
                return self._pattern(text, into)
            case Phrase(text, slop, into):
                return self._phrase(text, slop, into)
            case Word(text, into):
                return self._word(text, into)

    def _every(self, node: Every) -> Clause:
        parts = node.parts
        if not node.strict:
            asked = tuple(part for part in parts if not _is_unasked(part))
            # A question of such words only is about them: "The Who".
            parts = asked if any(not isinstance(part, Without) for part in asked) else parts
        without = [self.clause(part.part) for part in parts if isinstance(part, Without)]
        words = [] if node.strict else [part for part in parts if isinstance(part, Word) and part.field is BOX]
        loose = [word for word in words if self.relaxed or not self._is_name(word, words)]
        spared = len(words) - self._needed(len(words))
        must = [part for part in parts if part not in loose and not isinstance(part, Without)]
        held: Clause = {"must": [self.clause(part) for part in must]}
        if loose:
            held["should"] = [self.clause(word) for word in loose]
            held["minimum_should_match"] = max(len(loose) - spared, 0)
        return {"bool": held | ({"must_not": without} if without else {})}

    def _needed(self, count: int) -> int:
        if self.relaxed:
            return max(1, int(count * SOME))
        return count if count <= FEW else int(count * MOST)

    def _is_name(self, word: Word, words: Sequence[Word]) -> bool:
        """Whether ``word`` is what the others say something of, as far as capitals and countries tell."""
        capital = word.text[:1].isupper() and not all(other.text[:1].isupper() for other in words)
        return capital or self.vocabulary.country_called(word.text) is not None

    def _word(self, text: str, into: Field) -> Clause:
        match into.kind:
            case Kind.TEXT:
                return any_of([_words(into, text), *self._usual(text, into)])
            case Kind.NAME:
                return any_of([name_clause(into.path, form) for form in self.vocabulary.forms(text)])
            case Kind.WORD:
                return exactly(into.path, text)
            case Kind.TAG | Kind.COUNTRY:
                return self._closed(text, into)
            case Kind.DATE | Kind.NUMBER:
                return self._between(Between(text, text, into))

    def _phrase(self, text: str, slop: int, into: Field) -> Clause:
        if into.kind is not Kind.TEXT:
            return self._word(text, into)
        exact = {"match_phrase": {into.exact or "text.exact": {"query": text, "slop": slop}}}
        if into.exact:
            return exact
        # A field without an unstemmed form: there in any form, and somewhere in the article as written.
        return all_of([{"match_phrase": {into.path: {"query": text, "slop": slop}}}, exact])

    def _pattern(self, text: str, into: Field) -> Clause:
        if into.kind is Kind.TAG:
            return self._closed(text, into)
        if into.kind in (Kind.COUNTRY, Kind.DATE, Kind.NUMBER):
            return self._word(text, into)
        if into.kind is Kind.WORD:
            return {"wildcard": {into.path: {"value": text, "case_insensitive": True}}}
        # Compared with single words of the index, which are lower case and without accents.
        parts = [part for part in re.split(r"[^\w*?]+", folded(text)) if part.strip("*?")]
        return all_of([{"wildcard": {into.exact or into.path: {"value": part}}} for part in parts])

    def _like(self, text: str, edits: int, into: Field) -> Clause:
        if into.kind not in (Kind.TEXT, Kind.NAME):
            return self._word(text, into)
        options = {
            "query": text,
            "fuzziness": str(edits if len(text) > 4 else 1),
            "prefix_length": _FIXED_START,
            "max_expansions": _EXPANSIONS,
            "operator": "and",
        }
        return {"match": {into.exact or into.path: options}}

    def _between(self, node: Between) -> Clause:
        try:
            match node.field.kind:
                case Kind.DATE:
                    return {"range": {node.field.path: self._days(node)}}
                case Kind.NUMBER:
                    return {"range": {node.field.path: _numbers(node)}}
                case _:
                    # No span in such a field: the words of it, then.
                    return self._word(f"{node.low} {node.high}".strip(), node.field)
        except QuestionError as error:
            return self._as_words(f"{node.low} {node.high}" if node.low != node.high else node.low, error)

    def _days(self, node: Between) -> dict[str, str]:
        bounds = {}
        if node.low:
            low = when.span(node.low, self.now)
            bounds["gte"] = (low.start if node.low_in else low.end).isoformat()
        if node.high:
            high = when.span(node.high, self.now)
            bounds["lt"] = (high.end if node.high_in else high.start).isoformat()
        return bounds

    def _closed(self, text: str, into: Field) -> Clause:
        try:
            if into.kind is Kind.TAG:
                return {"terms": {into.path: list(self.vocabulary.tags_like(text))}}
            return {"term": {into.path: self.vocabulary.country(text)}}
        except QuestionError as error:
            return self._as_words(text, error)

    def _as_words(self, text: str, error: QuestionError) -> Clause:
        self.notes[f"{error} It was looked for as words."] = None
        return _words(BOX, text)

    def _usual(self, text: str, into: Field) -> list[Clause]:
        """What else a word stands for: UN for the United Nations, a country for whatever is about it."""
        usual: list[Clause] = [{"match_phrase": {into.path: form}} for form in self.vocabulary.forms(text)[1:]]
        if into is BOX and (code := self.vocabulary.country_called(text)):
            usual.append(_about("countries", (code,)))
        if into is BOX and (kinds := self.vocabulary.tags_called([text])):
            usual.append(_about("event_tags", kinds))
        return usual


def _about(index_field: str, values: Sequence[str]) -> Clause:
    return {"constant_score": {"filter": {"terms": {index_field: list(values)}}, "boost": ABOUT}}


def _words(into: Field, text: str) -> Clause:
    # What stands between white space belongs together: 9/11 is no 9 somewhere and 11 elsewhere.
    if _INNER_SIGN.search(text) and " " not in text:
        return {"match_phrase": {into.path: {"query": text}}}
    return {"match": {into.path: {"query": text, "operator": "and"}}}


def _numbers(node: Between) -> dict[str, int]:
    ends = {"gte" if node.low_in else "gt": node.low, "lte" if node.high_in else "lt": node.high}
    for end in ends.values():
        if end and not _NUMBER.fullmatch(end):
            raise QuestionError(f"{end!r} is no number.")
    return {name: min(int(end), _LARGEST) for name, end in ends.items() if end}


def _is_unasked(node: Node) -> bool:
    return isinstance(node, Word) and node.field is BOX and node.text.lower().strip("?!.,;:") in UNASKED
