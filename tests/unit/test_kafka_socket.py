import errno
from collections.abc import Iterator
from socket import socket as Socket  # the class below has a method of that name
from typing import Any, ClassVar

import pytest
from kafka.errors import KafkaTimeoutError
from kafka.net.inet import KafkaNetSocket, create_connection
from kafka.net.selector import NetworkSelector

from newswire.kafka import connection
from newswire.kafka_socket import DIRECT, DirectSocket
from newswire.settings import KafkaSettings, load


class Made(DirectSocket):
    """Remembers the sockets it made; they never get connected."""

    SCHEMES = ("made",)
    sockets: ClassVar[list[Socket]] = []

    def socket(self, *arguments: Any) -> Socket:
        made: Socket = super().socket(*arguments)
        self.sockets.append(made)
        return made

    def connect_ex(self, sock: Socket, sockaddr: Any) -> int:
        sock.bind(("127.0.0.1", 0))  # so that the selector has something to wait for
        sock.listen()
        return errno.EINPROGRESS


@pytest.fixture
def net() -> Iterator[NetworkSelector]:
    made = NetworkSelector()
    yield made
    made.close()
    Made.sockets.clear()


def test_every_client_of_ours_uses_it() -> None:
    assert connection(load(KafkaSettings, {}))["proxy_url"] == DIRECT
    assert type(KafkaNetSocket(DIRECT)) is DirectSocket


def test_a_client_that_ends_while_it_connects_leaves_no_socket_open(net: NetworkSelector) -> None:
    task = net.call_soon(create_connection(net, "127.0.0.1", 9, proxy_url="made://"))
    while not Made.sockets:
        net.poll(timeout_ms=1)
    assert [one.fileno() >= 0 for one in Made.sockets] == [True]
    net.cancel(task)
    assert [one.fileno() for one in Made.sockets] == [-1]


def test_a_connection_that_takes_too_long_leaves_no_socket_open(net: NetworkSelector) -> None:
    with pytest.raises(KafkaTimeoutError):
        net.run(DirectSocket(DIRECT).connect(net, (2, 1, 6, "", ("127.0.0.1", 9)), (), timeout_at=0.0))
