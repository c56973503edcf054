"""Articles as JSON: one object, a list of them, or one a line (NDJSON).

Two forms of an article are known, told apart by ``@type``: our own (title, body,
published_at, …, several common names for each) and schema.org's NewsArticle.
Every record stands for itself: a bad one is refused with its own bytes, the
others go on.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

import msgspec

from newswire.article import Pubstatus
from newswire.reasons import Reason
from services.ingest.readers.encoding import BLANK, clean, decode
from services.ingest.readers.format import Context, Head
from services.ingest.readers.instants import instant
from services.ingest.readers.paragraphs import paragraphs
from services.ingest.readers.record import Identifier, RawArticle, Record, Records, Refused

# Our field, and the names it goes by; the first that holds something counts.
OWN = {
    "title": ("title", "headline"),
    "body": ("body", "text", "content"),
    "published_at": ("published_at", "published", "date"),
    "updated_at": ("updated_at", "updated"),
    "identifier": ("id", "guid"),
    "uri": ("url", "uri"),
    "byline": ("byline", "author", "authors"),
    "agency": ("agency", "source"),
    "dateline": ("dateline",),
    "language": ("language", "lang"),
    "caption": ("caption",),
    "credit": ("credit",),
}
SCHEMA_ORG = {
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
}

# Forms of an article that have rules of their own (embargo, withdrawal, markup): read wrongly they would do harm.
FOREIGN = ("body_html", "body_xhtml", "body_text", "versioncreated", "embargoed", "embargo")

# Each costs a few hundred bytes of memory whatever it holds; real articles have hundreds of bytes in the file.
MOST_RECORDS = 100_000

NAMES = (".json", ".ndjson", ".jsonl")

_BEGINNING = re.compile(r'\{\s*["}]|\[\s*[\[\]{"]|[\[{]\s*\Z')

_lines = msgspec.json.Decoder()
_list = msgspec.json.Decoder(list[msgspec.Raw])


class _Mistake(ValueError):
    """A field that cannot be used; its text is a sentence."""


def recognises(head: Head) -> bool:
    """By its beginning, else by its name: what is called JSON and is not is told so."""
    return bool(_BEGINNING.match(head.text)) or head.name.endswith(NAMES)


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``."""
    text = decode(data)
    if isinstance(text, Refused):
        return [text]
    if not text.strip():
        return [Refused(reason=Reason.EMPTY, message=BLANK)]
    if not _BEGINNING.match(text.lstrip()[:1000]):
        message = "It is named as JSON and does not begin like it; correct its content or its name."
        return [Refused(reason=Reason.BAD_FORMAT, message=message)]
    return read_json(text.encode(), context.zone).records


def read_json(data: bytes, zone: tzinfo) -> Records:
    """The records of ``data``, which is UTF-8 and begins with ``{`` or ``[``."""
    if data.lstrip()[:1] == b"{" and _is_ndjson(data):
        return _several("ndjson", [line for line in data.split(b"\n", MOST_RECORDS) if line.strip()], zone)
    # A list of nothing but numbers would take fifty times its size in memory before it could be refused.
    if data.count(b",") > max(MOST_RECORDS, len(data) // 8):
        return Records.refused("json", Reason.BAD_FORMAT, "It is a JSON text without articles.")
    try:
        values = _list.decode(data) if data.lstrip()[:1] == b"[" else [msgspec.Raw(data)]
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Records(format="json", records=[_undecodable(data, error, original=None)])
    if not values:
        return Records.refused("json", Reason.EMPTY, "It is a list without articles.")
    return _several("json", values, zone)


def _several(form: str, values: Sequence[bytes | msgspec.Raw], zone: tzinfo) -> Records:
    if len(values) > MOST_RECORDS:
        message = f"It has more than {MOST_RECORDS:,} records; split it."
        return Records.refused(form, Reason.TOO_LARGE, message)
    records: list[Record] = []
    for value in values:
        records.extend(_records(bytes(value), zone, several=len(values) > 1))
    return Records(format=form, records=records)


def _is_ndjson(data: bytes) -> bool:
    """Whether the first line is an object by itself and more lines follow."""
    first, _, rest = data.lstrip().partition(b"\n")
    if not rest.strip():
        return False
    try:
        return isinstance(_lines.decode(first), dict)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False


def _records(data: bytes, zone: tzinfo, *, several: bool) -> list[Record]:
    """One record, or those of a schema.org ``@graph``."""
    try:
        value = _lines.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return [_undecodable(data, error, original=data if several else None)]
    graph = value.get("@graph") if isinstance(value, dict) else None
    if not isinstance(graph, list):
        return [_article(value, zone, data if several else None)]
    articles = [item for item in graph if _is_article(item)]
    return [_article(item, zone, msgspec.json.encode(item)) for item in articles or graph[:1]]


def _undecodable(data: bytes, error: Exception, *, original: bytes | None) -> Refused:
    if "truncated" in str(error) and not _is_whole(data):
        return Refused(
            reason=Reason.TRUNCATED,
            message="Its JSON ends in the middle; send it again, whole.",
            detail=str(error),
            original=original,
        )
    return Refused(
        reason=Reason.BAD_FORMAT,
        message=f"It is not valid JSON ({_short(error)}); correct it and drop it again.",
        detail=str(error),
        original=original,
    )


def _is_whole(data: bytes) -> bool:
    """Half a surrogate pair at the end of a string looks truncated to the fast decoder; the slow one knows better."""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _short(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _article(value: Any, zone: tzinfo, original: bytes | None) -> Record:
    if not isinstance(value, dict):
        message = "It is not a JSON object with a title and a body; see the formats in the documentation."
        return Refused(reason=Reason.BAD_FORMAT, message=message, original=original)
    try:
        return _read(value, zone, original)
    except _Mistake as mistake:
        return Refused(reason=Reason.BAD_FORMAT, message=str(mistake), original=original)


def _read(value: dict[str, Any], zone: tzinfo, original: bytes | None) -> Record:
    typed = _first(value, ("@type",))
    if typed is not None and not _is_article(value):
        message = f"It is a {_name_of(typed)}, not an article."
        return Refused(reason=Reason.UNSUPPORTED, message=message, original=original)
    if foreign := [name for name in FOREIGN if value.get(name) is not None]:
        message = f"It is in a form with rules of its own (it has {foreign[0]}) that is not read yet."
        return Refused(reason=Reason.UNSUPPORTED, message=message, original=original)
    names = OWN if typed is None else SCHEMA_ORG
    fields = {field: _first(value, keys) for field, keys in names.items()}
    pubstatus = _pubstatus(value)
    body = _body(fields["body"])
    if not body and pubstatus == "usable":
        message = f"It has no text: none of {', '.join(names['body'])} holds any."
        return Refused(reason=Reason.NO_BODY, message=message, original=original)
    agency = _line(fields["agency"], "agency")
    uri = _line(fields["uri"], "url")
    return RawArticle(
        title=_line(fields["title"], "title"),
        body=body,
        caption=_line(fields["caption"], "caption"),
        credit=_line(fields["credit"], "credit"),
        byline=_line(fields["byline"], "byline"),
        agency=agency,
        dateline=_line(fields["dateline"], "dateline"),
        language=_line(fields["language"], "language"),
        published_at=_instant(fields["published_at"], zone, "published_at"),
        updated_at=_instant(fields["updated_at"], zone, "updated_at"),
        uri=uri,
        pubstatus=pubstatus,
        identifier=_identifier(_line(fields["identifier"], "id"), uri, agency),
    )


def _first(value: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((found for name in names if (found := value.get(name)) not in (None, "", [])), None)


def _is_article(value: Any) -> bool:
    typed = value.get("@type") if isinstance(value, dict) else None
    return any(isinstance(name, str) and name.endswith(("Article", "BlogPosting")) for name in _listed(typed))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name_of(value: Any) -> str:
    return str(_listed(value)[0])[:60]


def _pubstatus(value: Mapping[str, Any]) -> Pubstatus:
    match value.get("pubstatus"):
        case None | "usable":
            return "usable"
        case "canceled":
            return "canceled"
        case other:
            raise _Mistake(f"pubstatus {str(other)[:40]!r} is neither usable nor canceled.")


def _body(value: Any) -> str:
    texts = _listed(value) if value is not None else []
    if not all(isinstance(text, str) for text in texts):
        raise _Mistake("body is neither a text nor a list of paragraphs.")
    return "\n\n".join(paragraph for text in texts for paragraph in paragraphs(clean(text)))


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
    host = (urlsplit(uri).hostname or "") if uri and _is_web(uri) else ""
    if value:
        return Identifier(scheme="guid", issuer=agency or host, value=value)
    if uri and not _is_web(uri):
        return Identifier(scheme="uri", issuer=agency or "", value=uri)
    return None


def _is_web(uri: str) -> bool:
    return uri.lower().startswith(("http://", "https://"))
