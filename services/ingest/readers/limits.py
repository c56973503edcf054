"""How much one file may make of itself, and what happens to a file that makes more.

One ``Budget`` is shared by everything inside one file, however deep it lies: a
bomb of many small parts is a bomb.
"""

from typing import NamedTuple, Protocol

from newswire.reasons import Reason
from services.ingest.readers.record import Refused


class Bytes(Protocol):
    """The part of a binary file that readers use; nothing can be sought in it."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes, b"" at the end; raises ``Broken`` where there is an end that should not be."""


class Limits(NamedTuple):
    """How much one file may make of itself; the defaults suit readers on their own, the service has settings."""

    document: int = 20 * 1024 * 1024  # bytes of one document, or of one record of a stream
    unpacked: int = 8 * 1024 * 1024 * 1024  # bytes of everything inside one file
    ratio: int = 1_000  # unpacked bytes for each packed one, once they are more than a document
    members: int = 100_000  # files inside one file
    depth: int = 4  # containers inside one another


class Broken(Exception):
    """The stream cannot be read further; ``refused`` says why.

    Raised by the streams of containers, and the same one again by every later
    read, however many layers lie above: ``told`` once it has become a record, so
    that one cut is refused once.
    """

    def __init__(self, reason: Reason, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.refused = Refused(reason=reason, message=message, detail=detail)
        self.told = False


class Budget:
    """What one file has been unpacked to so far; the streams of containers report to it and it breaks them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._packed = 0
        self._unpacked = 0
        self._members = 0
        self._broken: Broken | None = None

    def metered(self, stream: Bytes) -> Bytes:
        """``stream``, which is the file itself: what is read of it is what may be unpacked to more."""
        return _Metered(stream, self)

    def packed(self, size: int) -> None:
        """Of the file itself ``size`` bytes more were read."""
        self._packed += size

    def unpacked(self, size: int) -> None:
        """A decompressor made ``size`` bytes more; raises ``Broken`` where that is too much."""
        self._unpacked += size
        if self._broken:
            raise self._broken
        limits = self._limits
        if self._unpacked > limits.unpacked:
            raise self._bomb(f"It holds more than {limits.unpacked:,} bytes when unpacked, which is the limit")
        if self._unpacked > limits.document and self._unpacked > limits.ratio * max(1, self._packed):
            raise self._bomb(f"It unpacks to more than {limits.ratio:,} times its size")

    def member(self) -> None:
        """One file more was found inside; raises ``Broken`` where that is one too many."""
        self._members += 1
        if self._broken:
            raise self._broken
        if self._members > self._limits.members:
            raise self._bomb(f"It holds more than {self._limits.members:,} files, which is the limit")

    def _bomb(self, what: str) -> Broken:
        message = f"{what}; what was read before stands. Unpack it and drop the articles in smaller parts."
        self._broken = Broken(Reason.ARCHIVE_BOMB, message)
        return self._broken


class _Metered:
    def __init__(self, stream: Bytes, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self._budget.packed(len(data))
        return data
