"""Signals that are words: kills, notes to editors, labels of urgency, and holds.

A wire's format has a field for none of these; they stand in a line of their own
before the text. ``data/signals.toml`` has the words.
"""

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from enum import Enum, auto
from typing import NamedTuple

from services.ingest.readers.wire.tables import table
from services.ingest.readers.wire.when import moment

# Signals stand before the text: among so many lines that are not blank.
HEAD_LINES = 12

# A signal is a short line; an embargo's with its reasons is the longest.
LONGEST = 300  # characters

_TABLE = table("signals")
_DECORATION = " \t^<>=*+#!()[]{}-–—/.:;,\"“”'"


class Signal(Enum):
    """What a line before the text says of the message."""

    KILL = auto()
    ADVISORY = auto()
    LABEL = auto()
    NOTE = auto()
    END = auto()


class Hold(NamedTuple):
    """Not to be published before ``until``; None where the line names no instant that can be told for certain."""

    until: datetime | None


def _words(section: str, name: str) -> frozenset[str]:
    return frozenset(_TABLE[section][name])


def _begins(phrases: Iterable[str]) -> re.Pattern[str]:
    """A line that begins with one of ``phrases``, as whole words."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, ordered))})(?![^\W_])", re.IGNORECASE)


_WHOLE = {
    **dict.fromkeys(_words("label", "lines"), Signal.LABEL),
    **dict.fromkeys(_words("advisory", "lines"), Signal.ADVISORY),
    **dict.fromkeys(_words("kill", "lines"), Signal.KILL),
}
_KILL = re.compile(rf"(?P<word>{_begins(_words('kill', 'lines')).pattern})\s*(?:[:–—]|-+(?=\s|$))", re.IGNORECASE)
_NOTE = _begins(_words("note", "begins"))
_END = _begins(_words("end", "lines"))
_HOLD = _begins(_words("embargo", "hold"))
_ALONE = _words("embargo", "alone")
_DATED = _begins(_words("embargo", "dated"))
_LIFTED = re.compile(rf"\b(?:{'|'.join(map(re.escape, _words('embargo', 'lifted')))})\b", re.IGNORECASE)
_AT_ONCE = re.compile(
    r"[\s:,–—-]*(?:(?:until|to|on|at|from|am|den|le|[^\W\d_]{3,10}day|[^\W\d_]{3,10}tag),?\s+){0,3}"
    r"(?=\d|[^\W\d_]{3,9}\.?\s\d)"
)

_FIRST_WORD = re.compile(r"[\W_]*([^\W_]+)")
_FIRST_WORDS = frozenset(
    found[1]
    for section, name in (
        ("kill", "lines"),
        ("advisory", "lines"),
        ("label", "lines"),
        ("note", "begins"),
        ("embargo", "hold"),
        ("embargo", "alone"),
        ("embargo", "dated"),
    )
    for phrase in _words(section, name)
    if (found := _FIRST_WORD.match(phrase))
)

# Compared as the expressions above compare, to whom a Turkish İ is an i.
_SPEAKS = re.compile(rf"[\W_]*{_begins(_FIRST_WORDS).pattern}", re.IGNORECASE)
# What nearly every line fails at once.
_STARTS = frozenset(word[:2] for word in _FIRST_WORDS)


def may_speak(line: str) -> bool:
    """Whether ``line`` begins as signals and holds do: a glance, for all the lines that do not."""
    if not line or len(line) > LONGEST:
        return False
    start = line[:2]
    if not start.isalnum():
        start = line.lstrip(_DECORATION)[:2]
    if start.isascii() and start.isalnum() and start.lower() not in _STARTS:
        return False
    return _SPEAKS.match(line) is not None


def signal(line: str) -> Signal | None:
    """What ``line`` says of its message, where it says nothing else."""
    if len(line) > LONGEST:
        return None
    bare = line.strip(_DECORATION)
    if found := _WHOLE.get(" ".join(bare.casefold().split())):
        return found
    if (kill := _KILL.match(bare)) and kill["word"].isupper():
        return Signal.KILL
    return Signal.NOTE if _NOTE.match(line.strip(" \t^<>=*+#!-")) else None


def ends_text(line: str) -> bool:
    """Whether ``line`` says that it and what follows is not for publication."""
    return len(line) <= LONGEST and bool(_END.match(line.strip(_DECORATION)))


def hold(line: str, sent: datetime | None, zone: tzinfo) -> Hold | None:
    """The hold that ``line`` puts on its message, sent at ``sent``; times without a zone are in ``zone``.

    A line that begins like an embargo and cannot be read holds without a time:
    a story that comes out late does no harm that one too early does not exceed.
    """
    if len(line) > LONGEST:
        return None
    bare = line.strip(" \t^<>=*+#!()[]-–—")
    if bare.strip(_DECORATION).casefold() in _ALONE:
        return Hold(None)
    if begins := _HOLD.match(bare):
        rest = bare[begins.end() :]
        return None if _LIFTED.search(rest[:40]) else Hold(moment(rest, sent, zone))
    if begins := _DATED.match(bare):
        rest = bare[begins.end() :]
        if _AT_ONCE.match(rest) and (until := moment(rest, sent, zone)):
            return Hold(until)
    return None


def longer(one: Hold | None, other: Hold) -> Hold:
    """Of two holds the one that lasts longer."""
    if one is None or other.until is None:
        return other
    return one if one.until is None or one.until > other.until else other
