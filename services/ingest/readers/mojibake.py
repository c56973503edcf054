"""Text that was UTF-8 and was read as Windows-1252 on its way: ``Ã©`` for ``é``, ``â€™`` for ``’``.

Repaired only where nobody can have meant it: the whole text, taken back to bytes,
is UTF-8, and holds what no language writes, or enough of it to rule out chance. A
text of which only a part is damaged stays as it is.
"""

import codecs
import re

# A capital Ã before a sign, a dash of typography in three pieces, a stray Â before one of Latin-1's signs.
_CERTAIN = re.compile(
    r"Ã[\x80-\x9f¡-¬®-¿ƒŠŒšœžŸ†‡‰€]|â€[\x80-\x9f“”™˜œžš¦¢°¹ºŸ\u02dc\u2122]|Â[\xa0¡£§©«°·»¿]|[ÐÑ][\x80-\x9f¡-¿°±µ¸¹º»¼½¾].[ÐÑ]"
)

# As many pairs that would be one character each are no chance any more.
FEWEST = 3
_PAIR = re.compile("[Â-ßà-ô][\x80-¿ŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]")

# Twice is the most that was ever seen in earnest.
TWICE = 2


def _as_byte(error: UnicodeError) -> tuple[bytes, int]:
    """The five bytes that Windows-1252 leaves undefined were read as control characters."""
    if isinstance(error, UnicodeEncodeError):
        characters = error.object[error.start : error.end]
        if all("\x80" <= character <= "\x9f" for character in characters):
            return characters.encode("latin-1"), error.end
    raise error


codecs.register_error("newswire_c1", _as_byte)


def repaired(text: str) -> str:
    """``text`` as it was before; the same where it was never otherwise, or where that is not certain."""
    for _ in range(TWICE):
        if not may_be_damaged(text):
            return text
        try:  # either fails early on nearly every text that is as it should be
            before = text.encode("cp1252", "newswire_c1").decode()
        except UnicodeError:
            return text
        if not _CERTAIN.search(text) and len(_PAIR.findall(text)) < FEWEST:
            return text
        text = before
    return text


def may_be_damaged(text: str) -> bool:
    """Whether the first character beyond ASCII has another behind it; of what was one character, none stands alone."""
    try:
        text.encode("ascii")
    except UnicodeEncodeError as error:
        return not text[error.start + 1 : error.start + 2].isascii()
    return False
