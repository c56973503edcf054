import os
import socket

import pytest

from newswire.local.errors import LocalStackError
from newswire.local.ports import claim, free_port


def test_free_ports_are_all_different_and_can_be_listened_on() -> None:
    ports = [free_port() for _ in range(20)]
    assert len(set(ports)) == 20
    with socket.create_server(("127.0.0.1", ports[0])):
        pass


def test_port_0_is_any_free_one_and_another_is_taken_as_it_is() -> None:
    port = claim(0, "Kafka", "NEWSWIRE_KAFKA_PORT")
    assert port > 0
    assert claim(port, "Kafka", "NEWSWIRE_KAFKA_PORT") == port


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - the other server's choice
def test_a_taken_port_is_a_sentence_with_port_setting_and_holder(host: str) -> None:
    with socket.create_server((host, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LocalStackError) as caught:
            claim(port, "Kafka", "NEWSWIRE_KAFKA_PORT")
    message = str(caught.value)
    assert f"Port {port}" in message
    assert "NEWSWIRE_KAFKA_PORT" in message
    assert f"(process {os.getpid()})" in message


def test_connections_that_are_still_closing_do_not_take_a_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # the server closes first: its end stays in TIME_WAIT
        client.close()
    assert claim(port, "Kafka", "NEWSWIRE_KAFKA_PORT") == port
