import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.ingest.ledger import Claim, Ledger
from services.ingest.ledger.found import FORGOTTEN, Total
from services.ingest.ledger.reader import LedgerReader
from services.ingest.read import FileVersion
from services.ingest.tidy import Keep, Removed, Tidy
from tests.unit.ingest.test_ledger import ONE, A, row
from tests.unit.ingest.world import Clock

DAY = 86_400.0


class House:
    """A data directory, and what tidies it on 1 March 2126 at noon: its files came a long time before."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.clock = Clock(datetime(2126, 3, 1, 12, 0, tzinfo=UTC).timestamp())
        self.stop = threading.Event()
        self.path = data / "ingest" / "ledger.sqlite3"
        self.ledger = Ledger(self.path)

    def file(self, where: str) -> None:
        (self.data / where).parent.mkdir(parents=True, exist_ok=True)
        (self.data / where).write_text("x")

    def tidy(self, **keep: float) -> Removed:
        return Tidy(self.data, self.path, Keep(**keep), stop=self.stop, clock=self.clock).round()

    def left(self) -> list[str]:
        found = (one.relative_to(self.data) for one in self.data.rglob("*") if not one.is_dir() or one.is_symlink())
        return sorted(str(one) for one in found if one.parts[0] != "ingest")

    def days_ago(self, days: float) -> int:
        return round((self.clock.now - days * DAY) * 1000)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


def test_days_that_are_over_for_long_enough_go(house: House) -> None:
    for where in (
        "processed/2126-02-26/a.txt",
        "processed/2126-02-26/deep/down/b.txt",
        "processed/2126-02-27/c.txt",
        "rejected/2126-02-01/d.txt",
        "rejected/2126-02-01/d.txt.reason.json",
    ):
        house.file(where)
    # The 26th ended two and a half days ago, the 27th one and a half.
    assert house.tidy(processed=2 * DAY) == Removed(files=2, rows=0)
    assert house.left() == [
        "processed/2126-02-27/c.txt",
        "rejected/2126-02-01/d.txt",
        "rejected/2126-02-01/d.txt.reason.json",
    ]
    assert not (house.data / "processed/2126-02-26").exists()
    assert house.tidy(rejected=7 * DAY).files == 2
    assert house.left() == ["processed/2126-02-27/c.txt"]


def test_what_came_to_the_directory_of_a_day_after_it_was_over_stays_as_long_as_the_rest(house: House) -> None:
    place = "processed/1999-01-01/deep/b.txt"  # whose day was planned with a part of it, before an embargo was over
    house.file(place)
    came = datetime.fromtimestamp((house.data / place).stat().st_ctime, UTC)
    midnight = came.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for name in ("a", "c"):  # which are empty
        (house.data / "processed/1999-01-01" / name).mkdir()
    house.clock.now = midnight.timestamp() + 2 * DAY - 1
    assert house.tidy(processed=2 * DAY).files == 0
    assert house.left() == [place]
    house.clock.now += 1
    assert house.tidy(processed=2 * DAY).files == 1
    assert not (house.data / "processed/1999-01-01").exists()


def test_a_place_deeper_than_calls_may_go_is_let_go_of_too(house: House) -> None:
    place = house.data / "processed/2126-01-01"
    place.mkdir(parents=True)
    for _ in range(1200):
        place /= "a"
        place.mkdir()
    (place / "x.txt").write_text("x")
    assert house.tidy(processed=0).files == 1
    assert list((house.data / "processed").iterdir()) == []


def test_what_is_no_day_of_ours_stays(house: House, tmp_path: Path) -> None:
    house.file("processed/notes/a.txt")
    house.file("processed/2126-99-99/a.txt")
    house.file("processed/2126-02-01.txt")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.txt").write_text("x")
    (house.data / "processed/2126-01-01").symlink_to(outside)
    house.file("processed/2126-01-02/a.txt")
    (house.data / "processed/2126-01-02/link").symlink_to(outside)
    house.tidy(processed=0)
    assert house.left() == [
        "processed/2126-01-01",
        "processed/2126-02-01.txt",
        "processed/2126-99-99/a.txt",
        "processed/notes/a.txt",
    ]
    assert (outside / "b.txt").exists()


def test_old_rows_go_and_identities_stay(house: House) -> None:
    house.ledger.fix([Claim(A, ONE, 7)], house.days_ago(100))
    old = {"finished_at": house.days_ago(100), "seen_at": house.days_ago(100)}
    away, unmoved, embargoed, fresh = house.ledger.finish(
        [
            row(relative="away.txt", **old),
            row(relative="unmoved.txt", **old),
            row(relative="embargoed.txt", state="embargoed", **old),
            row(relative="fresh.txt", finished_at=house.days_ago(1)),
        ]
    )
    house.ledger.put_away([away, fresh], [], house.days_ago(0))
    assert house.tidy(rows=90 * DAY).rows == 1
    with LedgerReader(house.path) as reader:
        assert [one.path for one in reader.before(None, None)] == ["fresh.txt", "embargoed.txt", "unmoved.txt"]
        (identity,) = reader.identities(A, 10)
        assert (identity.revision, identity.acknowledged_at is not None) == (7, True)
        totals = reader.totals()
    assert totals[FORGOTTEN] == Total(files=1, published=1)
    assert sum(one.files for one in totals.values()) == 4
    # The content is still known: dropped again it is a duplicate.
    assert house.ledger.fix([Claim(A, ONE, None)], house.days_ago(0))[0].acknowledged
    assert unmoved < embargoed < fresh


def test_the_row_of_a_file_that_is_kept_in_the_inbox_stays_as_long_as_the_file(house: House, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    names = [f"{number}.txt" for number in range(600)]
    keep(house, inbox, names)
    for name in names[550:]:
        (inbox / name).unlink()
    assert house.tidy(rows=DAY).rows == 50
    assert house.tidy(rows=DAY).rows == 0
    (inbox / "7.txt").unlink()
    (inbox / "8.txt").write_text("another version, whose row is another")
    assert house.tidy(rows=DAY).rows == 2


def test_the_rows_of_files_stay_while_the_disk_of_their_inbox_is_away(house: House, tmp_path: Path) -> None:
    inbox, elsewhere = tmp_path / "inbox", tmp_path / "elsewhere"
    inbox.mkdir()
    keep(house, inbox, ["a.txt", "b.txt"])
    inbox.rename(elsewhere)
    assert house.tidy(rows=DAY).rows == 0
    inbox.mkdir()  # where it is mounted
    assert house.tidy(rows=DAY).rows == 0
    inbox.rmdir()
    elsewhere.rename(inbox)
    (inbox / "b.txt").unlink()
    assert house.tidy(rows=DAY).rows == 1


def keep(house: House, inbox: Path, names: Sequence[str]) -> None:
    """Files that were done long ago and lie in the inbox; and a newer one."""
    for name in names:
        (inbox / name).write_text("x")
    versions = [FileVersion.of((inbox / name).stat()) for name in names]
    numbers = house.ledger.finish(
        [
            row(inbox=str(inbox), relative=name, version=version, finished_at=1)
            for name, version in zip(names, versions, strict=True)
        ]
    )
    house.ledger.finish([row()])
    house.ledger.put_away([], [(one, f"{inbox}/{name}") for one, name in zip(numbers, names, strict=True)], 2)


def test_the_newest_row_stays_so_that_no_number_is_given_twice(house: House) -> None:
    numbers = house.ledger.finish([row(finished_at=1), row(finished_at=1)])
    house.ledger.put_away(numbers, [], 2)
    assert house.tidy(rows=DAY).rows == 1
    (following,) = house.ledger.finish([row()])
    assert following not in numbers


def test_many_rows_go_in_small_steps_while_others_write(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.tidy.PAUSE", 0.0)
    numbers = house.ledger.finish([row(finished_at=1) for _ in range(1_201)])
    house.ledger.put_away(numbers, [], 2)
    tidy = Tidy(house.data, house.path, Keep(rows=DAY), stop=house.stop, clock=house.clock)
    removed: list[Removed] = []
    thread = threading.Thread(target=lambda: removed.append(tidy.round()))
    thread.start()
    while thread.is_alive():
        house.ledger.finish([row()])
    thread.join()
    assert removed[0].rows >= 1_200


def test_it_ends_between_two_steps_when_the_service_stops(house: House) -> None:
    numbers = house.ledger.finish([row(finished_at=1) for _ in range(600)])
    house.ledger.put_away(numbers, [], 2)
    for number in range(501):
        house.file(f"processed/2126-01-01/{number}")
    house.stop.set()
    assert house.tidy(processed=0, rows=0) == Removed(files=500, rows=500)


def test_nothing_is_let_go_of_where_everything_is_kept_for_ever(house: House) -> None:
    house.file("processed/1999-01-01/a.txt")
    house.ledger.finish([row(finished_at=1)])
    assert house.tidy() == Removed()
    Tidy(house.data, house.path, Keep(), stop=house.stop, clock=house.clock).run()  # returns at once


def test_a_round_that_fails_is_said_and_the_thread_goes_on(house: House) -> None:
    house.file("processed/2126-01-01/a.txt")
    os.chmod(house.data / "ingest", 0o700)
    tidy = Tidy(house.data, house.data / "ingest", Keep(rows=1.0), stop=house.stop, clock=house.clock)
    house.stop.set()
    tidy.run()  # the ledger is a directory: no exception leaves the thread
