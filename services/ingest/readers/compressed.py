"""Compressed files: gzip, bzip2, xz and Zstandard, each a container of one member.

Unpacked as it is read, in constant memory: several streams one after another are
one (``cat a.gz b.gz``), zeros and line ends after the last are padding, anything
else there is damage.
"""

import bz2
import lzma
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from newswire.reasons import Reason
from services.ingest.readers.decompressor import WINDOW, Decompressor, Inflater, Unpacked, zstd_decompressor
from services.ingest.readers.format import Context, Head, Member
from services.ingest.readers.limits import Broken, Budget, Bytes
from services.ingest.readers.source import CHUNK, PADDING, Source

# No compression is known by more bytes.
SHORT = 10


class Compression(NamedTuple):
    """``suffixes`` and what stands in their place in the name of what is inside."""

    name: str
    begins: tuple[bytes, ...]
    suffixes: dict[str, str]
    decompressor: Callable[[], Decompressor]

    def recognises(self, head: Head) -> bool:
        """By its first bytes, or by those of them that were written so far, where they are no text."""
        data = head.data
        return data.startswith(self.begins) or (
            1 < len(data) < SHORT and not data.isascii() and any(begins.startswith(data) for begins in self.begins)
        )

    def members(self, stream: Bytes, context: Context) -> Iterator[Member]:
        """See ``format.Container``."""
        source = Source(stream)
        yield Member(
            self._inside(context.name, source), _Content(source, self, context.budget or Budget(context.limits))
        )

    def _inside(self, name: str, source: Source) -> str:
        for suffix, instead in self.suffixes.items():
            if name.lower().endswith(suffix) and len(name) > len(suffix):
                return name[: -len(suffix)] + instead
        head = source.upto(CHUNK)
        source.put_back(head)
        return (self.name == "gzip" and _stored_name(head)) or name


class _Content(Unpacked):
    """What a compressed stream holds."""

    def __init__(self, source: Source, compression: Compression, budget: Budget) -> None:
        super().__init__(budget)
        self._source = source
        self._compression = compression
        self._decompressor = compression.decompressor()

    def _more(self, size: int) -> bytes:
        try:
            return self._next(size)
        except Broken as broken:  # what follows an end has been looked for and cannot be again
            self._broken = broken
            raise

    def _next(self, size: int) -> bytes:
        while not self._decompressor.eof or self._goes_on():
            given = self._source.read(CHUNK) if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not given:
                raise self._source.cut()
            if data := self._decompressor.decompress(given, min(size, 4 * CHUNK)):
                return data
        return b""

    def _goes_on(self) -> bool:
        """Whether another stream follows the one that has ended."""
        self._source.put_back(self._decompressor.unused_data)
        rest = b""
        while not rest and (data := self._source.read(CHUNK)):
            rest = data.lstrip(PADDING)
        begins = self._compression.begins
        rest += self._source.upto(max(0, max(map(len, begins)) - len(rest)))
        self._source.put_back(rest)
        if rest.startswith(begins):
            self._decompressor = self._compression.decompressor()
            return True
        if rest and any(beginning.startswith(rest) for beginning in begins):
            raise self._source.cut()
        if rest:
            raise ValueError("other bytes follow its end")
        return False

    def _damage(self, error: Exception) -> Broken:
        if "emory" in str(error):  # both libraries with a limit say so: "memory usage limit", "too much memory"
            message = f"It needs more than {WINDOW:,} bytes of memory to unpack; pack it with the usual window."
            return Broken(Reason.UNSUPPORTED, message, str(error))
        message = f"Its {self._compression.name} data are damaged ({error}); send it again."
        return Broken(Reason.CORRUPT_ARCHIVE, message, str(error))


def _stored_name(head: bytes) -> str | None:
    """The name that gzip wrote down (RFC 1952): after the extra field, up to a zero byte, without directories."""
    flags, at = head[3:4], 10
    if not flags or not flags[0] & 8:
        return None
    if flags[0] & 4:
        at += 2 + int.from_bytes(head[10:12], "little")
    name = head[at : max(at, head.find(b"\0", at))].decode("latin-1")
    return re.split(r"[/\\]", name)[-1] or None


COMPRESSIONS = (
    Compression(
        "gzip",
        (b"\x1f\x8b\x08",),
        {".gz": "", ".gzip": "", ".tgz": ".tar", ".svgz": ".svg"},
        lambda: Inflater(31),
    ),
    Compression(
        "bzip2",
        # The level, and the first block or the end of a stream without one: "BZh" alone could begin a text.
        tuple(b"BZh%d%s" % (level, block) for level in range(1, 10) for block in (b"1AY&SY", b"\x17rE8P\x90")),
        {".bz2": "", ".bz": "", ".tbz": ".tar", ".tbz2": ".tar"},
        bz2.BZ2Decompressor,
    ),
    Compression(
        "xz",
        (b"\xfd7zXZ\0",),
        {".xz": "", ".txz": ".tar"},
        lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=WINDOW),
    ),
    Compression(
        "zstd",
        # A frame, and the sixteen kinds of frames that are to be skipped.
        (b"\x28\xb5\x2f\xfd", *(bytes((kind, 0x2A, 0x4D, 0x18)) for kind in range(0x50, 0x60))),
        {".zst": "", ".zstd": "", ".tzst": ".tar"},
        zstd_decompressor,
    ),
)
