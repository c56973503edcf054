"""Every format there is, in the order in which they are asked: what is surest by its content comes first."""

import re
import string
from collections.abc import Iterable

from services.ingest.readers import (
    anpa1312,
    compressed,
    csv,
    eml,
    feed,
    html,
    iptc7901,
    json,
    mailbox,
    ndjson,
    newsml1,
    newsmlg2,
    nitf,
    ritzau,
    tar,
    text,
    warc,
    withdrawal,
    wxr,
    xml,
    zip,
)
from services.ingest.readers.format import Container, Document, Format, Head, Stream, Unread

# The first bytes of what is no text and has no reader.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"OggS", "a sound or film"),
    (b"ID3", "a sound"),
    (b"fLaC", "a sound"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x9d", "a file packed with compress"),
    (b"\x04\x22\x4d\x18", "an LZ4 file"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
)

_MARKUP = re.compile(r"<(?:\?xml|!doctype|!--|[a-z][\w.:-]*[\s/>])", re.IGNORECASE)


_MAGIC = re.compile(b"|".join(re.escape(magic) for magic, _ in MAGIC))
_KINDS = dict(MAGIC)


def _is_unread(head: Head) -> bool:
    return bool(_MAGIC.match(head.data))


def _kind(head: Head) -> str:
    found = _MAGIC.match(head.data)
    return _KINDS[found[0]] if found else "in a format of its own"


def _firsts(beginnings: Iterable[bytes]) -> bytes:
    """The first bytes of ``beginnings``."""
    return bytes({one[0] for one in beginnings})


# What stands before the text of a wire's message.
_LEADER = b"\0\t\n\v\f\r \x01\x16\x7f"
_ANY = bytes(range(256))
# Each with the bytes that its files begin with.
_PACKED: tuple[tuple[bytes, Format], ...] = (
    *((_firsts(one.begins), Container(one.name, one.recognises, one.members)) for one in compressed.COMPRESSIONS),
    (_firsts(zip.BEGINNINGS), Unread(zip.is_package, lambda _: "an office document, an e-book or a program")),
    (_firsts(zip.BEGINNINGS), Container("zip", zip.recognises, zip.members)),
    (_ANY, Container("tar", tar.recognises, tar.members)),
    (_firsts([warc.BEGINNING]), Container("warc", warc.recognises, warc.members)),
    (_firsts(magic for magic, _ in MAGIC), Unread(_is_unread, _kind)),
    (_LEADER, Stream("anpa1312", anpa1312.recognises, anpa1312.read)),
    (_LEADER + string.ascii_letters.encode(), Stream("iptc7901", iptc7901.recognises, iptc7901.read)),
)
# All of these begin with an angle bracket.
_MARKED_UP: tuple[Format, ...] = (
    Document("nitf", nitf.recognises, nitf.read),
    Document("newsml", newsml1.recognises, newsml1.read),
    Document("newsml-g2", newsmlg2.recognises, newsmlg2.read),
    Document("ritzau", ritzau.recognises, ritzau.read),
    Stream("wxr", wxr.recognises, wxr.read),
    Document("feed", feed.recognises, feed.read),
    Document("html", html.recognises, html.read),
    Document("xml", xml.recognises, xml.read),
    Unread(lambda head: bool(_MARKUP.match(head.text)), lambda _: "an HTML or XML document"),
)
_WRITTEN: tuple[Format, ...] = (
    Document("withdrawal", withdrawal.recognises, withdrawal.read),
    Stream("ndjson", ndjson.recognises, ndjson.read),
    Stream("json", json.recognises, json.read),
    Stream("csv", csv.recognises, csv.read),
    Container("mbox", mailbox.recognises, mailbox.members),
    Container("eml", eml.recognises, eml.members),
    Document("text", text.recognises, text.read),
)
FORMATS = (*(form for _, form in _PACKED), *_MARKED_UP, *_WRITTEN)


def _asked(texts: tuple[Format, ...]) -> list[tuple[Format, ...]]:
    """By the first byte of a file, what is asked of it: what is packed and begins so, then ``texts``."""
    return [(*(form for firsts, form in _PACKED if first in firsts), *texts) for first in range(256)]


_ASKED_OF_MARKUP = _asked((*_MARKED_UP, *_WRITTEN))
_ASKED = _asked(_WRITTEN)


def format_of(head: Head) -> Format:
    """The first of ``FORMATS`` that recognises ``head``; text recognises whatever no other does."""
    asked = _ASKED_OF_MARKUP if head.text.startswith(xml.BEGINNINGS) else _ASKED
    for form in asked[head.data[0]] if head.data else FORMATS:
        if form.recognises(head):
            return form
    raise AssertionError("text recognises everything")
