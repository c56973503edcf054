"""The signs and words of a query. Any text has tokens: what cannot be a sign is a word.

Two things tell signs from words that only look like them: a field is a name of
`fields.FIELDS` with its value right behind the colon, and ``-`` and ``+`` stand right
before what they apply to. So ``Trump: peace``, ``9/11``, ``e-mail`` and an address
are words.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

from newswire.search.fields import FIELDS

# A page of text; a question is a line. What is longer is cut, and the answer says so.
LONGEST_TEXT: Final = 2000  # characters

_QUOTES: Final = str.maketrans("“”„«»", '"' * 5)
_FIELD: Final = re.compile(rf"({'|'.join(FIELDS)}):(?=[^\s:])", re.IGNORECASE)
_PHRASE: Final = re.compile(r'"([^"]*)"(?:~(\d{1,3}))?')
_BRACKETS: Final = re.compile(r"[\[{]([^\[\]{}]*)[\]}]")
_RUN: Final = re.compile(r'[^\s()"]+')
_PREFIX: Final = re.compile(r"[-+−](?=[^\s\-+−])")


class Sign(Enum):
    """What a token is."""

    WORD = auto()
    PHRASE = auto()
    BRACKETS = auto()  # a span: [2025-01 TO 2025-03]
    FIELD = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    PLUS = auto()


class Token(NamedTuple):
    """One sign or word; ``slop`` is the number behind a phrase's ``~``."""

    sign: Sign
    text: str
    slop: int = 0


_PARENTHESES: Final = {"(": Sign.OPEN, ")": Sign.CLOSE}
_OPERATORS: Final = {"AND": Sign.AND, "&&": Sign.AND, "OR": Sign.OR, "||": Sign.OR, "NOT": Sign.NOT}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of ``text``; a quotation mark without its partner is no sign."""
    text = text[:LONGEST_TEXT].translate(_QUOTES)
    at = 0
    while at < len(text):
        found = next((found for read in _READERS if (found := read(text, at))), None)
        if found:
            yield found[0]
        at = found[1] if found else at + 1


def _parenthesis(text: str, at: int) -> tuple[Token, int] | None:
    sign = _PARENTHESES.get(text[at])
    return (Token(sign, text[at]), at + 1) if sign else None


def _phrase(text: str, at: int) -> tuple[Token, int] | None:
    match = _PHRASE.match(text, at)
    return (Token(Sign.PHRASE, match[1], int(match[2] or 0)), match.end()) if match else None


def _field(text: str, at: int) -> tuple[Token, int] | None:
    match = _FIELD.match(text, at)
    if not match:
        return None
    if brackets := _BRACKETS.match(text, match.end()):
        return Token(Sign.BRACKETS, f"{match[1].lower()}:{brackets[1]}"), brackets.end()
    return Token(Sign.FIELD, match[1].lower()), match.end()


def _prefix(text: str, at: int) -> tuple[Token, int] | None:
    if not _PREFIX.match(text, at):
        return None
    return Token(Sign.PLUS if text[at] == "+" else Sign.NOT, text[at]), at + 1


def _word(text: str, at: int) -> tuple[Token, int] | None:
    match = _RUN.match(text, at)
    return (Token(_OPERATORS.get(match[0], Sign.WORD), match[0]), match.end()) if match else None


# In this order: what is none of the others is a word. Each is asked at the start of a token only.
_READERS: Final = (_parenthesis, _phrase, _field, _prefix, _word)
