import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from inotify_simple import flags
from prometheus_client import CollectorRegistry

from newswire.metrics import IngestMetrics
from services.ingest import watch
from services.ingest.arrivals import Arrivals
from services.ingest.inbox import Inbox
from services.ingest.put_away import Shelf
from services.ingest.read import FileVersion

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


class Watched:
    """A watched inbox; ``events`` are the sightings since the last look."""

    def __init__(self, root: Path, room: int = 1000) -> None:
        self.inbox = Inbox.at(root)
        self.root = Path(self.inbox.root)
        self.arrivals = Arrivals(room)
        self.losses: list[None] = []
        self.metrics = IngestMetrics(CollectorRegistry())
        self.watcher = watch.Watcher(
            self.arrivals, on_loss=lambda: self.losses.append(None), metrics=self.metrics, clock=lambda: 7.0
        )
        self.watcher.add(self.inbox.root, self.inbox)

    def events(self) -> dict[str, bool]:
        """Paths, and whether each is known to be closed; the kernel queues an event before the call returns."""
        self.watcher.turn(0)
        taken = self.arrivals.take(1000, 0)
        self.arrivals.release([one.path for one in taken])
        return {self.inbox.relative(one.path): one.available_at is not None for one in taken}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path / "in")
    yield made
    made.watcher._inotify.close()


def test_a_file_is_told_of_when_it_is_closed(watched: Watched) -> None:
    with (watched.root / "a.txt").open("w") as file:
        file.write("half")
        file.flush()
        assert watched.events() == {}
        assert watched.watcher.being_written(str(watched.root / "a.txt"))
    assert watched.events() == {"a.txt": True}
    assert not watched.watcher.being_written(str(watched.root / "a.txt"))


def test_a_file_that_is_moved_in_is_told_of(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").rename(watched.root / "a.txt")
    assert watched.events() == {"a.txt": True}


def test_a_temporary_name_is_told_of_when_it_gets_its_own(watched: Watched) -> None:
    (watched.root / "a.txt.part").write_text("x")
    assert watched.events() == {}
    (watched.root / "a.txt.part").rename(watched.root / "a.txt")
    assert watched.events() == {"a.txt": True}


def test_what_is_never_closed_is_told_of_at_once(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    os.link(tmp_path / "x", watched.root / "hard")
    (watched.root / "soft").symlink_to(tmp_path / "x")
    os.mkfifo(watched.root / "pipe")
    assert watched.events() == {"hard": True, "soft": True, "pipe": True}


@pytest.mark.parametrize("come", [os.link, os.rename])
def test_what_takes_the_place_of_a_file_that_was_removed_open_is_told_of(
    watched: Watched, tmp_path: Path, come: Callable[[Path, Path], None]
) -> None:
    (tmp_path / "x").write_text("x")
    with (watched.root / "a.txt").open("w"):
        (watched.root / "a.txt").unlink()
        assert watched.events() == {}
        come(tmp_path / "x", watched.root / "a.txt")
        assert watched.events() == {"a.txt": True}
        assert not watched.watcher.being_written(str(watched.root / "a.txt"))


def test_what_goes_back_under_its_name_is_told_of_as_whole(watched: Watched, tmp_path: Path) -> None:
    file, data = watched.root / "a.txt", tmp_path / "data"
    file.write_text("content")
    shelf, before = Shelf(data), FileVersion.of(file.stat())
    where = shelf.plan("processed", "2026-03-01", "a.txt", "0" * 64, lambda _: False, noted=False)
    file.write_text("other content")
    watched.events()
    assert not shelf.move(str(file), before, where)
    assert watched.events() == {"a.txt": True}
    assert not watched.watcher.being_written(str(file))


def test_files_that_were_removed_open_do_not_fill_the_memory(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_OPEN", 3)
    for number in range(8):
        with (watched.root / f"{number}.txt").open("w"):
            (watched.root / f"{number}.txt").unlink()
    watched.events()
    assert 0 < len(watched.watcher._open) <= 3


def test_files_that_go_are_no_news(watched: Watched, tmp_path: Path) -> None:
    (watched.root / "a.txt").write_text("x")
    (watched.root / "b.txt").write_text("x")
    watched.events()
    (watched.root / "a.txt").unlink()
    (watched.root / "b.txt").rename(tmp_path / "b.txt")
    assert watched.watcher._inotify.read(timeout=0) == []


def test_new_directories_are_watched_with_what_is_in_them_already(watched: Watched) -> None:
    (watched.root / "a" / "b").mkdir(parents=True)
    (watched.root / "a" / "b" / "early.txt").write_text("x")
    assert watched.events() == {"a/b/early.txt": False}
    (watched.root / "a" / "b" / "late.txt").write_text("x")
    assert watched.events() == {"a/b/late.txt": True}


def test_a_directory_that_is_moved_in_brings_its_files(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "wire" / "sport").mkdir(parents=True)
    (tmp_path / "wire" / "sport" / "a.txt").write_text("x")
    (tmp_path / "wire").rename(watched.root / "wire")
    assert watched.events() == {"wire/sport/a.txt": False}


def test_a_directory_that_is_renamed_is_watched_under_its_new_name(watched: Watched) -> None:
    (watched.root / "old" / "sub").mkdir(parents=True)
    watched.events()
    (watched.root / "old").rename(watched.root / "new")
    watched.events()
    (watched.root / "new" / "a.txt").write_text("x")
    (watched.root / "new" / "sub" / "b.txt").write_text("x")
    assert watched.events() == {"new/a.txt": True, "new/sub/b.txt": True}


def test_a_directory_that_is_moved_out_is_no_longer_watched(watched: Watched, tmp_path: Path) -> None:
    (watched.root / "a").mkdir()
    watched.events()
    (watched.root / "a").rename(tmp_path / "a")
    watched.events()
    (tmp_path / "a" / "b.txt").write_text("x")
    assert watched.events() == {}


def test_a_directory_whose_place_another_took_is_no_longer_watched(watched: Watched, tmp_path: Path) -> None:
    (watched.root / "a" / "deep").mkdir(parents=True)
    watched.events()
    (watched.root / "a").rename(tmp_path / "away")
    (watched.root / "a").mkdir()
    watched.events()
    (tmp_path / "away" / "b.txt").write_text("x")
    (tmp_path / "away" / "deep" / "c.txt").write_text("x")
    assert watched.events() == {}
    (watched.root / "a" / "b.txt").write_text("x")
    assert watched.events() == {"a/b.txt": True}


def test_a_directory_that_is_removed_and_made_again_is_watched_again(watched: Watched) -> None:
    for _ in range(2):
        (watched.root / "a").mkdir()
        watched.events()
        (watched.root / "a" / "b.txt").write_text("x")
        assert watched.events() == {"a/b.txt": True}
        shutil.rmtree(watched.root / "a")
        watched.events()


def test_a_queue_that_overflowed_is_counted_and_asks_for_a_rescan(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = SimpleNamespace(wd=-1, mask=flags.Q_OVERFLOW, cookie=0, name="")
    fields = (event.wd, event.mask, event.cookie, event.name)
    monkeypatch.setattr(watched.watcher._inotify, "read", lambda timeout: [fields])
    watched.watcher.turn(0)
    assert len(watched.losses) == 1
    assert watched.metrics.registry.get_sample_value("newswire_watch_overflows_total") == 1


def test_an_event_without_room_asks_for_a_rescan(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "in", room=1)
    (watched.root / "a.txt").write_text("x")
    (watched.root / "b.txt").write_text("x")
    assert watched.events() == {"a.txt": True}
    assert len(watched.losses) == 1
    watched.watcher._inotify.close()


def test_a_directory_that_is_found_after_the_watcher_stopped_is_nothing(watched: Watched) -> None:
    stop = threading.Event()
    stop.set()
    (watched.root / "a").mkdir()
    watched.watcher.run(stop)
    watched.watcher.add(str(watched.root / "a"), watched.inbox)


def test_nothing_is_taken_as_being_written_when_nobody_listens_any_more(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (watched.root / "a.txt").open("w"):
        watched.events()
        assert watched.watcher.being_written(str(watched.root / "a.txt"))
        monkeypatch.setattr(watched.watcher._inotify, "read", None)
        with pytest.raises(TypeError):
            watched.watcher.run(threading.Event())
        assert not watched.watcher.being_written(str(watched.root / "a.txt"))


def test_names_of_any_bytes_are_told_of(watched: Watched) -> None:
    name = os.fsdecode(b"caf\xe9\n.txt")
    (watched.root / name).write_text("x")
    assert watched.events() == {name: True}
