"""What the tests of shipped files share: a story to put into them, and how they are looked at."""

import json
from datetime import UTC, datetime
from typing import Any

from services.ingest.readers import read_records
from services.ingest.readers.record import Identifier, RawArticle, Record

LEAD = "The ferry to the outer islands was late again on Friday, and nobody on the quay knew why."
MORE = "It came in at noon with half of its passengers asleep, the harbour master said."
BODY = f"{LEAD}\n\n{MORE}"
WHOLE = datetime(2025, 2, 7, 10, 15, tzinfo=UTC)
DAY = datetime(2025, 2, 7, tzinfo=UTC)


def records(data: str | bytes | Any, name: str = "a.json") -> list[Record]:
    if not isinstance(data, str | bytes):
        data = json.dumps(data, ensure_ascii=False)
    return read_records(data.encode() if isinstance(data, str) else data, name, UTC).records


def article(data: str | bytes | Any, name: str = "a.json") -> RawArticle:
    found = records(data, name)
    assert len(found) == 1, found
    assert isinstance(found[0], RawArticle), found[0]
    return found[0]


def articles(data: str | bytes | Any, name: str = "a.json") -> list[RawArticle]:
    found = records(data, name)
    assert all(isinstance(one, RawArticle) for one in found), found
    return [one for one in found if isinstance(one, RawArticle)]


def fields(found: RawArticle, **expected: object) -> dict[str, object]:
    """Those of ``found`` that are expected, to be compared with ``expected``."""
    return {name: getattr(found, name) for name in expected}


def guid(value: str, issuer: str) -> Identifier:
    return Identifier(scheme="guid", issuer=issuer, value=value)
