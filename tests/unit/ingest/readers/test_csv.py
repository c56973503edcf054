import re
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers.csv import _MAY_BE, _may_be, may_have_text
from services.ingest.readers.format import Limits
from services.ingest.readers.names import OWN
from services.ingest.readers.record import Identifier, RawArticle, Refused
from tests.unit.ingest.readers.packed import found, outcomes


def article(data: bytes, name: str = "a.csv") -> RawArticle:
    (only,) = found(data, name)
    assert isinstance(only.record, RawArticle), only.record
    assert only.format == "csv"
    return only.record


def test_columns_are_fields() -> None:
    data = (
        b"id,Title,TEXT,Published at,url,author,source,lang,colour\n"
        b'7,"A ""good"" title","One.\n\nTwo, or three.",2026-02-14,https://example.org/7,Kari,NTB,en,red\n'
    )
    assert article(data) == RawArticle(
        title='A "good" title',
        body="One.\n\nTwo, or three.",
        byline="Kari",
        agency="NTB",
        language="en",
        published_at=datetime(2026, 2, 14, tzinfo=UTC),
        uri="https://example.org/7",
        identifier=Identifier(scheme="guid", issuer="NTB", value="7"),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_told_by_the_first_row(delimiter: str, end: str) -> None:
    rows = [("title", "body"), ("A", "Text one"), ("B", "Text two")]
    data = end.join(delimiter.join(row) for row in rows).encode()
    assert outcomes(data, "a.csv") == ["A", "B"]
    assert outcomes(data, "whatever") == ["A", "B"]


@pytest.mark.parametrize(
    "text", ["Title, text and body\n\nA story about words.", "text\n\nMore text.", "Body, he said\n"]
)
def test_a_text_that_begins_with_such_words_is_text(text: str) -> None:
    assert found(text.encode(), "a.txt")[0].format == "text"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_table_may_be_in_another_encoding(encoding: str) -> None:
    data = "title\tbody\nÉté\tLe café est à côté de l’école, très bien.\n".encode(encoding)
    assert outcomes(data, "a.tsv") == ["Été"]


def test_what_spreadsheets_write_before_the_names_is_passed_over() -> None:
    assert outcomes(b"sep=|\r\ntitle|body\r\nA|Text, one.\r\n", "a.csv") == ["A"]


def test_a_row_with_other_cells_is_refused_alone_with_its_bytes() -> None:
    data = b"title,body\nA,One.\nB\nC,Two, or three.\nD,Four.,,\n"
    assert outcomes(data, "a.csv") == ["A", Reason.BAD_FORMAT, Reason.BAD_FORMAT, "D"]
    refused = found(data, "a.csv")[2].record
    assert isinstance(refused, Refused)
    assert refused.original == b"C,Two, or three.\n"


def test_a_quote_in_the_wrong_place_spoils_its_row_alone() -> None:
    assert outcomes(b'title,body\n"A"x,One.\nB,Two.\n', "a.csv") == [Reason.BAD_FORMAT, "B"]


def test_a_quote_that_is_never_closed_is_truncated() -> None:
    assert outcomes(b'title,body\nA,One.\nB,"Two\nC,Three.\n', "a.csv") == ["A", Reason.TRUNCATED]


def test_a_row_that_is_too_large_ends_the_table() -> None:
    data = b'title,body\nA,One.\nB,"' + b"x,\n" * 500_000 + b'"\n'
    assert outcomes(data, "a.csv", Limits(document=100_000)) == ["A", Reason.TOO_LARGE]


def test_blank_rows_are_nothing() -> None:
    assert outcomes(b"\n\ntitle,body\n\n,\nA,One.\n \n", "a.csv") == ["A"]


def test_a_table_without_a_column_for_the_text_names_those_it_has() -> None:
    (only,) = found(b"when,what\n1,2\n", "a.csv")
    assert isinstance(only.record, Refused)
    assert only.record.reason is Reason.BAD_FORMAT
    assert "when, what" in only.record.message
    assert "body" in only.record.message


@pytest.mark.parametrize("data", [b"title,body\n", b"\n\n", b"title,body\n,\n"])
def test_a_table_without_rows_is_empty(data: bytes) -> None:
    assert outcomes(data, "a.csv") == [Reason.EMPTY]


def test_a_row_without_text_has_no_body() -> None:
    assert outcomes(b"title,body\nA,\n", "a.csv") == [Reason.NO_BODY]


def test_bytes_of_no_encoding_spoil_their_row_alone() -> None:
    assert outcomes(b"title,body\nA,One.\nB,\x81\xff\x8d\nC,Two.\n", "a.csv") == ["A", Reason.BAD_ENCODING, "C"]


def test_a_broken_row_of_a_table_with_embargoes_shows_nothing() -> None:
    refused = found(b"title,body,embargo\nA,Secret,2030-01-01,\nB,Secret\n", "a.csv")[1].record
    assert isinstance(refused, Refused)
    assert refused.original == b""


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "data", [b'title,body\n"' + b'"' * 1_000_001, b"title,body" + b"," * 1_000_000, b"title,body\n" + b"," * 999_999]
)
def test_no_table_takes_long(data: bytes) -> None:
    outcomes(data, "a.csv")


@given(
    st.lists(st.sampled_from(["title", "body", ",", ";", "\n", "\r", '"', "\t", "é", "\0", "sep=", "x y"]), max_size=30)
)
def test_no_table_is_too_strange(pieces: list[str]) -> None:
    outcomes("".join(pieces).encode(), "a.csv")
    outcomes(("title,body\n" + "".join(pieces)).encode("latin-1", "replace"), "a.csv")


def test_a_glance_sees_a_column_for_the_text_in_any_letters() -> None:
    for word in OWN.names["body"]:
        assert may_have_text(word)
        assert may_have_text(word.replace("_", " ").title())
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    for alike in re.findall("[a-z]", everything, re.IGNORECASE):
        for word in OWN.names["body"]:
            for letter in re.findall(re.escape(alike), word, re.IGNORECASE):
                assert may_have_text(word.replace(letter, alike)), (word, alike)
    assert not may_have_text("KYIV, Ukraine (AP) - The bridge was closed, the mayor said; it will open again.")


PIECES = (*OWN.names["body"], "title", "hıstory", "ARTİCLE", "ſtory", "full text", " ", "123456789", *",;\t|")


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_the_cells_with_a_word_for_a_text_are_all_that_is_to_be_searched(line: str) -> None:
    assert _may_be(line) == bool(_MAY_BE.search(line))
