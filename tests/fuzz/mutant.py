"""Inputs for the fuzzer: the same number gives the same input, so that a finding needs no more than its number."""

import bz2
import io
import lzma
import zipfile
from collections.abc import Callable, Mapping, Sequence
from random import Random

from tests.corpus.archives import gzipped, zstd_compressed

# Enough for a quadratic loop to show itself within the limit, little enough to try thousands of others meanwhile.
MOST = 300_000  # bytes
SMALL = 20_000  # bytes

_TOKENS: Sequence[bytes] = (
    b"\0", b"\x01", b"\x02", b"\x03", b"\x04", b"\x1b", b"\x7f", b"\x16", b"\r", b"\n", b"\n\n", b"\r\n\r\n", b"\xff",
    b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", "\u202e\u2028\u0301\ufeff".encode(),
    "ß\u0130\u1e9e".encode(), "\U0010ffff".encode(), b"<", b">", b"&", b"&#0;", b"&#x110000;", b"&amp;lt;", b"</",
    b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE a [", b"<?xml", b"<p>", b"</p>", b"<div>", b"<script>",
    b"<table><tr><td>", b"xmlns:a=\"b\"", b"a:", b'"', b"'", b"\\", b"\\u", b"\\ud800", b"{", b"}", b"[", b"]", b",",
    b":", b"null", b"true", b"-1", b"0", b"1e999", b"NaN", b"9" * 20, b"4294967295", b"18446744073709551616",
    b"99999999999999999999999999", b"0000-00-00", b"9999-12-31T23:59:59-14:00", b"0001-01-01T00:00:00+14:00",
    b"2026-02-30", b"20260213T250000Z", b"--b1", b"--b1--", b"=?utf-8?b?", b"?=", b"=3D", b"Content-Type: ",
    b"charset=utf-16", b"charset=idna", b"boundary=", b"WARC/1.0\r\n", b"Content-Length: -1\r\n", b"PK\x03\x04",
    b"PK\x01\x02", b"\x1f\x8b\x08", b"ustar", b"urn:", b"http://", b"//[", b"%00", b"../", b"stat:canceled",
    b"embargoed", b"Canceled", b";", b"\t",
)  # fmt: skip

_CODECS = (
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-7",
    "latin-1",
    "cp1252",
    "cp1251",
    "shift_jis",
    "cp500",
    "utf-8-sig",
)
_NAMES = (
    "a",
    "a.txt",
    "a.json",
    "a.ndjson",
    "a.csv",
    "a.tsv",
    "a.xml",
    "a.html",
    "a.eml",
    "a.mbox",
    "a.tar",
    "a.gz",
    "\udce9.txt",
    "a\n.txt",
)

Mutation = Callable[[Random, bytes, Mapping[str, Sequence[bytes]]], bytes]


def mutant(start: int, number: int, seeds: Mapping[str, Sequence[bytes]]) -> tuple[str, bytes]:
    """The name and the bytes of input ``number`` of the run that begins with ``start``; formats take turns."""
    random = Random(f"{start}/{number}")  # noqa: S311 - the same for ever, and no secret
    forms = sorted(seeds)
    data = random.choice(seeds[forms[number % len(forms)]])
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        data = random.choice(_MUTATIONS)(random, data, seeds)[:MOST]
    if random.random() < 0.1:
        data = random.choice(_PACKINGS)(data)
        if random.random() < 0.5:
            data = _flipped(random, data, seeds)
    return random.choice(_NAMES), data


def _span(random: Random, data: bytes, most: int = 2_000) -> slice:
    start = random.randint(0, len(data))
    return slice(start, start + min(random.randint(0, 20) if random.random() < 0.5 else random.randint(0, most), most))


def _replaced(data: bytes, at: slice, new: bytes) -> bytes:
    return data[: at.start] + new + data[at.stop :]


def _cut(random: Random, data: bytes, _: object) -> bytes:
    return data[: random.randint(0, len(data))] if random.random() < 0.8 else data[random.randint(0, len(data)) :]


def _flipped(random: Random, data: bytes, _: object) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8)) if changed else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _noised(random: Random, data: bytes, _: object) -> bytes:
    return _replaced(data, _span(random, data, 10), random.randbytes(random.choice((1, 2, 4, 8, 100))))


def _token(random: Random, data: bytes, _: object) -> bytes:
    return _replaced(
        data,
        _span(random, data, 5) if random.random() < 0.5 else slice(at := random.randint(0, len(data)), at),
        random.choice(_TOKENS),
    )


def _dropped(random: Random, data: bytes, _: object) -> bytes:
    return _replaced(data, _span(random, data), b"")


def _doubled(random: Random, data: bytes, _: object) -> bytes:
    at = _span(random, data)
    return _replaced(data, at, data[at] * 2)


def _repeated(random: Random, data: bytes, _: object) -> bytes:
    """What is harmless once may be quadratic."""
    at = _span(random, data, 200)
    piece = data[at] if random.random() < 0.5 else random.choice(_TOKENS)
    most = MOST if random.random() < 0.1 else SMALL
    return _replaced(data, at, piece * (random.randint(0, most) // max(1, len(piece))))


def _nested(random: Random, data: bytes, _: object) -> bytes:
    """Something around something around something."""
    before, after = random.choice(
        (
            (b"<div>", b"</div>"),
            (b"<b>", b"</b>"),
            (b"[", b"]"),
            (b'{"a":', b"}"),
            (b"(", b")"),
            (b"<!--", b"-->"),
            (b'"', b'"'),
        )
    )
    depth, at = random.choice((3, 50, 300, 2_000)), _span(random, data)
    return _replaced(data, at, before * depth + data[at] + after * depth)


def _spliced(random: Random, data: bytes, seeds: Mapping[str, Sequence[bytes]]) -> bytes:
    other = random.choice(seeds[random.choice(sorted(seeds))])
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


def _moved(random: Random, data: bytes, _: object) -> bytes:
    one, at = data[_span(random, data)], random.randint(0, len(data))
    return _replaced(data, slice(at, at), one)


def _encoded(random: Random, data: bytes, _: object) -> bytes:
    return data.decode(errors="replace").encode(random.choice(_CODECS), "replace")


def _zipped(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


_MUTATIONS: Sequence[Mutation] = (
    _cut, _flipped, _noised, _token, _token, _token, _dropped, _doubled, _repeated, _nested, _spliced, _moved, _encoded,
)  # fmt: skip
_PACKINGS: Sequence[Callable[[bytes], bytes]] = (
    gzipped,
    bz2.compress,
    lzma.compress,
    zstd_compressed,
    _zipped,
)
