"""tar archives (v7, ustar, GNU, pax), read from front to back in constant memory.

The standard library parses each header block; the loop is our own, because its
reader keeps every member it has seen and reads a long name of any length.
"""

import re
import tarfile
from collections.abc import Iterator, Mapping

from newswire.reasons import Reason
from services.ingest.readers.archived import is_passed_over, named
from services.ingest.readers.format import Context, Head, Member
from services.ingest.readers.limits import Broken, Bytes
from services.ingest.readers.record import Refused
from services.ingest.readers.source import Source

BLOCK = tarfile.BLOCKSIZE

# Names and attributes of one file; a path has 4,096 bytes.
LONGEST_HEADER = 1024 * 1024  # bytes

_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_DESCRIPTIONS = (*_PAX, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
# Directories, and GNU's name of a tape and list of a directory.
_NO_FILES = (tarfile.DIRTYPE, b"V", b"D")
_KINDS = {
    tarfile.LNKTYPE: "a second name of another file",
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a named pipe",
    tarfile.GNUTYPE_SPARSE: "a file with holes",
}
_WITHOUT_CONTENT = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.FIFOTYPE,
    tarfile.DIRTYPE,
)

_RECORD = re.compile(rb"(?P<length>\d{1,9}) (?P<key>[^=\n]{1,1000})=")
_Header = tarfile.TarInfo


def recognises(head: Head) -> bool:
    """By the mark of ustar and its followers, else by a checksum that fits, under a name that says so."""
    if head.data[257:262] == b"ustar":
        return True
    if not head.name.endswith(".tar"):
        return False
    block = head.data[:BLOCK]
    return len(block) == BLOCK and (not any(block) or isinstance(_parsed(block), _Header))


def members(stream: Bytes, context: Context) -> Iterator[Member | Refused]:
    """See ``format.Container``. Archives one after another are one, as for ``tar --ignore-zeros``."""
    source = Source(stream)
    has_ended = False
    attributes: dict[str, str] = {}
    while block := source.upto(BLOCK):
        if not any(block):
            has_ended = True
            continue
        if len(block) < BLOCK:
            raise source.cut()
        has_ended = False
        header = _header(block)
        if header.type in _DESCRIPTIONS:
            attributes |= _attributes(header.type, _payload(source, header.size))
            continue
        yield from _member(source, block, header, attributes)
        attributes = {}
    if not has_ended:
        raise source.cut()


def _member(source: Source, block: bytes, header: _Header, attributes: Mapping[str, str]) -> Iterator[Member | Refused]:
    content = _Content(source, _size(header, attributes))
    name = attributes.get("path") or header.name
    kind = header.type
    if any(key.startswith("GNU.sparse") for key in attributes):
        kind = tarfile.GNUTYPE_SPARSE
    elif kind == tarfile.GNUTYPE_SPARSE:
        _pass_map(source, block)
    if kind not in _NO_FILES and not is_passed_over(name):
        called = named(name)
        if isinstance(called, Refused):
            yield called
        elif kind in _REGULAR:
            yield Member(called, content)
        else:
            message = f"{called} is {_KINDS.get(kind, 'something special')}; put the file itself into the archive."
            yield Refused(reason=Reason.NOT_REGULAR, message=message)
    content.finish()


def _parsed(block: bytes) -> _Header | tarfile.HeaderError:
    try:
        return _Header.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        return error


def _header(block: bytes) -> _Header:
    found = _parsed(block)
    if isinstance(found, tarfile.HeaderError) or found.size < 0:
        message = "It is damaged: no file begins where one should; pack it again."
        raise Broken(Reason.CORRUPT_ARCHIVE, message, str(found))
    return found


def _size(header: _Header, attributes: Mapping[str, str]) -> int:
    """How many bytes follow; links, devices and directories have none, whatever they say."""
    if header.type in _WITHOUT_CONTENT:
        return 0
    stated = attributes.get("size", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 20 else header.size


def _payload(source: Source, size: int) -> bytes:
    if size > LONGEST_HEADER:
        raise Broken(Reason.CORRUPT_ARCHIVE, f"It is damaged: a name of {size:,} bytes; pack it again.")
    data = source.exactly(size)
    source.skip(-size % BLOCK)
    return data


def _attributes(kind: bytes, data: bytes) -> dict[str, str]:
    """What ``data`` says of the next file: a long name of GNU tar, or the records of pax, ``28 path=…``."""
    if kind == tarfile.GNUTYPE_LONGNAME:
        return {"path": data.rstrip(b"\0").decode(errors="surrogateescape")}
    if kind not in _PAX:  # the long name of a link's target, or what holds for all files: neither is a name
        return {}
    found: dict[str, str] = {}
    at = 0
    while record := _RECORD.match(data, at):
        end = at + int(record["length"])
        if not record.end() < end <= len(data):
            break
        found[record["key"].decode(errors="replace")] = data[record.end() : end - 1].decode(errors="surrogateescape")
        at = end
    return found


def _pass_map(source: Source, block: bytes) -> None:
    """The map of an old GNU file with holes goes on in further blocks."""
    more = block[482]
    while more:
        more = source.exactly(BLOCK)[504]


class _Content:
    """What one file holds; ``finish`` takes the source to the next header, whatever was read."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self._left = size
        self._padding = -size % BLOCK

    def read(self, size: int = -1, /) -> bytes:
        """See ``limits.Bytes``."""
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._source.upto(wanted) if size < 0 else self._source.read(wanted)
        if wanted and not data:
            raise self._source.cut()
        self._left -= len(data)
        return data

    def finish(self) -> None:
        """Raises ``Broken`` where the archive ends before."""
        self._source.skip(self._left + self._padding)
        self._left = self._padding = 0
