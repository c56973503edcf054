"""What a format is to the rest of ingest: how it is recognised, and how its bytes become records.

Three kinds. A ``Document`` is read as a whole and has a size limit; a ``Stream``
holds any number of records and is read in constant memory; a ``Container`` holds
further files, each of which is read by whatever format it is in.

Readers are pure: no clock, no file system, no network. Whatever is wrong with the
bytes becomes a ``Refused`` record, with its reason and the next thing a person
could do. What they yield is written by the source; nothing is made up.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from typing import NamedTuple

import msgspec

from services.ingest.readers.limits import Broken, Budget, Bytes, Limits
from services.ingest.readers.record import Record

__all__ = [
    "HEAD",
    "Broken",
    "Budget",
    "Bytes",
    "Container",
    "Context",
    "Document",
    "Format",
    "Found",
    "Head",
    "Limits",
    "Member",
    "Stream",
    "Unread",
]

# Enough for an XML declaration, a licence comment and the root element; for the headers of an e-mail, too.
HEAD = 64 * 1024  # bytes


class Context(NamedTuple):
    """What is known of some bytes without looking at them.

    ``name`` is that of the file or archive member, as written; dates that name no
    zone are in ``zone``; ``uri`` and ``charset`` are what the transport said (a
    WARC record's target and its Content-Type). ``budget`` is that of the file
    around, None where the bytes are the file itself.
    """

    name: str
    zone: tzinfo
    limits: Limits = Limits()
    depth: int = 0
    uri: str | None = None
    charset: str | None = None
    budget: Budget | None = None


class Head(msgspec.Struct, frozen=True, gc=False):
    """The beginning of a file, for ``recognises``.

    ``name`` is in small letters; ``data`` the first ``HEAD`` bytes; ``text`` the
    same loosely decoded, without leading white space.
    """

    name: str
    data: bytes
    text: str


class Member(NamedTuple):
    """A file inside a container; ``stream`` is good until the next member is asked for."""

    name: str
    stream: Bytes
    uri: str | None = None
    charset: str | None = None


class Document(NamedTuple):
    """A format that is read as a whole."""

    name: str
    recognises: Callable[[Head], bool]
    read: Callable[[bytes, Context], Iterable[Record]]


class Stream(NamedTuple):
    """A format of many records, each within ``limits.document``; the reader never holds more than a few."""

    name: str
    recognises: Callable[[Head], bool]
    read: Callable[[Bytes, Context], Iterator[Record]]


class Container(NamedTuple):
    """A format that holds files, and perhaps a record of its own: the text of an e-mail with attachments.

    What unpacks them reports to the ``budget`` of the context. A stream that cannot
    be read further raises ``Broken``, that of a member and that of the container.
    """

    name: str
    recognises: Callable[[Head], bool]
    members: Callable[[Bytes, Context], Iterator[Member | Record]]


class Unread(NamedTuple):
    """Something that is recognised in order to be refused as ``unsupported``; ``kind`` is what a person calls it."""

    recognises: Callable[[Head], bool]
    kind: Callable[[Head], str]


Format = Document | Stream | Container | Unread


class Found(msgspec.Struct, frozen=True):
    """A record, the format it was in, and the member of the container it came from (``a.zip/b.xml`` is ``b.xml``)."""

    record: Record
    format: str
    member: str | None = None
