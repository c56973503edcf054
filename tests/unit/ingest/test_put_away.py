import contextlib
import errno
import hashlib
import itertools
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newswire.reasons import Reason
from services.ingest import put_away
from services.ingest.patience import Stopped
from services.ingest.put_away import DELETED, Move, Note, Shelf
from services.ingest.read import FileVersion
from tests.unit.ingest.stories import FERRY
from tests.unit.ingest.world import TODAY, World

HASH = "4515c4aa" + "0" * 56
NOTE = Note(reason=Reason.EMPTY, message="It has no bytes.", path="a.txt", at="2026-03-01T12:00:00.000Z")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def shelf(data: Path) -> Shelf:
    return Shelf(data)


def plan(shelf: Shelf, relative: str, taken: tuple[str, ...] = (), *, noted: bool = False) -> str:
    return shelf.plan("processed", "2026-03-01", relative, HASH, taken.__contains__, noted=noted)


def version(path: Path) -> FileVersion:
    return FileVersion.of(path.lstat())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("content")
    return path


def test_a_file_keeps_its_place_below_the_inbox(shelf: Shelf, data: Path, file: Path) -> None:
    where = plan(shelf, "wire/sport/a.txt")
    assert where == "processed/2026-03-01/wire/sport/a.txt"
    assert shelf.move(str(file), version(file), where)
    assert (data / where).read_text() == "content"
    assert not file.exists()


def test_a_taken_name_gets_the_hash_and_then_a_number(shelf: Shelf, data: Path) -> None:
    day = data / "processed/2026-03-01"
    for expected in ("a.txt", "a.4515c4aa.txt", "a.4515c4aa-2.txt", "a.4515c4aa-3.txt"):
        where = plan(shelf, "a.txt")
        assert where == f"processed/2026-03-01/{expected}"
        (day / expected).touch()


def test_a_name_another_file_of_the_batch_gets_is_taken(shelf: Shelf) -> None:
    assert plan(shelf, "a.txt", ("processed/2026-03-01/a.txt",)) == "processed/2026-03-01/a.4515c4aa.txt"


def test_a_name_whose_note_would_overwrite_a_file_is_taken(shelf: Shelf, data: Path) -> None:
    (data / plan(shelf, "a.txt.reason.json")).touch()
    assert plan(shelf, "a.txt", noted=True) == "processed/2026-03-01/a.4515c4aa.txt"
    assert plan(shelf, "a.txt") == "processed/2026-03-01/a.txt"


def test_what_is_refused_again_takes_the_place_of_its_former_copy(shelf: Shelf, data: Path, file: Path) -> None:
    content = file.read_bytes()

    def planned() -> str:
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        size = file.stat().st_size
        return shelf.plan("rejected", "2026-03-01", "a.txt", sha256, lambda _: False, noted=True, size=size)

    for later in range(3):
        file.write_bytes(content)
        os.utime(file, (1e9 + later, 1e9 + later))
        where, before = planned(), version(file)
        shelf.explain(where, [NOTE])
        assert shelf.move(str(file), before, where, noted=True)
        assert not file.exists()
        # Stopped before that was written, it is known to have been here.
        assert shelf.after_kill(str(file), before, where) == where
    day = data / "rejected/2026-03-01"
    assert sorted(one.name for one in day.iterdir()) == ["a.txt", "a.txt.reason.json"]
    file.write_bytes(b"CONTENT")  # of the same length
    assert planned() != where
    # What takes its name between the plan and the move was not read, and is not taken away.
    file.write_bytes(content)
    where, before = planned(), version(file)
    file.write_bytes(b"CONTENT")
    assert not shelf.move(str(file), before, where, noted=True)
    assert (file.read_bytes(), (day / "a.txt").read_bytes()) == (b"CONTENT", content)


def test_a_broken_link_takes_a_name_too(shelf: Shelf, data: Path) -> None:
    plan(shelf, "a.txt")
    (data / "processed/2026-03-01/a.txt").symlink_to("nothing")
    assert plan(shelf, "a.txt") == "processed/2026-03-01/a.4515c4aa.txt"


def test_names_as_long_as_names_may_be_still_fit(shelf: Shelf, data: Path, file: Path) -> None:
    name = "æ" * 125 + ".txt"
    (data / plan(shelf, name)).touch()
    where = plan(shelf, name)
    shelf.explain(where, [NOTE])
    assert shelf.move(str(file), version(file), where)
    assert len(list((data / "processed/2026-03-01").iterdir())) == 3


def test_a_directory_whose_name_a_file_has_taken_is_replaced_by_the_hash(shelf: Shelf, data: Path) -> None:
    (data / plan(shelf, "wire")).touch()
    assert plan(shelf, "wire/a.txt") == "processed/2026-03-01/4515c4aa/a.txt"


def test_a_directory_a_thousand_levels_deep_is_replaced_by_the_hash(world: World) -> None:
    directory = world.root
    for _ in range(1000):
        directory /= "a"
        directory.mkdir()
    world.write(f"{directory.relative_to(world.root)}/x.txt", FERRY)
    world.look_through()
    (where,) = world.put_away()
    assert where == f"processed/{TODAY}/{hashlib.sha256(FERRY.encode()).hexdigest()[:8]}/x.txt"
    while directory != world.root:  # what removes a test's directory calls itself for each level as well
        directory.rmdir()
        directory = directory.parent


def test_a_path_that_leaves_no_room_for_its_note_is_replaced_by_the_hash(shelf: Shelf, data: Path, file: Path) -> None:
    day, level, longest = str(data / "processed/2026-03-01"), "b" * 200, 4095 - len(".json")
    directory = "/".join([level] * ((longest - len(day) - 2) // (len(level) + 1)))
    name = "d" * (longest - len(f"{day}/{directory}/"))
    where = plan(shelf, f"{directory}/{name}", noted=True)
    assert where == f"processed/2026-03-01/4515c4aa/{name}"
    shelf.explain(where, [NOTE])
    assert shelf.move(str(file), version(file), where, noted=True)
    assert plan(shelf, f"{level}/{level}/{name}") == f"processed/2026-03-01/{level}/{level}/{name}"


def test_a_file_that_was_written_again_stays(shelf: Shelf, file: Path) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    file.write_text("other content")
    assert not shelf.move(str(file), before, where)
    assert file.read_text() == "other content"


def test_a_file_that_is_written_in_the_very_moment_goes_back(
    shelf: Shelf, data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    real = os.rename

    def rename(source: str, target: str) -> None:
        real(source, target)
        if source == str(file):
            Path(target).write_text("other content")

    monkeypatch.setattr(os, "rename", rename)
    assert not shelf.move(str(file), before, where)
    assert file.read_text() == "other content"
    assert not (data / where).exists()


def test_what_goes_back_takes_the_name_of_nothing_newer(
    shelf: Shelf, data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    (tmp := data / "other").write_text("other content")
    tmp.rename(file)  # which takes the place of the file that was read; and the newest comes when this goes back

    def newest_first(real: Callable[..., None]) -> Callable[..., None]:
        def called(source: str, target: str, **options: object) -> None:
            if target == str(file):
                file.write_text("newest content")
            real(source, target, **options)

        return called

    monkeypatch.setattr(os, "rename", newest_first(os.rename))
    monkeypatch.setattr(os, "link", newest_first(os.link))
    shelf.move(str(file), before, where)
    assert file.read_text() == "newest content"
    assert (data / where).read_text() == "other content"


def test_what_goes_back_does_so_where_the_file_system_has_no_links(
    shelf: Shelf, data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    file.unlink()
    file.write_text("other content")

    def link(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    shelf.move(str(file), before, where)
    assert (file.read_text(), (data / where).exists()) == ("other content", False)


def test_killed_between_the_two_names_of_what_goes_back_it_has_one_in_the_end(
    shelf: Shelf, data: Path, file: Path
) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    file.write_text("other content")
    os.link(file, data / where)
    assert shelf.after_kill(str(file), before, where) == ""
    assert (file.read_text(), (data / where).exists()) == ("other content", False)


def test_a_file_that_is_gone_is_no_error(shelf: Shelf, file: Path) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    file.unlink()
    assert not shelf.move(str(file), before, where)


def test_a_directory_that_was_tidied_away_is_made_again(shelf: Shelf, data: Path, file: Path) -> None:
    where = plan(shelf, "a.txt")
    (data / "processed/2026-03-01").rmdir()
    assert shelf.move(str(file), version(file), where)


def test_so_it_is_for_a_file_with_a_note(shelf: Shelf, data: Path, file: Path) -> None:
    where = plan(shelf, "wire/a.txt", noted=True)
    shutil.rmtree(data / "processed")
    shelf.explain(where, [NOTE])
    assert shelf.move(str(file), version(file), where, noted=True)


def test_the_reason_stands_beside_the_file(shelf: Shelf, data: Path) -> None:
    where = plan(shelf, "a.txt")
    shelf.explain(where, [NOTE])
    written = json.loads((data / f"{where}.reason.json").read_text())
    assert (written["reason"], written["message"]) == ("empty", "It has no bytes.")
    shelf.explain(where, [NOTE, NOTE])
    assert len(json.loads((data / f"{where}.reason.json").read_text())) == 2


@pytest.fixture
def other_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if inbox and data directory were on two: a rename between directories fails."""
    real = os.rename

    def rename(source: str, target: str) -> None:
        if os.path.dirname(source) != os.path.dirname(target):
            raise OSError(errno.EXDEV, "other file system")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)


@pytest.fixture
def elsewhere(data: Path) -> Iterator[Path]:
    """A directory that really lies on another file system."""
    with tempfile.TemporaryDirectory(prefix="newswire-", dir="/dev/shm") as directory:
        assert os.stat(directory).st_dev != data.stat().st_dev
        yield Path(directory)


def carry(shelf: Shelf, file: Path, version: FileVersion, where: str, *, noted: bool = False) -> str | OSError:
    """Bring a file to its place, which is on another file system."""
    assert shelf.move(str(file), version, where, noted=noted) is None
    (found,) = shelf.copy([Move(str(file), version, where)])
    return found


@pytest.mark.usefixtures("other_file_system")
def test_across_file_systems_it_is_copied_with_its_times(shelf: Shelf, data: Path, file: Path) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    assert carry(shelf, file, before, where) == where
    assert (data / where).read_text() == "content"
    assert (data / where).stat().st_mtime_ns == before.mtime_ns
    assert not file.exists()
    assert [path.name for path in (data / where).parent.iterdir()] == ["a.txt"]


def test_what_a_link_leads_to_is_not_synced(shelf: Shelf, data: Path, elsewhere: Path) -> None:
    (elsewhere / "a").symlink_to("/proc/self")  # which nobody can sync
    where = plan(shelf, "a")
    assert carry(shelf, elsewhere / "a", version(elsewhere / "a"), where) == where
    assert os.readlink(data / where) == "/proc/self"


def test_a_stop_is_heard_between_two_small_files(data: Path, elsewhere: Path) -> None:
    calls = itertools.count()

    def between() -> None:
        if next(calls) == 3:
            raise Stopped

    shelf = Shelf(data, between)
    paths = [elsewhere / f"{number}.txt" for number in range(10)]
    for path in paths:
        path.write_text(path.name)
    moves = [Move(str(path), version(path), plan(shelf, path.name)) for path in paths]
    with pytest.raises(Stopped):
        shelf.copy(moves)
    assert len(list(elsewhere.iterdir())) == 10
    assert list((data / "processed/2026-03-01").iterdir()) == []


def test_where_no_thread_is_to_be_had_files_are_synced_one_by_one(
    shelf: Shelf, data: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    (elsewhere / "a.txt").write_text("content")
    where = plan(shelf, "a.txt")
    before = version(elsewhere / "a.txt")
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert carry(shelf, elsewhere / "a.txt", before, where) == where
    assert (data / where).read_text() == "content"


def test_files_are_copied_together_and_one_that_cannot_be_holds_up_no_other(
    shelf: Shelf, data: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [elsewhere / name for name in ("a.txt", "gone.txt", "b.txt", "changed.txt", "refused.txt", "c.txt")]
    for path in paths:
        path.write_text(path.name)
    moves = [Move(str(path), version(path), plan(shelf, path.name)) for path in paths]
    (elsewhere / "gone.txt").unlink()
    (elsewhere / "changed.txt").write_text("longer than before")
    (data / moves[4].where).mkdir()  # somebody else's
    synced, real = [], os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))

    monkeypatch.setattr(os, "fsync", fsync)
    a, gone, b, changed, refused, c = shelf.copy(moves)
    assert [a, b, c] == [moves[number].where for number in (0, 2, 5)]
    assert (gone, changed) == ("", "")
    assert isinstance(refused, IsADirectoryError)
    assert sorted(path.name for path in elsewhere.iterdir()) == ["changed.txt", "refused.txt"]
    folder = data / "processed/2026-03-01"
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt", "c.txt", "refused.txt"]
    assert synced.count(str(folder)) == 1
    assert synced[-1] == str(folder)


@pytest.mark.usefixtures("other_file_system")
def test_a_pipe_and_a_link_go_across_file_systems_as_they_are(shelf: Shelf, data: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    for name in ("pipe", "link"):
        where = plan(shelf, name)
        assert carry(shelf, tmp_path / name, version(tmp_path / name), where) == where
    assert (data / "processed/2026-03-01/pipe").is_fifo()
    assert os.readlink(data / "processed/2026-03-01/link") == "/etc/passwd"


def test_a_socket_cannot_go_across_and_is_removed(shelf: Shelf, data: Path, elsewhere: Path) -> None:
    path = elsewhere / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
    where = plan(shelf, "socket", noted=True)
    shelf.explain(where, [NOTE])
    assert carry(shelf, path, version(path), where, noted=True) == DELETED
    assert list(elsewhere.iterdir()) == []
    assert [one.name for one in (data / where).parent.iterdir()] == ["socket.reason.json"]


def test_what_another_file_system_keeps_less_exactly_is_known_after_a_kill(
    shelf: Shelf, data: Path, elsewhere: Path
) -> None:
    file = elsewhere / "a.txt"
    file.write_text("content")
    where, before = plan(shelf, "a.txt"), version(file)
    assert carry(shelf, file, before, where) == where
    os.utime(data / where, (before.mtime_ns // 10**9, before.mtime_ns // 10**9))  # as FAT and some network mounts do
    assert shelf.after_kill(str(file), before, where) == where
    file.write_text("a newer one")
    assert shelf.after_kill(str(file), before, where) == where
    (data / where).write_text("another")  # of another length
    file.unlink()
    assert shelf.after_kill(str(file), before._replace(size=6), where) == ""
    assert (data / where).read_text() == "another"


def test_a_large_file_is_copied_in_pieces_and_something_may_be_done_between_them(
    data: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(put_away, "PIECE", 4)
    file, pauses = elsewhere / "a.txt", []
    for content, between in (("", 0), ("four", 0), ("five5", 1), ("a dozen char", 2)):
        file.write_text(content)
        pauses.clear()
        shelf = Shelf(data, lambda: pauses.append(None))
        where = plan(shelf, "a.txt")
        assert carry(shelf, file, version(file), where) == where
        # And once before it is synced, once behind it.
        assert ((data / where).read_text(), len(pauses)) == (content, between + 2)


@pytest.mark.parametrize("error", [Stopped(), OSError(errno.ENOSPC, "No space left on device")])
def test_a_copy_that_is_given_up_takes_no_room_and_is_begun_anew(
    shelf: Shelf, data: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    errors = [error]

    def fail() -> None:
        if errors:
            raise errors.pop()

    monkeypatch.setattr(put_away, "PIECE", 4)
    file = elsewhere / "a.txt"
    file.write_text("content")
    where, before = plan(shelf, "a.txt"), version(file)
    with contextlib.suppress(Stopped):
        assert carry(Shelf(data, fail), file, before, where) is error
    assert list((data / where).parent.iterdir()) == []
    assert carry(shelf, file, before, where) == where
    assert (data / where).read_text() == "content"


@pytest.mark.usefixtures("other_file_system")
def test_a_file_that_takes_the_place_of_one_just_copied_stays(
    shelf: Shelf, data: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        if (data / where).exists():
            (tmp_path / "other").write_text("other content")
            (tmp_path / "other").rename(file)

    monkeypatch.setattr(os, "fsync", fsync)
    assert carry(shelf, file, before, where) == where
    assert (data / where).read_text() == "content"
    assert file.read_text() == "other content"


@pytest.mark.usefixtures("other_file_system")
def test_a_file_that_changes_while_it_is_copied_stays(
    shelf: Shelf, data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, before = plan(shelf, "a.txt"), version(file)
    monkeypatch.setattr(put_away, "PIECE", 4)
    shelf = Shelf(data, lambda: file.write_text("other content"))
    assert carry(shelf, file, before, where) == ""
    assert file.read_text() == "other content"
    assert list((data / where).parent.iterdir()) == []


def test_what_was_cut_short_with_no_place_left_is_nowhere(shelf: Shelf, data: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("other content")
    where = plan(shelf, "a.txt")
    (data / where).write_text("content")
    # Neither a row without a place, nor an inbox whose directory is gone, makes anything move.
    assert shelf.after_kill(str(tmp_path / "gone" / "a.txt"), version(tmp_path / "other"), "") == ""
    assert shelf.after_kill(str(tmp_path / "gone" / "a.txt"), version(tmp_path / "other"), where) == ""
    assert (data / where).read_text() == "content"
