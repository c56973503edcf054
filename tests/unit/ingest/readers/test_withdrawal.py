from datetime import UTC, datetime

import msgspec
import pytest

from newswire.article import Source
from newswire.reasons import Reason
from services.ingest.identify import Draft, draft
from services.ingest.readers import read_records
from services.ingest.readers.record import RawArticle
from services.ingest.readers.withdrawal import Withdrawal
from tests.unit.ingest.readers.reading import Reading

JSON = Reading("w.json")
ID = "9f2c" * 8
AT = datetime(2025, 2, 7, 18, 30, tzinfo=UTC)


def test_a_withdrawal_takes_back_the_article_it_names() -> None:
    data = msgspec.json.encode(Withdrawal(article_id=ID, requested_at=AT))
    found = read_records(data, "withdraw.json", UTC)
    (record,) = found.records
    assert found.format == "withdrawal"
    assert isinstance(record, RawArticle)
    made = draft(record, Source(path="w.json", format=found.format, bytes=1, sha256="0" * 64))
    assert isinstance(made, Draft)
    assert (made.article.id, made.canceled, made.article.body) == (ID, True, "")
    assert made.wanted == round(AT.timestamp() * 1000)


@pytest.mark.parametrize(
    "rest",
    [
        f'"article_id": "{ID}"}}',
        f'"article_id": "{ID.upper()}", "requested_at": "2025-02-07T18:30:00Z"}}',
        f'"article_id": "{ID[1:]}", "requested_at": "2025-02-07T18:30:00Z"}}',
        f'"article_id": "{ID}", "requested_at": "2025-02-07T18:30:00"}}',
        f'"article_id": "{ID}", "requested_at": "yesterday"}}',
        f'"article_id": "{ID}", "requested_at": "2025-02-07T18:30:00Z", "title": "x"}}',
        f'"article_id": ["{ID}"], "requested_at": "2025-02-07T18:30:00Z"}}',
        '"article_id": \xff}',
    ],
)
def test_what_is_not_written_as_it_should_be_takes_back_nothing(rest: str) -> None:
    assert JSON.refused(f'{{"schema": "withdraw/1", {rest}'.encode("latin-1")).reason is Reason.BAD_FORMAT


def test_one_that_ends_in_the_middle_may_still_be_written() -> None:
    assert JSON.refused(b'{"schema": "withdraw/1", "article_id": "9f2').reason is Reason.TRUNCATED


def test_an_unknown_version_of_it_is_no_article() -> None:
    JSON.refused(f'{{"schema": "withdraw/2", "article_id": "{ID}"}}'.encode())


def test_an_article_that_speaks_of_withdrawals_is_an_article() -> None:
    data = b'{"title": "withdraw/1", "body": "The \\"schema\\": \\"withdraw/1\\" was discussed.", "guid": "7"}'
    found = read_records(data, "a.json", UTC)
    assert isinstance(found.records[0], RawArticle)
    assert found.format != "withdrawal"
