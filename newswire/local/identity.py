"""As whom Elasticsearch runs when this process is root, because as root it refuses to.

The two ways are those of `newswire.launch`. Which of them works depends
on the machine: many containers forbid user namespaces, some take away the
capability that the other way needs. So each is tried on the real directories,
with a program that only looks whether it could read and write them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from newswire.launch import IDENTITIES
from newswire.local.errand import run
from newswire.local.errors import LocalStackError

# Exit status 0 when everything below the first directory can be written and the other directories can be listed.
LOOK = """
import os, sys
for directory, _, files in os.walk(sys.argv[1]):
    for path in [directory, *(os.path.join(directory, file) for file in files)]:
        if not os.access(path, os.W_OK):
            sys.exit(path + ' cannot be written')
for path in sys.argv[2:]:
    os.listdir(path)
"""
LOOK_LIMIT = 30  # seconds; it takes a twentieth of one


def identity_for(writable: Path, readable: Sequence[Path]) -> str | None:
    """Return the identity to start Elasticsearch with: None for an ordinary user, who needs no other.

    Blocks for a moment when this process is root. Raises LocalStackError when
    neither way reaches all the directories.
    """
    if os.geteuid() != 0:
        return None
    reasons = []
    for identity in IDENTITIES:
        look = [sys.executable, "-I", "-S", "-c", LOOK, str(writable), *map(str, readable)]
        done = run(look, LOOK_LIMIT, identity=identity)
        if done.succeeded:
            return identity
        reasons.append(f"{identity}: {(done.output.splitlines() or ['no reason given'])[-1]}")
    raise LocalStackError(
        "Elasticsearch does not run as root, and here root cannot start it as anybody else"
        f" ({'; '.join(reasons)}); run the command as an ordinary user."
    )
