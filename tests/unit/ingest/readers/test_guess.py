import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.readers.guess import guess
from tests.unit.ingest.readers.languages import ENCODINGS, TEXTS

CASES = [(language, encoding) for language, encodings in ENCODINGS.items() for encoding in encodings]


@pytest.mark.parametrize(("language", "encoding"), [case for case in CASES if case[1] != "iso2022-jp"])
def test_an_old_encoding_is_told_by_what_it_says(language: str, encoding: str) -> None:
    data = TEXTS[language].encode(encoding, "ignore")
    found = guess(data)
    assert found is not None
    assert data.decode(found) == data.decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), [case for case in CASES if case[1] != "iso2022-jp"])
def test_half_of_a_text_is_told_or_left(language: str, encoding: str) -> None:
    text = TEXTS[language]
    for half in (text[: len(text) // 2], text[len(text) // 2 :]):
        data = half.encode(encoding, "ignore")
        found = guess(data)
        assert found is None or data.isascii() or data.decode(found) == data.decode(encoding)


@pytest.mark.parametrize("data", [bytes(range(128, 256)), b"\xff\xfe\xfd" * 100, b"\x81\x8d\x8f\x90\x9d" * 20])
def test_bytes_that_say_nothing_are_in_no_encoding(data: bytes) -> None:
    assert guess(data) is None


def test_a_text_of_any_length_is_told_by_its_beginning() -> None:
    assert guess((TEXTS["ru"] + "\n").encode("cp1251") * 20_000) == "cp1251"
    assert guess(TEXTS["ja"].encode("shift_jis") * 20_000) == "cp932"


@given(st.binary(max_size=500))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    assert guess(data) is None or isinstance(guess(data), str)
