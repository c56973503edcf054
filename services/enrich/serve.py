"""The worker's side of the pool: reads batches of jobs from its socket, answers one by one, ends when the socket does.

One answer a job, in order, so that the pool knows which article a process died
of. Standard output is not used: a library that prints cannot harm.
"""

import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import msgspec

from newswire.local.launch import die_with_parent
from services.enrich.core import Enrich, Job, process

# What a worker process says when it is loaded.
READY = b"ready"


def serve(fd: int, parent: int, enrich: Callable[[], Enrich]) -> None:
    """Serve jobs until the pool closes its end; ``enrich`` makes, here, what does the work."""
    # Ctrl-C in a terminal reaches the whole group; the service decides when its processes end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        die_with_parent(parent)
    work = enrich()
    decode = msgspec.msgpack.Decoder(list[Job]).decode
    encode = msgspec.msgpack.Encoder().encode
    with Connection(fd) as pool:
        pool.send_bytes(READY)
        while True:
            try:
                jobs = decode(pool.recv_bytes())
            except EOFError:
                return
            for job in jobs:
                pool.send_bytes(encode(process(job, work, now=lambda: datetime.now(UTC))))
