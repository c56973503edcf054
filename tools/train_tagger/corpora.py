"""Annotated sentences as documents: a text, and the spans of its names.

The files are JSON lines, ``{"tokens", "tags", "source", "doc"}`` a sentence, tags BIO
over PER, ORG and LOC; sentences of one ``doc`` stand in order. Their tokens are put
together as they are printed, so that the tagger learns on text as it will meet it.
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from services.enrich.tagger import Span

TYPES: Final = {"PER": "person", "ORG": "organization", "LOC": "place"}
_CLOSING: Final = frozenset((".", ",", ";", ":", "!", "?", ")", "]", "}", "%", "...", "”", "’"))
_OPENING: Final = frozenset(("(", "[", "{", "$", "£", "€", "“", "#", "``"))
APOSTROPHE: Final = "'"
JOINTS: Final = "-–/:"  # between figures
_ENDINGS: Final = ("'s", "n't", "'re", "'ve", "'ll", "'d", "'m")


class Document(NamedTuple):
    """``text`` with the names in it, in order; ``source`` says whose guideline they follow."""

    source: str
    text: str
    names: list[Span]


def read(path: Path, *, separators: Sequence[str], chance: random.Random) -> Iterator[Document]:
    """The documents of a file; between the sentences of one stands one of ``separators``, by chance.

    Raises OSError, and ValueError where a line is of another form.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for _, sentences in groupby(enumerate(rows), key=_document):
        yield _joined([row for _, row in sentences], chance.choice(separators))


def _document(numbered: tuple[int, dict[str, Any]]) -> object:
    """What sentences of one document share; a sentence without one is its own."""
    number, row = numbered
    return row.get("doc") or number


def _joined(rows: Sequence[dict[str, Any]], separator: str) -> Document:
    text = ""
    names: list[Span] = []
    for row in rows:
        if len(row["tokens"]) != len(row["tags"]):
            raise ValueError("a sentence has more tokens than tags, or the reverse")
        text += separator if text else ""
        printed, places = printed_form(row["tokens"])
        names += _names(row["tags"], [(start + len(text), end + len(text)) for start, end in places])
        text += printed
    return Document(rows[0].get("source") or "", text, names)


def printed_form(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Tokens put together as they are printed, and where each stands."""
    text = ""
    places: list[tuple[int, int]] = []
    quoting = False
    glued = True
    for number, token in enumerate(tokens):
        following = tokens[number + 1] if number + 1 < len(tokens) else ""
        glue, glue_next = glued or token in _CLOSING or token.lower() in _ENDINGS, token in _OPENING
        if token in ('"', "''"):
            glue, glue_next, quoting = (True, False, False) if quoting else (glued, True, True)
        elif token == APOSTROPHE:
            glue = True
        elif token in JOINTS and number and _between(tokens[number - 1], token, following):
            glue = glue_next = True
        text += "" if glue or not text else " "
        places.append((len(text), len(text) + len(token)))
        text += token
        glued = glue_next
    return text, places


def _between(before: str, sign: str, after: str) -> bool:
    """Whether a sign stands close between two tokens: "2-1", "AC/DC", "10:30"."""
    return bool(after) and (sign == "/" or (before[-1:].isdigit() and after[:1].isdigit()))


def _names(tags: Sequence[str], places: Sequence[tuple[int, int]]) -> Iterator[Span]:
    starts = [number for number, tag in enumerate(tags) if tag.startswith("B-")]
    for start, limit in pairwise([*starts, len(tags)]):
        end = start + 1
        while end < limit and tags[end].startswith("I-"):
            end += 1
        yield Span(places[start][0], places[end - 1][1], TYPES[tags[start][2:]])  # type: ignore[arg-type]
