from datetime import UTC, datetime

import pytest

from newswire.search.question import QuestionError
from newswire.search.when import span

NOW = datetime(2025, 3, 31, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2025-02-07", "2025-02-07", "2025-02-08"),
        ("2025-02", "2025-02-01", "2025-03-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("today", "2025-03-31", "2025-04-01"),
        ("Yesterday", "2025-03-30", "2025-03-31"),
        ("this week", "2025-03-31", "2025-04-07"),
        ("last week", "2025-03-24", "2025-03-31"),
        ("last month", "2025-02-01", "2025-03-01"),
        ("last  year", "2024-01-01", "2025-01-01"),
        ("7d", "2025-03-24T15:30", "2025-03-31T15:30"),
        ("36 hours ago", "2025-03-30T03:30", "2025-03-31T15:30"),
        ("1mo", "2025-02-28T15:30", "2025-03-31T15:30"),
        ("1y", "2024-03-31T15:30", "2025-03-31T15:30"),
        ("2025-02-07T18:30Z", "2025-02-07T18:30", "2025-02-07T18:30:01"),
        ("2025-02-07t18:30:00+02:00", "2025-02-07T16:30", "2025-02-07T16:30:01"),
    ],
)
def test_a_day_or_span_as_people_write_it(written: str, start: str, end: str) -> None:
    found = span(written, NOW)
    assert found == tuple(datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end))


@pytest.mark.parametrize(
    "written", ["", "soon", "2025-13", "2025-02-30", "0000", "9999", "2m", "99999y", "2025-02-07T99:00", "٢٠٢٥", "7d\0"]
)
def test_what_is_no_date_is_told_how_to_write_one(written: str) -> None:
    with pytest.raises(QuestionError, match=r"is no date\. Write a day"):
        span(written, NOW)
