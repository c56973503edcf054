"""Where a page ended, as one url-safe word. Opaque: it holds for the same question only, and for a few minutes."""

import base64
import binascii
import hashlib
import zlib
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

import msgspec

from newswire.search.question import Question, QuestionError

NONE: Final = "This is no cursor; take the one that the last page ended with."

_TRUST: Final = 8  # bytes of the digest that ties a cursor to its question; a mistake is to be noticed, not an attack
_LONGEST: Final = 20_000  # characters; a cursor over a hundred shards has a tenth of that


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """A snapshot of the index (`pit`), the sort values of the last hit shown, and the moment of the first page."""

    pit: str
    after: list[Any]
    now: datetime
    digest: bytes


def encode(cursor: Cursor) -> str:
    """The word for ``cursor``."""
    packed = zlib.compress(msgspec.msgpack.encode(cursor), 9)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(word: str) -> Cursor:
    """The cursor in ``word``; raises QuestionError where it is none."""
    try:
        padded = word[:_LONGEST].encode("ascii") + b"=" * (-len(word[:_LONGEST]) % 4)
        unpack = zlib.decompressobj()
        packed = unpack.decompress(base64.b64decode(padded, altchars=b"-_", validate=True), _LONGEST)
        return msgspec.msgpack.decode(packed, type=Cursor)
    except (ValueError, binascii.Error, zlib.error, msgspec.DecodeError) as error:
        raise QuestionError(NONE) from error


def follow(cursor: Cursor, question: Question) -> Question:
    """``question`` as its first page asked it; raises QuestionError where the cursor belongs to another one.

    A question with an age in it ("7d") has to be made with the cursor's ``now``.
    """
    if cursor.digest != digest(question):
        raise QuestionError("This cursor belongs to another question; ask the same one, or leave --after out.")
    return replace(question, now=cursor.now)


def digest(question: Question) -> bytes:
    """What two questions share whose pages follow each other: everything but the size of a page and the moment."""
    told = repr([getattr(question, name) for name in _IDENTITY])
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).digest()[:_TRUST]


_IDENTITY: Final = tuple(field.name for field in fields(Question) if field.name not in ("size", "now"))
