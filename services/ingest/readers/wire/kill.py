"""Kills: which messages a message takes back, by the numbers it names them with."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from newswire.reasons import Reason
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused
from services.ingest.readers.wire.story import Story
from services.ingest.readers.wire.tables import table
from services.ingest.readers.wire.when import day

# How far behind a number its day may stand: "W2870, BC-Some-Keyword, of Feb. 6".
DAY_CHARACTERS = 120

# Longer texts are no kills, whatever they begin with.
SEARCHED = 4000  # characters

_TABLE = table("signals")["kill"]


def _any_of(name: str) -> str:
    return "|".join(map(re.escape, sorted(_TABLE[name], key=len, reverse=True)))


# The verbs come first: "do not use" is one, "use" is none.
_SAYS = re.compile(rf"\b(?:(?P<kills>{_any_of('verbs')})|{_any_of('instead')})\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z])|\n\s*\n")


class Numbered(NamedTuple):
    """How a service numbers its messages: ``name`` makes the identifier of one of its messages of a day."""

    service: str
    number: int
    day: date
    name: Callable[[int, date], Identifier]

    @property
    def identifier(self) -> Identifier:
        """That of the message itself."""
        return self.name(self.number, self.day)


def kills(story: Story, numbered: Numbered | None, text: str, original: bytes | None) -> list[Record]:
    """A canceled record for each message that ``text`` takes back; refused as ``kill_unmatched`` where that is none.

    A number counts where it has the letters of the kill's own service and the word
    that governs it kills: the last one before it, else the first one after it.
    Numbers begin anew every day, so one that is not below the kill's own is of
    another day, and counts only where the kill says which.
    """
    named = _named(text[:SEARCHED], numbered) if numbered else []
    if named:
        return [
            RawArticle(
                body="",
                agency=story.agency,
                pubstatus="canceled",
                updated_at=story.sent and story.sent.at,
                identifier=identifier,
            )
            for identifier in named
        ]
    message = (
        "It takes a story back and does not say by its number which; find the story with newswire search and take it "
        "out with newswire withdraw."
    )
    return [Refused(reason=Reason.KILL_UNMATCHED, message=message, original=original)]


def _named(text: str, numbered: Numbered) -> list[Identifier]:
    service = re.escape(numbered.service)
    # "Kill a 1200-word story" names no message of the service a, whose letter is never a capital.
    apart, flags = ("-?", re.NOFLAG) if len(numbered.service) == 1 else ("[ -]?", re.IGNORECASE)
    reference = re.compile(rf"\b{service}{apart}(?P<number>\d{{3,5}})\b", flags)
    found: dict[Identifier, None] = {}
    for sentence in _SENTENCE.split(text):
        says = list(_SAYS.finditer(sentence))
        for match in reference.finditer(sentence):
            before = [word for word in says if word.end() <= match.start()]
            after = [word for word in says if word.start() >= match.end()]
            governing = before[-1] if before else after[0] if after else None
            if governing is None or not governing["kills"]:
                continue
            end = after[0].start() if after else len(sentence)
            of = day(sentence[match.end() : min(end, match.end() + DAY_CHARACTERS)], numbered.day)
            number = int(match["number"])
            if of or number < numbered.number:
                found[numbered.name(number, of or numbered.day)] = None
    return list(found)
