import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.readers.mojibake import may_be_damaged, repaired
from tests.unit.ingest.readers.languages import TEXTS


def damaged(text: str) -> str:
    """``text``, its UTF-8 read as Windows-1252; the five bytes that it leaves undefined as control characters."""
    return "".join(
        bytes((byte,)).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252") for byte in text.encode()
    )


@pytest.mark.parametrize("language", TEXTS)
def test_a_correct_text_stays_as_it_is(language: str) -> None:
    text = TEXTS[language]
    assert repaired(text) == text
    assert repaired(text.upper()) == text.upper()
    assert repaired(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("language", TEXTS)
def test_a_damaged_text_is_made_whole(language: str) -> None:
    assert repaired(damaged(TEXTS[language])) == TEXTS[language]


def test_a_text_that_was_damaged_twice_is_made_whole() -> None:
    assert repaired(damaged(damaged(TEXTS["fr"]))) == TEXTS["fr"]


@pytest.mark.parametrize("text", ["cafÃ©", "Itâ€™s", "10Â°", "â€œYesâ€\x9d"])
def test_what_no_language_writes_is_enough(text: str) -> None:
    assert repaired(text) == text.encode("cp1252", "newswire_c1").decode()


@pytest.mark.parametrize(
    "text",
    [
        "“CAFÉ”",
        "CAFÉ…",
        "SÃO PAULO",
        "SÃO”",
        "À «»",
        "Ñ…",
        "PÂTÉ™",
        "Ä“Ö”",
        "CAFÉ… DÉJÀ… “NÉ”",
        "ÅÄÖ…",
        "Ø—",
        "«À»",
        "LEÃ O",
    ],
)
def test_what_somebody_may_have_meant_stays(text: str) -> None:
    assert repaired(text) == text


def test_a_text_that_is_damaged_only_in_part_stays() -> None:
    text = damaged(TEXTS["fr"]) + " " + TEXTS["ru"]
    assert repaired(text) == text


@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 200), st.integers(1, 200))
def test_no_piece_of_a_correct_text_is_changed(language: str, start: int, length: int) -> None:
    piece = TEXTS[language][start : start + length]
    assert repaired(piece) == piece


@given(st.text())
def test_a_repaired_text_stays_as_it_is(text: str) -> None:
    assert repaired(repaired(text)) == repaired(text)


@given(st.text(st.sampled_from("aÃ©â€™Â\x9d ") | st.characters(), max_size=12))
def test_a_glance_sees_all_that_could_be_read_as_utf_8(text: str) -> None:
    try:
        before = text.encode("cp1252", "newswire_c1").decode()
    except UnicodeError:
        return
    assert may_be_damaged(text) or before == text
