"""Dates of texts in other languages than English: numbers only."""

from datetime import date

import pytest

from services.enrich.dates import find_times
from services.enrich.model import Sentence, Text


def values(body: str, language: str) -> list[str]:
    text = Text(body, None, None, None, [Sentence(0, len(body), 0, 0)], date(2025, 2, 7))
    times = find_times(text, language)
    assert all(body[time.start : time.end] == time.text for time in times)
    return [time.value for time in times]


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("de", "Das Treffen am 07.02.2025 war das dritte seit 2019.", ["2025-02-07", "2019"]),
        ("fr", "Le 2025-02-07, les députés ont voté; en 2022 ils avaient refusé.", ["2025-02-07", "2022"]),
        ("es", "Fue elegido en 2024 y de 2000 soldados quedaron 1990.", ["2024"]),
        ("ru", "В 2014 году город насчитывал 2015 домов.", ["2014"]),
        ("ja", "2025年2月7日に発表した。2024年12月の調査。", ["2025-02-07", "2024-12"]),
        ("zh", "他于2019年离开。", ["2019"]),
        ("tr", "2023 yılında 2024 kişi geldi.", ["2023"]),
        ("es", "El martes, en mayo, March y April hablaron now con May.", []),
        ("fr", "Sept personnes, dont mars et avril, 12.000 euros, 1.2.3, 99.99.2024, 2024年13月", []),
        ("it", "", []),
    ],
)
def test_what_is_written_in_numbers_is_read(language: str, body: str, expected: list[str]) -> None:
    assert values(body, language) == expected


def test_an_english_text_is_read_in_words_with_or_without_being_called_english() -> None:
    body = "They met on Friday."
    assert values(body, "en") == ["2025-02-07"]
    assert values(body, "sv") == []
