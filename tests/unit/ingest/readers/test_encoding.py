import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers.encoding import clean, decode
from services.ingest.readers.record import Refused


def reason(data: bytes) -> Reason | None:
    found = decode(data)
    return found.reason if isinstance(found, Refused) else None


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-8"),
        (b"", "cp1252"),
    ],
)
def test_an_encoding_is_known_by_its_mark_or_its_bytes(mark: bytes, encoding: str) -> None:
    text = "Smørgåsbord – “it’s” café"
    assert decode(mark + text.encode(encoding)) == text


def test_bytes_of_no_encoding_are_refused() -> None:
    assert reason(b"caf\xe9 \x81 and more") is Reason.BAD_ENCODING


def test_utf8_with_a_bad_byte_is_not_taken_for_another_encoding() -> None:
    assert reason("Smørgåsbord ".encode() * 3 + b"\xe9 more") is Reason.BAD_ENCODING


def test_windows_text_with_a_byte_pair_that_looks_like_utf8_is_still_windows_text() -> None:
    text = "“CAFÉ” à la carte, très bon, été"
    assert decode(text.encode("cp1252")) == text


def test_a_text_cut_inside_a_character_is_truncated() -> None:
    assert reason("Smørgåsbord – “it’s” caf".encode() + b"\xc3") is Reason.TRUNCATED
    assert reason(codecs.BOM_UTF16_LE + "Text".encode("utf-16-le")[:-1]) is Reason.TRUNCATED


@pytest.mark.parametrize("data", [b"text\0text", b"\x02\x03\x04\x05", bytes(range(1, 32)) * 5])
def test_binary_data_is_not_text(data: bytes) -> None:
    assert reason(data) is Reason.NOT_TEXT


def test_a_stray_control_character_is_removed_not_refused() -> None:
    found = decode(b"A text of some length with one stray\x08 character in it.")
    assert isinstance(found, str)
    assert clean(found) == "A text of some length with one stray character in it."


def test_line_ends_become_one_kind() -> None:
    assert clean("a\r\nb\rc\x85d\u2028e\u2029f\x0cg") == "a\nb\nc\nd\ne\n\nf\ng"


def test_text_is_composed() -> None:
    assert clean(unicodedata.normalize("NFD", "Ærøskøbing café Å")) == "Ærøskøbing café Å"


@given(st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(character) == "Cc" for character in once if character not in "\n\t")


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    found = decode(data)
    assert isinstance(found, str | Refused)
    if isinstance(found, str):
        clean(found).encode()
