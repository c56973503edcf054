"""A reader process in which two files do what hostile files would: one never ends, one kills it."""

import os
import sys
import time
from collections.abc import Callable

from services.ingest import reader_child, reading
from services.ingest.readers.format import Limits

honest = reading.look_into


def look_into(request: reading.Request, limits: Limits, alive: Callable[[], None]):  # type: ignore[no-untyped-def]
    if request.shown == "hangs":
        time.sleep(60)
    if request.shown == "dies":
        os._exit(11)
    return honest(request, limits, alive)


if __name__ == "__main__":
    reader_child.look_into = look_into
    reader_child.serve(int(sys.argv[1]), int(sys.argv[2]), Limits())
