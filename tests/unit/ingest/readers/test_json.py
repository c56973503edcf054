import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newswire.reasons import Reason
from services.ingest.readers.json import MOST_RECORDS, read_json
from services.ingest.readers.record import Identifier, RawArticle, Records, Refused

OWN: dict[str, Any] = {"title": "Title", "body": "Text of the article."}


def read(value: object) -> Records:
    return read_json(json.dumps(value).encode(), UTC)


def article(value: object) -> RawArticle:
    found = read(value).records
    assert len(found) == 1
    assert isinstance(found[0], RawArticle), found[0]
    return found[0]


def refusal(data: bytes) -> Refused:
    found = read_json(data, UTC).records[0]
    assert isinstance(found, Refused)
    return found


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


@pytest.mark.parametrize("field", ["body_html", "versioncreated", "embargoed"])
def test_a_form_with_rules_of_its_own_is_kept_back(field: str) -> None:
    found = read(OWN | {field: "x"}).records[0]
    assert isinstance(found, Refused)
    assert found.reason is Reason.UNSUPPORTED


def test_a_list_holds_many() -> None:
    found = read([OWN | {"title": str(number)} for number in range(3)])
    assert [record.title for record in found.records if isinstance(record, RawArticle)] == ["0", "1", "2"]


def test_a_bad_record_of_a_list_does_not_spoil_the_others_and_keeps_its_bytes() -> None:
    found = read_json(b'[{"title": "A", "body": "B."}, {"title":  5.5, "body": "B."}, 7]', UTC).records
    assert isinstance(found[0], RawArticle)
    assert isinstance(found[1], Refused)
    assert (found[1].reason, found[1].original) == (Reason.BAD_FORMAT, b'{"title":  5.5, "body": "B."}')
    assert isinstance(found[2], Refused)
    assert found[2].original == b"7"


def test_lines_hold_one_each() -> None:
    found = read_json(b'{"body": "One."}\n\n{"body": "Two."}\r\n{"body": }\n', UTC)
    assert found.format == "ndjson"
    assert [type(record) for record in found.records] == [RawArticle, RawArticle, Refused]
    assert found.records[2].original == b'{"body": }'  # type: ignore[union-attr]


def test_one_line_is_one_object() -> None:
    assert read_json(b'{"body": "One."}\n', UTC).format == "json"


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_text_cut_anywhere_is_truncated(cut: int) -> None:
    whole = b'{"title": "A \\u00e6 title", "body": "Text."}'
    assert refusal(whole[:-cut]).reason is Reason.TRUNCATED


def test_a_last_line_that_is_cut_is_truncated() -> None:
    records = read_json(b'{"body": "One."}\n{"body": "Tw', UTC).records
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
    assert refusal(data).reason is Reason.BAD_FORMAT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", {"a": 1}),
        ("title", True),
        ("body", 5),
        ("body", {"text": "x"}),
        ("published_at", 1738886400),
        ("published_at", "yesterday"),
        ("published_at", "0000-01-01"),
        ("published_at", "9999-12-31T23:59:59Z"),
        ("published_at", "2026-02-30"),
        ("updated_at", ["2026-02-14"]),
        ("pubstatus", "withheld"),
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
    assert refusal(b"[]").reason is Reason.EMPTY


def test_a_list_of_numbers_is_refused_before_it_fills_the_memory() -> None:
    assert refusal(b"[" + b"1," * 2_000_000 + b"1]").reason is Reason.BAD_FORMAT


def test_too_many_records_are_refused() -> None:
    assert refusal(b"{}\n" * (MOST_RECORDS + 1)).reason is Reason.TOO_LARGE


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
