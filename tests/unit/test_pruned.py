from datetime import UTC, datetime

import msgspec

from newswire.pruned import Pruned, noted, pruned_by, with_note


def day(number: int) -> datetime:
    return datetime(2025, 2, number, tzinfo=UTC)


def meta(*runs: Pruned) -> dict[str, object]:
    return {"version": "1", "pruned": msgspec.to_builtins(list(runs))}


def test_only_what_was_there_and_old_enough_was_pruned() -> None:
    runs = [Pruned(before=day(10), at=day(20)), Pruned(before=day(2), at=day(21))]
    assert pruned_by(runs, dated=day(9), acknowledged=day(19)) == runs[0]
    assert pruned_by(runs, dated=day(1), acknowledged=day(20)) == runs[1]
    assert pruned_by(runs, dated=day(10), acknowledged=day(19)) is None
    assert pruned_by(runs, dated=day(9), acknowledged=day(20)) is None
    assert pruned_by([], dated=day(9), acknowledged=day(19)) is None


def test_a_limit_that_moves_on_is_one_note() -> None:
    former, run = Pruned(day(1), day(20)), Pruned(day(2), day(21))
    after = with_note(meta(former), run)
    assert after == meta(run)
    assert noted(after) == [run]


def test_a_run_that_took_more_before_is_not_forgotten() -> None:
    former, run = Pruned(day(10), day(20)), Pruned(day(2), day(21))
    assert noted(with_note(meta(former), run)) == [former, run]


def test_what_is_noted_already_changes_nothing() -> None:
    known = meta(Pruned(day(10), day(20)))
    for run in (Pruned(day(10), day(20)), Pruned(day(9), day(19))):
        assert with_note(known, run) == known


def test_an_index_that_was_never_pruned_tells_of_nothing() -> None:
    assert noted({"version": "1"}) == []
