"""What holds for every file of the local stack."""

import re
from pathlib import Path

import newswire.local

FILES = [path for path in Path(newswire.local.__file__).parent.rglob("*") if path.suffix in (".py", ".toml", ".java")]
# Ours is the loopback interface; everything else is known to the library that fetches.
ADDRESS = re.compile(r"https?://(?!\{LOOPBACK\}|127\.0\.0\.1)")


def test_no_file_names_a_registry() -> None:
    assert FILES
    assert [path.name for path in FILES if ADDRESS.search(path.read_text("utf-8"))] == []
