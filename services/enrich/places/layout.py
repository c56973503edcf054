"""The gazetteer file: a directory of sections, then the sections, each 8-byte aligned.

Everything but the automaton is read in place from the mapped file, so that the
workers of one machine share one copy in the page cache. Numbers are little-endian.

| section | holds |
|---|---|
| ``automaton`` | serialised daachorse automaton; pattern number = key number |
| ``key_first`` u32 | key -> its first entry; one more than there are keys |
| ``entries`` u32 | record number * 4 + quality |
| ``geonameid`` ``population`` ``name_at`` ``admin1`` u32 | a column of the records each |
| ``lat`` ``lon`` i32 (1e-5 degrees), ``country`` 2 letters, ``kind`` u8 | the same |
| ``names`` | UTF-8, each with its length (u8) before it |
"""

import struct
from collections.abc import Mapping
from enum import IntEnum
from typing import Final

MAGIC: Final = b"NWGAZ\0"
# Raised whenever a reader of the old file would misread the new one, or a rule of compilation changes.
VERSION: Final = 2
NOTHING: Final = 0xFFFFFFFF  # no admin1, no geonameid
DEGREE: Final = 100_000

_HEAD: Final = struct.Struct("<6sHI")
_SECTION: Final = struct.Struct("<16sQQ")


class Kind(IntEnum):
    """What a record is; the names are those of ``newswire.enriched.PlaceKind``."""

    CITY = 0
    ADMIN1 = 1
    ADMIN2 = 2
    COUNTRY = 3
    REGION = 4
    OTHER = 5

    __hash__ = int.__hash__  # an enum's own is a call of Python's, and these are keys of tables


# By plain names too: each look-up through the class costs several of a global's, and these are asked for all the time.
CITY, ADMIN1, ADMIN2, COUNTRY, REGION, OTHER = Kind


class Quality(IntEnum):
    """How a key names its record."""

    NAME = 0  # its name in English or in its own language
    ALIAS = 1  # another name in use
    WEAK = 2  # only with a cue: a district without "District", a small town's other spelling
    ACRONYM = 3  # only in capitals

    __hash__ = int.__hash__


NAME, ALIAS, WEAK, ACRONYM = Quality


def pack(sections: Mapping[str, bytes]) -> bytes:
    """The file that holds ``sections``."""
    at = _HEAD.size + _SECTION.size * len(sections)
    listed, body = [_HEAD.pack(MAGIC, VERSION, len(sections))], []
    for name, data in sections.items():
        pad = -at % 8
        body.append(b"\0" * pad)
        at += pad
        listed.append(_SECTION.pack(name.encode(), at, len(data)))
        body.append(data)
        at += len(data)
    return b"".join(listed + body)


def directory(view: memoryview) -> dict[str, tuple[int, int]]:
    """Where each section begins and how long it is; raises ValueError when the file is not one of this version."""
    if len(view) < _HEAD.size:
        raise ValueError("the gazetteer file is empty")
    magic, version, count = _HEAD.unpack_from(view, 0)
    if magic != MAGIC or version != VERSION:
        raise ValueError("the gazetteer file is of another version; build it again")
    sections = {}
    for number in range(count):
        name, at, length = _SECTION.unpack_from(view, _HEAD.size + number * _SECTION.size)
        if at + length > len(view):
            raise ValueError("the gazetteer file is cut short; build it again")
        sections[name.rstrip(b"\0").decode()] = (at, length)
    return sections
