"""The watcher, the rescan and the steps against a model that renames, overwrites, truncates, links and deletes.

The model knows of each content whether it may be published (it once lay under a
name that is nobody's temporary one, and its writer was done with it) and whether it
has to be (it lies there now). Real files, real inotify, a real ledger; the clock is
held, so that what waits for minutes waits for nothing.
"""

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, ClassVar, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from inotify_simple import flags

from newswire.reasons import Reason
from services.ingest.inbox import is_temporary
from services.ingest.memory import MemoryPublisher
from services.ingest.publish import Sending
from services.ingest.readings import Limits
from services.ingest.settle import OPEN_LIMIT
from services.ingest.watch import Watcher
from tests.unit.ingest.world import Clock, World

SETTLE = 2.0  # seconds

# Few, so that they meet: two that are whole, one that is not yet.
NAMES = st.sampled_from(["a.txt", "b.txt", "a.txt.part"])
DIRECTORIES = st.sampled_from(["", "wire", "wire/sport"])
PAUSES = st.sampled_from([0.1, SETTLE / 2, SETTLE + 0.1, OPEN_LIMIT / 2, OPEN_LIMIT + 1])


class Writer(NamedTuple):
    """Somebody who has a file open: ``is_known`` where the watcher saw it being created."""

    handle: IO[bytes]
    is_known: bool
    wrote_at: float


class Meddled(MemoryPublisher):
    """A broker during whose acknowledgement something happens to the inbox: the file was read and is not yet moved."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Any = None

    def settle(self, sending: Sending) -> list[str | None]:
        """See ``publish.Publisher``."""
        answers = super().settle(sending)
        meddle, self.meanwhile = self.meanwhile, None
        if meddle:
            meddle()
        return answers


class Inbox(RuleBasedStateMachine):
    """The machine; ``is_watched`` says whether there is a watcher beside the rescan."""

    is_watched: ClassVar[bool]

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="newswire-model-"))
        self.outside = self.base / "outside"
        self.outside.mkdir()
        self.clock = Clock()
        self.broker = Meddled()
        self.world: World
        self.watcher: Watcher | None = None
        self.number = 0
        self.writers: dict[Path, Writer] = {}
        self.may: set[str] = set()
        self.halves: dict[str, Writer] = {}
        self.linked: set[int] = set()

    # --- the service ------------------------------------------------------------------------

    @initialize(files=st.sampled_from([1, 2, 500]))
    def start(self, files: int) -> None:
        # In small batches, one of them is on its way to the broker while things happen.
        self.limits = Limits(files, 1 << 20)
        self.begin()

    def begin(self) -> None:
        self.world = World(self.base, publisher=self.broker, clock=self.clock, settle=SETTLE, limits=self.limits)
        if self.is_watched:
            self.watcher = Watcher(
                self.world.arrivals, on_loss=lambda: None, metrics=self.world.metrics, clock=self.clock
            )
            self.world.settling._being_written = self.watcher.being_written
            self.world.rescan._on_directory = self.watcher.add
        self.world.start()
        self.world.rescan.look_through()

    def end(self) -> None:
        self.doing(self.world.intake.finish)
        if self.watcher:
            self.watcher._inotify.close()
        self.world.ledger.close()

    @rule()
    def restart(self) -> None:
        self.end()
        # Who had a file open before is a stranger to the new watcher.
        self.writers = {path: one._replace(is_known=False) for path, one in self.writers.items()}
        self.begin()

    @rule()
    def listen(self) -> None:
        if self.watcher:
            self.watcher.turn(0)

    @rule()
    def rescan(self) -> None:
        self.world.rescan.look_through()

    @rule()
    def step(self) -> None:
        self.doing(lambda: self.world.intake.turn(0))

    @rule()
    def work(self) -> None:
        self.doing(self.work_off)

    def work_off(self) -> None:
        while self.world.turn() or self.world.hearing._words:
            pass

    def doing(self, work: Callable[[], object]) -> None:
        known = len(self.broker.articles)
        # What is read now may be published in a later turn.
        self.halves |= {digest(path.read_bytes()): writer for path, writer in self.writers.items()}
        work()
        for article in self.broker.articles[known:]:
            self.judge(article.source.sha256)
        for path in [path for path in self.writers if not path.exists()]:
            self.writers.pop(path).handle.close()  # what it goes on writing is written to a file that is put away

    def judge(self, sha256: str) -> None:
        """Whether this content may have been published at this moment."""
        if sha256 not in self.may:
            writer = self.halves[sha256]
            needed = OPEN_LIMIT if writer.is_known else SETTLE
            assert self.clock.now - writer.wrote_at >= needed, "half of a file was published"

    @rule()
    @precondition(lambda self: self.is_watched)
    def overflow(self) -> None:
        """The kernel's queue was full: some events are lost, and one says so."""
        assert self.watcher is not None
        inotify = self.watcher._inotify
        inotify.read(timeout=0)
        original = inotify.read
        inotify.read = lambda timeout: [(-1, flags.Q_OVERFLOW, 0, "")]
        self.watcher.turn(0)
        inotify.read = original
        self.writers = {path: one._replace(is_known=False) for path, one in self.writers.items()}

    @rule(seconds=PAUSES)
    def pass_time(self, seconds: float) -> None:
        self.clock.now += seconds

    # --- the world around it ----------------------------------------------------------------

    def content(self) -> bytes:
        """A text that is unlike all others, in two halves."""
        self.number += 1
        return b"".join(
            b"%s part of text %d, which was written by hand.\n\n" % (which, self.number) for which in HALVES
        )

    def stamp(self, path: Path) -> None:
        """No two changes have the same time, and all have that of the clock."""
        self.clock.now += 0.01
        now = round(self.clock.now * 1e9)
        os.utime(path, ns=(now, now))

    def observe(self) -> None:
        """All that lies in the inbox under its own name, and that nobody is writing, may be published."""
        self.may |= {digest(path.read_bytes()) for path in self.files() if not is_temporary(path.name)}

    def place(self, directory: str, name: str) -> Path:
        path = self.world.root / directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def files(self) -> list[Path]:
        """What lies in the inbox and has no writer, under this name or another."""
        written = {os.fstat(writer.handle.fileno()).st_ino for writer in self.writers.values()}
        found = sorted(self.world.root.rglob("*"))
        return [one for one in found if one.is_file() and not one.is_symlink() and one.stat().st_ino not in written]

    def taken(self, path: Path) -> bool:
        return path in self.writers or path.is_symlink()

    @rule(directory=DIRECTORIES, name=NAMES)
    def write(self, directory: str, name: str) -> None:
        path = self.place(directory, name)
        if not self.taken(path):
            path.write_bytes(self.content())
            self.stamp(path)
            self.observe()

    @rule(directory=DIRECTORIES, name=NAMES)
    def begin_to_write(self, directory: str, name: str) -> None:
        path = self.place(directory, name)
        if self.taken(path):
            return
        # Events have no time: a watcher that is behind takes an earlier close for one of now. So it is not behind here.
        self.listen()
        is_known = self.watcher is not None and not path.exists() and self.is_seen(path.parent)
        handle = path.open("wb", buffering=0)
        handle.write(self.content()[:HALF])
        self.stamp(path)
        self.listen()
        self.writers[path] = Writer(handle, is_known, self.clock.now)

    def is_seen(self, directory: Path) -> bool:
        assert self.watcher is not None
        return any(Path(known) == directory for known, _ in self.watcher._directories.values())

    @rule(data=st.data())
    @precondition(lambda self: self.writers)
    def write_on(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.writers)))
        writer = self.writers[path]
        writer.handle.write(b"And so on, %d.\n\n" % self.number)
        self.stamp(path)
        self.writers[path] = writer._replace(wrote_at=self.clock.now)

    @rule(data=st.data())
    @precondition(lambda self: self.writers)
    def finish_writing(self, data: st.DataObject) -> None:
        self.close(data.draw(st.sampled_from(sorted(self.writers))))

    def close(self, path: Path) -> None:
        self.writers.pop(path).handle.close()
        self.observe()

    @rule(directory=DIRECTORIES, name=NAMES)
    def move_in(self, directory: str, name: str) -> None:
        path, source = self.place(directory, name), self.outside / "new"
        if not self.taken(path):
            source.write_bytes(self.content())
            os.utime(source, (1_000_000_000, 1_000_000_000))  # as old as an archive's
            source.rename(path)
            self.observe()

    @rule(data=st.data(), directory=DIRECTORIES, name=NAMES)
    @precondition(lambda self: self.files())
    def rename(self, data: st.DataObject, directory: str, name: str) -> None:
        source, path = data.draw(st.sampled_from(self.files())), self.place(directory, name)
        if not self.taken(path):
            source.rename(path)
            self.observe()

    @rule(data=st.data())
    @precondition(lambda self: self.files())
    def append(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(self.files()))
        with path.open("ab") as file:
            file.write(self.content())
        self.stamp(path)
        self.observe()

    @rule(data=st.data())
    @precondition(lambda self: self.files())
    def truncate(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(self.files()))
        os.truncate(path, HALF)
        self.stamp(path)
        self.observe()

    @rule(data=st.data())
    @precondition(lambda self: self.files())
    def delete(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.files())).unlink()

    @rule(data=st.data(), directory=DIRECTORIES, name=NAMES)
    @precondition(lambda self: self.files())
    def link(self, data: st.DataObject, directory: str, name: str) -> None:
        source, path = data.draw(st.sampled_from(self.files())), self.place(directory, name)
        if not os.path.lexists(path):
            os.link(source, path)
            self.linked.add(path.stat().st_ino)
            self.observe()

    @rule(directory=DIRECTORIES)
    def link_symbolically(self, directory: str) -> None:
        path = self.place(directory, f"link-{self.number}")
        if not os.path.lexists(path):
            path.symlink_to(self.outside)

    @rule(kind=st.sampled_from(["away", "back", "within"]))
    def move_directory(self, kind: str) -> None:
        here, there = self.world.root / "wire", self.outside / "wire"
        if any(path.is_relative_to(here) for path in self.writers):
            return
        source, target = {"away": (here, there), "back": (there, here), "within": (here, self.world.root / "w")}[kind]
        if source.exists() and not target.exists():
            source.rename(target)
            self.observe()

    @rule(meddle=st.sampled_from(["write", "append", "delete", "truncate", "move_in"]))
    def meddle(self, meddle: str) -> None:
        """While the next file is between the broker and its place, something happens to all there are."""

        def act() -> None:
            for path in self.files():
                match meddle:
                    case "delete":
                        path.unlink()
                    case "truncate":
                        os.truncate(path, HALF)
                        self.stamp(path)
                    case "move_in":
                        (self.outside / "new").write_bytes(self.content())
                        (self.outside / "new").rename(path)
                    case _:
                        with path.open("wb" if meddle == "write" else "ab") as file:
                            file.write(self.content())
                        self.stamp(path)
            self.observe()

        self.broker.meanwhile = act

    # --- when all is quiet ------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            for path in list(self.writers):
                self.close(path)
            self.check(self.settle_down())
        finally:
            self.end()
            shutil.rmtree(self.base)

    def settle_down(self) -> set[str]:
        """Let the service do what it has to; returns the contents that lay there for it."""
        self.broker.meanwhile = None
        must = {digest(path.read_bytes()) for path in self.files() if not is_temporary(path.name)}
        for _ in range(4):
            self.listen()
            self.rescan()
            self.work()
            # Of a file that got its name by a link nobody knows that it is closed.
            self.clock.now += OPEN_LIMIT
        return must

    def check(self, must: set[str]) -> None:
        published = Counter(article.source.sha256 for article in self.broker.articles)
        assert must <= published.keys(), "something that lay in the inbox was never published"
        left = [path.name for path in self.world.root.rglob("*") if not path.is_dir() and not is_temporary(path.name)]
        assert left == []
        assert all(count == 1 for count in published.values()), "something was published twice"
        assert {letter.reason for letter in self.broker.letters} <= {Reason.NOT_REGULAR}
        rows = self.world.rows("SELECT sha256, state, put_away, put_away_at FROM files")
        assert all(at is not None for *_, at in rows)
        # What lies under the data directory is what the ledger says, each once.
        away = [where for *_, where, _ in rows if where]
        assert sorted(away) == [path for path in self.world.put_away() if not path.endswith(".reason.json")]
        for sha256, _, where, _ in rows:
            path = self.world.data / str(where)
            # Who has it open, or had another name for it, may write on wherever it lies.
            if (
                where
                and isinstance(sha256, bytes)
                and sha256.hex() in self.may
                and path.stat().st_ino not in self.linked
            ):
                assert digest(path.read_bytes()) == sha256.hex()


HALVES = (b"First", b"Later")
HALF = 30  # bytes


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class WatchedInbox(Inbox):
    is_watched = True


class RescannedInbox(Inbox):
    is_watched = False


BOUNDED = settings(max_examples=120, stateful_step_count=30, deadline=None)

TestWatchedInbox = WatchedInbox.TestCase
TestWatchedInbox.settings = BOUNDED
TestRescannedInbox = RescannedInbox.TestCase
TestRescannedInbox.settings = BOUNDED
