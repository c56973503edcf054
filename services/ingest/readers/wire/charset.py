"""Bytes of a wire to text: wires say nowhere which characters they send.

UTF-8 where it is that. Seven bits are ASCII, or one of the national variants of
ISO 646 where brackets stand inside words and the words say which. Eight bits are
code page 850 or Windows-1252, whichever puts letters inside words; what is
neither is left to ``encoding.decode``.
"""

import re

from services.ingest.readers.encoding import clean, decode
from services.ingest.readers.record import Refused
from services.ingest.readers.wire.tables import table

# So many brackets inside words are no misprints, and so many words of a language tell it from the others.
LEAST_INSIDE = 3
BRACKETS = "[\\]{|}~"
LEAST_WORDS = 3

_NATIONAL = {
    language: (frozenset(entry["words"]), str.maketrans(entry["characters"]), frozenset(entry["characters"]))
    for language, entry in table("iso646").items()
}
_INSIDE = re.compile(r"(?<=[a-zA-Z])[\[\\\]{|}~@`](?=[a-z])|(?<=[a-z])[{|}~](?=[a-zA-Z\s.,;:!?\"-])")
_WORD = re.compile(r"[a-zA-Z]+")
_HIGH = re.compile(rb"(?<=[a-zA-Z])[\x80-\xff](?=[a-zA-Z])|(?<=[a-zA-Z])[\x80-\xff]{2}(?=[a-zA-Z])")

# Typesetters' rails, locks and fillers stand inside words and leave nothing; their spaces and quads leave a space.
_LINE_ENDS = b"\n\x0b\x0c\r"
_NOTHING = bytes((0, 1, 2, 3, 4, 14, 15, 17, 18, 19, 20, 22, 27, 127))
_SPACES = bytes(32 if code < 32 and code not in _LINE_ENDS else code for code in range(256))


def text_of(data: bytes) -> str | Refused:
    """The clean text of ``data``, without the characters that steer a typesetter."""
    text = _decoded(data.translate(_SPACES, _NOTHING))
    return text if isinstance(text, Refused) else clean(text)


def _decoded(data: bytes) -> str | Refused:
    if data.isascii():
        return _national(data.decode("ascii"))
    try:
        return data.decode()
    except UnicodeDecodeError:
        inside = b"".join(_HIGH.findall(data))
        if inside and _letters(inside, "cp850") > _letters(inside, "cp1252"):
            return data.decode("cp850")
        return decode(data)


def _letters(inside: bytes, encoding: str) -> int:
    """How many of the bytes that stand inside words are small letters; words are seldom in capitals."""
    return sum(character.islower() for character in inside.decode(encoding, "replace"))


def _national(text: str) -> str:
    if sum(map(text.count, BRACKETS)) < LEAST_INSIDE:  # most texts, and told at once
        return text
    inside = len(_INSIDE.findall(text))
    # A text about programs has brackets, too, and most of them stand between words.
    if inside < LEAST_INSIDE or inside * 2 < sum(map(text.count, BRACKETS)):
        return text
    words = [word.lower() for word in _WORD.findall(text)]
    found, language = max((sum(map(common.__contains__, words)), name) for name, (common, _, _) in _NATIONAL.items())
    return text.translate(_NATIONAL[language][1]) if found >= LEAST_WORDS else text
