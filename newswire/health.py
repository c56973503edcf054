"""Metrics and health over HTTP: ``/metrics``, ``/livez``, ``/readyz``, and what else a service has to tell.

A thread of its own serves them, so a scrape succeeds while the service works.
``/livez`` fails when the service's loop has not come round for a while: restart
it. ``/readyz`` fails when something it needs is away, and says what: wait.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import msgspec
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from newswire.logging import get_logger
from newswire.reasons import Stage

log = get_logger()

# Twice the longest thing a loop does between two beats (a bulk request with its time-out of 60 s).
BEAT_LIMIT = 120.0  # seconds

# Questions answered at once; whoever asks more waits for their turn, so that a crowd of them slows no service down.
AT_ONCE = 4
TURN = 5.0  # seconds
# A name may have 4,096 bytes, each of them written as %25XX; the server itself takes 64 KiB.
LONGEST_QUESTION = 32 * 1024  # characters


class NoAnswer(Exception):
    """A page has none to give: ``status`` is HTTP's, the text a sentence for whoever asked."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


# What a service tells at an address of its own: the parameters of the question (the last of a name counts) to what is
# answered as JSON. Called on any thread, several at once; raises NoAnswer.
Page = Callable[[Mapping[str, str]], object]


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


def watched(health: Health, name: str, work: Callable[[], object]) -> threading.Thread:
    """A thread, not started yet, that does ``work``; should it die of an exception, readiness is red from then on.

    ``name`` is the thread's, and what readiness calls it.
    """

    def run() -> None:
        try:
            work()
        except Exception as error:
            log.exception("thread died", thread=name)
            cause = f"It ended by a mistake of ours ({type(error).__name__}: {error}); restart the service."
            health.failing(name, cause)

    return threading.Thread(target=run, name=name, daemon=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


class HealthServer:
    """Serves one service's metrics and health until ``close``, and the pages it is given.

    Raises OSError when the port is taken. ``port`` is the one in use, also where
    0 was asked for.
    """

    def __init__(self, host: str, port: int, health: Health, registry: CollectorRegistry) -> None:
        self._pages: dict[str, Page] = {}
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        answer = self._answer_page

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, question = self.path.partition("?")
                if path == "/metrics":
                    encode, content_type = choose_encoder(self.headers.get("Accept", ""))
                    self._answer(200, content_type, encode(registry))
                elif path in ("/livez", "/readyz"):
                    good, body = health.live() if path == "/livez" else health.ready()
                    self._answer(200 if good else 503, "application/json", json.dumps(body).encode())
                else:
                    status, found = answer(path, question)
                    self._answer(status, "application/json", found)

            def _answer(self, status: int, content_type: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                # Whatever stands in a file's name, no browser is to take it for a page.
                self.send_header("X-Content-Type-Options", "nosniff")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """A scrape every few seconds is no news."""

        try:
            self._server = _Server((host, port), Handler)
        except OSError as error:
            # The address stands where a file's name would.
            raise OSError(error.errno, error.strerror, f"{host}:{port}, for metrics and health") from error
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()

    def add(self, pages: Mapping[str, Page]) -> None:
        """Serve ``pages`` by their addresses, from now on."""
        self._pages |= pages

    def close(self) -> None:
        """Stop serving; returns when the port is free."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer_page(self, path: str, question: str) -> tuple[int, bytes]:
        """Status and body for whatever is asked that is neither metrics nor health."""
        page = self._pages.get(path)
        if page is None:
            here = ", ".join(("/metrics", "/livez", "/readyz", *sorted(self._pages)))
            return _sentence(404, f"There is no such page; here are {here}.")
        if len(question) > LONGEST_QUESTION:
            return _sentence(414, f"A question has at most {LONGEST_QUESTION:,} characters.")
        if not self._turns.acquire(timeout=TURN):
            return _sentence(503, "Too many are asking; ask again in a moment.")
        try:
            return 200, msgspec.json.encode(page(dict(parse_qsl(question, keep_blank_values=True))))
        except NoAnswer as none:
            return _sentence(none.status, str(none))
        finally:
            self._turns.release()


def _sentence(status: int, sentence: str) -> tuple[int, bytes]:
    return status, json.dumps({"error": sentence}).encode()
