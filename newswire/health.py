"""Metrics and health over HTTP: ``/metrics``, ``/livez``, ``/readyz``.

A thread of its own serves them, so a scrape succeeds while the service works.
``/livez`` fails when the service's loop has not come round for a while: restart
it. ``/readyz`` fails when something it needs is away, and says what: wait.
"""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from newswire.reasons import Stage

# Twice the longest thing a loop does between two beats (a bulk request with its time-out of 60 s).
BEAT_LIMIT = 120.0  # seconds


class Health:
    """What a service knows about itself; every method may be called from any thread."""

    def __init__(self, stage: Stage, needs: tuple[str, ...], clock: Callable[[], float] = time.monotonic) -> None:
        self.stage = stage
        self._clock = clock
        self._beat = clock()
        self._causes: dict[str, str | None] = dict.fromkeys(needs, "not connected yet")

    def beat(self) -> None:
        """The loop has come round."""
        self._beat = self._clock()

    def ok(self, need: str) -> None:
        """What the service needs is there."""
        self._causes[need] = None

    def failing(self, need: str, cause: str) -> None:
        """What the service needs is away; ``cause`` is shown to whoever asks."""
        self._causes[need] = cause

    def live(self) -> tuple[bool, dict[str, object]]:
        """Whether the loop still comes round, and the answer's body."""
        age = self._clock() - self._beat
        alive = age < BEAT_LIMIT
        body: dict[str, object] = {"live": alive, "stage": self.stage.value, "last_beat_seconds": round(age, 3)}
        return alive, body

    def ready(self) -> tuple[bool, dict[str, object]]:
        """Whether everything needed is there, and the answer's body with the causes."""
        causes = {need: cause for need, cause in list(self._causes.items()) if cause}
        return not causes, {"ready": not causes, "stage": self.stage.value, "causes": causes}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


class HealthServer:
    """Serves one service's metrics and health until ``close``.

    Raises OSError when the port is taken. ``port`` is the one in use, also where
    0 was asked for.
    """

    def __init__(self, host: str, port: int, health: Health, registry: CollectorRegistry) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    encode, content_type = choose_encoder(self.headers.get("Accept", ""))
                    self._answer(200, content_type, encode(registry))
                elif path in ("/livez", "/readyz"):
                    good, body = health.live() if path == "/livez" else health.ready()
                    self._answer(200 if good else 503, "application/json", json.dumps(body).encode())
                else:
                    self._answer(404, "text/plain", b"Here are /metrics, /livez and /readyz.\n")

            def _answer(self, status: int, content_type: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """A scrape every few seconds is no news."""

        self._server = _Server((host, port), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving; returns when the port is free."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
