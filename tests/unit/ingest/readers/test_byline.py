import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.readers.byline import Byline, byline, names


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Kari Nordmann", Byline("Kari Nordmann", None)),
        ("BY KARI NORDMANN", Byline("KARI NORDMANN", None)),
        ("By JANE DOE, Associated Press", Byline("JANE DOE", "Associated Press")),
        ("By JANE DOE and JOE ROE\nAssociated Press", Byline("JANE DOE and JOE ROE", "Associated Press")),
        ("By Jane Doe | AFP", Byline("Jane Doe", "AFP")),
        ("Von Kari Nordmann und Ola Hansen, dpa", Byline("Kari Nordmann und Ola Hansen", "dpa")),
        ("Por Kari Nordmann (EFE)", Byline("Kari Nordmann", "EFE")),
        ("Par Kari de la Tour", Byline("Kari de la Tour", None)),
        ("By JANE DOE, AP Science Writer", Byline("JANE DOE, AP Science Writer", None)),
    ],
)
def test_a_byline_is_names_and_perhaps_an_agency(line: str, expected: Byline) -> None:
    assert byline(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the army had left the town.",
        "by and large",
        "Von der Küste kam am Freitag ein Sturm",
        "Par exemple, il pleut souvent",
        "Di Stefano",
        "Kari Nordmann",
        "",
    ],
)
def test_other_lines_are_no_bylines(line: str) -> None:
    assert byline(line) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Von Miller", "Von Miller"),
        ("Di Stefano", "Di Stefano"),
        ("By Kari Nordmann", "Kari Nordmann"),
        ("by: Kari Nordmann", "Kari Nordmann"),
        ("Kari Nordmann, dpa", "Kari Nordmann"),
        ("AFP", "AFP"),
    ],
)
def test_a_field_for_it_holds_names(written: str, expected: str) -> None:
    assert names(written) == expected


@given(st.text(max_size=40))
def test_no_line_is_too_strange(text: str) -> None:
    byline(text)
    assert len(names(text)) <= len(text)
