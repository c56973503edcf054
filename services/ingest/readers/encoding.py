"""Bytes to clean text: which encoding they are in, and what of them is no text.

The order: a byte order mark, UTF-8, what the transport declared, then a guess that
is sure (``guess``). Bytes beyond ASCII that are valid UTF-8 are nothing else, so
UTF-8 comes before a declaration, but for encodings that write with ASCII's bytes.
A guess that would print as gibberish is refused instead.
"""

import codecs
import re
import unicodedata

from newswire.plain import is_plain
from newswire.reasons import Reason
from services.ingest.readers.guess import guess
from services.ingest.readers.mojibake import repaired
from services.ingest.readers.record import Refused

# The longer marks first: UTF-32's little-endian mark begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in MARKS)

# Encodings whose text is ASCII as bytes; a declaration, or the sequence that begins their other letters, tells them.
ESCAPING = frozenset(("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_kr", "hz", "utf_7"))
_ESCAPE = re.compile(rb"\x1b\$[@B]")
# What is declared as Latin-1 or ASCII is Windows-1252 in truth, says WHATWG's encoding standard, and so is the rest.
MEANT = {
    "ascii": "cp1252",
    "iso8859_1": "cp1252",
    "latin_1": "cp1252",
    "iso8859_9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}

# Codecs of text that are no encodings of a file: of host names, of Python's own source, of nothing.
NO_CHARSETS = frozenset(("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"))

# Python remembers every name that it was asked for.
LONGEST_CHARSET = 40  # characters

# UTF-16 without a mark: so many of the first bytes in every other place are zero, and none of the rest; as many of
# these are ASCII's. Binary numbers have zeros, too, but few letters between them.
WIDE_SAMPLE = 4096  # bytes
WIDE_SHARE = 0.6
_NOT_ASCII = bytes([*range(9), *range(14, 32), *range(127, 256)])
_WIDE = frozenset(("utf_16_le", "utf_16_be", "utf_16", "utf_32", "utf_32_le", "utf_32_be"))

BLANK = "It holds nothing but blank lines; was it still being written?"

# One control character in a hundred is a stray; more is a format of its own.
CONTROL_SHARE = 0.01

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_GONE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def decode(data: bytes, charset: str | None = None) -> str | Refused:
    """The text of ``data``, neither cleaned nor normalised, without its byte order mark.

    ``charset`` is what the transport or the document itself declared; an unknown
    one counts as none.
    """
    if data.startswith(_ANY_MARK):
        for mark, encoding in MARKS:
            if data.startswith(mark):
                return _marked(data[len(mark) :], encoding)
    declared = codec_of(charset)
    if declared in ESCAPING or (declared is None and b"\x1b" in data and _ESCAPE.search(data)):
        return _declared(data, declared or "iso2022_jp")
    if b"\0" in data:
        unmarked = declared if declared in _WIDE else wide(data)
        return _marked(data, unmarked) if unmarked else _not_text()
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return _not_utf8(data, error, declared)
    return _not_text() if _is_binary(text) else text


def codec_of(charset: str | None) -> str | None:
    """The name of the codec for what is declared as ``charset``; None where it names none for text."""
    if not charset or len(charset) > LONGEST_CHARSET:
        return None
    try:
        found = codecs.lookup(charset.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    name = found.name.replace("-", "_")
    return MEANT.get(name, name) if found._is_text_encoding and name not in NO_CHARSETS else None


def wide(data: bytes) -> str | None:
    """The codec of UTF-16 without a mark, of which every other byte is zero where the text is Latin; else None."""
    sample = data[:WIDE_SAMPLE]
    half = len(sample) // 2
    for encoding, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        narrow = len(low.translate(None, _NOT_ASCII))
        if half and 0 not in low and min(high.count(0), narrow) >= half * WIDE_SHARE:
            return encoding
    return None


def loosely(data: bytes) -> str:
    """The text of the beginning of a file, good enough to tell what it is."""
    if data.startswith(_ANY_MARK):
        for mark, encoding in MARKS:
            if data.startswith(mark):
                return data[len(mark) :].decode(encoding, "replace")
    return data.decode(errors="replace")


def clean(text: str) -> str:
    """``text`` as articles carry it: NFC, mojibake repaired where certain, one kind of line end.

    No control characters but the line end and the tab; none that only steer how text
    is laid out (soft hyphens, zero-width spaces, marks of direction), because a word
    with one inside is not found. Joiners stay: Persian, Hindi and emoji are spelt
    with them. Half a surrogate pair is no character and goes.
    """
    if text.isascii():
        return text if is_plain(text) else _CONTROL.sub("", _LINE_ENDS.sub("\n", text))
    text = repaired(text)
    if not is_plain(text):
        text = _GONE.sub("", _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n"))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _marked(data: bytes, encoding: str) -> str | Refused:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if "unexpected end" in error.reason or "truncated" in error.reason:
            return _truncated(error)
        return _bad(f"It says it is {encoding} and is not", error)
    return _not_text() if "\0" in text or _is_binary(text) else text


def _not_utf8(data: bytes, error: UnicodeDecodeError, declared: str | None) -> str | Refused:
    if declared and declared != "utf_8" and isinstance(text := _declared(data, declared), str):
        return text
    lenient = data.decode(errors="replace")
    bad = lenient.count("\ufffd")
    good = sum(character >= "\x80" for character in lenient) - bad
    if good and bad == 1 and error.reason == "unexpected end of data":
        return _truncated(error)
    if good >= bad:
        # Read as Windows-1252, the good UTF-8 around the bad bytes would come out as two or three characters each.
        return _bad("Most of it is UTF-8, some of it is not", error)
    guessed = guess(data)
    if guessed and isinstance(text := _declared(data, guessed), str):
        return text
    return _bad("It is not UTF-8, and what else it is cannot be told", error)


def _declared(data: bytes, encoding: str) -> str | Refused:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        return _bad(f"It is declared as {encoding} and is not", error)
    return _not_text() if _is_binary(text) else text


def _is_binary(text: str) -> bool:
    return not is_plain(text) and len(_CONTROL.findall(text)) > max(1, len(text) * CONTROL_SHARE)


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
