"""A socket for kafka-python's clients that is closed when its connection is given up while it is being made.

The library forgets it: a client that is closed, or that runs out of patience, in the
moment it connects leaves an open socket to the garbage collector. It lets one choose
another kind of socket by the scheme of its setting ``proxy_url``; this is one, and
there is no proxy.
"""

from socket import socket
from typing import Any

from kafka.net.inet import KafkaNetSocket

DIRECT = "direct://"


class DirectSocket(KafkaNetSocket):  # type: ignore[misc]  # the library has no types
    """The library's plain socket; chosen by ``proxy_url=DIRECT``."""

    SCHEMES = ("direct",)

    async def sock_connect(self, net: Any, sock: socket, sockaddr: Any, timeout_at: float | None = None) -> socket:
        """Connect ``sock``; whatever ends this before it is connected, an error or the client's end, closes it."""
        try:
            connected: socket = await super().sock_connect(net, sock, sockaddr, timeout_at=timeout_at)
        except BaseException:  # cancelled is what it most often is
            sock.close()
            raise
        return connected
