"""What the tests of shipped files share: a story to put into them, and how they are looked at."""

from datetime import UTC, datetime

from services.ingest.readers.record import RawArticle
from tests.unit.ingest.readers.reading import Reading

LEAD = "The ferry to the outer islands was late again on Friday, and nobody on the quay knew why."
MORE = "It came in at noon with half of its passengers asleep, the harbour master said."
BODY = f"{LEAD}\n\n{MORE}"
WHOLE = datetime(2025, 2, 7, 10, 15, tzinfo=UTC)
DAY = datetime(2025, 2, 7, tzinfo=UTC)

JSON = Reading("a.json")
records, article, articles, refused = JSON.records, JSON.article, JSON.articles, JSON.refused


def fields(found: RawArticle, **expected: object) -> dict[str, object]:
    """Those of ``found`` that are expected, to be compared with ``expected``."""
    return {name: getattr(found, name) for name in expected}
