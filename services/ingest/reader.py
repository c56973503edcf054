"""Readers: the processes that look into files for the service, one quick and one slow.

The quick one takes what comes; what turns out to be large, or takes longer than a
moment, it leaves to the slow one, where it keeps nobody waiting. A file that kills
its process, or does not come to an end, is refused; its process is replaced, and
the files behind it are read by the next.
"""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import msgspec

from newswire.logging import get_logger
from newswire.worker import Worker
from services.ingest.readers.format import Limits
from services.ingest.reading import Answer, Request, is_last, look_into

# Each handful wakes the thread that waits for its answers, which takes the interpreter from the one that publishes.
# What is behind a file that hangs waits for it; how many are answered is told in a byte.
HANDFUL = 200
# What a socket surely has room for while nobody reads from it, all requests together: the process does not while it
# answers, and if neither side did, both would wait for ever. Linux gives 208 KiB at least; two handfuls of usual paths
# fit. A request is larger where many records are asked for.
UNREAD = 128 * 1024  # bytes
# A process that is slow to start is a busy machine; one that does not start at all is broken.
START_LIMIT = 60.0  # seconds
# What of its answers is kept until they are asked for: a batch of 1,000 articles of 3 to 4 kB, and a little more.
# The process waits meanwhile.
ROOM = 5 * 1024 * 1024  # bytes
# Opening one article takes milliseconds, and the process itself gives up a file after `QUICK_TIME`. Longer than this
# and it hangs.
QUICK_LIMIT = 2.0  # seconds
CHILD = "services.ingest.reader_child"

log = get_logger()


class Lost(msgspec.Struct, frozen=True):
    """A file that its process died of, or (``late``) did not come to an end with; nothing more comes of it."""

    number: int
    late: bool


Word = Answer | Lost


class Reader(Protocol):
    """What the intake asks of a reader."""

    def submit(self, requests: Sequence[Request]) -> None:
        """Ask for these files, after those that were asked for before; never blocks."""

    def take(self, timeout: float) -> list[Word]:
        """What has come meanwhile, in order; blocks until there is something, ``timeout`` seconds at most."""

    @property
    def pending(self) -> int:
        """How many requests have not had their last answer taken."""

    @property
    def is_ready(self) -> bool:
        """Whether there is something to be taken at once."""

    def close(self) -> None:
        """Let go; what is pending is never answered."""


class DirectReader:
    """Reads in the caller's own thread, when asked: for tests, and where nothing can hang."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._requests: deque[Request] = deque()

    def submit(self, requests: Sequence[Request]) -> None:
        """See Reader."""
        self._requests.extend(requests)

    def take(self, timeout: float) -> list[Word]:
        """See Reader; everything at once."""
        words: list[Word] = []
        while self._requests:
            words.extend(look_into(self._requests.popleft(), self._limits))
        return words

    @property
    def pending(self) -> int:
        """See Reader."""
        return len(self._requests)

    @property
    def is_ready(self) -> bool:
        """See Reader."""
        return bool(self._requests)

    def close(self) -> None:
        """Nothing is held."""


class ProcessReader:
    """A reader in a process of its own, and the thread that feeds it.

    ``limit`` is how many seconds may pass between two answers, or until it listens; ``on_answer`` is called
    by its thread when there is one. The process is started with the first file, or
    ``at_once``, so that the first does not wait for it. ``take`` raises WorkerStartError when no process
    can be started.
    """

    def __init__(
        self,
        name: str,
        limit: float,
        limits: Limits,
        *,
        on_answer: Callable[[], None] = lambda: None,
        at_once: bool = False,
        module: str = CHILD,
    ) -> None:
        self._name = name
        self._limit = limit
        self._on_answer = on_answer
        self._at_once = at_once
        self._limits = limits
        self._module = module
        self._changed = threading.Condition()
        self._requests: deque[Request] = deque()
        # So many of these are asked one by one: which of them their process died of is not known yet.
        self._suspects = 0
        self._answers: deque[bytes | Lost] = deque()
        self._held = 0
        self._pending = 0
        self._closed = False
        self._failure: Exception | None = None
        self._process: Worker | None = None
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(list[Answer]).decode
        self._thread = threading.Thread(target=self._run, name=f"{name} reader", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process of this moment."""
        return self._process.pid if self._process else None

    @property
    def pending(self) -> int:
        """See Reader."""
        return self._pending

    @property
    def is_ready(self) -> bool:
        """See Reader."""
        return bool(self._answers)

    def submit(self, requests: Sequence[Request]) -> None:
        """See Reader."""
        with self._changed:
            self._requests.extend(requests)
            self._pending += len(requests)
            self._changed.notify_all()

    def take(self, timeout: float) -> list[Word]:
        """See Reader."""
        with self._changed:
            if not self._answers and self._pending and not self._failure:
                self._changed.wait(timeout)
            if self._failure:
                raise self._failure
            taken, self._answers = self._answers, deque()
            self._held = 0
            self._changed.notify_all()
        words: list[Word] = []
        for one in taken:
            words.extend([one] if isinstance(one, Lost) else self._decode(one))
        self._pending -= sum(map(is_last, words))
        return words

    def close(self) -> None:
        """See Reader; ends the process."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            if self._process is not None:
                self._process.kill()  # so that its thread, which waits for its answer, comes back
        self._thread.join(5)

    def _run(self) -> None:
        asked: deque[Request] = deque()
        try:
            if self._at_once:
                with suppress(EOFError):  # closed meanwhile
                    self._start()
            while not self._closed:
                more = self._next(asked)
                asked.extend(more)
                try:
                    if asked:
                        self._read(more, asked)
                except (EOFError, OSError) as error:
                    if not self._closed:
                        self._replace(asked, late=isinstance(error, TimeoutError))
        except Exception as error:  # whoever takes must learn of it, and not wait for ever
            with self._changed:
                self._failure = error
                self._changed.notify_all()
        finally:
            if self._process is not None:
                self._process.end()

    def _next(self, asked: Sequence[Request]) -> list[Request]:
        """What else the process is to be asked; blocks while it has nothing at all to do and the reader is open."""
        with self._changed:
            while not self._requests and not asked and not self._closed:
                self._changed.wait()
            if self._suspects:
                many = 0 if asked else 1
                self._suspects -= many
            else:
                # One handful is on its way while another is worked on.
                many = HANDFUL if len(asked) <= HANDFUL else 0
            # Whatever is not answered may not have been read.
            unread = sum(map(_size, asked)) if many and self._requests else 0
            sizes = itertools.accumulate(map(_size, itertools.islice(self._requests, many)), initial=unread)
            fitting = sum(1 for _ in itertools.takewhile(UNREAD.__ge__, sizes)) - 1
            # A process that has nothing to do listens, whatever the size.
            least = 0 if asked else min(many, 1, len(self._requests))
            return [self._requests.popleft() for _ in range(max(fitting, least))]

    def _read(self, more: Sequence[Request], asked: deque[Request]) -> None:
        """Ask for ``more`` and await some answers; each of ``asked`` leaves the queue with its last."""
        process = self._process or self._start()
        if more:
            process.send(self._encode(more))
        if not process.socket.poll(self._limit):
            raise TimeoutError
        # How many requests have their last answer with these, and the answers; none at all is a sign of life.
        data = process.socket.recv_bytes()
        for _ in range(data[0]):
            asked.popleft()
        if answers := data[1:]:
            self._give(answers)

    def _start(self) -> Worker:
        """A process that is ready. Raises WorkerStartError, or EOFError where the reader is closed."""
        with self._changed:  # from here on `close` ends it
            if self._closed:
                raise EOFError
            self._process = process = Worker(self._module, *map(str, self._limits), limit=self._limit)
        process.wait_until_ready(START_LIMIT)
        return process

    def _give(self, answer: bytes | Lost) -> None:
        with self._changed:
            while self._held > ROOM and not self._closed:
                self._changed.wait()
            self._answers.append(answer)
            self._held += len(answer) if isinstance(answer, bytes) else 0
            self._changed.notify_all()
        self._on_answer()

    def _replace(self, asked: deque[Request], *, late: bool) -> None:
        """One of ``asked`` is lost, and the next process is asked for the others before all else.

        The first, where its answers come in portions, some of which were taken: they do not come
        twice. Else any may be it: each is asked for alone.
        """
        if self._process is not None:
            self._process.end()
            self._process = None
        are_suspects = len(asked) > 1 and asked[0].quick
        culprit = None if are_suspects else asked.popleft()
        with self._changed:
            self._requests.extendleft(reversed(asked))
            if are_suspects:
                self._suspects = len(asked)
        asked.clear()
        if culprit is None:
            return
        log.warning("a file was too much for its reader", reader=self._name, path=culprit.shown, late=late)
        self._give(Lost(culprit.number, late))


def _size(request: Request) -> int:
    """How many bytes it has on its way, about."""
    return 100 + len(request.path) + len(request.shown.encode()) + 5 * len(request.only)
