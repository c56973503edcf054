"""A local stack for the length of a test session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from newswire.local.stack import LocalStack


@contextmanager
def temporary_stack(kafka: str | None = None, elasticsearch: str | None = None) -> Iterator[LocalStack]:
    """Run a stack on free ports in a directory that is removed afterwards; an address given is used instead.

    Lines about the download go to standard output, which pytest shows when the
    start fails. Raises LocalStackError.
    """
    with (
        TemporaryDirectory(prefix="newswire-", ignore_cleanup_errors=True) as directory,
        LocalStack(
            Path(directory),
            kafka_port=0,
            elasticsearch_port=0,
            kafka=kafka,
            elasticsearch=elasticsearch,
            progress=print,  # pytest captures it
        ) as stack,
    ):
        yield stack
