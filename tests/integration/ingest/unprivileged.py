"""Python, for which a file's mode counts even where it runs as root: ``python unprivileged.py -m newswire ingest``."""

import ctypes
import os
import sys

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2

if __name__ == "__main__":
    # What is dropped here is gone with the exec below. Who is not root has neither of them, and may not drop any.
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606 - our own module, no shell
