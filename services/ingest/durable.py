"""What is renamed or written is on disk."""

import os


def sync(path: str | os.PathLike[str]) -> None:
    """Have the file or directory at ``path`` written out; returns when it is. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
