"""deploy/kibana/import.py against a server that answers as Kibana does."""

import json
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType
from typing import Any

import pytest

TAKEN = (200, {"success": True, "successCount": 17})


class Kibana:
    """Answers each request with the next of ``answers``, and keeps what was asked."""

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        waiting = list(answers)
        self.requests: list[tuple[str, Message, bytes]] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                requests.append((self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
                status, body = waiting.pop(0)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def kibana() -> Iterator[Callable[..., Kibana]]:
    started: list[Kibana] = []

    def start(*answers: tuple[int, dict[str, Any]]) -> Kibana:
        started.append(Kibana(*answers))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def importer(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("deploy/kibana/import.py")


def test_the_file_is_sent_as_the_form_that_kibana_wants(importer: ModuleType, kibana: Callable[..., Kibana]) -> None:
    server = kibana(TAKEN)
    assert importer.main([server.address]) == 0
    ((path, headers, body),) = server.requests
    assert path == "/api/saved_objects/_import?overwrite=true"
    assert headers["kbn-xsrf"]
    head = b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n"
    form = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    (part,) = form.iter_parts()
    assert str(part.get_filename()).endswith(".ndjson")
    assert part.get_payload(decode=True) == importer.NDJSON.read_bytes()


def test_an_answer_of_200_that_is_no_success_is_a_failure_with_its_reasons(
    importer: ModuleType, kibana: Callable[..., Kibana], capsys: pytest.CaptureFixture[str]
) -> None:
    error = {"type": "lens", "id": "newswire-people", "error": {"type": "missing_references"}}
    server = kibana((200, {"success": False, "successCount": 16, "errors": [error]}))
    assert importer.main([server.address]) == 1
    assert "lens newswire-people" in capsys.readouterr().err


def test_a_kibana_that_is_not_ready_yet_is_asked_again(importer: ModuleType, kibana: Callable[..., Kibana]) -> None:
    server = kibana((503, {}), (503, {}), TAKEN)
    assert importer.send(server.address, b"{}\n", pause=0.0)["success"]
    assert len(server.requests) == 3


def test_a_refusal_is_not_asked_for_again(
    importer: ModuleType, kibana: Callable[..., Kibana], capsys: pytest.CaptureFixture[str]
) -> None:
    server = kibana((400, {"message": "no"}))
    assert importer.main([server.address]) == 1
    assert "400" in capsys.readouterr().err
    assert len(server.requests) == 1
