"""A reader process; ``reader`` starts it as ``python -m services.ingest.reader_child FD PARENT LIMITS…``."""

import signal
import sys

from newswire.local.launch import die_with_parent
from services.ingest.reader import serve
from services.ingest.readers import formats  # noqa: F401 - at the start, not with the first file
from services.ingest.readers.format import Limits

if __name__ == "__main__":
    # Ctrl-C in a terminal reaches the whole group; the service decides when its processes end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fd, parent, *limits = map(int, sys.argv[1:])
    if sys.platform == "linux":
        die_with_parent(parent)
    serve(fd, Limits(*limits))
