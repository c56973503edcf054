"""Peak resident memory of a process and of its children, from the kernel's own high-water marks."""

from contextlib import suppress
from pathlib import Path


def tree(pid: int) -> list[int]:
    """``pid`` and all processes below it."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(FileNotFoundError):  # that thread has ended
                found += [int(child) for child in children.read_text().split()]
    return found


def peak(pid: int) -> float:
    """The high-water mark of one process, MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
