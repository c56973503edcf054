"""Text in the forms that names are compared in; every form has the length of the original.

``plain`` takes accents off Latin letters and makes one apostrophe, one hyphen and
one space of their many kinds. ``matching`` also lowers each capital that follows a
letter, so that ``KYIV`` reads ``Kyiv`` and a capital stands at the start of a word
only: a search for names that begin with a capital can then never start inside one.
"""

import re
import unicodedata
from typing import Final

_APOSTROPHES: Final = "‘’ʻʼ`´′ʹˈ"
_HYPHENS: Final = "‐‑"
_SPACES: Final = "\u00a0\u2002\u2003\u2009\u202f\t"
# Latin letters that Unicode does not take apart, with what the press writes for them.
_LETTERS: Final = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ð": "d", "ħ": "h", "Ħ": "H"}

_LATIN_ENDS: Final = 0x250
_ADDITIONAL: Final = range(0x1E00, 0x1F00)


def _table() -> dict[int, str]:
    table = {ord(letter): plain for letter, plain in _LETTERS.items()}
    for code in (*range(0xC0, _LATIN_ENDS), *_ADDITIONAL):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base
    table.update({ord(mark): "'" for mark in _APOSTROPHES})
    table.update({ord(mark): "-" for mark in _HYPHENS})
    table.update({ord(mark): " " for mark in _SPACES})
    # Halves of pairs that are no characters: what looks names up refuses them.
    table.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))
    return table


_PLAIN: Final = _table()
# What may need a change; one look at it spares most of a line the slow table.
_UNUSUAL: Final = re.compile(f"[{''.join(re.escape(chr(code)) for code in _PLAIN if code < 0x80)}\x80-\U0010ffff]+")
# Begins with a set, not with the look behind, so that the engine skips to capitals.
_INNER_CAPITALS: Final = re.compile(r"[A-Z](?<=[A-Za-z].)[A-Z]*")


def plain(text: str) -> str:
    """``text`` without accents and typographic variety, character for character."""
    return "\n".join([line if _is_usual(line) else _plain(line) for line in text.split("\n")])


def _is_usual(line: str) -> bool:
    return line.isascii() and "`" not in line and "\t" not in line


def _plain(line: str) -> str:
    return _UNUSUAL.sub(lambda run: run.group().translate(_PLAIN), line)


def lower_inside(plain_text: str) -> str:
    """``plain_text`` with capitals at the start of words only."""
    return _INNER_CAPITALS.sub(lambda run: run.group().lower(), plain_text)


def matching(text: str) -> str:
    """The form in which names are looked up; of the length of ``text``."""
    return lower_inside(plain(text))
