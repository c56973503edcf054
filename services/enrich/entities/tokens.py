"""The capitalised words of a text, and which of them stand together."""

import re
from typing import Final, NamedTuple

from services.enrich.lexicon.table import words

_SYLLABLES: Final = "|".join(sorted(words("syllables")))
_ABBREVIATED: Final = (
    "Mr|Mrs|Ms|Dr|Prof|Rev|Fr|Gen|Lt|Maj|Col|Capt|Cmdr|Adm|Sgt|Cpl|Brig|Sen|Sens|Rep|Reps|Gov|St|Ft|Mt|Jr|Sr|Inc|Corp|"
    "Co|Ltd|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Pfc"
)
_TOKEN: Final = re.compile(
    r"(?:[A-Z]\.){2,}(?:[A-Z](?![A-Za-z]))?|[A-Z]\.(?=[A-Z]| [A-Z][a-z]| [A-Z]\.)"
    rf"|(?:{_ABBREVIATED})\."
    r"|(?<![\w'])(?>(?:[a-z]{1,3}[-'])?[A-Z](?:[A-Za-z0-9]|['&](?!s\b|S\b)(?=[A-Za-z]))*"
    rf"(?:(?<=[a-z])-(?:{_SYLLABLES})\b)?)(?![$]|-\d)"
)
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


class Token(NamedTuple):
    """A capitalised word; ``joined`` says how it hangs on the one before: "", " ", "-" or a particle."""

    start: int
    end: int
    word: str
    joined: str


def tokens(text: str) -> list[Token]:
    """The capitalised words of ``text`` (``plain``), in order."""
    found: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
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
