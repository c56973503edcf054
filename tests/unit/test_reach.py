import socket
import threading
import time
from collections.abc import Callable

from newswire.health import Health
from newswire.reach import watch
from newswire.reasons import Stage


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_server_that_goes_and_comes_back_is_noticed_without_asking_it_anything() -> None:
    health = Health(Stage.INDEX, ("node",))
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    address = server.getsockname()
    watch("node", "Elasticsearch", [("127.0.0.1", 1), address], health, stop, every=0.01)
    until(lambda: health.ready()[0])
    server.close()
    until(lambda: not health.ready()[0])
    assert f"Elasticsearch at 127.0.0.1:{address[1]} takes no connection" in str(health.ready()[1]["causes"])
    with socket.create_server(address, reuse_port=False):
        until(lambda: health.ready()[0])
    stop.set()


def test_a_server_that_takes_connections_and_does_not_answer_is_told_so() -> None:
    health = Health(Stage.INGEST, ("node",))
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:  # its kernel takes the connections, and nobody the words
        address = server.getsockname()

        def greeting(connection: socket.socket) -> None:
            connection.sendall(b"hello")
            connection.recv(1)

        watch("node", "Kafka", [address], health, stop, greeting=greeting, every=0.01, patience=0.05)
        until(lambda: "does not answer: timed out" in str(health.ready()[1]["causes"]))
        stop.set()
    assert f"Kafka at 127.0.0.1:{address[1]} takes connections" in str(health.ready()[1]["causes"])
