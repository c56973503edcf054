"""ZIP archives, read from front to back: entry after entry, never through the list at the end.

So nothing has to be sought, entries cannot overlap, and an archive that is cut off
gives what came before the cut. The list is read last, to know that the archive is
whole and to notice what it holds beside. PKWARE's APPNOTE, sections 4.3 to 4.5.
"""

import bz2
import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from newswire.reasons import Reason
from services.ingest.readers.archived import is_passed_over, named
from services.ingest.readers.compressed import ERRORS, PADDING, Decompressor, Inflater, zstd_decompressor
from services.ingest.readers.format import Context, Head, Member
from services.ingest.readers.limits import Broken, Budget, Bytes
from services.ingest.readers.record import Refused
from services.ingest.readers.source import CHUNK, Source

ENTRY, LISTED, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END64, LOCATOR, SIGNED, EXTRA, DESCRIPTOR = b"PK\x06\x06", b"PK\x06\x07", b"PK\x05\x05", b"PK\x06\x08", b"PK\x07\x08"
# Before the first entry of an archive that might have been split and was not.
SPLIT = (DESCRIPTOR, b"PK00")

STORED = 0
DECOMPRESSORS: dict[int, Callable[[], Decompressor]] = {
    8: lambda: Inflater(-15),
    12: bz2.BZ2Decompressor,
    93: zstd_decompressor,
}
METHODS = {1: "shrunk", 6: "imploded", 9: "Deflate64", 14: "LZMA", 95: "XZ", 97: "WavPack", 98: "PPMd"}

_FIXED = struct.Struct("<5H3L2H")
_ENCRYPTED, _DESCRIBED, _UTF8 = 0x1, 0x8, 0x800
_ZIP64, _UNICODE_NAME = 0x1, 0x7075
_FULL = 0xFFFFFFFF

# Only the list says what is a link, and it comes too late. A text that is one path is one, or no article either way.
LONGEST_LINK = 4095
_LINK = re.compile(rb"[\w./@+~%-]+")

# What Word, Excel, PowerPoint, Google Docs, LibreOffice, EPUB writers and Java put first.
_PART = re.compile(
    rb"(?:\[Content_Types\]\.xml|mimetype|META-INF/.*|_rels/\.rels|docProps/.*|(?:word|xl|ppt)/[\w/]+\.xml)\Z",
    re.DOTALL,
)


class _Entry(NamedTuple):
    """An entry's header; ``packed`` and ``size`` are None where only what follows the entry says them."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int | None
    size: int | None


def recognises(head: Head) -> bool:
    """By its first bytes: an entry, or the end of an archive that has none."""
    return head.data.startswith((ENTRY, END, *(mark + ENTRY for mark in SPLIT)))


def is_package(head: Head) -> bool:
    """Whether it is one document in many parts (Office, OpenDocument, EPUB, a program): by the name of its first."""
    if not head.data.startswith(ENTRY) or len(head.data) < 30:
        return False
    length = int.from_bytes(head.data[26:28], "little")
    return bool(_PART.match(head.data[30 : 30 + length]))


def members(stream: Bytes, context: Context) -> Iterator[Member | Refused]:
    """See ``format.Container``."""
    source = Source(stream)
    budget = context.budget or Budget(context.limits)
    found = 0
    signature = source.exactly(4)
    if signature in SPLIT:
        signature = source.exactly(4)
    while signature == ENTRY:
        found += 1
        entry = _entry(source)
        content = _Content(source, entry, budget)
        if not is_passed_over(entry.name):
            yield _member(entry, content)
        content.finish()
        signature = source.exactly(4)
    listed = _list(source, signature)
    if listed != found:
        message = f"It lists {listed:,} files and holds {found:,}; pack it again."
        yield Refused(reason=Reason.CORRUPT_ARCHIVE, message=message)


def _member(entry: _Entry, content: "_Content") -> Member | Refused:
    name = named(entry.name)
    if isinstance(name, Refused):
        return name
    if entry.flags & _ENCRYPTED:
        message = f"{name} is protected by a password; unpack the archive and drop what it holds."
        return Refused(reason=Reason.ENCRYPTED, message=message)
    if entry.method != STORED and entry.method not in DECOMPRESSORS:
        method = METHODS.get(entry.method, f"method {entry.method}")
        message = f"{name} is packed in a way that is not read ({method}); pack it again with Deflate."
        return Refused(reason=Reason.UNSUPPORTED, message=message)
    if entry.size is not None and 0 < entry.size <= LONGEST_LINK:
        return _unless_link(name, entry.size, content)
    return Member(name, content)


def _unless_link(name: str, size: int, content: "_Content") -> Member | Refused:
    try:
        data = Source(content).upto(size + 1)
    except Broken:  # its reader meets the same again
        return Member(name, content)
    if _LINK.fullmatch(data):
        message = f"{name} is a symbolic link, or a text of one word; put the file itself into the archive."
        return Refused(reason=Reason.NOT_REGULAR, message=message)
    return Member(name, io.BytesIO(data))


class _Content:
    """What one entry holds; ``finish`` takes the source to what follows it, whatever was read."""

    def __init__(self, source: Source, entry: _Entry, budget: Budget) -> None:
        self._source = source
        self._entry = entry
        self._budget = budget
        self._decompressor = DECOMPRESSORS[entry.method]() if entry.method in DECOMPRESSORS else None
        self._taken = self._made = self._crc = 0
        self._is_at_end = False
        self._broken: Broken | None = None

    def read(self, size: int = -1, /) -> bytes:
        """See ``limits.Bytes``."""
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        if self._broken:
            raise self._broken
        if self._is_at_end or not size:
            return b""
        try:
            data = self._unpacked(self._decompressor, size) if self._decompressor else self._take(size)
            self._made += len(data)
            self._crc = zlib.crc32(data, self._crc)
            if not data:
                self._end()
        except ERRORS as error:
            message = f"It is damaged inside its archive ({error}); pack it again."
            self._broken = Broken(Reason.CORRUPT_ARCHIVE, message, str(error))
            raise self._broken from None
        self._budget.unpacked(len(data))
        return data

    def finish(self) -> None:
        """Raises ``Broken`` where nothing says where the next entry begins."""
        described = self._entry.flags & _DESCRIBED
        if self._entry.packed is not None and not self._is_at_end:
            self._source.skip(self._entry.packed - self._taken)
            if described:
                self._pass_unread_description(self._entry.packed)
        elif self._broken and (described or self._entry.packed is None):
            raise self._broken
        elif self._entry.packed is not None:
            self._source.skip(self._entry.packed - self._taken)
        elif self._entry.flags & _ENCRYPTED or self._decompressor is None:
            message = "It does not say where an entry ends, so the rest cannot be read; pack it again, into a file."
            raise Broken(Reason.UNSUPPORTED, message)
        else:
            while self.read(CHUNK):
                pass

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
        if entry.flags & _DESCRIBED:
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


def _entry(source: Source) -> _Entry:
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
        return _Entry(name, flags, method, crc, None, None)
    return _Entry(name, flags, method, crc, packed, None if flags & _DESCRIBED and not packed else size)


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


def _list(source: Source, signature: bytes) -> int:
    """How many files the list at the end names; raises ``Broken`` where it is no list or has no end."""
    listed = 0
    while signature != END:
        if signature == LISTED:
            lengths = struct.unpack("<3H", source.exactly(42)[24:30])
            source.skip(sum(lengths))
            listed += 1
        elif signature in (END64, EXTRA, LOCATOR, SIGNED):
            layout = {END64: "<Q", EXTRA: "<L", LOCATOR: "<16x", SIGNED: "<H"}[signature]
            length = struct.unpack(layout, source.exactly(struct.calcsize(layout)))
            source.skip(*length or (0,))
        else:
            raise Broken(Reason.CORRUPT_ARCHIVE, "It is damaged: no entry begins where one should; pack it again.")
        signature = source.exactly(4)
    source.skip(struct.unpack("<16xH", source.exactly(18))[0])
    while data := source.read(CHUNK):
        if data.strip(PADDING):
            raise Broken(Reason.CORRUPT_ARCHIVE, "Other bytes follow its end; pack it again, or drop its parts apart.")
    return listed
