"""A reader process; ``reader`` starts it as ``python -m services.ingest.reader_child FD PARENT LIMITS…``."""

import gc
import sys
import time
from multiprocessing.connection import Connection

import msgspec

from newswire.worker import READY, serving
from services.ingest.readers import formats  # noqa: F401 - at the start, not with the first file
from services.ingest.readers.limits import Limits
from services.ingest.reading import Answer, Request, is_last, look_into

# Answers of a crowd of small files go together; what has waited this long goes with the next.
TOGETHER = 0.01  # seconds
# How often a process that has nothing to say gives a sign of life; far more often than any limit asks for.
LIFE = 0.5  # seconds


def serve(fd: int, parent: int, limits: Limits) -> None:
    """Answer requests until the service closes its end."""
    decode = msgspec.msgpack.Decoder(list[Request]).decode
    with serving(fd, parent) as service:
        gc.freeze()  # the readers' own tables are no garbage, and are not looked through for any
        service.send_bytes(READY)
        answers = _Answers(service)
        while True:
            try:
                requests = decode(service.recv_bytes())
            except EOFError:
                return
            for request in requests:
                for answer in look_into(request, limits, answers.alive):
                    answers.add(answer)
                # What comes in portions is told to its end before the next is begun: who dies then, dies of the next.
                if not request.quick:
                    answers.send()
            answers.send()


class _Answers:
    """Answers on their way to the service: how many are the last of their request, and they, as one message."""

    def __init__(self, service: Connection) -> None:
        self._service = service
        self._encode = msgspec.msgpack.Encoder().encode
        self._waiting: list[Answer] = []
        self._spoken = time.monotonic()

    def add(self, answer: Answer) -> None:
        """Send it, at once or with those that follow at once."""
        self._waiting.append(answer)
        if not is_last(answer) or time.monotonic() - self._spoken > TOGETHER:
            self.send()

    def send(self) -> None:
        """Send what waits."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._say(sum(map(is_last, waiting)), self._encode(waiting))

    def alive(self) -> None:
        """Give a sign of life where the last word was long ago."""
        if time.monotonic() - self._spoken > LIFE:
            self._say(0, b"")

    def _say(self, done: int, answers: bytes) -> None:
        self._service.send_bytes(bytes((done,)) + answers)
        self._spoken = time.monotonic()


if __name__ == "__main__":
    fd, parent, *limits = map(int, sys.argv[1:])
    serve(fd, parent, Limits(*limits))
