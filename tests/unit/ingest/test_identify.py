from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from newswire.article import Source
from newswire.identity import id_of_identifier, id_of_text, id_of_url
from services.ingest.identify import Draft, draft
from services.ingest.readers.record import Identifier, RawArticle

SOURCE = Source(path="a.json", format="json", bytes=1, sha256="00")
GUID = Identifier(scheme="guid", issuer="NTB", value="1")


def drafted(**fields: object) -> Draft:
    found = draft(RawArticle(title="Title", body="Text.", **fields), SOURCE)  # type: ignore[arg-type]
    assert isinstance(found, Draft)
    return found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"identifier": GUID, "uri": "https://example.org/a"}, id_of_identifier("guid", "NTB", "1")),
        ({"uri": "https://example.org/a"}, id_of_url("https://example.org/a")),
        ({"uri": "https://example.org/"}, id_of_text("Title", "Text.")),
        ({}, id_of_text("Title", "Text.")),
    ],
)
def test_the_best_name_an_article_has_is_its_identity(fields: dict[str, object], expected: str) -> None:
    assert drafted(**fields).article.id == expected


def test_the_revision_wanted_is_the_update_else_the_publication() -> None:
    published, updated = datetime(2026, 2, 14, tzinfo=UTC), datetime(2026, 2, 15, tzinfo=UTC)
    assert drafted().wanted is None
    assert drafted(published_at=published).wanted == published.timestamp() * 1000
    assert drafted(published_at=published, updated_at=updated).wanted == updated.timestamp() * 1000


def test_the_content_does_not_depend_on_the_file() -> None:
    other = Source(path="b.json", record=3, format="ndjson", bytes=2, sha256="11")
    again = draft(RawArticle(title="Title", body="Text."), other)
    assert isinstance(again, Draft)
    assert again.key == drafted().key
    assert drafted(caption="A bridge.").key != drafted().key


def test_where_nobody_looks_for_near_duplicates_nothing_is_sketched() -> None:
    raw = RawArticle(body=" ".join(f"word{number}" for number in range(60)))
    plain, sketched = draft(raw, SOURCE, sketched=False), draft(raw, SOURCE)
    assert isinstance(plain, Draft)
    assert isinstance(sketched, Draft)
    assert sketched.sketch
    assert plain == replace(sketched, sketch=b"")
