import pytest

from services.enrich.text import dateline


@pytest.mark.parametrize(
    ("body", "place", "report"),
    [
        ("OSLO - Ships left.", "OSLO", "Ships left."),
        ("PORT LOUIS, March 3 (Reuters) - Ships left.", "PORT LOUIS", "Ships left."),
        ("SAN JUAN, Puerto Rico (AP) — Ships left.", "SAN JUAN", "Ships left."),
        ("Geneva (dpa) -- Ships left.", "Geneva", "Ships left."),
        ("QUITO, 4 June 2024 (Xinhua) – Ships left.", "QUITO", "Ships left."),
        ("BERLIN/PARIS (AFP) - Ships left.", "BERLIN/PARIS", "Ships left."),
    ],
)
def test_a_dateline_is_known_by_its_form(body: str, place: str, report: str) -> None:
    head = dateline.find(body)
    assert head is not None
    assert (body[head.start : head.end], body[head.after :]) == (place, report)


@pytest.mark.parametrize(
    "body",
    ["Ships left port - at last.", "The minister - an economist - spoke.", "NATO chief speaks", "1 - 0", "", "- -"],
)
def test_a_sentence_with_a_dash_is_none(body: str) -> None:
    assert dateline.find(body) is None
