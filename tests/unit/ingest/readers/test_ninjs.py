from copy import deepcopy
from datetime import UTC
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers import ninjs
from services.ingest.readers.record import RawArticle, Record, Refused
from tests.unit.ingest.readers.reading import at, guid, never_the_net, uri

SPRING: dict[str, Any] = {
    "uri": "urn:newsml:nna.example:20260605:spring",
    "type": "text",
    "version": "2",
    "versioncreated": "2026-06-05T08:00:00+0200",
    "firstcreated": "2026-06-04T20:00:00Z",
    "pubstatus": "usable",
    "headline": "Village <i>spring</i> runs again",
    "byline": "By Mona Vik",
    "source": "NNA",
    "copyrightholder": "Northern News Agency",
    "located": "Røros",
    "language": "nb",
    "description_text": "Not the text.",
    "body_text": "RØROS (NNA) - Water. A dry year. It came back.",
    "body_html": "<p>RØROS (NNA) - Water.</p><h2>A dry year</h2><p>It came &amp; stayed.</p>",
    "associations": {
        "featuremedia": {
            "type": "picture",
            "description_text": "The well.",
            "byline": "Ole Aas",
            "body_text": "Not this.",
        },
        "related": {"type": "text", "description_text": "Another story."},
    },
}
BODY = "Water.\n\nIt came & stayed."


def article(value: dict[str, Any]) -> RawArticle:
    found = read(value)
    assert isinstance(found, RawArticle), found
    return found


def refused(value: dict[str, Any]) -> Refused:
    found = read(value)
    assert isinstance(found, Refused), found
    return found


def read(value: dict[str, Any]) -> Record:
    before = deepcopy(value)
    assert ninjs.is_ninjs(value)
    found = ninjs.article(value, UTC, b"the original")
    assert value == before
    return found


def item(**fields: Any) -> dict[str, Any]:
    return {"uri": "urn:nna:1", "versioncreated": "2026-06-05T08:00:00Z", "body_text": "Some text.", **fields}


def test_every_part_has_its_field() -> None:
    assert article(SPRING) == RawArticle(
        title="Village spring runs again",
        body=BODY,
        subheads=[Subhead(text="A dry year", at=BODY.index("It came"))],
        caption="The well.",
        credit="Ole Aas",
        byline="Mona Vik",
        agency="NNA",
        dateline="RØROS",
        language="nb",
        published_at=at("2026-06-04T20:00"),
        updated_at=at("2026-06-05T06:00"),
        identifier=uri("urn:newsml:nna.example:20260605:spring"),
    )


def test_version_3_writes_its_keys_in_another_way() -> None:
    value = {
        "standard": {"name": "ninjs", "version": "3.0"},
        "uri": "urn:newsml:nna.example:20260605:spring",
        "type": "text",
        "versionCreated": "2026-06-05T08:00:00+02:00",
        "firstCreated": "2026-06-04T20:00:00Z",
        "pubStatus": "usable",
        "headlines": [{"role": "sub", "value": "Not this"}, {"role": "main", "value": "Village spring runs again"}],
        "by": "Mona Vik",
        "infoSources": [{"name": "NNA", "role": "origin"}],
        "located": "Røros",
        "language": "nb",
        "bodies": [
            {"role": "teaser", "contentType": "text/html", "value": "<p>Not this.</p>"},
            {"role": "main", "contentType": "text/plain", "value": "Not this either."},
            {"role": "main", "contentType": "text/html", "value": SPRING["body_html"]},
        ],
        "associations": [
            {
                "name": "featuremedia",
                "type": "picture",
                "by": "Ole Aas",
                "descriptions": [{"role": "caption", "contentType": "text/plain", "value": "The well."}],
            }
        ],
    }
    assert article(value) == article(SPRING)


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"body_text": "One.\n\nTwo < 3 & 4."}, "One.\n\nTwo < 3 & 4."),
        ({"body_text": "Plain.", "body_xhtml": "<p>One.</p><p>Two.</p>"}, "One.\n\nTwo."),
        ({"body_text": "Plain.", "body_html": " "}, "Plain."),
        ({"body_text": "", "body_main": "<p>One.</p>"}, "One."),
        ({"body_text": None, "body_custom_html": "<p>One.</p>"}, "One."),
        ({"body_text": 7, "bodies": [{"value": "One."}, "two", None]}, "One."),
        ({"body_text": None, "bodies": [{"contenttype": "text/plain", "value": "A </p> tag."}]}, "A </p> tag."),
        ({"body_text": None, "body": "One."}, "One."),
    ],
)
def test_the_body_with_paragraphs_is_read(fields: dict[str, Any], body: str) -> None:
    assert article(item(**fields)).body == body


@pytest.mark.parametrize(
    ("fields", "pubstatus", "embargo"),
    [
        ({}, "usable", None),
        ({"pubstatus": "canceled"}, "canceled", None),
        ({"pubstatus": "stat:canceled"}, "canceled", None),
        ({"pubstatus": "withheld"}, "withheld", None),
        ({"embargoed": "2026-06-06T06:00:00+02:00"}, "usable", "2026-06-06T04:00"),
        ({"Embargoed": "2026-06-06"}, "usable", "2026-06-06T00:00"),
        ({"embargoed": "till noon"}, "withheld", None),
        ({"embargoed": True}, "withheld", None),
        ({"embargoed": None}, "usable", None),
        ({"embargoed": ""}, "usable", None),
        ({"embargoed": False}, "usable", None),
        ({"pubstatus": "canceled", "embargoed": "2026-06-06"}, "canceled", None),
    ],
)
def test_a_status_is_kept(fields: dict[str, Any], pubstatus: str, embargo: str | None) -> None:
    found = article(item(**fields))
    assert (found.pubstatus, found.embargo) == (pubstatus, at(embargo) if embargo else None)


def test_a_kill_needs_no_text_and_no_type() -> None:
    found = article({"uri": "urn:nna:1", "type": "picture", "versioncreated": "2026-06-05", "pubstatus": "canceled"})
    assert (found.pubstatus, found.body, found.identifier) == ("canceled", "", uri("urn:nna:1"))


def test_a_kill_that_names_nothing_is_unmatched() -> None:
    assert refused({"body_text": "A text.", "pubstatus": "canceled"}).reason is Reason.KILL_UNMATCHED


@pytest.mark.parametrize(
    ("fields", "identifier", "address"),
    [
        ({"uri": "http://nna.example/1", "source": "NNA"}, None, "http://nna.example/1"),
        ({"uri": None, "guid": "20260605-1", "source": "NNA"}, guid("20260605-1", "NNA"), None),
        ({"uri": None, "guid": "tag:nna:1"}, uri("tag:nna:1"), None),
    ],
)
def test_an_item_is_named_by_its_uri(fields: dict[str, Any], identifier: object, address: str | None) -> None:
    found = article(item(**fields))
    assert (found.identifier, found.uri) == (identifier, address)


@pytest.mark.parametrize("kind", ["picture", "video", "audio", "graphic", "event", "planning", "component"])
def test_what_is_no_text_is_unsupported_and_named(kind: str) -> None:
    found = refused(item(type=kind))
    assert found.reason is Reason.UNSUPPORTED
    assert kind in found.message
    assert found.original == b"the original"


def test_a_package_counts_by_its_text() -> None:
    assert article(item(type="composite")).body == "Some text."
    assert refused(item(type="composite", body_text="")).reason is Reason.UNSUPPORTED


def test_a_headline_alone_is_no_article() -> None:
    assert refused(item(headline="Only this", body_text=" ")).reason is Reason.NO_BODY


def test_the_refusal_of_what_is_held_shows_nothing_of_it() -> None:
    found = refused(item(type="picture", embargoed="2099-01-01", headline="Secret"))
    assert found.original is not None
    assert b"urn:nna:1" in found.original
    assert b"Secret" not in found.original


@pytest.mark.parametrize(
    ("authors", "byline"),
    [
        ([{"name": "Mona Vik", "role": "writer"}, {"name": "Ed Desk", "role": "editor"}], "Mona Vik"),
        ([{"name": "Mona Vik"}, {"name": "Ida Holm", "role": "author"}], "Mona Vik, Ida Holm"),
        ("Mona Vik", None),
    ],
)
def test_authors_are_the_byline_for_want_of_one(authors: object, byline: str | None) -> None:
    assert article(item(authors=authors)).byline == byline


@pytest.mark.parametrize(
    ("value", "is_it"),
    [
        (SPRING, True),
        ({"body_html": "<p>x</p>"}, True),
        ({"guid": "1", "versioncreated": "2026-06-05", "body": "x"}, True),
        ({"standard": {"name": "ninjs"}}, True),
        ({"title": "t", "body": "b", "pubstatus": "canceled", "uri": "urn:x:1"}, False),
        ({"id": "1", "title": "t", "body": "b", "date": "2026-06-05"}, False),
        ({"@type": "NewsArticle", "headline": "h", "articleBody": "b"}, False),
        ({"uri": "urn:x:1", "body_html": None}, False),
        ({}, False),
    ],
)
def test_it_is_told_from_other_json(value: dict[str, Any], is_it: bool) -> None:
    assert ninjs.is_ninjs(value) is is_it


KEYS = [*SPRING, "bodies", "headlines", "embargoed", "by", "guid", "value", "role", "name", "authors", "PubStatus"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["<p>a", "text", "canceled", "urn:a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
def test_no_value_is_too_strange(changes: dict[str, Any]) -> None:
    value = {**SPRING, **changes}
    ninjs.is_ninjs(value)
    never_the_net([ninjs.article(value, UTC, msgspec.json.encode(value))])
