"""ZIP archives, read from front to back: entry after entry, never through the list at the end.

So nothing has to be sought, entries cannot overlap, and an archive that is cut off
gives what came before the cut. The list is read last, to know that the archive is
whole and to notice what it holds beside. PKWARE's APPNOTE, sections 4.3 to 4.5.
"""

import io
import re
import struct
from collections.abc import Iterator

from newswire.reasons import Reason
from services.ingest.readers.archived import is_passed_over, named
from services.ingest.readers.format import Context, Head, Member
from services.ingest.readers.limits import Broken, Budget, Bytes
from services.ingest.readers.record import Refused
from services.ingest.readers.source import CHUNK, PADDING, Source
from services.ingest.readers.zipentry import DECOMPRESSORS, DESCRIPTOR, STORED, Content, Entry, header

ENTRY, LISTED, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END64, LOCATOR, SIGNED, EXTRA = b"PK\x06\x06", b"PK\x06\x07", b"PK\x05\x05", b"PK\x06\x08"
# Before the first entry of an archive that might have been split and was not.
SPLIT = (DESCRIPTOR, b"PK00")
BEGINNINGS = (ENTRY, END, *(mark + ENTRY for mark in SPLIT))

METHODS = {1: "shrunk", 6: "imploded", 9: "Deflate64", 14: "LZMA", 95: "XZ", 97: "WavPack", 98: "PPMd"}

# Only the list says what is a link, and it comes too late. A text that is one path is one, or no article either way.
LONGEST_LINK = 4095
_LINK = re.compile(rb"[\w./@+~%-]+")

# What Word, Excel, PowerPoint, Google Docs, LibreOffice, EPUB writers and Java put first.
_PART = re.compile(
    rb"(?:\[Content_Types\]\.xml|mimetype|META-INF/.*|_rels/\.rels|docProps/.*|(?:word|xl|ppt)/[\w/]+\.xml)\Z",
    re.DOTALL,
)


def recognises(head: Head) -> bool:
    """By its first bytes: an entry, or the end of an archive that has none."""
    return head.data.startswith(BEGINNINGS)


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
        entry = header(source)
        content = Content(source, entry, budget)
        if not is_passed_over(entry.name):
            yield _member(entry, content)
        content.finish()
        signature = source.exactly(4)
    listed = _list(source, signature)
    if listed != found:
        message = f"It lists {listed:,} files and holds {found:,}; pack it again."
        yield Refused(reason=Reason.CORRUPT_ARCHIVE, message=message)


def _member(entry: Entry, content: Content) -> Member | Refused:
    name = named(entry.name)
    if isinstance(name, Refused):
        return name
    if entry.is_encrypted:
        message = f"{name} is protected by a password; unpack the archive and drop what it holds."
        return Refused(reason=Reason.ENCRYPTED, message=message)
    if entry.method != STORED and entry.method not in DECOMPRESSORS:
        method = METHODS.get(entry.method, f"method {entry.method}")
        message = f"{name} is packed in a way that is not read ({method}); pack it again with Deflate."
        return Refused(reason=Reason.UNSUPPORTED, message=message)
    if entry.size is not None and 0 < entry.size <= LONGEST_LINK:
        return _unless_link(name, entry.size, content)
    return Member(name, content)


def _unless_link(name: str, size: int, content: Content) -> Member | Refused:
    try:
        data = Source(content).upto(size + 1)
    except Broken:  # its reader meets the same again
        return Member(name, content)
    if _LINK.fullmatch(data):
        message = f"{name} is a symbolic link, or a text of one word; put the file itself into the archive."
        return Refused(reason=Reason.NOT_REGULAR, message=message)
    return Member(name, io.BytesIO(data))


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
