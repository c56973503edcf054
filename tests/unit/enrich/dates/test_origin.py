"""From which day "today" and "Friday" are counted."""

from datetime import UTC, datetime

import pytest

from services.enrich.dates import find_times
from services.enrich.text.build import build
from tests.unit.enrich.messages import article


def values(body: str, published: str | None, dateline: str | None = None) -> list[str]:
    when = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    return [time.value for time in find_times(build(article(body=body, published_at=when, dateline=dateline)))]


def test_the_date_of_the_dateline_is_the_day_of_writing() -> None:
    body = "KYIV, Feb 6 (Wire) - Two people were killed today."
    assert values(body, "2025-02-07") == ["2025-02-06", "2025-02-06"]
    assert values("Two people were killed today.", "2025-02-07", "KYIV, Feb. 6") == ["2025-02-06"]
    assert values("Two people were killed today.", "2025-01-01", "KYIV, 31 December 2024") == ["2024-12-31"]


@pytest.mark.parametrize("dateline", ["KYIV", "KYIV, Feb", "KYIV, Nov 30", "KYIV, Feb 30", "MARCH 99, 2025"])
def test_a_dateline_without_a_day_near_the_publication_changes_nothing(dateline: str) -> None:
    assert values("Two people were killed today.", "2025-02-07", dateline) == ["2025-02-07"]


def test_a_whole_date_in_the_dateline_stands_in_for_a_missing_publication() -> None:
    assert values("It happened on Friday.", None, "KYIV, Feb 8, 2025") == ["2025-02-07"]
    assert values("It happened on Friday.", None, "KYIV, Feb 8") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Filed on 07/02/2025 in court.", ["2025-02-07"]),  # near the day of writing, the other reading far
        ("Filed on 04/03/2019 in court.", ["2019-XX-XX"]),  # nothing tells
        ("Filed on 04/03/2019 and 25/03/2019 in court.", ["2019-03-04", "2019-03-25"]),
        ("Filed on 04/03/2019 and 03/25/2019 in court.", ["2019-04-03", "2019-03-25"]),
        ("Filed on 04.03.2019 in court.", ["2019-03-04"]),
        ("Filed on 05/05/2019 in court.", ["2019-05-05"]),
        ("Filed on 31/31/2019 in court.", []),
    ],
)
def test_the_order_of_day_and_month_in_numbers_needs_evidence(body: str, expected: list[str]) -> None:
    assert values(body, "2025-02-08") == expected
