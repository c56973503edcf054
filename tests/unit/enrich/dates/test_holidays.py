from datetime import date

import pytest

from services.enrich.dates import find_times
from services.enrich.dates.grammar import HOLIDAYS
from services.enrich.dates.holidays import easter
from services.enrich.model import Sentence, Text, Time


def times(body: str, written: date) -> list[Time]:
    return find_times(Text(body, None, None, None, [Sentence(0, len(body), 0, 0)], written))


@pytest.mark.parametrize(
    ("year", "day"),
    [(1961, "04-02"), (2000, "04-23"), (2008, "03-23"), (2024, "03-31"), (2025, "04-20"), (2038, "04-25")],
)
def test_easter_falls_on_its_day(year: int, day: str) -> None:
    assert easter(year) == date.fromisoformat(f"{year}-{day}")


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("It snowed on Christmas Eve.", "2024-12-24"),
        ("It will snow on Christmas Eve.", "2025-12-24"),
        ("Shops closed on Memorial Day 2023.", "2023-05-29"),
        ("They met last Thanksgiving.", "2024-11-28"),
        ("On Labor Day parks are full.", "2024-09-02"),
        ("A vigil on Good Friday 2025 was cut short.", "2025-04-18"),
        ("On New Year’s Day trains stood still.", "2025-01-01"),
        ("Couples wed on Valentine's Day.", "2025-02-14"),
    ],
)
def test_a_holiday_is_a_day(body: str, day: str) -> None:
    assert [time.value for time in times(body, date(2025, 2, 7))] == [day]


@pytest.mark.parametrize(
    "body", ["The Good Friday Agreement holds.", "He flew to Easter Island.", "An easter egg, a halloween costume."]
)
def test_a_name_with_a_holiday_in_it_is_none(body: str) -> None:
    assert times(body, date(2025, 2, 7)) == []


def test_the_attacks_of_september_11_have_their_year_once_they_happened() -> None:
    assert [time.value for time in times("Since 9/11 much has changed.", date(2025, 2, 7))] == ["2001-09-11"]
    assert times("The score was 9/11 then.", date(1999, 2, 7)) == []
    after = times("She left after the Sept. 11 attacks.", date(2025, 2, 7))
    assert [(time.text, time.value) for time in after] == [("Sept. 11", "2001-09-11")]


def test_each_holiday_of_the_table_can_be_computed() -> None:
    for names in HOLIDAYS.values():
        for name in names:
            found = times(f"It was {name.title().replace('’S', '’s')} 2024.", date(2025, 2, 7))
            assert [time.first and time.first.year for time in found] == [2024], name
