"""deploy/kibana/import.py against a server that answers as Kibana does."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from newswire.local.ports import free_port
from newswire.settings import ElasticsearchSettings, load
from tests.kibana import scripts

importer = scripts.load("import")

CONTENT = b'{"type": "lens", "id": "a"}\n{"type": "lens", "id": "b"}\n'
OBJECTS = len(importer.NDJSON.read_bytes().splitlines())
TAKEN = (200, {"success": True, "successCount": OBJECTS})
BOTH = (200, {"success": True, "successCount": 2})
CHOSEN = (200, {"acknowledged": True})

Answer = tuple[int, dict[str, Any] | bytes]


class Server:
    """Answers each request with the next of ``answers``, and keeps what was asked."""

    def __init__(self, *answers: Answer) -> None:
        waiting = list(answers)
        self.requests: list[tuple[str, Message, bytes]] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                requests.append((self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
                status, body = waiting.pop(0)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    started: list[Server] = []

    def start(*answers: Answer) -> Server:
        started.append(Server(*answers))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture(autouse=True)
def _no_elasticsearch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH", f"http://127.0.0.1:{free_port()}")


def kibana(server: Server, **settings: str) -> Any:
    environ = {f"NEWSWIRE_ELASTICSEARCH_{name.upper()}": value for name, value in settings.items()}
    return importer.Kibana(server.address, load(ElasticsearchSettings, environ), patience=30.0, pause=0.0)


def test_the_file_is_sent_as_the_form_that_kibana_wants(serve: Serve) -> None:
    server = serve(BOTH)
    importer.import_objects(kibana(server), CONTENT)
    ((path, headers, body),) = server.requests
    assert path == "/api/saved_objects/_import?overwrite=true"
    assert headers["kbn-xsrf"]
    assert headers["Authorization"] is None
    head = b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n"
    form = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    (part,) = form.iter_parts()
    assert str(part.get_filename()).endswith(".ndjson")
    assert part.get_payload(decode=True) == CONTENT


def test_a_default_data_view_that_somebody_chose_is_kept(serve: Serve) -> None:
    server = serve(CHOSEN)
    importer.choose_default_view(kibana(server))
    ((path, _, body),) = server.requests
    assert (path, json.loads(body)) == ("/api/data_views/default", {"data_view_id": "newswire", "force": False})


def test_an_answer_of_200_that_is_no_success_is_a_failure_with_its_reasons(serve: Serve) -> None:
    error = {"type": "lens", "id": "newswire-people", "error": {"type": "missing_references"}}
    server = serve((200, {"success": False, "successCount": 1, "errors": [error]}))
    with pytest.raises(importer.Refused, match=r"took 1 of 2 objects.\nlens newswire-people: .*missing_references"):
        importer.import_objects(kibana(server), CONTENT)


@pytest.mark.parametrize("answer", [{"success": True, "successCount": 1}, {"successCount": 2}, {}])
def test_a_success_that_is_not_whole_is_a_failure(serve: Serve, answer: dict[str, Any]) -> None:
    with pytest.raises(importer.Refused, match="of 2 objects"):
        importer.import_objects(kibana(serve((200, answer))), CONTENT)


def test_a_kibana_that_is_not_ready_yet_is_asked_again(serve: Serve) -> None:
    server = serve((503, {}), (503, {}), BOTH)
    importer.import_objects(kibana(server), CONTENT)
    assert len(server.requests) == 3


def test_a_kibana_that_is_still_away_is_waited_for_until_patience_ends() -> None:
    nobody = importer.Kibana(
        f"http://127.0.0.1:{free_port()}", load(ElasticsearchSettings, {}), patience=0.05, pause=0.01
    )
    with pytest.raises(importer.Refused, match=r"cannot be reached .*Is it running"):
        importer.import_objects(nobody, CONTENT)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"api_key": "c2VjcmV0"}, "ApiKey c2VjcmV0"),
        ({"user": "reporter", "password": "päss"}, f"Basic {base64.b64encode('reporter:päss'.encode()).decode()}"),
    ],
)
def test_the_user_or_key_of_elasticsearch_is_kibanas_too(serve: Serve, settings: dict[str, str], expected: str) -> None:
    server = serve(BOTH)
    importer.import_objects(kibana(server, **settings), CONTENT)
    assert server.requests[0][1]["Authorization"] == expected


def test_a_refusal_is_not_asked_for_again_and_says_whose_password_it_wants(serve: Serve) -> None:
    server = serve((401, {"message": "who are you"}))
    with pytest.raises(importer.Refused, match=r"answered 401: .*who are you.*NEWSWIRE_ELASTICSEARCH_USER"):
        importer.import_objects(kibana(server), CONTENT)
    assert len(server.requests) == 1


def test_what_is_no_kibana_is_told_from_one(serve: Serve) -> None:
    with pytest.raises(importer.Refused, match="is no Kibana"):
        importer.import_objects(kibana(serve((200, b"<html>"))), CONTENT)


def test_what_worked_is_said_and_what_did_not_and_what_comes_of_it(
    serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    assert importer.main([serve(TAKEN, CHOSEN).address]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"Kibana has taken {OBJECTS} objects.",
        "Discover opens with the articles, where nobody has chosen otherwise.",
    ]
    (sentence,) = said.err.splitlines()
    assert "does not answer" in sentence  # Elasticsearch is not there
    assert "the map shows the events without the countries" in sentence


def test_nothing_that_kibana_says_reaches_the_terminal_as_it_is(
    serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    assert importer.main([serve((400, b"\x1b[2J no"), CHOSEN).address]) == 1
    assert "\x1b" not in capsys.readouterr().err


def test_a_password_in_the_address_is_neither_used_nor_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        importer.main(["http://me:hunter2@127.0.0.1:5601"])
    said = capsys.readouterr().err
    assert "NEWSWIRE_ELASTICSEARCH_USER" in said
    assert "hunter2" not in said


def test_a_certificate_authority_that_cannot_be_read_is_named_at_once(serve: Serve) -> None:
    server = serve()
    with pytest.raises(importer.Refused, match=r"NEWSWIRE_ELASTICSEARCH_CA_FILE, /nowhere.pem"):
        importer.import_objects(kibana(server, ca_file="/nowhere.pem"), CONTENT)
    assert server.requests == []


@pytest.mark.parametrize("address", ["localhost:5601", "file:///etc/passwd", ""])
def test_what_is_no_address_is_wrong_usage(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        importer.main([address])
    assert "begins with http:// or https://" in capsys.readouterr().err


def test_a_setting_that_cannot_be_used_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH", "nowhere")
    assert importer.main(["http://127.0.0.1:5601"]) == 2
    assert "NEWSWIRE_ELASTICSEARCH" in capsys.readouterr().err
