"""Files that are larger than anything, and what the service needs for them."""

from collections.abc import Callable
from pathlib import Path

import psutil

from newswire.reasons import Reason
from tests.corpus import story
from tests.integration.ingest.conftest import Ingest

MIB = 1024 * 1024
# More than what the service needs when idle: the process for slow files (37 MiB), in it the largest document that is
# read (20 MB, for a moment twice), and what allocators keep.
MOST_GROWTH = 100 * MIB


def memory(process: psutil.Process) -> int:
    """What a process and its children have for themselves and their share of what they have in common, in bytes."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total


def written(path: Path, before: bytes, piece: bytes, times: int, after: bytes = b"") -> None:
    """A large file, moved in when it is whole."""
    unfinished = path.with_name(f".{path.name}")
    with unfinished.open("wb") as file:
        file.write(before)
        for _ in range(times):
            file.write(piece)
        file.write(after)
    unfinished.rename(path)


def test_a_gigabyte_of_one_line_and_a_huge_article_are_refused_in_little_memory(ingest: Ingest) -> None:
    ingest.start()
    ingest.until(lambda: ingest.ready().get("ready"))
    ingest.drop("first.txt", story("readers that have started"))
    ingest.until(lambda: ingest.put_away("processed") == ["first.txt"])
    assert ingest.process is not None
    service = psutil.Process(ingest.process.pid)
    measured = [memory(service)]

    def watching(condition: Callable[[], object]) -> Callable[[], object]:
        def holds() -> object:
            measured.append(memory(service))
            return condition()

        return holds

    directory = ingest.inbox / ingest.tag
    written(directory / "line.txt", b"", b"x" * MIB, 1024)
    written(directory / "article.json", b'{"title": "Large", "body": "', b"word " * (MIB // 5), 200, b'"}')
    # Nobody waits behind them.
    ingest.drop("good.txt", story("company of the large"))
    ingest.until(watching(lambda: "good.txt" in ingest.put_away("processed")))
    ingest.until(watching(lambda: len(ingest.rows("SELECT 1 FROM files")) == 4 and ingest.empty()))

    letters = ingest.letters()
    assert {letter.reason for letter in letters} == {Reason.TOO_LARGE}
    assert len(letters) == 2
    growth = max(measured) - measured[0]
    assert growth < MOST_GROWTH, f"{measured[0] / MIB:.0f} MiB and {growth / MIB:.0f} MiB more"
    for path in (ingest.data / "rejected").rglob("*"):
        if path.is_file():
            path.unlink()  # pytest keeps what three runs wrote
