import pytest

from services.ingest.readers.dateline import dateline

REST = "The council met on Friday."


@pytest.mark.parametrize(
    ("head", "place", "agency", "day"),
    [
        ("KYIV - ", "KYIV", None, None),
        ("KYIV – ", "KYIV", None, None),
        ("KYIV — ", "KYIV", None, None),
        ("KYIV -- ", "KYIV", None, None),
        ("KYIV, Feb 7 (AFP) - ", "KYIV", "AFP", None),
        ("KYIV, Feb. 7, 2025 (Xinhua) -- ", "KYIV", "Xinhua", "2025-02-07"),
        ("KYIV, 7 February 2025 - ", "KYIV", None, "2025-02-07"),
        ("KYIV, Friday, Feb 7 (AFP) - ", "KYIV", "AFP", None),
        ("KYIV (Reuters) - ", "KYIV", "Reuters", None),
        ("KYIV, Ukraine (AP) — ", "KYIV, Ukraine", "AP", None),
        ("KYIV, Ukraine - ", "KYIV, Ukraine", None, None),
        ("WASHINGTON, D.C. (AP) — ", "WASHINGTON, D.C.", "AP", None),
        ("NEW YORK/LONDON, Feb 7 (Reuters) - ", "NEW YORK/LONDON", "Reuters", None),
        ("PORT-AU-PRINCE - ", "PORT-AU-PRINCE", None, None),
        ("SÃO PAULO (AFP) - ", "SÃO PAULO", "AFP", None),
        ("ST. PETERSBURG - ", "ST. PETERSBURG", None, None),
        ("Berlin (dpa) - ", "Berlin", "dpa", None),
        ("Rio de Janeiro, Feb 7 (EFE) - ", "Rio de Janeiro", "EFE", None),
        ("(Reuters) - ", None, "Reuters", None),
        ("KYIV, Feb 31, 2025 (AFP) - ", "KYIV", "AFP", None),
    ],
)
def test_a_dateline_is_taken_apart(head: str, place: str | None, agency: str | None, day: str | None) -> None:
    found = dateline(head + REST)
    assert found is not None
    assert (found.place, found.agency, found.day, found.rest) == (place, agency, day, REST)


@pytest.mark.parametrize(
    "text",
    [
        "NATO - the western alliance - has met.",
        "The minister - who had been ill - came back.",
        "Well-known people met on Friday.",
        "Talks (which failed) - and others - went on.",
        "He said so - and left.",
        "2025 - The year of the flood.",
        "A - The first letter.",
        "The long sentence that goes on for many words before there is any dash in it at all - And then goes on.",
        "",
    ],
)
def test_a_dash_does_not_make_a_dateline(text: str) -> None:
    assert dateline(text) is None


def test_a_dateline_may_stand_alone() -> None:
    found = dateline("KYIV, Feb 7 (AFP) -")
    assert found is not None
    assert (found.place, found.agency, found.rest) == ("KYIV", "AFP", "")
