"""Every format there is, in the order in which they are asked: what is surest by its content comes first."""

import re
from collections.abc import Callable

from services.ingest.readers import json, text
from services.ingest.readers.format import Document, Format, Head, Unread

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
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"WARC/", "a web archive"),
    (b"\x16\x16\x01", "an ANPA 1312 message"),
    (b"\x01", "an IPTC 7901 message"),
)

# Formats that are text and whose content does not give them away.
NAMES: tuple[tuple[str, str], ...] = (
    (".csv", "a table"),
    (".tsv", "a table"),
    (".eml", "an e-mail"),
    (".mbox", "a mailbox"),
)

_MARKUP = re.compile(r"<(?:\?xml|!doctype|!--|[a-z][\w.:-]*[\s/>])", re.IGNORECASE)


def _begins(magic: bytes) -> Callable[[Head], bool]:
    return lambda head: head.data.startswith(magic)


def _is_named(suffix: str) -> Callable[[Head], bool]:
    return lambda head: head.name.endswith(suffix)


FORMATS: tuple[Format, ...] = (
    *(Unread(kind, _begins(magic)) for magic, kind in MAGIC),
    Unread("an HTML or XML document", lambda head: bool(_MARKUP.match(head.text))),
    Document("json", json.recognises, json.read),
    *(Unread(kind, _is_named(suffix)) for suffix, kind in NAMES),
    Document("text", text.recognises, text.read),
)
