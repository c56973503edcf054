"""The bytes of one JSON record to its value, or to the sentence that says what is wrong with them."""

import json
import re
from typing import Any

import msgspec

from newswire.reasons import Reason
from services.ingest.readers.encoding import decode
from services.ingest.readers.record import Refused

# RFC 8259 leaves it to the reader which of two equal names counts; where they differ, nobody can tell what was meant.
_TWICE = "It has {} twice, with different values; correct it and drop it again."

# What programs write where a number is missing; JSON has no word for it.
_NO_NUMBER = re.compile(rb"[:,\[]\s*(NaN|-?Infinity)\b")

# A record that may not be published yet shows nothing of itself in a letter, and it cannot be asked what it is.
_HELD = re.compile(rb'"(?:embargo\w*|withheld)"', re.IGNORECASE)

_decoder = msgspec.json.Decoder()
_ERRORS = (msgspec.MsgspecError, ValueError, RecursionError)


class _Twice(ValueError):
    """A name that an object has twice."""


def value(data: bytes, charset: str | None, *, alone: bool) -> Any | Refused:
    """The value of ``data``, which is UTF-8 or in the encoding that can be told; ``alone`` where it is a whole file."""
    original = None if alone else data
    if b'"embargo' in data or b'"withheld' in data:
        original = b"" if _HELD.search(data) else original
    try:
        found = _decoder.decode(data)
    except UnicodeDecodeError:
        text = decode(data, charset)
        if isinstance(text, Refused):
            return Refused(reason=text.reason, message=text.message, detail=text.detail, original=original)
        return value(text.encode(), None, alone=alone)
    except _ERRORS as error:
        return _undecodable(data, error, original)
    try:
        json.loads(data, object_pairs_hook=_unambiguous)
    except _Twice as twice:
        return Refused(reason=Reason.BAD_FORMAT, message=_TWICE.format(repr(str(twice))), original=original)
    except _ERRORS:  # what only the stricter of the two decoders refuses would be a matter of taste
        pass
    return found


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs) and (twice := next((name for name, inner in pairs if found[name] != inner), None)):
        raise _Twice(twice[:60])
    return found


def _undecodable(data: bytes, error: Exception, original: bytes | None) -> Refused:
    if "truncated" in str(error) and not _is_whole(data):
        return Refused(
            reason=Reason.TRUNCATED,
            message="Its JSON ends in the middle; send it again, whole.",
            detail=str(error),
            original=original,
        )
    return Refused(
        reason=Reason.BAD_FORMAT,
        message=f"It is not valid JSON ({_short(data, error)}); correct it and drop it again.",
        detail=str(error),
        original=original,
    )


def _is_whole(data: bytes) -> bool:
    """Half a surrogate pair at the end of a string looks truncated to the fast decoder; the slow one knows better."""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _short(data: bytes, error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if number := _NO_NUMBER.search(data):
        return f"it has {number[1].decode()}, which JSON does not know; null says that a number is missing"
    return str(error).removeprefix("JSON is malformed: ")
