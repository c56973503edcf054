"""A stream of text to one of UTF-8, for readers that take lines or brackets out of bytes."""

import codecs

from newswire.reasons import Reason
from services.ingest.readers.encoding import MARKS, WIDE_SAMPLE, wide
from services.ingest.readers.limits import Broken, Bytes


def as_utf8(stream: Bytes) -> Bytes:
    """``stream`` without its byte order mark, in UTF-8 where it was UTF-16 or UTF-32; other encodings as they are."""
    head = _beginning(stream)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            rest = _Joined(head[len(mark) :], stream)
            return rest if encoding == "utf-8" else _Transcoded(rest, encoding)
    unmarked = wide(head)
    return _Transcoded(_Joined(head, stream), unmarked) if unmarked else _Joined(head, stream)


def _beginning(stream: Bytes) -> bytes:
    found = b""
    try:
        while len(found) < WIDE_SAMPLE and (data := stream.read(WIDE_SAMPLE - len(found))):
            found += data
    except Broken:  # the next read says so again
        if not found:
            raise
    return found


class _Joined:
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: Bytes) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int = -1, /) -> bytes:
        if not self._head:
            return self._rest.read(size)
        cut = len(self._head) if size < 0 else size
        data, self._head = self._head[:cut], self._head[cut:]
        return data + self._rest.read() if size < 0 else data


class _Transcoded:
    """A stream of UTF-16 or UTF-32 as UTF-8."""

    def __init__(self, stream: Bytes, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._made = b""

    def read(self, size: int = -1, /) -> bytes:
        is_at_end = False
        while not self._made and not is_at_end:
            data = self._stream.read(size)
            is_at_end = not data
            try:
                self._made = self._decoder.decode(data, final=is_at_end).encode()
            except UnicodeError as error:
                is_cut = "truncated" in str(error) or "unexpected end" in str(error)
                what = "ends in the middle of a character" if is_cut else f"is not the {self._encoding} it begins as"
                reason = Reason.TRUNCATED if is_cut else Reason.BAD_ENCODING
                raise Broken(reason, f"It {what}; save it as UTF-8 and drop it again.", str(error)) from None
        cut = len(self._made) if size < 0 else size
        data, self._made = self._made[:cut], self._made[cut:]
        return data
