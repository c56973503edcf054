import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers import read_records
from services.ingest.readers.formats import MAGIC
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import Reading, never_the_net
from tests.unit.ingest.stories import FERRY

only = Reading("a.txt").only


def reason(data: bytes, name: str = "a.txt") -> Reason | None:
    found = only(data, name)
    return found.reason if isinstance(found, Refused) else None


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a", "a.xml", "a.jpg"])
def test_content_decides_before_the_name(name: str) -> None:
    assert read_records(b' {"body": "Text."}', name, UTC).format == "json"


def test_text_is_text_under_any_name_that_promises_nothing() -> None:
    assert isinstance(only(FERRY.encode(), "ferry"), RawArticle)
    assert isinstance(only(FERRY.encode(), "ferry.TXT"), RawArticle)


@pytest.mark.parametrize(
    "text", ["[Editor's note: corrects the spelling]\n\nThe text goes on.", "{sic} he wrote. That was all."]
)
def test_a_text_that_begins_with_a_bracket_is_still_text(text: str) -> None:
    assert read_records(text.encode(), "a.txt", UTC).format == "text"


def test_what_is_named_json_and_is_not_is_refused() -> None:
    assert reason(FERRY.encode(), "a.json") is Reason.BAD_FORMAT


@pytest.mark.parametrize("data", [b"", b"  \n\r\n\t ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_nothing_is_empty(data: bytes) -> None:
    assert reason(data) is Reason.EMPTY


@pytest.mark.parametrize("magic", [magic for magic, _ in MAGIC])
def test_what_has_no_reader_is_unsupported(magic: bytes) -> None:
    assert reason(magic + b"rest of it\n") is Reason.UNSUPPORTED


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<?xml version="1.0"?><menu/>', "a.txt"),
    ],
)
def test_text_in_a_form_that_has_no_reader_yet_is_unsupported(data: bytes, name: str) -> None:
    assert reason(data, name) is Reason.UNSUPPORTED


def test_a_failing_reader_refuses_the_file_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("services.ingest.readers.text.read_text", fail)
    found = only(FERRY.encode())
    assert isinstance(found, Refused)
    assert found.reason is Reason.BAD_FORMAT
    assert "ZeroDivisionError" in (found.detail or "")


PARTS = st.sampled_from(
    [
        "date 2026-02-14 Title",
        "OSLO - ",
        "(Photo: AFP)",
        "By Kari",
        "Heading",
        "AFP",
        "\n",
        "\n\n",
        "A sentence, rather long.",
        " ",
    ]
)


@given(st.lists(PARTS | st.text(max_size=20), max_size=20).map("".join))
def test_no_text_is_too_strange(text: str) -> None:
    never_the_net(read_records(text.encode("utf-8", "replace"), "a.txt", UTC).records)


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    never_the_net(read_records(data, "a.txt", UTC).records)


FIELDS = [
    "title",
    "body",
    "date",
    "updated_at",
    "id",
    "url",
    "author",
    "source",
    "@type",
    "@graph",
    "headline",
    "articleBody",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FIELDS, "name", "@id"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6) | st.lists(VALUES, max_size=3))
def test_no_json_is_too_strange(value: object) -> None:
    never_the_net(read_records(json.dumps(value).encode(), "a.json", UTC).records)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "data",
    [
        b"photo " * 300_000,
        b"\n \n" * 300_000,
        b"(Photo: " * 200_000,
        b"-" * 1_000_000,
        b"A - " * 300_000,
        b"\"' ." * 300_000,
        b"x" * 5_000_000,
        b"{" * 1_000_000,
        b'{"a":' * 200_000,
        "é".encode("cp1252") * 1_000_000,
    ],
    ids=lambda data: repr(data[:10]),
)
def test_no_text_takes_long(data: bytes) -> None:
    never_the_net(read_records(data, "a.txt", UTC).records)
