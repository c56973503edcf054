"""Readers: the bytes of one file to its records, one format a file.

Pure: no clock, no file system, no network; nothing in the bytes makes them do
more than return ``Records``. The reader is chosen by content first; the name
decides only where the content could be more than one thing.
"""

import os
import re
import traceback
from datetime import tzinfo

from newswire.reasons import Reason
from services.ingest.readers.encoding import clean, decode
from services.ingest.readers.json import read_json
from services.ingest.readers.record import Records, Refused
from services.ingest.readers.text import read_text

# The first bytes of what is no text, or text in a format that has no reader; longest first where one begins another.
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
UNREAD_NAMES = {
    ".csv": "a table",
    ".tsv": "a table",
    ".eml": "an e-mail",
    ".mbox": "a mailbox",
}

JSON_NAMES = (".json", ".ndjson", ".jsonl")

_MARKUP = re.compile(r"<(?:\?xml|!doctype|!--|[a-z][\w.:-]*[\s/>])", re.IGNORECASE)
_JSON = re.compile(r'\{\s*["}]|\[\s*[\[\]{"]|[\[{]\s*\Z')


def read_records(data: bytes, name: str, zone: tzinfo) -> Records:
    """The records of the file ``name`` with the bytes ``data``; dates that name no zone are in ``zone``.

    Never raises: what a reader did not foresee is refused as ``bad_format``, with
    the traceback for a developer.
    """
    try:
        return _read(data, name.lower(), zone)
    except Exception:  # a bug in a reader must not stop the others' articles
        message = "Its reader failed on it; please report it with the file."
        return Records.refused("unknown", Reason.BAD_FORMAT, message, traceback.format_exc(limit=-6))


def _read(data: bytes, name: str, zone: tzinfo) -> Records:
    if not data:
        return Records.refused("unknown", Reason.EMPTY, "It has no bytes; was it still being written?")
    if kind := next((kind for magic, kind in MAGIC if data.startswith(magic)), None):
        return _unsupported(kind)
    text = decode(data)
    return Records(format="unknown", records=[text]) if isinstance(text, Refused) else _choose(text, name, zone)


def _choose(text: str, name: str, zone: tzinfo) -> Records:
    """By what the text begins with, then by the name."""
    start = text.lstrip()[:1000]
    if not start:
        found = Records.refused("unknown", Reason.EMPTY, "It holds nothing but blank lines.")
    elif _MARKUP.match(start):
        found = _unsupported("an HTML or XML document")
    elif _JSON.match(start):
        found = read_json(text.encode(), zone)
    elif name.endswith(JSON_NAMES):
        message = "It is named as JSON and does not begin like it; correct its content or its name."
        found = Records.refused("json", Reason.BAD_FORMAT, message)
    elif kind := UNREAD_NAMES.get(os.path.splitext(name)[1]):
        found = _unsupported(kind)
    else:
        found = Records(format="text", records=[read_text(clean(text), zone)])
    return found


def _unsupported(kind: str) -> Records:
    message = f"It is {kind}, which is not read yet; drop the article as text or JSON."
    return Records.refused("unknown", Reason.UNSUPPORTED, message)
