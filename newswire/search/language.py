"""The query language: from tokens to a tree of what has to hold. Every text has one; nothing is a mistake.

    words next to each other     all of them
    a OR b, (…)                  alternatives, groups
    NOT a, -a                    without
    +a                           needed, whatever else is not
    "as written", "near"~3       a phrase; with so many words in between
    dron*, wom?n, Zelenski~      wildcards after two letters at least; spelt like
    title:…, person:…, …         one field (`fields.FIELDS`); date: and killed: take spans

What a person cannot have meant, or the server should not be asked, is read as the
nearest harmless thing, and a note says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from newswire.search.fields import BOX, FIELDS, Field, Kind, mistyped
from newswire.search.lexer import LONGEST_TEXT, Sign, Token, tokens
from newswire.search.nodes import Between, Either, Every, Like, Needed, Node, Pattern, Phrase, Without, Word

# Each is a lookup in every segment of the index; nobody types as many.
MOST_WORDS: Final = 64
# Elasticsearch refuses bool queries nested deeper than 30; ours nest twice a level at most.
DEEPEST: Final = 8
# Two wildcards in a row of letters say what can be said; more make automata of thousands of states.
MOST_WILDCARDS: Final = 3
_LETTERS_BEFORE: Final = 2
_MOST_SLOP: Final = 20

_WILD: Final = re.compile(r"[*?]")
_PATTERN: Final = re.compile(r"[\w*?'’.-]+")
_FUZZY: Final = re.compile(r"(\w[\w'’-]+)~([\d.]*)")
_SPAN: Final = re.compile(r"(?P<low>[^.].*?)\.\.(?P<high>.+)|(?P<sign>[<>]=?)(?P<bound>.+)")
_BETWEEN: Final = re.compile(r"\s+TO\s+", re.IGNORECASE)
_SAYS_SOMETHING: Final = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree, None where the text asks for nothing; ``notes`` say what was read otherwise than written."""

    node: Node | None
    notes: tuple[str, ...] = ()


def parse(text: str) -> Parsed:
    """The tree of ``text``."""
    reader = _Reader(list(tokens(text)))
    node = reader.alternatives(BOX, 0)
    if node is None:
        # Signs alone: perhaps they were meant as words, as Oregon's OR is.
        node = _every([Word(word) for word in text[:LONGEST_TEXT].split() if word.isalnum()][:MOST_WORDS])
    for written, meant in mistyped(text[:LONGEST_TEXT]):
        reader.notes[f"{written}: is no field and was read as words; did you mean {meant}:?"] = None
    if len(text) > LONGEST_TEXT:
        reader.notes[f"Only the first {LONGEST_TEXT:,} characters were read."] = None
    return Parsed(node, tuple(reader.notes))


@dataclass(slots=True)
class _Reader:
    tokens: Sequence[Token]
    at: int = 0
    words: int = 0
    open: int = 0
    notes: dict[str, None] = field(default_factory=dict)

    def peek(self) -> Sign | None:
        return self.tokens[self.at].sign if self.at < len(self.tokens) else None

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def alternatives(self, into: Field, depth: int) -> Node | None:
        parts = []
        while True:
            part = self.together(into, depth)
            if part is not None:
                parts.append(part)
            if self.peek() is not Sign.OR:
                break
            self.take()
        return Either(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def together(self, into: Field, depth: int) -> Node | None:
        parts: list[Node] = []
        strict = False
        while (sign := self.peek()) not in (None, Sign.OR):
            if sign is Sign.CLOSE and self.open:
                break
            if sign in (Sign.AND, Sign.CLOSE):
                self.take()
                strict = strict or (sign is Sign.AND and bool(parts))
                continue
            part = self.part(into, depth)
            if part is not None:
                parts.append(part)
        return _every(parts, strict=strict)

    def part(self, into: Field, depth: int) -> Node | None:
        negative = needed = False
        while (sign := self.peek()) in (Sign.NOT, Sign.PLUS):
            self.take()
            negative, needed = negative != (sign is Sign.NOT), needed or sign is Sign.PLUS
        if sign in (None, Sign.AND, Sign.OR, Sign.CLOSE):
            return None
        token = self.take()
        if token.sign is Sign.FIELD:
            into = FIELDS[token.text]
            if self.peek() in (None, Sign.AND, Sign.OR, Sign.CLOSE, Sign.NOT, Sign.PLUS, Sign.FIELD):
                return None
            token = self.take()
        node = self.group(into, depth) if token.sign is Sign.OPEN else self.leaf(token, into)
        if node is None:
            return None
        return Without(node) if negative else Needed(node) if needed else node

    def group(self, into: Field, depth: int) -> Node | None:
        if depth >= DEEPEST:
            self.notes["Parentheses are read eight deep."] = None
            return None
        self.open += 1
        node = self.alternatives(into, depth + 1)
        self.open -= 1
        if self.peek() is Sign.CLOSE:
            self.take()
        return node

    def leaf(self, token: Token, into: Field) -> Node | None:
        if not _SAYS_SOMETHING.search(token.text):
            return None
        self.words += 1
        if self.words > MOST_WORDS:
            self.notes[f"Only the first {MOST_WORDS} words were read."] = None
            return None
        match token.sign:
            case Sign.PHRASE:
                return Phrase(token.text, min(token.slop, _MOST_SLOP), into)
            case Sign.BRACKETS:
                name, _, inside = token.text.partition(":")
                return self.span(inside, FIELDS[name])
            case _:
                return self.word(token.text, into)

    def word(self, text: str, into: Field) -> Node | None:
        # In the box 10..20 and >5 are words: there is nothing that they could be a span of.
        if into is not BOX and (span := _SPAN.fullmatch(text)):
            if span["sign"]:
                return _bounded(span["sign"], span["bound"], into)
            return Between(span["low"], span["high"], into)
        if fuzzy := _FUZZY.fullmatch(text):
            return Like(fuzzy[1], 1 if fuzzy[2] == "1" else 2, into)
        return self.pattern(text, into) if _WILD.search(text) else Word(text, into)

    def span(self, inside: str, into: Field) -> Node:
        ends = _BETWEEN.split(inside.strip(), maxsplit=1)
        if len(ends) != 2:
            return Word(inside, into)
        low, high = ("" if end.strip() == "*" else end.strip() for end in ends)
        return Between(low, high, into)

    def pattern(self, written: str, into: Field) -> Node | None:
        """``written`` where it can be looked up at a fair price, else the word in it."""
        letters = sum(map(str.isalnum, _WILD.split(written, maxsplit=1)[0]))
        # In an address or a formula it is no wildcard; in a file's name it is.
        if into.kind is not Kind.WORD and not _PATTERN.fullmatch(written):
            return Word(written, into)
        # A question has one at its end: "who won?"
        if written.endswith("?") and len(_WILD.findall(written)) == 1:
            return Word(written[:-1], into)
        if letters >= _LETTERS_BEFORE and len(_WILD.findall(written)) <= MOST_WILDCARDS:
            return Pattern(written, into)
        word = " ".join(_WILD.sub(" ", written).split())
        if not _SAYS_SOMETHING.search(word):
            return None
        self.notes[
            f"{written} was read as {word}: a wildcard needs {_LETTERS_BEFORE} letters before it, "
            f"and a word takes {MOST_WILDCARDS} at most."
        ] = None
        return Word(word, into)


def _every(parts: Sequence[Node], *, strict: bool = False) -> Node | None:
    if len(parts) == 1:
        return parts[0]
    return Every(tuple(parts), strict) if parts else None


def _bounded(sign: str, bound: str, into: Field) -> Between:
    inclusive = sign.endswith("=")
    if sign.startswith(">"):
        return Between(bound, "", into, low_in=inclusive)
    return Between("", bound, into, high_in=inclusive)
