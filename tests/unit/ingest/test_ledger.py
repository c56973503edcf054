import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from newswire.identity import DAY
from services.ingest.ledger import Claim, FileRow, Fixed, Ledger, layout, open_read_only
from services.ingest.read import FileVersion

NOW = 1_772_366_400_000
A, B = "aa" * 16, "bb" * 16
ONE, TWO, THREE = "11" * 32, "22" * 32, "33" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ingest" / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    made = Ledger(path)
    yield made
    made.close()


def row(**differently: object) -> FileRow:
    plain = FileRow(
        inbox="/inbox",
        relative="a.txt",
        version=FileVersion(1, 2, 3, 4, 5),
        sha256="ab" * 32,
        format="text",
        state="published",
        reason=None,
        message=None,
        published=1,
        duplicates=0,
        refused=0,
        articles=[A],
        acknowledged=[(A, ONE)],
        seen_at=NOW,
        finished_at=NOW,
        put_away="processed/2026-03-01/a.txt",
    )
    return replace(plain, **differently)  # type: ignore[arg-type]


def revision(ledger: Ledger, article: str, content: str, wanted: int | None) -> int:
    return ledger.fix([Claim(article, content, wanted)], NOW)[0].revision


def test_the_revision_is_the_one_the_source_names(ledger: Ledger) -> None:
    assert revision(ledger, A, ONE, NOW - 5) == NOW - 5


def test_a_content_keeps_the_revision_it_got(ledger: Ledger) -> None:
    assert revision(ledger, A, ONE, None) == 1
    assert revision(ledger, A, TWO, NOW) == NOW
    assert revision(ledger, A, ONE, NOW + 7) == 1


@pytest.mark.parametrize("wanted", [None, -1, NOW + DAY + 1, NOW - 5])
def test_an_instant_that_is_missing_absurd_or_taken_becomes_the_next_one(ledger: Ledger, wanted: int | None) -> None:
    revision(ledger, A, ONE, NOW - 5)
    assert revision(ledger, A, TWO, wanted) == NOW - 4


def test_an_older_revision_stays_older(ledger: Ledger) -> None:
    revision(ledger, A, TWO, NOW)
    assert revision(ledger, A, ONE, NOW - 1000) == NOW - 1000


def test_other_articles_do_not_matter(ledger: Ledger) -> None:
    revision(ledger, A, ONE, NOW)
    assert revision(ledger, B, TWO, NOW) == NOW


def test_claims_of_one_call_see_one_another(ledger: Ledger) -> None:
    fixed = ledger.fix([Claim(A, ONE, NOW), Claim(A, TWO, NOW), Claim(A, ONE, NOW), Claim(A, THREE, None)], NOW)
    assert [one.revision for one in fixed] == [NOW, NOW + 1, NOW, NOW + 2]


def test_a_content_is_a_duplicate_only_once_it_was_acknowledged(ledger: Ledger) -> None:
    claim = Claim(A, ONE, NOW)
    assert ledger.fix([claim], NOW) == [Fixed(NOW, acknowledged=False, cluster=A[:16])]
    assert ledger.fix([claim], NOW) == [Fixed(NOW, acknowledged=False, cluster=A[:16])]
    ledger.finish([row()])
    assert ledger.fix([claim], NOW) == [Fixed(NOW, acknowledged=True)]
    assert ledger.fix([Claim(A, TWO, None)], NOW) == [Fixed(NOW + 1, acknowledged=False, known=True, cluster=A[:16])]


def test_a_finished_file_is_unfinished_until_it_is_put_away(ledger: Ledger) -> None:
    (number,) = ledger.finish([row()])
    (unfinished,) = ledger.unfinished()
    assert (unfinished.number, unfinished.raw_path, unfinished.version) == (number, b"a.txt", row().version)
    ledger.put_away([number], [], NOW)
    assert ledger.unfinished() == []


@settings(deadline=None, max_examples=30)
@given(st.lists(st.booleans(), max_size=12))
def test_only_the_files_that_were_moved_are_put_away(moved: list[bool]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        ledger = Ledger(Path(directory) / "ledger.sqlite3")
        numbers = ledger.finish([row() for _ in moved])
        ledger.put_away([number for number, is_moved in zip(numbers, moved, strict=True) if is_moved], [], NOW)
        left = [number for number, is_moved in zip(numbers, moved, strict=True) if not is_moved]
        assert [one.number for one in ledger.unfinished()] == left
        ledger.close()


@pytest.mark.parametrize(
    ("state", "then"), [("published", "put_away"), ("rejected", "rejected"), ("duplicate", "duplicate")]
)
def test_a_moved_file_keeps_the_reason_it_was_moved_for(ledger: Ledger, path: Path, state: str, then: str) -> None:
    (number,) = ledger.finish([row(state=state)])
    ledger.put_away([], [(number, "x")], NOW)
    with open_read_only(path) as reader:
        assert reader.execute("SELECT state, put_away, put_away_at FROM files").fetchall() == [(then, "x", NOW)]
    reader.close()


def test_names_of_any_bytes_are_kept(ledger: Ledger) -> None:
    ledger.finish([row(relative="caf\udce9\n.txt", inbox="/in\udce9")])
    (unfinished,) = ledger.unfinished()
    assert (unfinished.inbox, unfinished.raw_path, unfinished.path) == ("/in%E9", b"caf\xe9\n.txt", "caf%E9%0A.txt")


def test_nothing_of_a_failed_transaction_is_written(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="hex"):
        ledger.fix([Claim(A, ONE, NOW), Claim("no hex", TWO, NOW)], NOW)
    assert revision(ledger, A, TWO, NOW) == NOW


def test_others_read_while_it_is_written_and_cannot_write(ledger: Ledger, path: Path) -> None:
    reader = open_read_only(path)
    ledger.finish([row()])
    assert reader.execute("SELECT count(*) FROM files").fetchone() == (1,)
    with pytest.raises(sqlite3.OperationalError):
        reader.execute("DELETE FROM files")
    reader.close()


def test_what_is_written_is_there_after_a_restart(ledger: Ledger, path: Path) -> None:
    ledger.finish([row()])
    ledger.close()
    again = Ledger(path)
    assert len(again.unfinished()) == 1
    again.close()


def test_it_syncs_every_commit_but_that_of_what_a_start_can_see_for_itself(ledger: Ledger) -> None:
    def level() -> int:
        found: int = ledger._db.execute("PRAGMA synchronous").fetchone()[0]
        return found

    during = []
    ledger._db.set_trace_callback(lambda statement: during.append(level()) if statement == "COMMIT" else None)
    (number,) = ledger.finish([row()])
    ledger.fix([Claim(B, TWO, NOW)], NOW)
    ledger.put_away([number], [], NOW)
    ledger.abandon(number, "gone", NOW)
    ledger._db.set_trace_callback(None)
    normal, full = 1, 2
    assert during == [full, full, normal, full]
    assert level() == full
    assert ledger._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_ledger_of_a_newer_version_is_left_alone(ledger: Ledger, path: Path) -> None:
    ledger._db.execute("PRAGMA user_version = 99")
    with pytest.raises(sqlite3.DatabaseError, match="newer version"):
        Ledger(path)


def test_the_refusals_of_the_same_bytes_at_the_same_path_are_counted(ledger: Ledger) -> None:
    refused = row(state="rejected", published=0, refused=1, articles=[], acknowledged=[], finished_at=NOW + 5)
    assert ledger.refusals("a.txt", "ab" * 32, 3) == (0, None)
    ledger.finish([refused, replace(refused, finished_at=NOW + 9), row()])
    assert ledger.refusals("a.txt", "ab" * 32, 3) == (2, NOW + 5)
    assert ledger.refusals("a.txt", "cd" * 32, 3) == (0, None)
    assert ledger.refusals("b.txt", "ab" * 32, 3) == (0, None)
    ledger.finish([replace(refused, sha256=None)])
    assert ledger.refusals("a.txt", None, 3).times == 1


def test_a_ledger_of_the_first_layout_is_brought_up_to_date(path: Path) -> None:
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.executescript(layout.LAYOUTS[0] + "PRAGMA user_version=1;")
    db.execute(
        "INSERT INTO files VALUES (7, '/inbox', 'a.txt', NULL, 1, 2, 3, 4, 5, ?, 'text', 'rejected', 'no_body', '',"
        " 0, 0, 1, x'', 10, 11, 'rejected/a.txt', 12)",
        (b"\xab" * 32,),
    )
    db.execute("INSERT INTO identities VALUES (?, ?, 5, 6, 7)", (bytes.fromhex(A), bytes.fromhex(ONE)))
    db.commit()
    db.close()
    ledger = Ledger(path)
    assert ledger.refusals("a.txt", "ab" * 32, 3) == (1, 11)
    assert ledger.fix([Claim(A, ONE, None)], NOW) == [Fixed(5, acknowledged=True)]
    assert ledger._db.execute("SELECT number, held, done, put_away_at FROM files").fetchall() == [(7, 0, 1, 12)]
    assert ledger._db.execute("PRAGMA user_version").fetchone() == (layout.LAYOUT,)
    ledger.close()


def test_every_content_of_an_article_has_its_cluster_whenever_that_was_found(ledger: Ledger, path: Path) -> None:
    ledger.fix([Claim(A, ONE, NOW, canceled=True)], NOW)  # a kill overtook the story
    (first,) = ledger.fix([Claim(A, TWO, NOW + 1)], NOW)
    ledger.fix([Claim(A, THREE, NOW + 2, canceled=True), Claim(A, "44" * 32, NOW + 3)], NOW)
    assert first.cluster == A[:16]
    with sqlite3.connect(path) as db:
        found = db.execute("SELECT revision, hex(cluster) FROM identities ORDER BY revision").fetchall()
        assert found == [(NOW, ""), *((NOW + n, A[:16].upper()) for n in (1, 2, 3))]
        # As an ingest left it that knew of no clusters yet.
        db.execute("UPDATE identities SET cluster = NULL")
    assert ledger.fix([Claim(A, TWO, NOW + 1)], NOW)[0].cluster == A[:16]
    ledger.finish([row(acknowledged=[(A, TWO)])])
    assert ledger.fix([Claim(A, TWO, NOW + 1)], NOW)[0].acknowledged


def test_a_withdrawal_is_told_no_cluster(ledger: Ledger) -> None:
    ledger.fix([Claim(A, ONE, NOW)], NOW)
    assert ledger.fix([Claim(A, TWO, NOW + 1, canceled=True)], NOW)[0].cluster is None


def test_a_content_without_a_cluster_that_is_fixed_again_has_it_in_its_row(ledger: Ledger, path: Path) -> None:
    ledger.fix([Claim(A, ONE, NOW)], NOW)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE identities SET cluster = NULL")
    ledger.fix([Claim(A, ONE, NOW)], NOW)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT hex(cluster) FROM identities").fetchall() == [(A[:16].upper(),)]


def test_numbers_are_those_of_their_rows_whatever_is_written_anew(ledger: Ledger, path: Path) -> None:
    one, two = ledger.finish([row(relative="a", acknowledged=[]), row(relative="b", acknowledged=[])])
    # The newest row is replaced in the transaction in which others come.
    rows = [
        row(relative="c", acknowledged=[(A, ONE)]),
        row(relative="b", number=two, acknowledged=[]),
        row(relative="d", acknowledged=[]),
    ]
    ledger.fix([Claim(A, ONE, NOW)], NOW)
    numbers = ledger.finish(rows)
    assert numbers[1] == two
    with sqlite3.connect(path) as db:
        found = dict(db.execute("SELECT path, number FROM files").fetchall())
        assert found == {"a": one, "c": numbers[0], "b": two, "d": numbers[2]}
        assert db.execute("SELECT file FROM identities").fetchall() == [(numbers[0],)]


def test_nothing_is_fixed_and_nothing_finished(ledger: Ledger) -> None:
    assert ledger.fix([], NOW) == []
    assert ledger.finish([]) == []
