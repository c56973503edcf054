"""Bylines: who wrote it, without the word for "by" in front of it and the agency behind it.

``By JANE DOE, Associated Press``, ``Von Erika Mustermann, dpa``, ``Por Juana Ejemplo (EFE)``.
"""

import re
from typing import NamedTuple

from services.ingest.readers.dateline import AGENCIES

# Characters of a line; longer ones are sentences.
LONGEST = 100

# Some of the other words are names, too: Di Stefano, Von Miller. Those have one word behind them.
_BY = re.compile(
    r"(?:(?P<by>[Bb]y|BY)[:\s]+|(?:Von|VON|Par|PAR|Por|POR|Di|DI|Door|DOOR|Av|AV|Af|AF)\s+(?=\S+\s+\S))(?P<name>[^\W\d_].*)",
    re.DOTALL,
)
_AGENCIES = "|".join(map(re.escape, sorted(AGENCIES, key=len, reverse=True)))
_AGENCY = re.compile(rf"(?:\s*[,|/\n]\s*|\s+)(?P<open>\()?(?P<agency>{_AGENCIES})(?(open)\))")
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_SMALL = frozenset(
    (
        "and",
        "und",
        "et",
        "y",
        "e",
        "en",
        "og",
        "och",
        "with",
        "mit",
        "de",
        "da",
        "di",
        "du",
        "dos",
        "la",
        "le",
        "van",
        "von",
        "der",
    )
)


class Byline(NamedTuple):
    """The names, and the agency that stands with them."""

    names: str
    agency: str | None


def byline(line: str) -> Byline | None:
    """What ``line`` says of who wrote the text below it; None where it is a sentence or anything else."""
    found = _BY.fullmatch(line) if len(line) <= LONGEST else None
    if found is None or _SENTENCE_END.search(line) or not found["name"][0].isupper():
        return None
    if not found["by"] and not all(word[0].isupper() or word in _SMALL | AGENCIES for word in _WORD.findall(line)):
        return None
    return _apart(found["name"])


def names(written: str) -> str:
    """The names in what a format has for a byline."""
    found = _BY.fullmatch(written)
    return _apart(found["name"] if found else written).names


def _apart(written: str) -> Byline:
    """``written`` without the agency at its end."""
    last = next(
        (one for one in _AGENCY.finditer(written, max(0, len(written) - LONGEST)) if one.end() == len(written)), None
    )
    if last is None or not last.start():
        return Byline(" ".join(written.split()), None)
    return Byline(" ".join(written[: last.start()].split()), last["agency"])
