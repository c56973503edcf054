"""The capitalised words of a text, and which of them stand together."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from services.enrich.lexicon.table import words


def _endings(words: str) -> str:
    """An expression for what follows the first letter of ``words``, right after that letter."""
    by_letter: dict[str, list[str]] = {}
    for word in words.split("|"):
        by_letter.setdefault(word[0], []).append(word[1:])
    return "|".join(f"(?<={letter})(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


_SYLLABLES: Final = "|".join(sorted(words("syllables")))
_ABBREVIATED: Final = (
    "Mr|Mrs|Ms|Dr|Prof|Rev|Fr|Gen|Lt|Maj|Col|Capt|Cmdr|Adm|Sgt|Cpl|Brig|Sen|Sens|Rep|Reps|Gov|St|Ft|Mt|Jr|Sr|Inc|Corp|"
    "Co|Ltd|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Pfc"
)
_REST: Final = (
    r"(?:[A-Za-z0-9]+|['&](?!s\b|S\b)(?=[A-Za-z]))*"
    rf"(?:(?<=[a-z])-(?:{_SYLLABLES})\b)?)(?![$]|-\d)"
)
_DOTTED: Final = r"\.(?:[A-Z]\.)+(?:[A-Z](?![A-Za-z]))?|\.(?=[A-Z]| [A-Z][a-z]| [A-Z]\.)"
_TOKEN: Final = re.compile(rf"[A-Z](?:{_DOTTED})|(?:{_ABBREVIATED})\.|(?<![\w'])(?>(?:[a-z]{{1,3}}[-'])?[A-Z]{_REST}")
# The same where no hyphen or apostrophe stands before the capital, and ``hung`` where one does. It begins with a set,
# so that the engine skips from capital to capital.
_CAPITAL: Final = re.compile(
    rf"[A-Z](?:(?P<hung>(?<=[-'].))|{_DOTTED}|(?=[a-z]{{1,4}}+\.)(?:{_endings(_ABBREVIATED)})\.|(?<![\w'].)(?>{_REST})"
)
_PREFIX: Final = 4  # the longest of what may hang before a capital: "ash-Sham"
# Between the words of one name. "of", "for" and "and" join names of organisations only.
_PARTICLES: Final = (
    "de|da|di|do|dos|das|du|del|della|de la|de los|de las|van|van der|van den|van de|von|von der|bin|bint|ibn|al|el|ul|"
    "ud|ben|le|la|zu|ter|ten|den"
)
_JOINT: Final = re.compile(rf" |-| (?:{_PARTICLES})[ -]|-(?:{_PARTICLES})-|, (?=(?:Jr|Sr|Inc)\b)")
_LOWER_HEADS: Final = frozenset(
    {"al", "el", "ad", "as", "ar", "an", "ash", "at", "az", "ed", "es", "ul", "abu", "d", "l"}
)

CALENDAR: Final = words("calendar")


class Token(msgspec.Struct, frozen=True, gc=False, order=True):
    """A capitalised word; ``joined`` says how it hangs on the one before: "", " ", "-" or a particle."""

    start: int
    end: int
    word: str
    joined: str


def tokens(text: str) -> list[Token]:
    """The capitalised words of ``text`` (``plain``), in order."""
    found: list[Token] = []
    last = -1
    for match in _matches(text):
        start, end = match.span()
        word = match.group()
        if word[0].islower():
            head = re.split("[-']", word, maxsplit=1)[0]
            if head not in _LOWER_HEADS:
                start += len(head) + 1
                word = text[start:end]
        joined = ""
        if last >= 0 and start - last <= 9:
            gap = text[last:start]
            if gap in (" ", "-") or _JOINT.fullmatch(gap):
                joined = gap
        found.append(Token(start, end, word, joined))
        last = end
    return found


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What ``_TOKEN.finditer`` finds, sooner."""
    at: int | None = 0
    while at is not None:
        begun, at = at, None
        for match in _CAPITAL.finditer(text, begun):
            if match.lastgroup:
                hung = _TOKEN.search(text, max(begun, match.start() - _PREFIX))
                if hung:
                    yield hung
                    at = hung.end()
                break
            yield match
            begun = match.end()
