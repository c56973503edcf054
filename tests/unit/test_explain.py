"""What a person is told of a server that is not there, is another one, or refuses."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner
from kafka.errors import KafkaTimeoutError, TopicAuthorizationFailedError

from newswire import kafka
from newswire.cli import group
from newswire.settings import KafkaSettings

NOWHERE = "127.0.0.1:1"
PAGE = b"<!DOCTYPE HTML>\n<html><head><title>Some other server</title></head></html>\n"


class _Page(BaseHTTPRequestHandler):
    """A web server as it stands before, or instead of, many another."""

    def do_GET(self) -> None:
        """Answer with a page; the path is the status."""
        self.send_response(int(self.server.status))  # type: ignore[attr-defined]
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    do_POST = do_GET
    do_PUT = do_GET

    def log_message(self, *_: object) -> None:
        """Nothing: it is no test's business."""


@pytest.fixture
def web_server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("command", [("search", "drone"), ("dlq", "list"), ("prune", "--older-than", "1y")])
@pytest.mark.parametrize("status", [200, 404, 502])
def test_another_server_is_named_and_its_page_is_not_printed(
    web_server: ThreadingHTTPServer, command: tuple[str, ...], status: int
) -> None:
    web_server.status = status  # type: ignore[attr-defined]
    address = f"http://127.0.0.1:{web_server.server_port}"
    answer = CliRunner().invoke(group, command, env={"NEWSWIRE_ELASTICSEARCH": address})
    assert answer.exit_code == 1
    assert f"What answers at {address} is not Elasticsearch ({status})" in answer.stderr
    assert "Is NEWSWIRE_ELASTICSEARCH the right address?" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert "<" not in answer.stderr


def test_https_to_a_server_without_it_is_told_to_leave_it(web_server: ThreadingHTTPServer) -> None:
    address = f"https://127.0.0.1:{web_server.server_port}"
    answer = CliRunner().invoke(group, ["search", "drone"], env={"NEWSWIRE_ELASTICSEARCH": address})
    assert answer.exit_code == 1
    assert "it answers without TLS; begin NEWSWIRE_ELASTICSEARCH with http://" in answer.stderr


def test_no_command_waits_for_a_kafka_that_is_not_there_as_long_as_a_service_does() -> None:
    assert kafka.AT_A_TERMINAL["bootstrap_timeout_ms"] <= 5000
    # In processes of their own, as the client leaves sockets behind; all at once, as each takes a second to begin.
    hasty = (
        "from newswire import cli, kafka\n"
        "kafka.BOOTSTRAP_TIMEOUT = 600_000\n"
        "kafka.AT_A_TERMINAL.update(bootstrap_timeout_ms=50)\n"
        "cli.main()"
    )
    environ = os.environ | {"NEWSWIRE_KAFKA": NOWHERE, "NEWSWIRE_ELASTICSEARCH": f"http://{NOWHERE}"}
    running = [
        subprocess.Popen([sys.executable, "-c", hasty, *command.split()], env=environ, stderr=subprocess.PIPE)
        for command in ("replay --list", "replay --stage index --from 1d", "dlq replay --all", "setup")
    ]
    try:
        for one in running:
            _, said = one.communicate(timeout=60)
            assert one.returncode == 1
            assert said.decode() == (
                f"newswire: Kafka at {NOWHERE} does not answer. Is it running, here perhaps by `newswire up`, "
                "and is NEWSWIRE_KAFKA its address?\n"
            )
    finally:
        for one in running:
            one.kill()
            one.communicate()


def test_a_cause_that_says_something_is_told() -> None:
    said = kafka.explain(KafkaTimeoutError("no article came for 30 s"), KafkaSettings())
    assert "does not answer (no article came for 30 s)." in said
    assert "()" not in kafka.explain(KafkaTimeoutError(), KafkaSettings())


def test_a_broker_that_refuses_is_not_taken_for_one_that_is_away() -> None:
    said = kafka.explain(TopicAuthorizationFailedError("newswire.raw.v1"), KafkaSettings())
    assert "refused the request" in said
    assert "newswire.raw.v1" in said
