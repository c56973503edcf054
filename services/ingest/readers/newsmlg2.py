"""NewsML-G2: a single ``newsItem``, or a ``newsMessage`` or ``itemSet`` of many.

::

    <newsItem guid="urn:newsml:…" version="2" xml:lang="en">   -> identifier
      <itemMeta>
        <itemClass qcode="ninat:text"/>                        -> only text is read
        <provider qcode="nprov:AFP"/>                          -> agency
        <versionCreated/><firstCreated/>                       -> updated_at, published_at
        <embargoed>2025-02-08T00:00:00Z</embargoed>            -> embargo; empty: withheld
        <pubStatus qcode="stat:usable"/>                       -> pubstatus
      </itemMeta>
      <contentMeta><headline/><by/><dateline/><creditline/><language tag="en"/></contentMeta>
      <contentSet><inlineXML>NITF or XHTML</inlineXML></contentSet>
    </newsItem>

Codes are compared by their last word, whatever alias or catalogue they come from.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from services.ingest.readers import iptc, nitf, xml
from services.ingest.readers.content import Content, inside
from services.ingest.readers.format import Context
from services.ingest.readers.markup import Flat
from services.ingest.readers.record import Record, Refused
from services.ingest.readers.tree import Element, attribute, child, children, line, name, text_at, text_of

# Every kind of item, and what a person calls those that have no text of an article.
_ITEMS = {
    "newsItem": "",
    "packageItem": "a package of references to other items",
    "conceptItem": "a concept",
    "knowledgeItem": "a list of concepts",
    "planningItem": "a plan of coverage",
    "catalogItem": "a catalogue of codes",
}
recognises = xml.has_root("newsMessage", "itemSet", *_ITEMS)

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")

# The last words of item classes (ninat:text, icls:text) that may have a text.
_TEXTS = frozenset(("", "text", "composite", "article"))


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``: one record for each item."""
    root = xml.parse(data, context)
    if isinstance(root, Refused):
        return [root]
    items = list(_items(root))
    if not items:
        return [iptc.unsupported("a NewsML-G2 message without an item", None)]
    return [_item(item, context.zone, alone=len(items) == 1) for item in items]


def _items(root: Element) -> Iterator[Element]:
    if name(root) in _ITEMS:
        yield root
        return
    for inner in root:
        if name(inner) == "itemSet" or name(inner) in _ITEMS:
            yield from _items(inner)


def _item(item: Element, zone: tzinfo, *, alone: bool) -> Record:
    described = _described(item, zone)
    kind = iptc.last_word(_code(child(item, "itemMeta", "itemClass")))
    content = Content(Flat("", []))
    if name(item) == "newsItem" and kind in _TEXTS:
        nested = next(item.iter("{*}nitf"), None)
        described = _with_nested(described, nitf.describe(nested, zone)) if nested is not None else described
        content = next((found for found in _contents(item) if found.flat.body), content)
    original = iptc.letter(item, held=described.release.held, alone=alone)
    if not content.flat.body and described.release.pubstatus == "usable":
        if what := _ITEMS[name(item)]:
            return iptc.unsupported(what, original)
        if kind not in _TEXTS or child(item, "contentSet", "remoteContent") is not None:
            return iptc.unsupported(f"an item of class {kind or 'unknown'} with its content elsewhere", original)
    described = described._replace(
        caption=described.caption or content.caption, credit=content.credit or described.credit
    )
    return iptc.article(described, content.flat, zone, original)


def _contents(item: Element) -> Iterator[Content]:
    """The renditions of the content; each is the whole of it, so one is enough."""
    for kind in ("inlineXML", "inlineData"):
        for one in children(item, "contentSet", kind):
            yield inside(one, attribute(one, "contenttype"), attribute(one, "encoding"))


def _described(item: Element, zone: tzinfo) -> iptc.Described:
    item_meta, meta = child(item, "itemMeta"), child(item, "contentMeta")
    embargoed = child(item_meta, "embargoed")
    language = attribute(child(meta, "language"), "tag") or attribute(item, "lang")
    issuer = _party(child(item_meta, "provider"))
    identifier, uri = iptc.name(attribute(item, "guid"), issuer)
    updated = iptc.when(text_at(item_meta, "versionCreated"), zone)
    first = iptc.when(text_at(item_meta, "firstCreated"), zone)
    return iptc.Described(
        release=iptc.release(
            _code(child(item_meta, "pubStatus")), None if embargoed is None else text_of(embargoed) or "", zone
        ),
        title=_headline(meta, language),
        byline=text_at(meta, "by") or _creators(meta),
        agency=_agency([text_at(meta, "creditline"), issuer, _party(child(meta, "infoSource")), _party(_holder(item))]),
        dateline=text_at(meta, "dateline"),
        located=_party(child(meta, "located")),
        language=language,
        published_at=first or iptc.when(text_at(meta, "contentCreated"), zone) or updated,
        updated_at=updated,
        uri=uri,
        identifier=identifier,
    )


def _with_nested(described: iptc.Described, nested: iptc.Described) -> iptc.Described:
    """``described`` with what only the NITF inside the item says."""
    return described._replace(
        release=described.release if described.release.restricts else nested.release,
        title=described.title or nested.title,
        byline=described.byline or nested.byline,
        agency=described.agency or nested.agency,
        dateline=described.dateline or nested.dateline,
        language=described.language or nested.language,
    )


def _code(element: Element | None) -> str | None:
    """What a status or class is, by code, by address or in words."""
    return attribute(element, "qcode", "uri", "literal") or text_of(element)


def _party(element: Element | None) -> str | None:
    """A name that a person reads; else what it has for one. The code of ``nprov:AFP`` is ``AFP``."""
    if element is None:
        return None
    named = text_at(element, "name") or attribute(element, "literal")
    code = attribute(element, "qcode")
    return named or (code.rpartition(":")[2] or None if code else None)


def _agency(written: list[str | None]) -> str | None:
    """The first name; ``ansa.it`` is one for want of another."""
    names = [name for name in written if name]
    return next((name for name in names if not _HOST.fullmatch(name)), None) or next(iter(names), None)


def _holder(item: Element) -> Element | None:
    return child(item, "rightsInfo", "copyrightHolder")


def _headline(meta: Element | None, language: str | None) -> str | None:
    """The main headline, of several that in the language of the item."""
    found = [one for one in children(meta, "headline") if text_of(one)]
    main = [one for one in found if iptc.last_word(attribute(one, "role")) in ("", "main", "headline", "hl1")] or found
    own = min(main, key=lambda one: _distance(attribute(one, "lang"), language), default=None)
    return text_of(own) if own is not None else text_at(meta, "title") or text_at(meta, "slugline")


def _distance(tag: str | None, language: str | None) -> int:
    """How far from the ``language`` of an item a text is; ``en`` is nearer to ``en-GB`` than ``uk`` is."""
    if tag is None or tag == language:
        return 0
    return 1 if language and tag.partition("-")[0].lower() == language.partition("-")[0].lower() else 2


def _creators(meta: Element | None) -> str | None:
    """Those who wrote it. One word is an account or an agency, not a person's name."""
    names = (line(_party(one)) for one in children(meta, "creator"))
    return ", ".join(dict.fromkeys(one for one in names if one and " " in one)) or None
