"""The worker's side of the pool: reads batches of jobs from its socket, answers one by one, ends when the socket does.

One answer a job, in order, so that the pool knows which article a process died
of; of one that is slow, what there is of it comes before. Standard output is not
used: a library that prints cannot harm.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from newswire.worker import READY, serving
from services.enrich.core import Enrich, Job, Slow, process


def serve(fd: int, parent: int, enrich: Callable[[], Enrich]) -> None:
    """Serve jobs until the pool closes its end; ``enrich`` makes, here, what does the work."""
    decode = msgspec.msgpack.Decoder(list[Job]).decode
    encode = msgspec.msgpack.Encoder().encode
    with serving(fd, parent) as pool:
        work = enrich()
        pool.send_bytes(READY)
        while True:
            try:
                jobs = decode(pool.recv_bytes())
            except EOFError:
                return
            for job in jobs:
                answer = process(
                    job,
                    work,
                    now=lambda: datetime.now(UTC),
                    so_far=lambda answer: pool.send_bytes(encode(Slow(answer))),
                )
                pool.send_bytes(encode(answer))
