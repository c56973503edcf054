"""A short program, run to its end: what has to happen once before an engine can start."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from newswire.local.supervise import launch_command


class Done(NamedTuple):
    """How it ended."""

    succeeded: bool
    output: str  # standard output, then standard error


def run(
    argv: Sequence[str | Path],
    limit: float,
    *,
    env: Mapping[str, str] | None = None,
    directory: Path | None = None,
    identity: str | None = None,
) -> Done:
    """Run `argv`; blocks until it has ended, at most `limit` seconds, after which it is killed and has failed.

    It dies with this process. Parameters are those of `newswire.local.supervise.Child`.
    """
    command = launch_command([str(part) for part in argv], identity)
    try:
        done = subprocess.run(  # noqa: S603 - the caller's program, without a shell
            command,
            env=env,
            cwd=directory,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return Done(False, f"it was given up after {limit:.0f} seconds")
    return Done(done.returncode == 0, (done.stdout + done.stderr).strip())
