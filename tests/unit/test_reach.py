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
