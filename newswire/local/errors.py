"""What went wrong with the local stack, as the sentence a person reads.

One exception class, because every caller does the same with it: print the
message on standard error and exit with status 1.
"""

from __future__ import annotations

import errno
from pathlib import Path

from newswire.told import Told

# A full disk, and a full quota, which looks the same to the person at the keyboard.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class LocalStackError(Told):
    """One sentence: what is wrong and what to do next. Shown as it is, never with a traceback."""


def storage_error(error: OSError, directory: Path, setting: str) -> LocalStackError:
    """Turn a failed write below `directory` into the sentence for it; `setting` is what moves that directory."""
    if error.errno in FULL:
        return LocalStackError(
            f"The disk that holds {directory} is full; free some space there or set {setting} to a directory elsewhere."
        )
    if error.errno in FORBIDDEN:
        return LocalStackError(
            f"{directory} cannot be written ({error.strerror}); make it writable or set {setting} to another directory."
        )
    return LocalStackError(
        f"{error.filename or directory}: {error.strerror or error}; set {setting} to another directory."
    )
