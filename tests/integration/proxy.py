"""A proxy before the real Elasticsearch, which does to bulk requests what a bad day does to them.

Everything else passes. A fault is a function of one exchange; it decides whether
Elasticsearch sees the request, and what the service sees of the answer.
"""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

JSON = "application/vnd.elasticsearch+json;compatible-with=9"
UPSTREAM_LIMIT = 60.0  # seconds


class Answer(NamedTuple):
    status: int
    body: bytes
    content_type: str = JSON


class Cut(Exception):
    """The connection ends here."""


class Exchange:
    """One bulk request on its way."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: bytes, upstream: str, released: threading.Event) -> None:
        self.body = body
        self.released = released
        self._handler = handler
        self._upstream = upstream

    @property
    def actions(self) -> list[tuple[bytes, bytes]]:
        """Head and document of each item."""
        lines = self.body.splitlines()
        return list(zip(lines[::2], lines[1::2], strict=True))

    def forward(self, body: bytes | None = None) -> Answer:
        """What Elasticsearch answers to the request, or to another body."""
        handler = self._handler
        parts = urlsplit(self._upstream)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=UPSTREAM_LIMIT)
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in ("host", "content-length")}
        try:
            connection.request(handler.command, handler.path, self.body if body is None else body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read(), response.headers.get("content-type", ""))
        except OSError as error:
            raise Cut from error
        finally:
            connection.close()

    def send(self, answer: Answer, *, length: int | None = None) -> None:
        """Answer the service; ``length`` promises more than there is."""
        handler = self._handler
        handler.send_response(answer.status)
        handler.send_header("content-type", answer.content_type)
        handler.send_header("x-elastic-product", "Elasticsearch")
        handler.send_header("content-length", str(len(answer.body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(answer.body)


Fault = Callable[[Exchange], None]


class Proxy:
    """Listens on a free port for the length of a ``with`` block.

    ``faults`` are met by one bulk request each, in their order; ``always`` by all
    others, if it is set. ``met`` counts the requests that came. ``release`` ends what hangs.
    """

    def __init__(self, upstream: str) -> None:
        self.faults: list[Fault] = []
        self.always: Fault | None = None
        self.met = 0
        self.under_way = 0
        self.most_under_way = 0
        self._last_met = 0.0
        self._released = threading.Event()
        self._lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                exchange = Exchange(self, body, upstream, proxy._released)
                try:
                    if self.path.startswith("/_bulk"):
                        proxy._meet(exchange)
                    else:
                        exchange.send(exchange.forward())
                except (Cut, OSError):  # the latter: the service did not wait for the answer
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)

            do_GET = do_POST = do_PUT = do_HEAD = handle_any

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # connections end here in every way there is

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def release(self) -> None:
        """Let go of every request that hangs, now and later, and behave well from here on."""
        self.faults.clear()
        self.always = None
        self._released.set()

    @property
    def idle(self) -> float:
        """Seconds since the last bulk request came."""
        return time.monotonic() - self._last_met

    def _meet(self, exchange: Exchange) -> None:
        with self._lock:
            fault = self.faults.pop(0) if self.faults else self.always
            self.met += 1
            self._last_met = time.monotonic()
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if fault is None:
                exchange.send(exchange.forward())
            else:
                fault(exchange)
        finally:
            with self._lock:
                self.under_way -= 1


# --- faults --------------------------------------------------------------------------------------


def status(number: int, kind: str = "some_exception") -> Fault:
    """The whole request is refused in Elasticsearch's words, and not applied."""
    body = json.dumps({"error": {"type": kind, "reason": "said the proxy"}, "status": number}).encode()
    return lambda exchange: exchange.send(Answer(number, body))


def page(number: int) -> Fault:
    """Something between answers with a page of its own."""
    return lambda exchange: exchange.send(Answer(number, b"<html>Somewhere else</html>", "text/html"))


def dislikes(words: bytes, refused: Fault | None = None) -> Fault:
    """Every request in which these words are is ``refused``, by something between where nothing else is said."""
    refused = refused or page(403)

    def judge(exchange: Exchange) -> None:
        if words in exchange.body:
            refused(exchange)
        else:
            exchange.send(exchange.forward())

    return judge


def items(number: int, kind: str, *, every: int = 2) -> Fault:
    """Every so many-th item is refused and not applied; the others are."""

    def refuse(exchange: Exchange) -> None:
        actions = exchange.actions
        kept = b"".join(b"%b\n%b\n" % pair for index, pair in enumerate(actions) if index % every)
        passed = iter(json.loads(exchange.forward(kept).body)["items"] if kept else [])
        answers = [
            next(passed)
            if index % every
            else {
                "index": {
                    "_id": json.loads(head)["index"]["_id"],
                    "status": number,
                    "error": {"type": kind, "reason": "said the proxy"},
                }
            }
            for index, (head, _) in enumerate(actions)
        ]
        exchange.send(Answer(200, json.dumps({"items": answers}).encode()))

    return refuse


def too_large(most: int) -> Fault:
    """Requests of more than ``most`` items are too large."""

    def judge(exchange: Exchange) -> None:
        if len(exchange.actions) > most:
            status(413)(exchange)
        else:
            exchange.send(exchange.forward())

    return judge


def cut_before(exchange: Exchange) -> None:
    """The connection ends before anything is applied."""
    raise Cut


def cut_in_the_answer(exchange: Exchange) -> None:
    """Everything is applied, and the connection ends in the middle of the answer that says so."""
    answer = exchange.forward()
    exchange.send(answer._replace(body=answer.body[: len(answer.body) // 2]), length=len(answer.body))
    raise Cut


def truncated(exchange: Exchange) -> None:
    """Everything is applied, and the answer lacks its end, well-formed as far as HTTP can tell."""
    answer = exchange.forward()
    exchange.send(answer._replace(body=answer.body[: len(answer.body) // 2]))


def fewer_items(exchange: Exchange) -> None:
    """Everything is applied, and the answer speaks of one item less."""
    answer = exchange.forward()
    found = json.loads(answer.body)
    exchange.send(answer._replace(body=json.dumps({"items": found["items"][:-1]}).encode()))


def garbage(exchange: Exchange) -> None:
    """An answer that claims to be JSON."""
    exchange.send(Answer(200, b"\x00\xff no JSON"))


def late(seconds: float) -> Fault:
    """Everything is applied, and the answer comes late."""

    def answer(exchange: Exchange) -> None:
        answered = exchange.forward()
        exchange.released.wait(seconds)
        exchange.send(answered)

    return answer


def hang(exchange: Exchange) -> None:
    """Nothing is applied and nothing is answered until the proxy lets go."""
    exchange.released.wait()
    raise Cut
