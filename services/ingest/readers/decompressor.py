"""What undoes a compression, in constant memory: the libraries under one interface, and the stream read from them.

A decompressor is never given more room than ``WINDOW``, and whatever it raises
becomes one ``Broken`` for good.
"""

import lzma
import sys
import zlib
from abc import ABC, abstractmethod
from typing import Protocol

from services.ingest.readers.limits import Broken, Budget
from services.ingest.readers.source import CHUNK

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# What xz -9 needs (65 MiB) and zstd --long=27 (128 MiB) with room beside it; more has to be asked for by its writer.
WINDOW = 160 * 1024 * 1024  # bytes
WINDOW_LOG = 27

# bz2 raises OSError, and EOFError where it is asked for more than there is.
ERRORS = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, EOFError, ValueError)


class Decompressor(Protocol):
    """As in the standard library: ``decompress(b"", n)`` goes on where ``needs_input`` is false."""

    @property
    def eof(self) -> bool:
        """Whether the stream has come to its end."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes of what it was given."""

    @property
    def unused_data(self) -> bytes:
        """What it was given beyond the end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Up to ``max_length`` bytes made of ``data`` and of what is left from before."""


class Inflater:
    """zlib's decompressor, with the interface of the others; ``wbits`` is 31 for gzip, -15 for bare deflate."""

    def __init__(self, wbits: int) -> None:
        self._zlib = zlib.decompressobj(wbits)
        self._is_full = False  # the last answer was as long as it might be: there may be more inside

    @property
    def eof(self) -> bool:
        """See ``Decompressor``."""
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        """See ``Decompressor``."""
        return not self._zlib.unconsumed_tail and not self._is_full

    @property
    def unused_data(self) -> bytes:
        """See ``Decompressor``."""
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """See ``Decompressor``; ``max_length`` is more than 0."""
        made = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        self._is_full = len(made) == max_length
        return made


def zstd_decompressor() -> Decompressor:
    """One that keeps to the window."""
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG})


class Unpacked(ABC):
    """What was packed, as ``limits.Bytes``; it counts against ``budget``. Used by one reader."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._broken: Broken | None = None

    def read(self, size: int = -1, /) -> bytes:
        """See ``limits.Bytes``; once damaged, it raises one and the same ``Broken`` for ever."""
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        if self._broken:
            raise self._broken
        try:
            data = self._more(size) if size else b""
        except ERRORS as error:
            self._broken = self._damage(error)
            raise self._broken from None
        self._budget.unpacked(len(data))
        return data

    @abstractmethod
    def _more(self, size: int) -> bytes:
        """Up to ``size`` bytes, more than 0; b"" at the end. Raises ``Broken``, or one of ``ERRORS``."""

    @abstractmethod
    def _damage(self, error: Exception) -> Broken:
        """What a person is told of ``error``."""
