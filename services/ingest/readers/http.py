"""A recorded answer of a web server: its status, its headers, and the page in it without the transport's wrapping."""

import re
import sys
import zlib
from collections.abc import Callable
from email.message import Message
from typing import NamedTuple

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Servers refuse less.
LONGEST_HEADERS = 256 * 1024  # bytes
# Nobody wraps a page more often; each time costs a copy of it.
MOST_ENCODINGS = 3

_PIECE = 16 * 1024  # bytes that are unpacked at a time

_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_CHUNK = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")
_GZIP, _ZSTD, _DEFLATE, _BARE_DEFLATE = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", 15, -15


class Kind(NamedTuple):
    """A media type in small letters, and the charset it was said to be in."""

    name: str
    charset: str | None = None


class Answer(NamedTuple):
    """The head of a response; ``size`` bytes of the record were its headers."""

    status: int
    kind: Kind
    transfer: str
    encodings: tuple[str, ...]
    size: int


def answer(data: bytes) -> Answer | None:
    """The response that begins with ``data``; None where it does not, or its headers do not end."""
    status, end = _STATUS.match(data), _END.search(data)
    if status is None or end is None:
        return None
    fields = headers(data[: end.start()])
    encodings = re.split(r"[,\s]+", fields.get("content-encoding", "").lower())
    return Answer(
        int(status[1]),
        kind(fields.get("content-type")),
        fields.get("transfer-encoding", "").lower(),
        tuple(one for one in encodings if one not in ("", "identity"))[:MOST_ENCODINGS],
        end.end(),
    )


def headers(data: bytes) -> dict[str, str]:
    """The fields in ``data`` by their names in small letters, the first of each; lines that are none are skipped."""
    fields: dict[str, str] = {}
    last = ""
    for line in data.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t"):
            if last:
                fields[last] = f"{fields[last]} {line.strip()}"
        elif colon and name.strip():
            last = name.strip().lower()
            fields.setdefault(last, value.strip())
    return fields


def kind(content_type: str | None) -> Kind:
    """The media type that a ``Content-Type`` says; ``""`` where it says none."""
    written = Message()
    written["Content-Type"] = re.sub(r"\s+", " ", content_type or "")[:500]
    name = (content_type or "").partition(";")[0].strip().lower()
    charset = written.get_param("charset")
    return Kind(name, charset.strip(" \"'") or None if isinstance(charset, str) else None)


def page(answer: Answer, body: bytes, limit: int) -> bytes:
    """``body`` without chunks and compression, ``limit`` bytes of it at most.

    Crawlers unwrap pages and leave the headers as they were: what is not wrapped
    as they say stays as it is. Of gzip and deflate that are cut off or damaged, what comes before.
    """
    if "chunked" in answer.transfer:
        body = _unchunked(body)
    for encoding in reversed(answer.encodings):
        unpack = _UNPACKERS.get(encoding)
        body = unpack(body, limit) if unpack else body
    return body[:limit]


def _unchunked(body: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while (size := _CHUNK.match(body, at)) and (length := int(size[1], 16)):
        parts.append(body[size.end() : size.end() + length])
        at = size.end() + length
    return b"".join(parts) if parts else body


def _inflated(body: bytes, limit: int) -> bytes:
    if not body.startswith(_GZIP):
        return body
    return _zlib(body, limit, 31)


def _deflated(body: bytes, limit: int) -> bytes:
    """``deflate`` is zlib's format by the book and bare deflate in practice."""
    return _zlib(body, limit, _DEFLATE) or _zlib(body, limit, _BARE_DEFLATE) or body


def _zlib(body: bytes, limit: int, wbits: int) -> bytes:
    unpacking = zlib.decompressobj(wbits)
    parts: list[bytes] = []
    # In pieces, so that what stands before the damage is not lost with it.
    for at in range(0, len(body), _PIECE):
        try:
            part = unpacking.decompress(unpacking.unconsumed_tail + body[at : at + _PIECE], limit)
        except zlib.error:
            break
        parts.append(part)
        limit -= len(part)
        if limit <= 0 or unpacking.eof:
            break
    return b"".join(parts)


def _brotli(body: bytes, limit: int) -> bytes:
    try:
        return brotli.Decompressor().process(body, output_buffer_limit=limit)[:limit] or body
    except brotli.error:
        return body


def _zstandard(body: bytes, limit: int) -> bytes:
    if not body.startswith(_ZSTD):
        return body
    try:
        return zstd.ZstdDecompressor().decompress(body, limit)
    except zstd.ZstdError:
        return body


_UNPACKERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _inflated,
    "x-gzip": _inflated,
    "deflate": _deflated,
    "br": _brotli,
    "zstd": _zstandard,
}
