"""Bytes to clean text: which encoding they are in, and what of them is no text.

The order: a byte order mark, UTF-8, then Windows-1252 where it yields nothing but
printable characters. A guess that would print as gibberish is refused instead.
"""

import codecs
import re
import unicodedata

from newswire.reasons import Reason
from services.ingest.readers.record import Refused

# The longer marks first: UTF-32's little-endian mark begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

BLANK = "It holds nothing but blank lines."

# One control character in a hundred is a stray; more is a format of its own.
CONTROL_SHARE = 0.01

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


def decode(data: bytes) -> str | Refused:
    """The text of ``data``, neither cleaned nor normalised, without its byte order mark."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    if b"\0" in data:
        return _not_text()
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return _not_utf8(data, error)
    return _not_text() if _is_binary(text) else text


def loosely(data: bytes) -> str:
    """The text of the beginning of a file, good enough to tell what it is."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode(errors="replace")


def clean(text: str) -> str:
    """``text`` as articles carry it: NFC, one kind of line end, no control characters but it and the tab."""
    if not _is_plain(text):
        text = _CONTROL.sub("", _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n"))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _is_plain(text: str) -> bool:
    """Whether every character is a line feed or printable: true of most articles, and told ten times faster."""
    return text.replace("\n", "").isprintable()


def _marked(data: bytes, encoding: str) -> str | Refused:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if "unexpected end" in error.reason or "truncated" in error.reason:
            return _truncated(error)
        return _bad(f"It says it is {encoding} and is not", error)
    return _not_text() if "\0" in text or _is_binary(text) else text


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> str | Refused:
    lenient = data.decode(errors="replace")
    bad = lenient.count("\ufffd")
    good = sum(character >= "\x80" for character in lenient) - bad
    if good and bad == 1 and error.reason == "unexpected end of data":
        return _truncated(error)
    if good >= bad:
        # Read as Windows-1252, the good UTF-8 around the bad bytes would come out as two or three characters each.
        return _bad("Most of it is UTF-8, some of it is not", error)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return _bad("It is neither UTF-8 nor Windows-1252", error)
    return _bad("It is neither UTF-8 nor Windows-1252", error) if _CONTROL.search(text) else text


def _is_binary(text: str) -> bool:
    return not _is_plain(text) and len(_CONTROL.findall(text)) > max(1, len(text) * CONTROL_SHARE)


def _not_text() -> Refused:
    return Refused(reason=Reason.NOT_TEXT, message="It holds binary data, not text; drop the article's text instead.")


def _truncated(error: UnicodeDecodeError) -> Refused:
    return Refused(
        reason=Reason.TRUNCATED,
        message="It ends in the middle of a character; send it again, whole.",
        detail=f"{error.encoding}: {error.reason} at byte {error.start}",
    )


def _bad(what: str, error: UnicodeDecodeError) -> Refused:
    return Refused(
        reason=Reason.BAD_ENCODING,
        message=f"{what} (byte {error.start}); save it as UTF-8 and drop it again.",
        detail=f"{error.encoding}: {error.reason} at byte {error.start}",
    )
