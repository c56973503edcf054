import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.readers import compressed, warc, zip
from services.ingest.readers.encoding import loosely
from services.ingest.readers.format import HEAD, Head
from services.ingest.readers.formats import FORMATS, MAGIC, format_of
from tests.fuzz.samples import good

STORY = (
    b"Lighthouse lit again\n\nThe lamp on the northern cape was lit on Friday after eleven dark years, he said.\n" * 3
)
BEGINNINGS = (
    *(begins for one in compressed.COMPRESSIONS for begins in one.begins),
    *zip.BEGINNINGS,
    warc.BEGINNING,
    *(magic for magic, _ in MAGIC),
    *(b"AFP123 4 POL \x02", b"ZCZC AFP123 4 POL \x02", b"\x01AFP123 4 POL \x02", b"\x01u1234 \r\nr a "),
    *(b"<", b"\0<", b'{"', b"[{", b"\xff\xfe", b"\xef\xbb\xbf", b"title,body\n", b"From a\nTo: b\n", b"Subject: a\n"),
)
ENDINGS = (".txt", ".tar", ".csv", ".json", ".ndjson", ".eml")


def head(data: bytes, name: str) -> Head:
    return Head(name, data[:HEAD], loosely(data[:HEAD]).lstrip())


def asked_of_all(found: Head) -> object:
    return next(form for form in FORMATS if form.recognises(found))


def with_mark_of_tar(data: bytes) -> bytes:
    return data[:257] + b"ustar" + data[262:]


@pytest.mark.parametrize("data", [b"", *good(), with_mark_of_tar(STORY)])
def test_what_begins_as_it_does_is_asked_for(data: bytes) -> None:
    assert format_of(head(data, "a")) is asked_of_all(head(data, "a"))


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(b"\0\t\n\v\f\r \x01\x16\x7f"), max_size=3).map(bytes),
    st.sampled_from(BEGINNINGS) | st.binary(min_size=1, max_size=4),
    st.sampled_from((b"", STORY, with_mark_of_tar(STORY))),
    st.sampled_from(ENDINGS),
)
def test_the_first_byte_rules_out_no_format_that_it_could_be(
    before: bytes, begins: bytes, rest: bytes, end: str
) -> None:
    found = head(before + begins + rest, f"a{end}")
    assert format_of(found) is asked_of_all(found)
