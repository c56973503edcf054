"""Tokens back into text, as newswire is set: gold sets come as tokens, and enrichment reads text."""

from collections.abc import Sequence
from typing import NamedTuple

# Tokens that stand close to the one before them, and those that the next one stands close to.
# fmt: off
CLOSING = frozenset([
    ".", ",", ";", ":", "!", "?", "...", ")", "]", "}", "%", "”", "’",
    "'s", "'S", "n't", "N'T", "'re", "'ve", "'ll", "'d", "'m", "’s", "’re", "’ve", "’ll", "’d", "’m", "n’t",
])
OPENING = frozenset(["(", "[", "{", "$", "£", "€", "``", "“", "#"])
# fmt: on
APOSTROPHE = "'"


class _Space(NamedTuple):
    """Whether a token clings to the one before and to the one after."""

    before: bool
    after: bool


def joined(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text, and where in it each token stands."""
    text, spans = "", []
    double = single = False  # whether a quotation is open
    clings = True
    for at, token in enumerate(tokens):
        space = _Space(clings or token in CLOSING, token in OPENING)
        if token in ('"', "''"):
            closes = double or (at > 0 and at == len(tokens) - 1)
            space = _Space(before=True, after=False) if closes else _Space(clings, after=True)
            double = not closes
        elif token == APOSTROPHE:
            closes = single or _possessive(tokens, at) or APOSTROPHE not in tokens[at + 1 :]
            space = _Space(before=True, after=False) if closes else _Space(clings, after=True)
            single = not closes
        elif _inside(tokens, at):
            space = _Space(before=True, after=True)
        if text and not space.before:
            text += " "
        spans.append((len(text), len(text) + len(token)))
        text += token
        clings = space.after
    return text, spans


def _possessive(tokens: Sequence[str], at: int) -> bool:
    """The apostrophe behind a plural: the ministers' talks."""
    return at > 0 and tokens[at - 1][-1:] in ("s", "S") and tokens[at - 1][:1].isalpha()


def _inside(tokens: Sequence[str], at: int) -> bool:
    """A mark that joins two tokens: 2-1, 10:30, and/or."""
    if not 0 < at < len(tokens) - 1:
        return False
    numbers = tokens[at - 1].isdigit() and tokens[at + 1].isdigit()
    return tokens[at] == "/" or (tokens[at] in ("-", "–", ":") and numbers)
