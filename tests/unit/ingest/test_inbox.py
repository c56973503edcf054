import os
from pathlib import Path

import pytest

from services.ingest.inbox import Inbox, is_temporary, shown


@pytest.mark.parametrize("name", [".hidden", "a.tmp", "a.txt.part", "a.filepart", "a.txt~", "A.TMP"])
def test_unfinished_files_are_known_by_their_names(name: str) -> None:
    assert is_temporary(name)


@pytest.mark.parametrize("name", ["a.txt", "a.tmp.txt", "part", "a", "~a", "tmp"])
def test_other_names_are_finished(name: str) -> None:
    assert not is_temporary(name)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.txt", "a/b.txt"),
        ("smørgås/日本.txt", "smørgås/日本.txt"),
        (os.fsdecode(b"caf\xe9.txt"), "caf%E9.txt"),
        ("two\nlines\t.txt", "two%0Alines%09.txt"),
        ("right\u202etxt", "right%E2%80%AEtxt"),
        ("100%.txt", "100%.txt"),
    ],
)
def test_a_shown_path_is_one_line_of_unicode(path: str, expected: str) -> None:
    assert shown(path) == expected
    shown(path).encode()


def test_a_missing_inbox_is_made(tmp_path: Path) -> None:
    inbox = Inbox.at(tmp_path / "a" / "b")
    assert Path(inbox.root).is_dir()
    assert inbox.relative(f"{inbox.root}/c/d.txt") == "c/d.txt"
