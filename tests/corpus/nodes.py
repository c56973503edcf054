"""What lies in a directory and is no regular file, or may not be read."""

import os
import socket
import stat
from pathlib import Path

from newswire.reasons import Reason
from tests.corpus.case import Case, story

UNREADABLE = "unreadable.txt"


def _socket(path: Path) -> None:
    here = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as made:  # its address is short, whatever the directory's path is
            made.bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)


def _unreadable(path: Path) -> None:
    path.write_text(story("doors"))
    path.chmod(0)


CASES = (
    Case(
        "link-out.txt",
        "a link to a secret",
        make=lambda path: path.symlink_to("/etc/passwd"),
        refused=(Reason.NOT_REGULAR,),
    ),
    Case(
        "link-in.txt",
        "a link to another file of the inbox",
        make=lambda path: path.symlink_to("empty.txt"),
        refused=(Reason.NOT_REGULAR,),
    ),
    Case(
        "link-nowhere.txt",
        "a link to nothing",
        make=lambda path: path.symlink_to("/nowhere/at/all"),
        refused=(Reason.NOT_REGULAR,),
    ),
    Case(
        "link-self.txt", "a link to itself", make=lambda path: path.symlink_to(path.name), refused=(Reason.NOT_REGULAR,)
    ),
    Case(
        "link-directory",
        "a link to a directory",
        make=lambda path: path.symlink_to("/etc"),
        refused=(Reason.NOT_REGULAR,),
    ),
    Case(
        "link-endless",
        "a link to a device that never ends",
        make=lambda path: path.symlink_to("/dev/zero"),
        refused=(Reason.NOT_REGULAR,),
    ),
    Case("pipe.txt", "a pipe", make=os.mkfifo, refused=(Reason.NOT_REGULAR,)),
    Case("socket.txt", "a socket", make=_socket, refused=(Reason.NOT_REGULAR,)),
    Case(
        "device.txt",
        "a device",
        make=lambda path: os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5)),
        refused=(Reason.NOT_REGULAR,),
    ),
    Case(UNREADABLE, "a file that may not be read", make=_unreadable, refused=(Reason.UNREADABLE,)),
)
