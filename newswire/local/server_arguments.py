"""The arguments of an Elasticsearch server, in the binary form it reads from its standard input.

It is what the distribution's launcher sends (`org.elasticsearch.bootstrap.ServerArgs`
of Elasticsearch 9.2): in this order daemonize, quiet, pid file, keystore, settings,
configuration directory, log directory. It is not a public interface and may change
with a minor version; the integration tests start the pinned one. Standard input
then stays open: at its end the server stops by itself.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

NO, ABSENT, A_STRING = b"\0", b"\0", b"\0"
KEYSTORE_CLASS = "org.elasticsearch.common.settings.KeyStoreWrapper"
KEYSTORE_FORMAT = 4


def encode(settings: Mapping[str, str], config: Path, logs: Path) -> bytes:
    """Return what to write to the server's standard input to start it in the foreground, logging to the console."""
    parts = [NO, NO, ABSENT, _string(KEYSTORE_CLASS), _empty_keystore(), _number(len(settings))]
    for name, value in settings.items():
        parts += [_string(name), A_STRING, _string(value)]
    parts += [_string(str(config)), _string(str(logs))]
    return b"".join(parts)


def _empty_keystore() -> bytes:
    """No password, no encrypted bytes, no entries, not closed."""
    return struct.pack(">i", KEYSTORE_FORMAT) + NO + ABSENT + _number(0) + NO


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the top bit says that more follow."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _string(text: str) -> bytes:
    """The number of UTF-16 units, then each of them in one to three bytes, as UTF-8 has them."""
    units = struct.unpack(
        f">{len(text.encode('utf-16-be', 'surrogatepass')) // 2}H", text.encode("utf-16-be", "surrogatepass")
    )
    return _number(len(units)) + b"".join(chr(unit).encode("utf-8", "surrogatepass") for unit in units)
