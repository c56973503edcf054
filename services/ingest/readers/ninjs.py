"""ninjs 1 to 3, the IPTC's news in JSON; keys are compared in small letters, as 3.0 writes them otherwise.

::

    {"uri": "urn:newsml:…", "type": "text", "versioncreated": "2025-02-07T10:15:00Z",   -> identifier, updated_at
     "pubstatus": "usable", "embargoed": "2025-02-08T00:00:00Z",                        -> pubstatus, embargo
     "headline": "…", "headlines": [{"role": "main", "value": "…"}],                    -> title
     "by": "Jane Doe", "source": "AFP", "located": "Kyiv", "language": "en",
     "body_html": "<p>…</p>", "bodies": [{"role": "main", "contenttype": "text/html", "value": "…"}],
     "associations": {"featuremedia": {"type": "picture", "description_text": "…", "byline": "…"}}}   -> caption, credit

Fields of another type than the standard's are read as far as they make sense, and
left out otherwise.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

import msgspec

from services.ingest.readers import iptc
from services.ingest.readers.encoding import clean
from services.ingest.readers.markup import Flat, flatten, plain
from services.ingest.readers.paragraphs import paragraphs
from services.ingest.readers.record import Record
from services.ingest.readers.tree import line

# Our own form of an article has none of these, nor has schema.org's.
SIGNS = frozenset(
    ("versioncreated", "firstcreated", "embargoed", "bodies", "headlines", "pubstatus", "profile", "renditions")
)
_BODY = "body_"  # body_text, body_html, body_xhtml, and what a profile adds to them

# Dates of other forms, whose bodies may be called so, too.
_OTHERS = frozenset(("published_at", "publishedat", "published", "date_published", "pub_date", "date"))

_TEXTS = frozenset(("", "text", "composite"))
_PICTURES = frozenset(("picture", "graphic", "image", "photo"))

# Of several bodies the ones with paragraphs come first, and those that are no body last.
_MARKUP = ("xhtml", "html", "richtext")
_NO_BODIES = frozenset(("teaser", "summary", "abstract", "caption", "description", "lead", "ednote"))
_WRITTEN_AS_MARKUP = re.compile(r"<|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[\da-fA-F]{1,5});")
_WRITERS = frozenset(("", "writer", "author", "reporter", "byline"))


def is_ninjs(value: Mapping[str, Any]) -> bool:
    """Whether ``value`` is a news item as ninjs has it: by the keys that only ninjs has, or by what it says it is."""
    keys = {key.lower() for key, inner in value.items() if inner is not None}
    standard = value.get("standard")
    if isinstance(standard, Mapping) and standard.get("name") == "ninjs":
        return True
    has_body = any(key.startswith(_BODY) for key in keys)
    own = keys & {"body", "text", "content"}
    signs = keys & SIGNS - ({"pubstatus", "profile"} if own else frozenset())
    if signs and (has_body or keys & {"uri", "guid", "altids"}):
        return True
    return has_body and not keys & _OTHERS


def article(value: Mapping[str, Any], zone: tzinfo, original: bytes | None) -> Record:
    """The article in ``value``; ``original`` is its bytes, for a letter, where they are not the whole file."""
    fields = {key.lower(): inner for key, inner in value.items()}
    described = _described(fields, zone)
    if described.release.held:
        original = msgspec.json.encode({key: _text(fields.get(key)) for key in ("uri", "guid", "version")})
    flat = next((flat for flat in _bodies(fields) if flat.body), Flat("", []))
    kind = (_text(fields.get("type")) or "").lower()
    if described.release.pubstatus == "usable" and (kind not in _TEXTS or (kind == "composite" and not flat.body)):
        return iptc.unsupported(f"a ninjs item of type {kind[:40]}", original)
    return iptc.article(described, flat, zone, original)


def _described(fields: Mapping[str, Any], zone: tzinfo) -> iptc.Described:
    agency = _first(fields, "source", "copyrightholder", "infosources")
    identifier, uri = iptc.name(_first(fields, "uri", "guid"), agency)
    updated = iptc.when(_first(fields, "versioncreated"), zone)
    captions, credits = _pictures(fields.get("associations"))
    return iptc.Described(
        release=iptc.release(_first(fields, "pubstatus"), _embargo(fields.get("embargoed")), zone),
        title=_title(fields),
        caption="\n\n".join(dict.fromkeys(captions)) or None,
        credit="; ".join(dict.fromkeys(credits)) or None,
        byline=_first(fields, "by", "byline") or _authors(fields.get("authors")),
        agency=agency,
        dateline=_first(fields, "dateline"),
        located=_first(fields, "located"),
        language=_first(fields, "language"),
        published_at=next(
            filter(None, (iptc.when(_first(fields, key), zone) for key in ("firstpublished", "firstcreated"))), updated
        ),
        updated_at=updated,
        uri=uri,
        identifier=identifier,
    )


def _embargo(value: Any) -> str | None:
    """None where there is none; what is no date is an embargo without an end."""
    return None if value in (None, "", False) else str(value)


def _title(fields: Mapping[str, Any]) -> str | None:
    listed = sorted(_dicts(fields.get("headlines")), key=lambda one: (_text(one.get("role")) or "main") != "main")
    written = [fields.get("headline"), *(one.get("value") for one in listed)]
    written += [inner for key, inner in fields.items() if key.startswith("headline_")]
    return next((text for one in [*written, fields.get("title")] if (text := _headline(one))), None)


def _headline(value: Any) -> str | None:
    text = _text(value)
    return (plain(text) or None) if text and _WRITTEN_AS_MARKUP.search(text) else text


def _bodies(fields: Mapping[str, Any]) -> Iterator[Flat]:
    """Every body, the best first; each says the same in its own way."""
    found = [
        (_text(one.get("role")) or "", _text(one.get("contenttype")) or "", one.get("value"))
        for one in _dicts(fields.get("bodies"))
    ]
    found += [(key.removeprefix(_BODY), "", inner) for key, inner in fields.items() if key.startswith(_BODY)]
    found.append(("", "", fields.get("body")))
    for role, kind, value in sorted(found, key=_rank):
        if isinstance(value, str) and value.strip() and role not in _NO_BODIES:
            yield flatten(value) if _is_markup(role, kind, value) else Flat("\n\n".join(paragraphs(clean(value))), [])


def _rank(body: tuple[str, str, Any]) -> bool:
    return not any(word in part for part in body[:2] for word in _MARKUP)


def _is_markup(role: str, kind: str, value: str) -> bool:
    return not _rank((role, kind, None)) or (kind != "text/plain" and "</p>" in value)


def _pictures(associations: Any) -> tuple[list[str], list[str]]:
    """The captions and credits of the pictures that go with the text."""
    listed = list(associations.values()) if isinstance(associations, Mapping) else associations
    captions, credits = [], []
    for raw in _dicts(listed):
        if (_text(raw.get("type")) or "").lower() not in _PICTURES:
            continue
        caption = _first(raw, "description_text", "description_caption", "caption", "descriptions") or _headline(
            raw.get("description_html")
        )
        credit = iptc.unsigned(_first(raw, "by", "byline", "creditline"))
        captions += [caption] if caption else []
        credits += [credit] if credit else []
    return captions, credits


def _authors(value: Any) -> str | None:
    names = [_text(one.get("name")) for one in _dicts(value) if (_text(one.get("role")) or "").lower() in _WRITERS]
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def _first(fields: Mapping[str, Any], *keys: str) -> str | None:
    return next((text for key in keys if (text := _text(fields.get(key)))), None)


def _dicts(value: Any) -> Iterable[dict[str, Any]]:
    """The objects in a list, their keys in small letters."""
    listed = value if isinstance(value, list) else []
    return [{key.lower(): inner for key, inner in one.items()} for one in listed if isinstance(one, dict)]


def _text(value: Any) -> str | None:
    """A text on one line; an object is its name or value, of a list the first that is either counts."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str | dict)), None)
    if isinstance(value, dict):
        texts = (value.get(key) for key in ("name", "value", "literal", "text"))
        value = next((one for one in texts if isinstance(one, str)), None)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return line(value) if isinstance(value, str) else None
