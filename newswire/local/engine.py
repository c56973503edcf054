"""What the two engines have in common: an address, and a child process that becomes ready."""

from __future__ import annotations

from typing import Protocol

from newswire.local.supervise import Child


class Engine(Protocol):
    """A server of the stack, between `LocalStack` and its child process."""

    name: str
    address: str
    child: Child

    def is_ready(self) -> bool:
        """Ask the server whether it takes requests; waits a second or two at most, never raises."""
