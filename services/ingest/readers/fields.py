"""An article whose parts have names: the objects of JSON, the rows of a table.

Three forms are known: our own (title, body, published_at, …, several common names
for each), schema.org's NewsArticle and its kin, told by ``@type``, and the items of
a JSON Feed. Values are texts, or what they usually hold: a thing with a name, a
list of names.
"""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from newswire.reasons import Reason
from services.ingest.readers.address import host
from services.ingest.readers.encoding import clean
from services.ingest.readers.instants import instant
from services.ingest.readers.markup import Flat, flatten, plain
from services.ingest.readers.paragraphs import paragraphs
from services.ingest.readers.parts import marked_parts
from services.ingest.readers.record import Identifier, Pubstatus, RawArticle, Record, Refused

Names = Mapping[str, tuple[str, ...]]

# Our field, and the names it goes by; the first that holds something counts.
OWN: Names = {
    "title": ("title", "headline"),
    "body": ("body", "text", "content"),
    "published_at": ("published_at", "publishedAt", "published", "date_published", "date"),
    "updated_at": ("updated_at", "updatedAt", "updated", "date_modified"),
    "identifier": ("id", "guid"),
    "uri": ("url", "uri", "link"),
    "byline": ("byline", "author", "authors"),
    "agency": ("agency", "source"),
    "dateline": ("dateline",),
    "language": ("language", "lang"),
    "caption": ("caption",),
    "credit": ("credit",),
    "pubstatus": ("pubstatus",),
    "embargo": ("embargo", "embargoed_until"),
}
SCHEMA_ORG: Names = {
    "title": ("headline", "name"),
    "body": ("articleBody", "text"),
    "published_at": ("datePublished", "dateCreated"),
    "updated_at": ("dateModified",),
    "identifier": ("identifier",),
    "uri": ("url", "mainEntityOfPage", "@id"),
    "byline": ("author",),
    "agency": ("sourceOrganization", "publisher"),
    "dateline": ("dateline",),
    "language": ("inLanguage",),
    "caption": (),
    "credit": ("creditText",),
    "pubstatus": ("pubstatus",),
    "embargo": (),
}
JSON_FEED: Names = {
    "title": ("title",),
    "body": ("content_text", "content_html", "summary"),
    "published_at": ("date_published",),
    "updated_at": ("date_modified",),
    "identifier": ("id",),
    "uri": ("url", "external_url"),
    "byline": ("authors", "author"),
    "agency": ("agency",),
    "dateline": (),
    "language": ("language",),
    "caption": (),
    "credit": (),
    "pubstatus": (),
    "embargo": (),
}

# What becomes of an article's text where somebody wrote markup: an end tag or a break, a mere "<" is neither.
_MARKUP = re.compile(r"</(?:p|div|h[1-6]|li|ul|ol|a|b|i|em|strong|span|blockquote|table)\s?>|<br\s?/?>", re.IGNORECASE)


class _Mistake(ValueError):
    """A field that cannot be used; its text is a sentence."""


def article(value: Mapping[str, Any], names: Names, zone: tzinfo, original: bytes | None) -> Record:
    """The article in ``value``, whose fields go by ``names``.

    ``original`` is what a letter shows of it, None where that is the whole file;
    of one that is not to be published yet, only its name.
    """
    fields = {field: _first(value, keys) for field, keys in names.items()}
    if fields["embargo"] is not None or fields["pubstatus"] == "withheld":
        original = msgspec.json.encode({key: fields[key] for key in ("identifier", "uri")})
    try:
        return _article(fields, names, zone, original)
    except _Mistake as mistake:
        return Refused(reason=Reason.BAD_FORMAT, message=str(mistake), original=original)


def is_schema_org_article(value: Any) -> bool:
    """Whether its ``@type`` is that of an article, or one of its kinds."""
    typed = value.get("@type") if isinstance(value, dict) else None
    return any(isinstance(name, str) and name.endswith(("Article", "BlogPosting")) for name in _listed(typed))


def _article(fields: Mapping[str, Any], names: Names, zone: tzinfo, original: bytes | None) -> Record:
    pubstatus = _pubstatus(fields["pubstatus"])
    flat = _body(fields["body"])
    if not flat.body and pubstatus != "canceled":
        message = f"It has no text: none of {', '.join(names['body'])} holds any."
        return Refused(reason=Reason.NO_BODY, message=message, original=original)
    agency = _line(fields["agency"], "agency")
    uri = _line(fields["uri"], "url")
    identifier = _identifier(_line(fields["identifier"], "id"), uri, agency)
    if pubstatus == "canceled" and not (identifier or uri):
        message = "It takes back an article and does not say which; give it the id or the url of that article."
        return Refused(reason=Reason.KILL_UNMATCHED, message=message, original=original)
    parts = marked_parts(flat.body, flat.subheads)
    if not parts.body:
        parts = parts._replace(body=flat.body, subheads=flat.subheads)
    published_at = _instant(fields["published_at"], zone, "published_at")
    return RawArticle(
        title=_headline(fields["title"]),
        body=parts.body,
        subheads=parts.subheads,
        caption=_line(fields["caption"], "caption") or "\n\n".join(flat.captions) or None,
        credit=_line(fields["credit"], "credit"),
        byline=_line(fields["byline"], "byline") or parts.byline,
        agency=agency or parts.agency,
        dateline=_line(fields["dateline"], "dateline") or parts.dateline,
        language=_line(fields["language"], "language"),
        published_at=published_at or parts.instant(zone),
        updated_at=_instant(fields["updated_at"], zone, "updated_at"),
        uri=uri,
        pubstatus=pubstatus,
        embargo=_instant(fields["embargo"], zone, "embargo"),
        identifier=identifier,
    )


def _first(value: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((found for name in names if (found := value.get(name)) not in (None, "", [])), None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pubstatus(value: Any) -> Pubstatus:
    match value:
        case None:
            return "usable"
        case "usable" | "withheld" | "canceled":
            status: Pubstatus = value
            return status
        case other:
            raise _Mistake(f"pubstatus {str(other)[:40]!r} is none of usable, withheld and canceled.")


def _body(value: Any) -> Flat:
    texts = _listed(value) if value is not None else []
    if not all(isinstance(text, str) for text in texts):
        raise _Mistake("body is neither a text nor a list of paragraphs.")
    whole = "\n\n".join(texts)
    if "<" in whole and _MARKUP.search(whole):
        return flatten(whole)
    return Flat("\n\n".join(paragraphs(clean(whole))), [])


def _headline(value: Any) -> str | None:
    text = _line(value, "title")
    return plain(text) or None if text and "<" in text and _MARKUP.search(text) else text


def _line(value: Any, field: str) -> str | None:
    """A text of one line; a thing with a name is its name, several are joined by commas."""
    match value:
        case None:
            return None
        case str():
            return " ".join(clean(value).split()) or None
        case bool():
            raise _Mistake(f"{field} is neither a text nor a thing with a name.")
        case int():
            return str(value)
        case list():
            return ", ".join(text for item in value if (text := _line(item, field))) or None
        case {"name": str() as text} | {"value": str() as text} | {"@id": str() as text} | {"url": str() as text}:
            return " ".join(clean(text).split()) or None
        case _:
            raise _Mistake(f"{field} is neither a text nor a thing with a name.")


def _instant(value: Any, zone: tzinfo, field: str) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Mistake(f"{field} is not a text with a date.")
    if not value.strip():
        return None
    try:
        return instant(value, zone)
    except ValueError as error:
        raise _Mistake(f"{field} {value[:40]!r} {error}.") from None


def _identifier(value: str | None, uri: str | None, agency: str | None) -> Identifier | None:
    """What the source calls the article; a web address needs no issuer and is left to ``uri``."""
    is_web = bool(uri) and str(uri).lower().startswith(("http://", "https://"))
    if value:
        return Identifier(scheme="guid", issuer=agency or _host(uri if is_web else None), value=value)
    if uri and not is_web:
        return Identifier(scheme="uri", issuer=agency or "", value=uri)
    return None


def _host(uri: str | None) -> str:
    try:
        return host(uri) or ""
    except ValueError:  # [, for one, begins an address of a kind
        return ""
