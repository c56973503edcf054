"""The elements of a JSON list, one after another, from a stream of any length.

The brackets are counted, with strings passed over; whether an element is JSON is
for its reader to find out. Never more than one element is held, and of one that is
too large nothing.
"""

import re
from collections.abc import Iterator

from newswire.reasons import Reason
from services.ingest.readers.record import Refused
from services.ingest.readers.source import Source

# More at a time than other readers take: what is left of an element is copied once for each.
CHUNK = 1024 * 1024  # bytes

# From outside a string to the next byte that counts; a quote where the string has no end yet.
_BETWEEN = re.compile(rb'(?:[^{}\[\]",]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_WITHIN = re.compile(rb'(?:[^{}\[\]"]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)

_QUOTE, _COMMA = b'",'
_OPENING = b"[{"


def elements(source: Source, most: int) -> Iterator[bytes | Refused]:
    """The elements of the list that ``source`` begins with (``[`` is its next byte), as they stand, none blank.

    One of more than ``most`` bytes is refused alone; a list without an end and what
    follows one are refused last. Reads to the end of ``source``.
    """
    scan = _Scan(source, most)
    yield from scan.elements()
    if scan.rest.strip() or any(data.strip() for data in iter(lambda: source.read(CHUNK), b"")):
        message = "Other text follows its list; put all articles into one list, or one on each line."
        yield Refused(reason=Reason.BAD_FORMAT, message=message)


class _Scan:
    def __init__(self, source: Source, most: int) -> None:
        self._source = source
        self._most = most
        self._data = source.read(CHUNK)[1:]
        self._start = self._at = 0
        self._depth = 1
        self._is_large = False

    @property
    def rest(self) -> bytes:
        """What was read beyond the list."""
        return self._data[self._at :]

    def elements(self) -> Iterator[bytes | Refused]:
        in_string = False
        while self._depth:
            if in_string:
                self._at = end = _STRING.match(self._data, self._at).end()  # type: ignore[union-attr]  # matches anything
                if end == len(self._data) or self._data[end] != _QUOTE:
                    if not self._more():
                        break
                    continue
                in_string = False
                self._at += 1
            pattern = _BETWEEN if self._depth == 1 else _WITHIN
            self._at = pattern.match(self._data, self._at).end()  # type: ignore[union-attr]  # matches anything
            if self._at == len(self._data):
                if not self._more():
                    break
                continue
            byte = self._data[self._at]
            self._at += 1
            in_string = byte == _QUOTE
            if byte in _OPENING:
                self._depth += 1
            elif not in_string and byte != _COMMA:
                self._depth -= 1
            if self._depth == 0 or (byte == _COMMA and self._depth == 1):
                yield from self._element(self._at - 1)
                self._start = self._at
        else:
            return
        message = "Its list of articles ends in the middle, or a text in it has no closing quote; send it again, whole."
        yield Refused(reason=Reason.TRUNCATED, message=message)

    def _element(self, end: int) -> Iterator[bytes | Refused]:
        element = self._data[self._start : end]
        if self._is_large or len(element) > self._most:
            self._is_large = False
            message = f"It has more than {self._most:,} bytes, which is the limit for one record; split it."
            yield Refused(reason=Reason.TOO_LARGE, message=message)
        elif element.strip():
            yield element

    def _more(self) -> bool:
        data = self._source.read(CHUNK)
        if self._at - self._start > self._most:
            self._is_large = True
        if self._is_large:
            self._start = self._at
        self._data = self._data[self._start :] + data
        self._at -= self._start
        self._start = 0
        return bool(data)
