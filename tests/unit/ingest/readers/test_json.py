import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers import read_records
from services.ingest.readers.format import Limits
from services.ingest.readers.record import Identifier, RawArticle, Records, Refused
from tests.unit.ingest.readers.packed import found as found_in
from tests.unit.ingest.readers.packed import outcomes
from tests.unit.ingest.readers.reading import Reading

JSON = Reading("a.json", "json")
article, refused = JSON.article, JSON.refused

OWN: dict[str, Any] = {"title": "Title", "body": "Text of the article."}


def read_json(data: bytes) -> Records:
    return read_records(data, "a.json", UTC)


def read(value: object) -> Records:
    return read_json(json.dumps(value).encode())


def test_our_own_form_has_a_field_for_everything() -> None:
    found = article(
        {
            "title": "Title",
            "body": "One.\n\nTwo.",
            "published_at": "2026-02-14T08:00:00Z",
            "updated_at": "2026-02-14T09:00:00+01:00",
            "id": "123",
            "url": "https://example.org/a/1",
            "byline": "Kari Nordmann",
            "agency": "NTB",
            "dateline": "OSLO",
            "language": "en",
            "caption": "A bridge.",
            "credit": "AFP",
        }
    )
    assert found == RawArticle(
        title="Title",
        body="One.\n\nTwo.",
        caption="A bridge.",
        credit="AFP",
        byline="Kari Nordmann",
        agency="NTB",
        dateline="OSLO",
        language="en",
        published_at=datetime(2026, 2, 14, 8, tzinfo=UTC),
        updated_at=datetime(2026, 2, 14, 8, tzinfo=UTC),
        uri="https://example.org/a/1",
        identifier=Identifier(scheme="guid", issuer="NTB", value="123"),
    )


@pytest.mark.parametrize("name", ["body", "text", "content"])
def test_the_body_goes_by_several_names(name: str) -> None:
    assert article({"title": "Title", name: "Text."}).body == "Text."


def test_the_schema_org_form_is_read() -> None:
    found = article(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "Title",
            "articleBody": "Text.",
            "datePublished": "2026-02-14",
            "dateModified": "2026-02-15T10:00:00Z",
            "author": [{"@type": "Person", "name": "Kari"}, {"@type": "Person", "name": "Ola"}],
            "publisher": {"@type": "Organization", "name": "The Daily"},
            "identifier": {"@type": "PropertyValue", "value": "77"},
            "mainEntityOfPage": {"@id": "https://example.org/a/1"},
        }
    )
    assert (found.title, found.body, found.byline, found.agency) == ("Title", "Text.", "Kari, Ola", "The Daily")
    assert found.identifier == Identifier(scheme="guid", issuer="The Daily", value="77")
    assert found.uri == "https://example.org/a/1"


def test_the_articles_of_a_graph_are_read_and_its_other_things_are_not() -> None:
    found = read(
        {"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": "NewsArticle", "headline": "T", "articleBody": "B."}]}
    )
    assert [record.title for record in found.records if isinstance(record, RawArticle)] == ["T"]
    assert len(found.records) == 1


def test_a_picture_is_unsupported() -> None:
    found = read({"@type": "ImageObject", "name": "x"}).records[0]
    assert isinstance(found, Refused)
    assert found.reason is Reason.UNSUPPORTED
    assert found.message.endswith("not an article; if it is one, give it @type NewsArticle, else leave it out.")


def test_a_list_holds_many() -> None:
    found = read([OWN | {"title": str(number)} for number in range(3)])
    assert [record.title for record in found.records if isinstance(record, RawArticle)] == ["0", "1", "2"]


def test_a_bad_record_of_a_list_does_not_spoil_the_others_and_keeps_its_bytes() -> None:
    found = read_json(b'[{"title": "A", "body": "B."}, {"title":  5.5, "body": "B."}, 7, "x", {"body": "C."}]').records
    assert [type(record) for record in found] == [RawArticle, Refused, Refused, RawArticle]
    assert isinstance(found[1], Refused)
    assert (found[1].reason, found[1].original) == (Reason.BAD_FORMAT, b'{"title":  5.5, "body": "B."}')
    assert isinstance(found[2], Refused)
    assert found[2].original == b'7, "x"'


def test_lines_hold_one_each() -> None:
    found = read_json(b'{"body": "One."}\n\n{"body": "Two."}\r\n{"body": }\n')
    assert found.format == "ndjson"
    assert [type(record) for record in found.records] == [RawArticle, RawArticle, Refused]
    assert found.records[2].original == b'{"body": }'  # type: ignore[union-attr]


def test_one_line_is_one_object() -> None:
    assert read_json(b'{"body": "One."}\n').format == "json"


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_text_cut_anywhere_is_truncated(cut: int) -> None:
    whole = b'{"title": "A \\u00e6 title", "body": "Text."}'
    assert refused(whole[:-cut]).reason is Reason.TRUNCATED


def test_a_last_line_that_is_cut_is_truncated() -> None:
    records = read_json(b'{"body": "One."}\n{"body": "Tw').records
    assert isinstance(records[1], Refused)
    assert records[1].reason is Reason.TRUNCATED


@pytest.mark.parametrize(
    "data",
    [
        b'{"body": "x"} y',
        b'{"body": NaN}',
        b'{"body": "x",}',
        b"{'body': 'x'}",
        b'{"body": "\\ud800"}',
        b'{"body": "a\nb"}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"body": 1e999}',
        b'{"title": ' + b"9" * 5000 + b', "body": "x"}',
    ],
)
def test_what_is_not_json_is_refused(data: bytes) -> None:
    assert refused(data).reason is Reason.BAD_FORMAT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", {"a": 1}),
        ("title", True),
        ("body", 5),
        ("body", {"a": "x"}),
        ("published_at", True),
        ("published_at", 5),
        ("published_at", "yesterday"),
        ("published_at", "0000-01-01"),
        ("published_at", "9999-12-31T23:59:59Z"),
        ("published_at", "2026-02-30"),
        ("updated_at", ["2026-02-14"]),
        ("pubstatus", "sold"),
        ("byline", [True]),
    ],
)
def test_a_field_of_a_wrong_type_is_named(field: str, value: object) -> None:
    found = read(OWN | {field: value}).records[0]
    assert isinstance(found, Refused)
    assert found.reason is Reason.BAD_FORMAT
    assert field in found.message


@pytest.mark.parametrize("value", [None, "", "  \n ", []])
def test_an_article_without_text_has_no_body(value: object) -> None:
    found = read({"title": "Title", "body": value}).records[0]
    assert isinstance(found, Refused)
    assert found.reason is Reason.NO_BODY


def test_a_canceled_article_needs_no_text() -> None:
    found = article({"id": "1", "agency": "NTB", "pubstatus": "canceled"})
    assert (found.pubstatus, found.body) == ("canceled", "")


def test_empty_fields_are_absent() -> None:
    found = article(OWN | {"published_at": "", "byline": [], "language": None, "title": " "})
    assert (found.published_at, found.byline, found.language, found.title) == (None, None, None, None)


def test_an_identifier_without_agency_is_issued_by_the_host() -> None:
    found = article(OWN | {"id": 123, "url": "https://example.org/a"})
    assert found.identifier == Identifier(scheme="guid", issuer="example.org", value="123")


def test_a_web_address_is_no_identifier_of_its_own() -> None:
    found = article(OWN | {"url": "https://example.org/a"})
    assert (found.identifier, found.uri) == (None, "https://example.org/a")


def test_another_kind_of_uri_is_an_identifier() -> None:
    found = article(OWN | {"uri": "urn:example:1", "source": {"name": "NTB"}})
    assert found.identifier == Identifier(scheme="uri", issuer="NTB", value="urn:example:1")


def test_the_body_may_be_a_list_of_paragraphs() -> None:
    assert article({"body": ["One.", "Two."]}).body == "One.\n\nTwo."


def test_an_empty_list_is_empty() -> None:
    assert refused(b"[]").reason is Reason.EMPTY


@pytest.mark.parametrize("data", [b"[1, 2]", b"[" + b"1," * 1_000_000 + b"1]", b'["a", "b"]', b"[[1]]"])
def test_a_list_of_other_things_is_refused_once(data: bytes) -> None:
    (found,) = read_json(data).records
    assert isinstance(found, Refused)
    assert found.reason is Reason.BAD_FORMAT
    assert "list, but not of articles" in found.message


def test_many_strays_end_a_list() -> None:
    data = b'[{"title": "A", "body": "B."},' + b"1," * 5_000 + b'{"title": "C", "body": "D."}]'
    assert outcomes(data) == ["A", Reason.BAD_FORMAT]


def test_a_list_in_pieces_of_any_size_is_the_same() -> None:
    values = [
        {"title": f'{number} "quoted" \\ [{{', "body": "x y " * (1 << number), "tags": [[{}], "]}"]}
        for number in range(20)
    ]
    found = read(values)
    assert [record.title for record in found.records if isinstance(record, RawArticle)] == [v["title"] for v in values]


def test_a_record_that_is_too_large_is_refused_alone() -> None:
    large = json.dumps({"title": "L", "body": 'w"o{r[d\\' * 500_000}).encode()
    small = b'{"title": "S", "body": "Text."}'
    limits = Limits(document=1_000_000)
    assert outcomes(b"[" + b",".join((small, large, small)) + b"]", limits=limits) == ["S", Reason.TOO_LARGE, "S"]
    assert outcomes(b"\n".join((small, large, small)), limits=limits) == ["S", Reason.TOO_LARGE, "S"]
    assert outcomes(large, limits=limits) == [Reason.TOO_LARGE]
    for data in (b"[" + large + b"]", small + b"\n" + large, large):
        (too_large,) = [one.record for one in found_in(data, limits=limits) if isinstance(one.record, Refused)]
        assert "; split it" in too_large.message


def test_a_list_that_ends_in_the_middle_is_truncated_once() -> None:
    data = json.dumps([OWN, OWN]).encode()
    for cut in range(1, len(data) - len(json.dumps([OWN])) - 1):
        assert outcomes(data[:-cut], "a.json")[0] == "Title"
        assert outcomes(data[:-cut], "a.json")[-1] is Reason.TRUNCATED
        assert len(outcomes(data[:-cut], "a.json")) <= 3


def test_what_follows_a_list_is_told() -> None:
    assert outcomes(json.dumps([OWN]).encode() + b" \n") == ["Title"]
    assert outcomes(json.dumps([OWN]).encode() + b" [1]") == ["Title", Reason.BAD_FORMAT]


def test_a_name_twice_with_two_values_is_refused_and_with_one_is_not() -> None:
    found = refused(b'{"title": "A", "body": "B.", "x": {"y": 1, "y": 2}}')
    assert found.reason is Reason.BAD_FORMAT
    assert "'y' twice" in found.message
    assert outcomes(b'{"title": "A", "title": "A", "body": "B."}') == ["A"]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_word_that_json_does_not_know_is_named(word: str) -> None:
    assert word in refused(b'{"body": "B.", "views": %s}' % word.encode()).message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("value", [OWN | {"title": "Été à l’école"}, [OWN | {"title": "Été à l’école"}]])
def test_json_may_be_in_another_encoding(encoding: str, value: object) -> None:
    assert outcomes(json.dumps(value, ensure_ascii=False).encode(encoding), "a.json") == ["Été à l’école"]


def test_lines_may_be_in_different_encodings() -> None:
    line = '{"title": "Été à l’école", "body": "Très bien."}\n'
    assert outcomes(line.encode() + line.encode("cp1252")) == ["Été à l’école"] * 2


def test_lines_with_record_separators_are_lines() -> None:
    assert outcomes(b'\x1e{"title": "A", "body": "B."}\n\x1e{"title": "C", "body": "D."}\n', "a.ndjson") == ["A", "C"]


def test_a_json_feed_is_read() -> None:
    items = [
        {"id": "1", "title": "T", "content_html": "<p>One.</p><h2>Then</h2><p>Two.</p>", "summary": "S"},
        {"id": "2"},
    ]
    found = read(
        {"version": "https://jsonfeed.org/version/1.1", "title": "The Gazette", "language": "en", "items": items}
    )
    first, second = found.records
    assert isinstance(first, RawArticle)
    assert (first.body, first.agency, first.language) == ("One.\n\nTwo.", "The Gazette", "en")
    assert [subhead.text for subhead in first.subheads] == ["Then"]
    assert first.identifier == Identifier(scheme="guid", issuer="The Gazette", value="1")
    assert isinstance(second, Refused)
    assert second.reason is Reason.NO_BODY


def test_ninjs_is_read_among_others() -> None:
    item = {
        "uri": "urn:example:9",
        "versioncreated": "2026-02-14T08:00:00Z",
        "headline": "N",
        "body_text": "Text of it.",
    }
    assert outcomes(json.dumps([OWN, item]).encode()) == ["Title", "N"]


def test_markup_in_a_body_becomes_paragraphs() -> None:
    assert article({"body": "<p>One &amp; a half.</p><p>Two.</p>"}).body == "One & a half.\n\nTwo."
    assert article({"body": "If a < b and b > c, so be it."}).body == "If a < b and b > c, so be it."


def test_a_dateline_in_the_body_has_its_field() -> None:
    found = article({"body": "OSLO, Feb 14 (NTB) - The council met on Friday."})
    assert (found.dateline, found.agency, found.body) == ("OSLO", "NTB", "The council met on Friday.")


def test_an_embargo_is_kept_and_shows_nothing_when_refused() -> None:
    held = OWN | {"id": "7", "embargo": "2030-01-01T00:00:00Z"}
    assert article(held).embargo == datetime(2030, 1, 1, tzinfo=UTC)
    found = read([OWN, held | {"published_at": "yesterday"}]).records[1]
    assert isinstance(found, Refused)
    assert found.original is not None
    assert b"Text of the article" not in found.original
    assert b'"7"' in found.original


def test_what_is_cut_and_may_be_held_shows_nothing() -> None:
    found = read_json(b'{"body": "A."}\n{"embargo": "2030-01-01", "body": "Secr').records[1]
    assert isinstance(found, Refused)
    assert found.original == b""


def test_a_withdrawal_that_names_nothing_matches_nothing() -> None:
    assert outcomes(b'{"pubstatus": "canceled", "body": "Withdrawn, all of it."}') == [Reason.KILL_UNMATCHED]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "data",
    [
        b"[" * 1_000_000,
        b"[" + b'{"a":' * 300_000,
        b'["' + b"\\" * 4_000_001,
        b'[{"a":"' + b'\\"' * 2_000_000,
        b"{}\n" * 10_000,
    ],
    ids=lambda data: repr(data[:8]),
)
def test_no_json_takes_long(data: bytes) -> None:
    assert all(isinstance(told, Reason) for told in outcomes(data, "a.json"))


@given(st.data())
def test_no_damage_to_json_is_too_strange(data: st.DataObject) -> None:
    form = data.draw(
        st.sampled_from((b'[{"title":"A","body":"B"},{"title":"\\u00e6","body":["C"]}]', b'{"body":"B"}\n{"a":[1]}\n'))
    )
    whole = bytearray(form)
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.sampled_from(b'"\\[]{},:\n\0\xff1'))
    outcomes(
        bytes(whole[: data.draw(st.integers(0, len(whole)))]), data.draw(st.sampled_from(("a", "a.json", "a.ndjson")))
    )


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-02-14", datetime(2026, 2, 14, tzinfo=UTC)),
        ("2026-02-14T08:30:00.123Z", datetime(2026, 2, 14, 8, 30, 0, 123000, tzinfo=UTC)),
        ("2026-02-14T08:30:00+0200", datetime(2026, 2, 14, 6, 30, tzinfo=UTC)),
        ("20260214T083000Z", datetime(2026, 2, 14, 8, 30, tzinfo=UTC)),
        ("Sat, 14 Feb 2026 08:30:00 GMT", datetime(2026, 2, 14, 8, 30, tzinfo=UTC)),
        ("14 Feb 2026 08:30:00 +0100", datetime(2026, 2, 14, 7, 30, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_their_usual_forms(text: str, instant: datetime) -> None:
    assert article(OWN | {"date": text}).published_at == instant
