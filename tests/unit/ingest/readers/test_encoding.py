import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers.encoding import clean, decode
from services.ingest.readers.record import Refused
from tests.unit.ingest.readers.languages import ENCODINGS, TEXTS


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


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, encoding) for language, known in ENCODINGS.items() for encoding in known]
)
def test_a_text_in_an_old_encoding_is_read(language: str, encoding: str) -> None:
    data = TEXTS[language].encode(encoding, "ignore")
    assert decode(data) == data.decode(encoding)
    assert decode(data, encoding) == data.decode(encoding)


@pytest.mark.parametrize("language", TEXTS)
def test_utf8_is_utf8_whatever_was_declared(language: str) -> None:
    assert decode(TEXTS[language].encode(), "iso-8859-1") == TEXTS[language]
    assert decode(TEXTS[language].encode(), "no-such-charset") == TEXTS[language]


def test_a_declared_encoding_is_read_where_a_guess_would_not_do() -> None:
    assert decode("Привет".encode("cp1251")) != "Привет"
    assert decode("Привет".encode("cp1251"), "windows-1251") == "Привет"
    assert decode("“It’s”".encode("cp1252"), "ISO-8859-1") == "“It’s”"
    assert decode("Text".encode("utf-16-le"), "utf-16-le") == "Text"


def test_wide_text_without_a_mark_is_known_by_its_zeros() -> None:
    assert decode("A text of some length".encode("utf-16-le")) == "A text of some length"
    assert decode("A text of some length".encode("utf-16-be")) == "A text of some length"


@pytest.mark.parametrize(
    "charset", ["base64", "rot13", "zip", "undefined", "unicode_escape", "punycode", "idna", "", "\0", "x" * 10_000]
)
def test_no_declaration_does_harm(charset: str) -> None:
    assert decode("Smørgåsbord, très bien, été.".encode("cp1252"), charset) == "Smørgåsbord, très bien, été."


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


def test_wide_text_of_a_language_with_letters_of_its_own_is_known_too() -> None:
    for text in ("Zażółć gęślą jaźń, powiedział", "L’été dernier, à l’Élysée", "Ærøskøbing får ny færge"):
        assert decode(text.encode("utf-16-le")) == text
        assert decode(text.encode("utf-16-be")) == text


@pytest.mark.parametrize(
    "data",
    [
        b"text\0text",
        b"\x02\x03\x04\x05",
        b"\0\1\2\3",
        b"\0\1\2",
        b"\0\xff" * 1000,
        b"\xff\0" * 1000,
        bytes(range(1, 32)) * 5,
        b"".join(number.to_bytes(2, "little") for number in range(1, 250)),
    ],
)
def test_binary_data_is_not_text(data: bytes) -> None:
    assert reason(data) is Reason.NOT_TEXT


def test_a_stray_control_character_is_removed_not_refused() -> None:
    found = decode(b"A text of some length with one stray\x08 character in it.")
    assert isinstance(found, str)
    assert clean(found) == "A text of some length with one stray character in it."


def test_line_ends_become_one_kind() -> None:
    assert clean("a\r\nb\rc\x85d\u2028e\u2029f\x0cg") == "a\nb\nc\nd\ne\n\nf\ng"


@pytest.mark.parametrize("mark", "\xad\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\ud800\udfff")
def test_what_only_steers_the_layout_goes(mark: str) -> None:
    assert clean(f"Ent{mark}scheidung") == "Entscheidung"


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क\u094d\u200dष", "👩\u200d🚀", "10\xa0000", "a\tb"])
def test_what_belongs_to_the_spelling_stays(text: str) -> None:
    assert clean(text) == text


def test_mojibake_is_repaired() -> None:
    assert clean("Le cafÃ© de lâ€™Ã©cole") == "Le café de l’école"


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
