"""One entry of a ZIP archive: its header, what it holds, and the description that may follow it.

PKWARE's APPNOTE, sections 4.3.7 to 4.3.9 and 4.5.
"""

import bz2
import struct
import zlib
from collections.abc import Callable
from typing import NamedTuple

from newswire.reasons import Reason
from services.ingest.readers.decompressor import Decompressor, Inflater, Unpacked, zstd_decompressor
from services.ingest.readers.limits import Broken, Budget
from services.ingest.readers.source import CHUNK, Source

DESCRIPTOR = b"PK\x07\x08"

STORED = 0
DECOMPRESSORS: dict[int, Callable[[], Decompressor]] = {
    8: lambda: Inflater(-15),
    12: bz2.BZ2Decompressor,
    93: zstd_decompressor,
}

_FIXED = struct.Struct("<5H3L2H")
_ENCRYPTED, _DESCRIBED, _UTF8 = 0x1, 0x8, 0x800
_ZIP64, _UNICODE_NAME = 0x1, 0x7075
_FULL = 0xFFFFFFFF


class Entry(NamedTuple):
    """An entry's header; ``packed`` and ``size`` are None where only what follows the entry says them."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int | None
    size: int | None

    @property
    def is_encrypted(self) -> bool:
        """Whether a password is needed for what it holds."""
        return bool(self.flags & _ENCRYPTED)

    @property
    def is_described(self) -> bool:
        """Whether checksum and sizes follow what it holds."""
        return bool(self.flags & _DESCRIBED)


def header(source: Source) -> Entry:
    """The header of the entry whose signature was read last; what the entry holds comes next."""
    _, flags, method, _, _, crc, packed, size, name_length, extra_length = _FIXED.unpack(source.exactly(_FIXED.size))
    raw = source.exactly(name_length)
    extra = _extra(source.exactly(extra_length))
    name = _name(raw, flags, extra.get(_UNICODE_NAME, b""))
    wide = extra.get(_ZIP64, b"")
    if size == _FULL and len(wide) >= 8:
        size, wide = int.from_bytes(wide[:8], "little"), wide[8:]
    if packed == _FULL and len(wide) >= 8:
        packed = int.from_bytes(wide[:8], "little")
    if flags & _DESCRIBED and not packed and method != STORED:
        return Entry(name, flags, method, crc, None, None)
    return Entry(name, flags, method, crc, packed, None if flags & _DESCRIBED and not packed else size)


class Content(Unpacked):
    """What one entry holds; ``finish`` takes the source to what follows it, whatever was read."""

    def __init__(self, source: Source, entry: Entry, budget: Budget) -> None:
        super().__init__(budget)
        self._source = source
        self._entry = entry
        self._decompressor = DECOMPRESSORS[entry.method]() if entry.method in DECOMPRESSORS else None
        self._taken = self._made = self._crc = 0
        self._is_at_end = False

    def finish(self) -> None:
        """Raises ``Broken`` where nothing says where the next entry begins."""
        described = self._entry.is_described
        if self._entry.packed is not None and not self._is_at_end:
            self._source.skip(self._entry.packed - self._taken)
            if described:
                self._pass_unread_description(self._entry.packed)
        elif self._broken and (described or self._entry.packed is None):
            raise self._broken
        elif self._entry.packed is not None:
            self._source.skip(self._entry.packed - self._taken)
        elif self._entry.is_encrypted or self._decompressor is None:
            message = "It does not say where an entry ends, so the rest cannot be read; pack it again, into a file."
            raise Broken(Reason.UNSUPPORTED, message)
        else:
            while self.read(CHUNK):
                pass

    def _more(self, size: int) -> bytes:
        if self._is_at_end:
            return b""
        data = self._unpacked(self._decompressor, size) if self._decompressor else self._take(size)
        self._made += len(data)
        self._crc = zlib.crc32(data, self._crc)
        if not data:
            self._end()
        return data

    def _damage(self, error: Exception) -> Broken:
        return Broken(Reason.CORRUPT_ARCHIVE, f"It is damaged inside its archive ({error}); pack it again.", str(error))

    def _take(self, size: int) -> bytes:
        packed = self._entry.packed
        wanted = size if packed is None else min(size, packed - self._taken)
        if not wanted:
            return b""
        data = self._source.read(wanted)
        if not data:
            raise self._source.cut()
        self._taken += len(data)
        return data

    def _unpacked(self, decompressor: Decompressor, size: int) -> bytes:
        while not decompressor.eof:
            given = self._take(CHUNK) if decompressor.needs_input else b""
            if decompressor.needs_input and not given:
                raise ValueError("it ends early")
            data = decompressor.decompress(given, min(size, 4 * CHUNK))
            if decompressor.eof:
                self._taken -= len(decompressor.unused_data)
                self._source.put_back(decompressor.unused_data)
            if data:
                return data
        return b""

    def _end(self) -> None:
        self._is_at_end = True
        entry = self._entry
        if entry.packed is not None and entry.packed != self._taken:
            raise ValueError("it ends early")
        if entry.is_described:
            self._pass_description(self._taken, self._crc, self._made)
        elif (entry.crc, entry.size) != (self._crc, self._made):
            raise ValueError("its checksum differs")

    def _pass_unread_description(self, packed: int) -> None:
        try:
            self._pass_description(packed)
        except ValueError as error:
            message = f"It is damaged behind an entry that was not read ({error}); pack it again."
            raise Broken(Reason.CORRUPT_ARCHIVE, message) from None

    def _pass_description(self, packed: int, crc: int | None = None, size: int | None = None) -> None:
        """What follows an entry: checksum and sizes, of 4 or 8 bytes, with a mark or without; told by what fits."""
        data = self._source.upto(24)
        for mark in (DESCRIPTOR, b""):
            for layout, most in (("<LQQ", 1 << 64), ("<LLL", 1 << 32)):
                length = len(mark) + struct.calcsize(layout)
                if not data.startswith(mark) or len(data) < length:
                    continue
                stated = struct.unpack(layout, data[len(mark) : length])
                known = (crc, packed % most, None if size is None else size % most)
                if all(one is None or one == other for one, other in zip(known, stated, strict=True)):
                    self._source.put_back(data[length:])
                    return
        if len(data) < 24:  # the list that comes after the last entry is longer
            raise self._source.cut()
        raise ValueError("its checksum differs, or it was written to a pipe without compression")


def _extra(data: bytes) -> dict[int, bytes]:
    """The extra fields by their numbers; a length that is too long takes what there is."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        number, length = struct.unpack_from("<HH", data, at)
        fields.setdefault(number, data[at + 4 : at + 4 + length])
        at += 4 + length
    return fields


def _name(raw: bytes, flags: int, unicode_name: bytes) -> str:
    """UTF-8 where it says so or is; else the character set of the first PCs, as the format has it."""
    if unicode_name[:1] == b"\1" and unicode_name[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
        raw, flags = unicode_name[5:], flags | _UTF8
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode(errors="surrogateescape") if flags & _UTF8 else raw.decode("cp437")
