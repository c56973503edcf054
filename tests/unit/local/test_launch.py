"""The launcher, run as root: as whom the program then finds itself."""

import os
import sys
from pathlib import Path

import pytest

from newswire.local.errand import run
from newswire.local.identity import identity_for

PROGRAM = """
import os, sys
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines())
print(os.geteuid(), os.getegid(), os.access(sys.argv[1], os.W_OK), status["CapEff"].strip())
"""
NOTHING = "0" * 16
REACH_FILES_OF_OTHERS = f"{1 << 1:016x}"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its identity")


@pytest.mark.parametrize(
    ("identity", "ids", "capabilities"),
    [("user-namespace", "1000 1000", NOTHING), ("other-user", "65534 65534", REACH_FILES_OF_OTHERS)],
)
def test_the_program_is_not_root_and_reaches_roots_private_files(
    tmp_path: Path, identity: str, ids: str, capabilities: str
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    done = run([sys.executable, "-I", "-S", "-c", PROGRAM, str(private)], 60, identity=identity)
    if not done.succeeded and "unshare" in done.output:
        pytest.skip("no user namespaces here")
    assert done == (True, f"{ids} True {capabilities}")


def test_files_of_somebody_else_need_the_other_way(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "state").write_text("theirs")
    (data / "state").chmod(0o600)
    assert identity_for(data, [tmp_path]) in ("user-namespace", "other-user")
    os.chown(data / "state", 12345, 12345)
    assert identity_for(data, [tmp_path]) == "other-user"
