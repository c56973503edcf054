"""The reader processes, real ones: what a file does to its reader harms no other file."""

import errno
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from newswire.worker import WorkerStartError
from services.ingest.read import look
from services.ingest.reader import HANDFUL, Lost, ProcessReader, Word
from services.ingest.readers.format import Limits
from services.ingest.reading import (
    CHUNK,
    PORTION_RECORDS,
    QUICK_BYTES,
    Moving,
    Portion,
    Request,
    Slow,
    Unread,
    is_last,
    look_into,
)
from tests.unit.ingest.stories import FERRY, story

HOSTILE = "tests.unit.ingest.hostile_child"
Make = Callable[..., ProcessReader]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[ProcessReader] = []

    def reader(limit: float = 20.0, module: str | None = None) -> ProcessReader:
        made.append(ProcessReader("test", limit, Limits(), **({"module": module} if module else {})))
        return made[-1]

    yield reader
    for one in made:
        one.close()


def request(path: Path, number: int = 0, *, quick: bool = True, skip: int = 0, only: tuple[int, ...] = ()) -> Request:
    return Request(number, os.fsencode(path), path.name, "UTC", quick, skip, only)


def answers(reader: ProcessReader) -> list[Word]:
    found: list[Word] = []
    while reader.pending:
        found.extend(reader.take(30))
    return found


def portions(reader: ProcessReader) -> list[Portion]:
    found = answers(reader)
    assert all(isinstance(one, Portion) for one in found), found
    return [one for one in found if isinstance(one, Portion)]


def test_a_file_is_one_portion(make: Make, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY)
    reader = make()
    reader.submit([request(tmp_path / "ferry.txt", 7)])
    (portion,) = portions(reader)
    assert (portion.number, portion.done, portion.last, portion.format) == (7, 1, True, "text")
    assert portion.version.size == len(FERRY.encode())
    assert portion.drafts[0].article.source.path == "ferry.txt"


def test_files_are_answered_in_order(make: Make, tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number}.txt").write_text(story(number))
    reader = make()
    reader.submit([request(tmp_path / f"{number}.txt", number) for number in range(100)])
    assert [one.number for one in portions(reader)] == list(range(100))


def test_what_is_not_there_or_no_file_is_told(make: Make, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = make()
    reader.submit([request(tmp_path / "gone", 1), request(tmp_path / "pipe", 2)])
    gone, pipe = answers(reader)
    assert gone == Moving(1, None)
    assert isinstance(pipe, Unread)
    assert not pipe.closed


def test_a_large_file_is_left_to_the_slow_reader(make: Make, tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(b"word " * (QUICK_BYTES // 5 + 1))
    reader = make()
    reader.submit([request(tmp_path / "large.txt", 1), request(tmp_path / "large.txt", 2, quick=False)])
    left, read = answers(reader)
    assert left == Slow(1)
    assert isinstance(read, Portion)


@pytest.mark.parametrize("seconds", [-(10**10), 3 * 10**10])  # the years 1653 and 2920
@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="a file system that keeps any time is needed")  # noqa: S108
def test_a_file_of_any_century_is_read(make: Make, seconds: int) -> None:
    with TemporaryDirectory(dir="/dev/shm") as folder:
        path = Path(folder) / "ferry.txt"
        path.write_text(FERRY)
        os.utime(path, ns=(0, seconds * 10**9))
        reader = make()
        reader.submit([request(path)])
        (portion,) = portions(reader)
        assert portion.version == look(str(path))


def many(path: Path, count: int) -> Path:
    path.write_text("".join(f'{{"body": "Story number {number} of this list."}}\n' for number in range(count)))
    return path


def test_many_records_come_in_portions_and_may_be_skipped(make: Make, tmp_path: Path) -> None:
    path = many(tmp_path / "many.ndjson", 2 * PORTION_RECORDS + 1)
    reader = make()
    reader.submit(
        [request(path, 1), request(path, 2, quick=False), request(path, 3, quick=False, skip=PORTION_RECORDS)]
    )
    first, *others = answers(reader)
    assert first == Slow(1)
    assert [(one.number, one.done, one.last, len(one.drafts)) for one in others if isinstance(one, Portion)] == [
        (2, PORTION_RECORDS, False, PORTION_RECORDS),
        (2, 2 * PORTION_RECORDS, False, PORTION_RECORDS),
        (2, 2 * PORTION_RECORDS + 1, True, 1),
        (3, 2 * PORTION_RECORDS, False, PORTION_RECORDS),
        (3, 2 * PORTION_RECORDS + 1, True, 1),
    ]


def test_single_records_may_be_asked_for(make: Make, tmp_path: Path) -> None:
    path = many(tmp_path / "many.ndjson", 10)
    reader = make()
    reader.submit([request(path, only=(3, 8))])
    (portion,) = portions(reader)
    assert [draft.article.source.record for draft in portion.drafts] == [3, 8]


@pytest.mark.parametrize(("name", "late"), [("hangs", True), ("dies", False)])
def test_a_file_that_stops_its_reader_is_lost_and_no_other(make: Make, tmp_path: Path, name: str, late: bool) -> None:
    for one in ("1.txt", name, "2.txt"):
        (tmp_path / one).write_text(FERRY)
    reader = make(limit=1.0, module=HOSTILE)
    reader.submit([request(tmp_path / "1.txt", 1), request(tmp_path / name, 2), request(tmp_path / "2.txt", 3)])
    before, lost, after = answers(reader)
    assert isinstance(before, Portion)
    assert lost == Lost(2, late)
    assert isinstance(after, Portion)


@pytest.mark.parametrize("files", [1, 3])
def test_a_reader_that_is_killed_while_it_sleeps_costs_a_lone_file_its_turn(
    make: Make, tmp_path: Path, files: int
) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY)
    reader = make()
    reader.submit([request(tmp_path / "ferry.txt")])
    assert len(portions(reader)) == 1
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGKILL)
    reader.submit([request(tmp_path / "ferry.txt", number) for number in range(files)])
    found = answers(reader)
    assert [one.number for one in found] == list(range(files))
    assert [isinstance(one, Lost) for one in found] == ([True] if files == 1 else [False] * files)


def test_a_reader_that_cannot_start_says_so(make: Make, tmp_path: Path) -> None:
    reader = make(module="tests.unit.ingest.no_such_child")
    reader.submit([request(tmp_path / "a")])
    with pytest.raises(WorkerStartError, match="ended at start"):
        answers(reader)


def test_a_machine_without_room_for_a_process_is_no_fault_of_a_file(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    reader = make()
    reader.submit([request(tmp_path / "a")])
    with pytest.raises(WorkerStartError, match="Resource temporarily unavailable"):
        answers(reader)


def test_whatever_ends_the_readers_thread_is_told_to_whoever_waits(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.reader.Worker", None)
    reader = make()
    reader.submit([request(tmp_path / "a")])
    with pytest.raises(TypeError):
        answers(reader)


def test_a_reader_is_closed_at_once_while_its_process_starts_or_hangs(make: Make, tmp_path: Path) -> None:
    hanging = make(limit=60.0, module=HOSTILE)
    hanging.submit([request(tmp_path / "a", 1)])
    assert hanging.take(30) == [Moving(1, None)]
    hanging.submit([request(tmp_path / "hangs", 2)])
    starting = make(module="tests.unit.ingest.never_ready_child")
    starting.submit([request(tmp_path / "a")])
    began = time.monotonic()
    while starting.pid is None:
        assert time.monotonic() - began < 30
    began = time.monotonic()
    for reader in (hanging, starting):
        reader.close()
        assert not reader._thread.is_alive()
    assert time.monotonic() - began < 20  # neither waits for the 60 of the limit


def test_long_stretches_that_hold_nothing_wanted_are_no_silence(tmp_path: Path) -> None:
    path = many(tmp_path / "many.ndjson", 3 * PORTION_RECORDS)
    signs: list[int] = []
    asked = request(path, quick=False, skip=3 * PORTION_RECORDS - 1)
    (portion,) = look_into(asked, Limits(), lambda: signs.append(1))
    assert isinstance(portion, Portion)
    assert len(portion.drafts) == 1
    assert len(signs) >= 3 * PORTION_RECORDS


def test_a_long_read_without_a_record_is_no_silence(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"word " * (QUICK_BYTES // 5 + 1))
    signs: list[int] = []
    list(look_into(request(path, quick=False), Limits(), lambda: signs.append(1)))
    assert len(signs) > QUICK_BYTES // CHUNK + 1  # more than while it was hashed


def test_what_takes_long_is_left_to_the_slow_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.reading.QUICK_TIME", 0.0)
    path = many(tmp_path / "many.ndjson", 10)
    assert list(look_into(request(path), Limits())) == [Slow(0)]
    (portion,) = look_into(request(path, quick=False), Limits())
    assert isinstance(portion, Portion)


def test_reading_ends_with_the_last_record_that_is_wanted(tmp_path: Path) -> None:
    path = many(tmp_path / "many.ndjson", 10)
    (portion,) = look_into(request(path, only=(2, 4)), Limits())
    assert isinstance(portion, Portion)
    assert (portion.done, portion.last, len(portion.drafts)) == (5, True, 2)


def test_a_portion_that_is_not_the_last_has_not_all_that_was_asked_for(tmp_path: Path) -> None:
    path = many(tmp_path / "many.ndjson", 2 * PORTION_RECORDS)
    wanted = tuple(range(PORTION_RECORDS))
    (whole,) = look_into(request(path, quick=False, only=wanted), Limits())
    assert isinstance(whole, Portion)
    assert whole.last
    assert len(whole.drafts) == PORTION_RECORDS


def test_nothing_of_a_second_version_is_read_of_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"

    def write(version: str) -> None:
        body = f"{version} words of a long article. " * 50
        records = (f'{{"title": "{version} {number}", "body": "{body}"}}\n' for number in range(4 * PORTION_RECORDS))
        path.write_text("".join(records))

    write("Old")
    found = []
    for one in look_into(request(path, quick=False), Limits()):
        found.append(one)
        if len(found) == 1:
            write("New")
    first, moving = found
    assert isinstance(first, Portion)
    assert isinstance(moving, Moving)
    assert moving.version is not None


def test_the_first_of_many_records_is_not_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.reading.PORTION_RECORDS", 1)
    path = tmp_path / "many.ndjson"
    path.write_text('{"body": 5}\n{"body": "Under embargo.", "embargo": "2099-01-01T00:00:00Z"}\n')
    first, *_ = (one for one in look_into(request(path, quick=False), Limits()) if isinstance(one, Portion))
    assert (first.refusals[0].record, first.refusals[0].original) == (0, b'{"body": 5}')


def test_a_reader_waits_until_its_answers_are_taken(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.reader.ROOM", 1000)
    for number in range(50):
        (tmp_path / f"{number}.txt").write_text(story(number))
    reader = make()
    reader.submit([request(tmp_path / f"{number}.txt", number) for number in range(50)])
    most = 0
    found: list[Word] = []
    while reader.pending:
        most = max(most, reader._held)
        found.extend(reader.take(30))
    assert all(map(is_last, found))
    assert len(found) == 50
    assert most < 5000


# --- files that are asked for together --------------------------------------------------------------


def hostile(tmp_path: Path, *names: str, quick: bool = True) -> list[Request]:
    for number, name in enumerate(names):
        if not (tmp_path / name).exists():
            (tmp_path / name).write_text(story(number))
    return [request(tmp_path / name, number, quick=quick) for number, name in enumerate(names)]


def test_portions_that_were_taken_do_not_come_twice_when_their_file_kills_the_reader(
    make: Make, tmp_path: Path
) -> None:
    many(tmp_path / "dies in the middle", PORTION_RECORDS + 1)
    reader = make(module=HOSTILE)
    reader.submit(hostile(tmp_path, "dies in the middle", "ferry.txt", "port.txt", quick=False))
    first, lost, ferry, port = answers(reader)
    assert isinstance(first, Portion)
    assert (first.number, first.last) == (0, False)
    assert lost == Lost(0, late=False)
    assert [is_last(one) and one.number for one in (ferry, port)] == [1, 2]


def test_what_was_read_does_not_wait_for_a_file_that_hangs(make: Make, tmp_path: Path) -> None:
    reader = make(limit=60.0, module=HOSTILE)
    reader.submit(hostile(tmp_path, "takes long", "hangs", quick=False))
    (found,) = reader.take(30)
    assert isinstance(found, Portion)
    assert found.number == 0


def test_a_short_file_of_the_slow_reader_does_not_wait_for_the_next(make: Make, tmp_path: Path) -> None:
    reader = make(limit=60.0, module=HOSTILE)
    reader.submit(hostile(tmp_path, "a.txt", "b.txt", "c.txt", "hangs", quick=False))
    found: list[Word] = []
    while len(found) < 3 and (more := reader.take(30)):
        found.extend(more)
    assert [one.number for one in found] == [0, 1, 2]


def test_a_file_that_kills_its_reader_after_signs_of_life_is_lost_and_no_other(make: Make, tmp_path: Path) -> None:
    reader = make(module=HOSTILE)
    reader.submit(hostile(tmp_path, "a.txt", "dies later", "b.txt", "c.txt"))
    found = answers(reader)
    assert [one.number for one in found] == [0, 1, 2, 3]
    assert [one for one in found if isinstance(one, Lost)] == [Lost(1, late=False)]


def test_several_files_that_kill_their_reader_are_lost_and_no_other(make: Make, tmp_path: Path) -> None:
    reader = make(limit=1.0, module=HOSTILE)
    dying = [Request(number, os.fsencode(tmp_path / "a.txt"), "dies", "UTC") for number in (1, 3)]
    (tmp_path / "a.txt").write_text(FERRY)
    reader.submit([request(tmp_path / "a.txt", 0), dying[0], request(tmp_path / "a.txt", 2), dying[1]])
    reader.submit([request(tmp_path / "a.txt", number) for number in range(4, 40)])
    found = answers(reader)
    assert [one.number for one in found] == list(range(40))
    assert [one.number for one in found if isinstance(one, Lost)] == [1, 3]


def test_signs_of_life_keep_a_reader_alive(make: Make, tmp_path: Path) -> None:
    reader = make(limit=1.5, module=HOSTILE)
    reader.submit(hostile(tmp_path, "takes long"))
    assert len(portions(reader)) == 1


def test_nothing_is_asked_and_nothing_answered(make: Make) -> None:
    reader = make()
    reader.submit([])
    assert (reader.pending, reader.take(0.01)) == (0, [])


def test_requests_that_are_larger_than_the_socket_do_not_meet_answers_that_are(make: Make, tmp_path: Path) -> None:
    for number in range(2 * HANDFUL):
        (tmp_path / f"{number}.txt").write_text(f"Story number {number}.\n\n" + FERRY * 50)
    held = tuple(range(20_000))
    reader = make()
    reader.submit(
        [
            request(tmp_path / f"{number}.txt", number, only=held if number >= HANDFUL else ())
            for number in range(2 * HANDFUL)
        ]
    )
    found: list[Word] = []
    while reader.pending and (more := reader.take(15)):
        found.extend(more)
    assert [one.number for one in found] == list(range(2 * HANDFUL))


@pytest.mark.parametrize("quick", [True, False])
def test_long_paths_do_not_fill_the_socket_while_the_reader_answers(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: bool
) -> None:
    monkeypatch.setattr("newswire.worker.UNHEARD", 212_992)  # what Linux grants by default
    deep = tmp_path.joinpath(*["d" * 200] * 12)
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text(FERRY * (200 if quick else 1500))
    files = 2 * HANDFUL if quick else 130
    path, shown = os.fsencode(deep / "a.txt"), str(deep.relative_to(tmp_path) / "a.txt")
    reader = make()
    reader.submit([Request(number, path, shown, "UTC", quick, sketched=False) for number in range(files)])
    found: list[Word] = []
    while reader.pending and (more := reader.take(15)):
        found.extend(more)
    assert [one.number for one in found] == list(range(files))


def test_a_process_that_does_not_listen_is_replaced_as_one_that_is_late(make: Make, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY)
    reader = make(limit=1.0)
    reader.submit([request(tmp_path / "ferry.txt", 1)])
    assert len(portions(reader)) == 1
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGSTOP)
    # More than its socket has room for.
    reader.submit([request(tmp_path / "ferry.txt", 2, only=tuple(range(1_000_000)))])
    reader.submit([request(tmp_path / "ferry.txt", 3)])
    found: list[Word] = []
    while reader.pending and (more := reader.take(15)):
        found.extend(more)
    assert found[0] == Lost(2, late=True)
    assert isinstance(found[1], Portion)
