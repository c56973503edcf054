"""One JSON value to the articles in it, whichever form it has."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from newswire.reasons import Reason
from services.ingest.readers import ninjs
from services.ingest.readers.fields import article, has_body, has_text, is_schema_org_article
from services.ingest.readers.format import Context
from services.ingest.readers.jsonvalue import value
from services.ingest.readers.names import JSON_FEED, OWN, SCHEMA_ORG, WRAPPERS, fold
from services.ingest.readers.record import Record, Refused

FEED = "https://jsonfeed.org/version/"

# {"response": {"docs": [{"_source": …}]}} has three; nobody has more than four.
MOST_WRAPPERS = 4


def records(data: bytes, context: Context, *, alone: bool) -> Iterable[Record]:
    """The records of one value: an article, or the articles in it.

    Those are in a schema.org ``@graph``, a JSON Feed, or one of ``names.WRAPPERS``.
    ``alone`` where ``data`` is the whole file; otherwise what is refused carries
    its own bytes.
    """
    found = value(data, context.charset, alone=alone)
    if isinstance(found, Refused):
        return [found]
    if not isinstance(found, dict):
        message = "It is not a JSON object with a title and a body; see the formats in the documentation."
        return [Refused(reason=Reason.BAD_FORMAT, message=message, original=None if alone else data)]
    if str(found.get("version")).startswith(FEED) and isinstance(found.get("items"), list):
        return _feed(found, context)
    several = _graph(found) or _inside(found, MOST_WRAPPERS)
    if several is not None:
        return [_record(item, context, msgspec.json.encode(item)) for item in several] or [_nothing()]
    return [] if _is_action(found) and not alone else [_record(found, context, None if alone else data)]


def _graph(found: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The articles of a schema.org ``@graph``; where it has none, the first thing in it."""
    graph = found.get("@graph")
    things = [item for item in graph if isinstance(item, dict)] if isinstance(graph, list) else []
    return [item for item in things if is_schema_org_article(item)] or things[:1] or None


def _inside(found: Mapping[str, Any], most: int) -> list[dict[str, Any]] | None:
    """The articles that ``found`` holds in one wrapper or several; None where it may be one itself."""
    if "@type" in found or ninjs.is_ninjs(found) or (has_body(found) and not isinstance(found.get("_source"), dict)):
        return None
    wrapped = {fold(name): inner for name, inner in found.items() if isinstance(inner, dict | list)}
    for name in WRAPPERS:
        inner = wrapped.get(name)
        items = [item for item in inner if isinstance(item, dict)] if isinstance(inner, list) else []
        if isinstance(inner, dict):
            deeper = _inside(inner, most - 1) if most else None
            if deeper is not None:
                return deeper
            items = [{"_id": found["_id"], **inner} if name == "_source" and "_id" in found else inner]
        articles = [one for item in items for one in (_inside(item, most - 1) if most else None) or [item]]
        if any(ninjs.is_ninjs(one) or "@type" in one or has_text(one) for one in articles):
            return articles
    is_empty = not has_text(found) and any(wrapped.get(name) == [] for name in WRAPPERS)
    return [] if is_empty else None


def _is_action(found: Mapping[str, Any]) -> bool:
    """A line of Elasticsearch's bulk format, which says where the next line goes."""
    return len(found) == 1 and any(isinstance(found.get(name), dict) for name in ("index", "create"))


def _record(found: Mapping[str, Any], context: Context, original: bytes | None) -> Record:
    typed = found.get("@type")
    if typed not in (None, "", []):
        if is_schema_org_article(found):
            return article(found, SCHEMA_ORG, context.zone, original)
        kind = str(typed[0] if isinstance(typed, list) else typed)[:60]
        message = f"It is a {kind}, not an article; if it is one, give it @type NewsArticle, else leave it out."
        return Refused(reason=Reason.UNSUPPORTED, message=message, original=original)
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


def _nothing() -> Refused:
    return Refused(reason=Reason.EMPTY, message="It is a list without articles; send it again when it has some.")
