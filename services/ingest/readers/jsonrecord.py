"""One JSON value to the articles in it, whichever form it has."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from newswire.reasons import Reason
from services.ingest.readers import ninjs
from services.ingest.readers.fields import JSON_FEED, OWN, SCHEMA_ORG, article, is_schema_org_article
from services.ingest.readers.format import Context
from services.ingest.readers.jsonvalue import value
from services.ingest.readers.record import Record, Refused

FEED = "https://jsonfeed.org/version/"


def records(data: bytes, context: Context, *, alone: bool) -> Iterable[Record]:
    """The records of one value: an article, the articles of a schema.org ``@graph``, the items of a JSON Feed.

    ``alone`` where ``data`` is the whole file; otherwise what is refused carries
    its own bytes.
    """
    found = value(data, context.charset, alone=alone)
    if isinstance(found, Refused):
        return [found]
    if not isinstance(found, dict):
        message = "It is not a JSON object with a title and a body; see the formats in the documentation."
        return [Refused(reason=Reason.BAD_FORMAT, message=message, original=None if alone else data)]
    graph = found.get("@graph")
    if isinstance(graph, list):
        articles = [item for item in graph if is_schema_org_article(item)]
        return _several(articles or [item for item in graph[:1] if isinstance(item, dict)], context)
    if str(found.get("version")).startswith(FEED) and isinstance(found.get("items"), list):
        return _feed(found, context)
    return [_record(found, context, None if alone else data)]


def _record(found: Mapping[str, Any], context: Context, original: bytes | None) -> Record:
    typed = found.get("@type")
    if typed not in (None, "", []):
        if is_schema_org_article(found):
            return article(found, SCHEMA_ORG, context.zone, original)
        kind = str(typed[0] if isinstance(typed, list) else typed)[:60]
        return Refused(reason=Reason.UNSUPPORTED, message=f"It is a {kind}, not an article.", original=original)
    if ninjs.is_ninjs(found):
        return ninjs.article(found, context.zone, original)
    return article(found, OWN, context.zone, original)


def _feed(feed: Mapping[str, Any], context: Context) -> list[Record]:
    """A JSON Feed's items; its title is who publishes, its language and authors those of items without."""
    shared = {"agency": feed.get("title"), "language": feed.get("language"), "authors": feed.get("authors")}
    shared = {key: inner for key, inner in shared.items() if isinstance(inner, str | list)}
    items = [item for item in feed["items"] if isinstance(item, dict)]
    if not items:
        return [_nothing()]
    return [article(shared | item, JSON_FEED, context.zone, msgspec.json.encode(item)) for item in items]


def _several(items: list[dict[str, Any]], context: Context) -> list[Record]:
    return [_record(item, context, msgspec.json.encode(item)) for item in items] or [_nothing()]


def _nothing() -> Refused:
    return Refused(reason=Reason.EMPTY, message="It is a list without articles.")
