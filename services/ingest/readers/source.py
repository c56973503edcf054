"""The bytes of a container, taken from front to back, with what was read too far given back."""

from newswire.reasons import Reason
from services.ingest.readers.limits import Broken, Bytes

CHUNK = 64 * 1024  # bytes taken at a time

# What tape drives, block devices and transfers in text mode leave at an end.
PADDING = b"\0\r\n \x1a"


class Source:
    """Reads forward from ``stream``; at an end in the middle it raises one and the same ``Broken`` for ever."""

    def __init__(self, stream: Bytes) -> None:
        self._stream = stream
        self._ahead = b""
        self._cut: Broken | None = None

    def read(self, size: int = CHUNK, /) -> bytes:
        """Up to ``size`` bytes, b"" at the end."""
        if not self._ahead:
            return self._stream.read(size)
        data, self._ahead = self._ahead[:size], self._ahead[size:]
        return data

    def upto(self, size: int) -> bytes:
        """``size`` bytes, fewer only at the end."""
        data = self.read(size)
        if not data or len(data) == size:
            return data
        parts, missing = [data], size - len(data)
        while missing and (data := self.read(missing)):
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)

    def exactly(self, size: int) -> bytes:
        """``size`` bytes; raises ``Broken`` where there are fewer."""
        data = self.upto(size)
        if len(data) < size:
            raise self.cut()
        return data

    def skip(self, size: int) -> None:
        """Pass over ``size`` bytes; raises ``Broken`` where there are fewer."""
        while size:
            data = self.read(min(size, CHUNK))
            if not data:
                raise self.cut()
            size -= len(data)

    def put_back(self, data: bytes) -> None:
        """Read ``data`` again, before everything else."""
        self._ahead = data + self._ahead

    def cut(self) -> Broken:
        """What is raised where the bytes end in the middle."""
        if self._cut is None:
            self._cut = Broken(Reason.TRUNCATED, "It ends in the middle; send it again, whole.")
        return self._cut
