from datetime import UTC, datetime, timedelta

import click
import pytest

from newswire.cli.instant import Instant


def read(written: str, *, end: bool = False) -> datetime:
    found = Instant(end=end).convert(written, None, None)
    assert found is not None
    return found


def test_a_day_or_month_is_its_beginning_or_the_moment_after_it() -> None:
    assert read("2025-02") == datetime(2025, 2, 1, tzinfo=UTC)
    assert read("2025-02", end=True) == datetime(2025, 3, 1, tzinfo=UTC)
    assert read("2025-02-07", end=True) == datetime(2025, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("end", [False, True])
def test_a_time_of_day_is_that_moment_on_either_side(end: bool) -> None:
    assert read("2025-02-07T18:30:00.250Z", end=end) == datetime(2025, 2, 7, 18, 30, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(("written", "age"), [("2d", 2), ("1w", 7), ("48h", 2), ("2880m", 2)])
@pytest.mark.parametrize("end", [False, True])
def test_an_age_is_a_moment_on_either_side(written: str, age: int, end: bool) -> None:
    assert abs(datetime.now(UTC) - timedelta(days=age) - read(written, end=end)) < timedelta(minutes=1)


def test_what_is_no_date_is_told_what_is() -> None:
    with pytest.raises(click.BadParameter, match=r"is no date\. Write a day"):
        read("soon")


@pytest.mark.parametrize("written", ["90", "3", " 90 "])
def test_a_number_alone_is_no_age(written: str) -> None:
    with pytest.raises(click.BadParameter, match=r"an age \(7d"):
        read(written)


@pytest.mark.parametrize("written", ["3m", "90s", "5min", "90"])
def test_where_things_are_deleted_minutes_are_not_taken_for_months(written: str) -> None:
    with pytest.raises(click.BadParameter, match=r"3mo"):
        Instant(deleting=True).convert(written, None, None)


def test_where_things_are_deleted_an_age_is_what_it_is_elsewhere() -> None:
    found = Instant(deleting=True).convert("3mo", None, None)
    assert found is not None
    assert abs(found - read("3mo")) < timedelta(seconds=10)
