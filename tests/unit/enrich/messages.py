"""Jobs as the worker makes them from Kafka's messages."""

from datetime import UTC, datetime

from newswire import article as articles
from newswire.article import Article, Source
from services.enrich.core import Job

NOW = datetime(2025, 2, 7, 12, 0, tzinfo=UTC)
SOURCE = Source(path="a.txt", format="text", bytes=10, sha256="0" * 64)


def article(number: int = 1, **fields: object) -> Article:
    """A small article with a valid id."""
    given: dict[str, object] = {"title": "Title", "body": "Body", "revision": 1000, "source": SOURCE}
    return Article(id=f"{number:032x}", **(given | fields))  # type: ignore[arg-type] # the fields of one test


def job(number: int = 1, **fields: object) -> Job:
    """The message of ``article``."""
    return Job(articles.encode(article(number, **fields)), articles.SCHEMA, NOW)
