"""Whether a server can be reached at all, looked after while a service has nothing to ask it."""

import socket
import threading
from collections.abc import Callable, Sequence

from newswire.health import Health

LOOK = 2.0  # seconds
# A server that is busy, or collects its garbage, may think about a word for a second or two.
ANSWER = 5.0  # seconds

# Says a word over a connection and waits for the answer; raises OSError where none comes.
Greeting = Callable[[socket.socket], None]


def watch(
    need: str,
    server: str,
    addresses: Sequence[tuple[str, int]],
    health: Health,
    stop: threading.Event,
    *,
    greeting: Greeting | None = None,
    every: float = LOOK,
    patience: float = ANSWER,
) -> None:
    """Start a thread that keeps ``need`` of ``health`` true to life until ``stop``.

    Clients reconnect quietly, so an idle service would not know that its server has
    gone. The thread only opens a connection, ``every`` so many seconds, and where there
    is a ``greeting`` waits ``patience`` seconds for its answer: a kernel takes
    connections for a server that hangs. One of the ``addresses`` (host, port) that
    answers is enough.
    """

    def look() -> None:
        while True:
            cause = _unreachable(server, addresses, greeting, patience)
            health.failing(need, cause) if cause else health.ok(need)
            if stop.wait(every):
                return

    threading.Thread(target=look, name=need, daemon=True).start()


def _unreachable(
    server: str, addresses: Sequence[tuple[str, int]], greeting: Greeting | None, patience: float
) -> str | None:
    cause = ""
    for host, port in addresses:
        fails = "takes no connection"
        try:
            with socket.create_connection((host, port), timeout=LOOK) as connection:
                if greeting:
                    fails = "takes connections and does not answer"
                    connection.settimeout(patience)
                    greeting(connection)
                return None
        except OSError as error:
            cause = f"{server} at {host}:{port} {fails}: {error.strerror or error}"
    return cause
