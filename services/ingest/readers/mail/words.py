"""Encoded words and addresses in the headers of an e-mail."""

import binascii
import re
from typing import NamedTuple

from services.ingest.readers.encoding import clean, decode
from services.ingest.readers.record import Refused

ADDRESS_CHARACTERS = 1000  # a longer From header is cut

_ENCODED = re.compile(r"=\?(?P<charset>[^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?(?P<how>[bBqQ])\?(?P<text>[^?]{0,5000})\?=")
_ADDRESS = re.compile(
    r"(?P<name>[^<>]{0,500})<[^<>@]{0,200}@(?P<host>[^<>@\s]{1,300})>"
    r"|[^\s<>@,]{1,200}@(?P<bare>[^<>@\s,]{1,300})(?:\s*\((?P<comment>[^()]{0,300})\))?"
)
_BETWEEN = re.compile(r"(?<=\?=)[ \t]+(?==\?)")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


class Sender(NamedTuple):
    """Who sent it: the name that is shown, and the host of the address."""

    name: str | None
    host: str | None


def readable(value: str) -> str:
    """A header as people read it, in one line; what is not encoded as it says is left as it is."""
    if "=?" in value:
        value = _ENCODED.sub(_word, _BETWEEN.sub("", value))
    return " ".join(clean(value).split())


def sender(value: str) -> Sender:
    """Of a From header: ``Name <address>``, ``address (Name)`` or an address alone; of several the first."""
    found = _ADDRESS.search(value[:ADDRESS_CHARACTERS])
    if found is None:
        return Sender(None, None)
    name = found["name"] or found["comment"] or ""
    shown = readable(name.replace("\\", "")).strip("\"' ,")
    host = (found["host"] or found["bare"]).lower()
    return Sender(shown if "@" not in shown and any(map(str.isalpha, shown)) else None, host)


def _word(match: re.Match[str]) -> str:
    data = match["text"].encode("utf-8", "replace")
    if match["how"] in "qQ":
        raw = _HEX.sub(lambda pair: bytes((int(pair[1], 16),)), data.replace(b"_", b" "))
    else:
        try:
            raw = binascii.a2b_base64(data + b"=" * (-len(data) % 4), strict_mode=True)
        except binascii.Error:
            return match[0]
    text = decode(raw, match["charset"])
    return match[0] if isinstance(text, Refused) else text
