"""Whether a server can be reached at all, looked after while a service has nothing to ask it."""

import socket
import threading
from collections.abc import Sequence

from newswire.health import Health

LOOK = 2.0  # seconds


def watch(
    need: str,
    server: str,
    addresses: Sequence[tuple[str, int]],
    health: Health,
    stop: threading.Event,
    *,
    every: float = LOOK,
) -> None:
    """Start a thread that keeps ``need`` of ``health`` true to life until ``stop``.

    Clients reconnect quietly, so an idle service would not know that its server has
    gone. The thread only opens a connection, ``every`` so many seconds: one of the
    ``addresses`` (host, port) that takes it is enough.
    """

    def look() -> None:
        while True:
            cause = _unreachable(server, addresses)
            health.failing(need, cause) if cause else health.ok(need)
            if stop.wait(every):
                return

    threading.Thread(target=look, name=need, daemon=True).start()


def _unreachable(server: str, addresses: Sequence[tuple[str, int]]) -> str | None:
    cause = ""
    for host, port in addresses:
        try:
            with socket.create_connection((host, port), timeout=LOOK):
                return None
        except OSError as error:
            cause = f"{server} at {host}:{port} takes no connection: {error.strerror or error}"
    return cause
