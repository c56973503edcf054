"""A reader process in which some files do what hostile files would: never end, take long, kill it."""

import os
import sys
import time
from collections.abc import Callable, Iterator

from services.ingest import reader_child, reading
from services.ingest.readers.format import Limits

honest = reading.look_into


def look_into(request: reading.Request, limits: Limits, alive: Callable[[], None]) -> Iterator[reading.Answer]:
    match request.shown:
        case "hangs":
            time.sleep(60)
        case "dies":
            os._exit(11)
        case "dies later":
            _take_long(alive)
            os._exit(11)
        case "takes long":
            for _ in range(3):
                _take_long(alive)
        case "dies in the middle":
            yield next(honest(request, limits, alive))
            os._exit(11)
    yield from honest(request, limits, alive)


def _take_long(alive: Callable[[], None]) -> None:
    time.sleep(1.2 * reader_child.LIFE)
    alive()


if __name__ == "__main__":
    reader_child.look_into = look_into
    reader_child.serve(int(sys.argv[1]), int(sys.argv[2]), Limits())
