"""Turn this process into another program that cannot outlive its parent.

Run by path, before every child: ``python -I -S launch.py --parent PID [--identity …] -- PROGRAM ARGUMENT…``.
Standard library only and no import of this project, so that it costs a few
milliseconds. The order of the steps is what makes it safe:

1. take the other identity, if one is asked for: a change of credentials
   clears the death signal, so it has to come first;
2. ask the kernel for SIGKILL when the parent dies, however it dies;
3. leave if the parent is dead already: it may have died before step 2;
4. become the program; the process id stays the same.

The kernel sends the signal when the *thread* ends that made this process;
`newswire.local.supervise` therefore starts children from the main thread.

Identities, for an engine that refuses to run as root:

``user-namespace``  the same user, seen as uid 1000 inside a user namespace of
    its own: files keep their owner. Not to be had in every container.
``other-user``  uid and gid 65534, with the one capability to reach root's
    files; new files then belong to that user.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys

# <linux/prctl.h>, <linux/securebits.h>, <linux/sched.h>, <linux/capability.h>
PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CLONE_NEWUSER = 0x10000000
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1

NOBODY = 65534
INSIDE = 1000  # any uid but 0
IDENTITIES = ("user-namespace", "other-user")

EXIT_NOT_STARTED = 127  # what a shell says when it cannot start a program


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that made it ends; exit now if process `parent` is gone."""
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(EXIT_NOT_STARTED)


def enter_user_namespace() -> None:
    """Become uid and gid 1000 in a new user namespace, where they stand for this user. Raises OSError."""
    uid, gid = os.geteuid(), os.getegid()
    _call("unshare", CLONE_NEWUSER)
    # The kernel lets the group map be written only after this refusal.
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INSIDE} {uid} 1"), ("gid_map", f"{INSIDE} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as handle:
            handle.write(text)


def become_other_user() -> None:
    """Become uid and gid 65534 and keep CAP_DAC_OVERRIDE, also in the program to come. Raises OSError."""
    # With it capabilities outlive the change of user, and access(2), which Java asks about every file, respects them.
    _call("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    wanted = 1 << CAP_DAC_OVERRIDE
    # effective, permitted, inheritable; then the same for the capabilities above 31.
    sets = (ctypes.c_uint32 * 6)(wanted, wanted, wanted, 0, 0, 0)
    _call("capset", header, sets)
    _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def _call(function: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")


def main() -> None:
    """Follow the numbered steps; does not return. Exit status 127 when the program could not be started."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--identity", choices=IDENTITIES)
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()
    try:
        # 1. identity
        if options.identity == "user-namespace":
            enter_user_namespace()
        elif options.identity == "other-user":
            become_other_user()
        # 2. and 3. death signal, and the race before it
        die_with_parent(options.parent)
        # 4. the program, with the signal that Python ignores for itself back at its default
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execv(options.program[0], options.program)  # noqa: S606 - this module's purpose; no shell involved
    except OSError as error:
        sys.stderr.write(f"{options.program[0]}: {error}\n")
        sys.exit(EXIT_NOT_STARTED)


if __name__ == "__main__":
    main()
