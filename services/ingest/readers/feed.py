"""RSS and Atom: each entry of a feed is one article, and a broken one is refused alone.

    <rss version="2.0"><channel><title>Harbour Times</title><link>https://harbour.example/</link>
      <item><title>Ferry late</title><guid>https://harbour.example/1</guid>
        <pubDate>Sat, 14 Feb 2026 10:00:00 GMT</pubDate><description>The ferry was late.</description></item>
    </channel></rss>

Takes RSS 0.90 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, and a lone Atom entry. The
full text of an entry is preferred to its summary; an entry that has a summary
alone is an article of that summary. A tombstone (``at:deleted-entry``) takes its
entry back.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from newswire.reasons import Reason
from services.ingest.readers import elements, entry, xml
from services.ingest.readers.address import address, host
from services.ingest.readers.elements import Piece
from services.ingest.readers.encoding import BLANK
from services.ingest.readers.entry import Entry
from services.ingest.readers.format import Context, Head
from services.ingest.readers.iptc import when
from services.ingest.readers.parts import marked_parts
from services.ingest.readers.quoting import quoted
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused
from services.ingest.readers.tree import Element, attribute, text_of
from services.ingest.readers.xmltext import Undeclared, decode_xml, fit, prolog

ITEMS = ("item",)
ENTRIES = ("entry", "deleted-entry")

# The records of each root element. RDF and feed are roots of other things, too: those have none of these words.
ROOTS = {"rss": ITEMS, "RDF": ITEMS, "Channel": ITEMS, "channel": ITEMS, "feed": ENTRIES, "entry": ENTRIES}
_WORDS = ("purl.org/rss", "netscape.com/rdf", "<item", "purl.org/atom", "2005/Atom", "<entry", "<channel")

# What says that an entry must not be shown yet, found also where the entry cannot be parsed.
_HELD = re.compile(r"<app:draft\b[^>]{0,200}>\s*yes|<wp:status>\s*(?:<!\[CDATA\[)?\s*(?:future|draft|pending|private)")

# Names that are unique wherever they are used.
_UNIQUE = ("urn:", "tag:")


def recognises(head: Head) -> bool:
    """By the root element, and a word of RSS or Atom where other things have it, too."""
    root = xml.root(head)
    if root is None or root.name not in ROOTS:
        return False
    return root.name == "rss" or any(word in head.text for word in _WORDS)


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``."""
    text = decode_xml(data, context.charset)
    if isinstance(text, Refused):
        return [text]
    if not text.strip():
        return [Refused(reason=Reason.EMPTY, message=BLANK)]
    text = text[prolog(text).end :]
    root = xml.root(Head(context.name, b"", text[:8000]))
    names = ROOTS.get(root.name, ITEMS) if root else ITEMS
    found = list(elements.pieces(iter([text]), names, context.limits.document))
    return _records(found, root.name if root else "rss", context)


def _records(found: list[Piece], root: str, context: Context) -> Iterator[Record]:
    around = "".join(piece.text for piece in found if not piece.name)
    feed = Feed.of(around, context)
    items = [piece for piece in found if piece.name]
    context = context._replace(charset=None)  # it is text by now
    trees = [parsed(piece, number, feed, context) for number, piece in enumerate(items, 1)]
    ambiguous = _ambiguous(trees, feed)
    for piece, item in zip(items, trees, strict=True):
        if isinstance(item, Refused):
            yield item
        elif piece.name == "deleted-entry":
            yield _tombstone(item, feed, context, piece)
        else:
            yield article(Entry(item, feed.base), feed, context, piece, ambiguous)
    is_cut = root != "entry" and f"{root}>" not in around[-200:]
    if is_cut and not any(piece.fault == elements.CUT for piece in items):
        message = "It ends in the middle; its entries so far are read. Send it again, whole."
        yield Refused(reason=Reason.TRUNCATED, message=message)
    elif not items:
        yield Refused(reason=Reason.EMPTY, message="It is a feed without entries; send it again when it has some.")


class Feed(NamedTuple):
    """What the feed says for all its entries; ``issuer`` is what its own numbers are unique in."""

    title: str | None = None
    language: str | None = None
    base: str | None = None
    issuer: str | None = None
    namespaces: dict[str, str] = {}  # noqa: RUF012 (never changed)

    @classmethod
    def of(cls, around: str, context: Context) -> "Feed":
        """From what stands ``around`` the entries; a feed that is broken there says nothing."""
        root, uri = recovered(around), address(context.uri)
        if root is None:
            return cls(base=uri, issuer=uri)
        outer = Entry(root, uri)
        channel = next(outer.all(("channel",)), None)
        inner = outer if channel is None else Entry(channel, outer.base)
        link = inner.link()
        title = inner.text(entry.TITLE)
        return cls(
            title=title,
            language=attribute(channel, "lang") or attribute(root, "lang") or inner.text(entry.LANGUAGE),
            base=inner.base or link,
            issuer=inner.self_link() or link or uri or title,
            namespaces={prefix: uri for prefix, uri in root.nsmap.items() if prefix},
        )


def recovered(around: str) -> Element | None:
    """The tree of what stands around the records, however broken; None where there is none."""
    try:
        text = fit(around)
    except Undeclared:
        text = around
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def parsed(piece: Piece, number: int, feed: Feed, context: Context) -> Element | Refused:
    """The tree of one record; where markup in it was not escaped, it is read as if it had been."""
    original = as_written(piece)
    if piece.fault:
        return _FAULTS[piece.fault].refused(number, original)
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in feed.namespaces.items() if '"' not in uri)
    for text in (piece.text, quoted(piece.text)):
        wrapped = f"<_{declared}>{text}</_>".encode("utf-8", "surrogateescape")
        tree = xml.parse(wrapped, context)
        if not isinstance(tree, Refused) and len(tree):
            return tree[0]
    found = tree if isinstance(tree, Refused) else None
    detail = found.message if found else None
    reason = found.reason if found and found.reason is not Reason.TRUNCATED else Reason.BAD_FORMAT
    message = f"Entry {number} of it cannot be read; correct it and drop it again."
    return Refused(reason=reason, message=message, detail=detail, original=original)


def as_written(piece: Piece) -> bytes:
    """The bytes of a record for a letter; of one that is held, only that there was one."""
    if _HELD.search(piece.text):
        return f"<{piece.name}/>".encode()
    return piece.text.encode("utf-8", "surrogateescape")


class _Fault(NamedTuple):
    reason: Reason
    message: str

    def refused(self, number: int, original: bytes) -> Refused:
        return Refused(reason=self.reason, message=self.message.format(number), original=original)


_FAULTS = {
    elements.UNENDED: _Fault(Reason.BAD_FORMAT, "Entry {} of it has no end tag; correct it and drop it again."),
    elements.CUT: _Fault(Reason.TRUNCATED, "It ends in the middle of entry {}; send it again, whole."),
    elements.TOO_LARGE: _Fault(Reason.TOO_LARGE, "Entry {} of it is longer than an article may be; shorten it."),
}


def article(
    item: Entry, feed: Feed, context: Context, piece: Piece, ambiguous: frozenset[str] = frozenset()
) -> RawArticle | Refused:
    """The article that ``item`` is."""
    flat = item.body()
    parts = marked_parts(flat.body, flat.subheads)
    if not parts.body:
        message = "It has a headline and no text; send the text with it."
        return Refused(reason=Reason.NO_BODY, message=message, original=as_written(piece))
    source = next(item.all(("source", "atom:source")), None)
    title = item.text(entry.TITLE)
    name = _identifier(item)
    captions = "\n\n".join(filter(None, (item.media(entry.CAPTION), *flat.captions)))
    return RawArticle(
        title=title,
        body=parts.body,
        subheads=parts.subheads,
        caption=captions or None,
        credit=item.media(entry.CREDIT),
        byline=item.byline() or parts.byline,
        agency=_of_source(source) or feed.title or parts.agency,
        dateline=parts.dateline,
        language=attribute(item.element, "lang") or item.text(entry.LANGUAGE) or feed.language,
        published_at=item.instant(entry.PUBLISHED, context.zone) or parts.instant(context.zone),
        updated_at=item.instant(entry.UPDATED, context.zone),
        uri=item.link(),
        pubstatus="withheld" if _is_draft(item.element) else "usable",
        identifier=identifier(name, feed.issuer) if name and name not in ambiguous else None,
    )


def identifier(name: str, issuer: str | None) -> Identifier | None:
    """``name`` and what it is unique in: the world, its host, or the feed ``issuer``; None where that is unknown."""
    if name.lower().startswith(_UNIQUE):
        return Identifier(scheme="uri", issuer="", value=name)
    issuer = host(address(name)) or issuer
    return Identifier(scheme="guid", issuer=issuer, value=name) if issuer else None


def _identifier(item: Entry) -> str | None:
    return next(filter(None, map(text_of, item.all(entry.IDENTIFIER))), None) or attribute(item.element, "about")


def _ambiguous(trees: list[Element | Refused], feed: Feed) -> frozenset[str]:
    """The identifiers that several pages of this feed have in common: they identify nothing."""
    links: defaultdict[str, set[str]] = defaultdict(set)
    for tree in trees:
        if not isinstance(tree, Refused) and (name := _identifier(item := Entry(tree, feed.base))):
            links[name].add(item.link() or "")
    return frozenset(name for name, found in links.items() if len(found) > 1)


def _tombstone(element: Element, feed: Feed, context: Context, piece: Piece) -> RawArticle | Refused:
    name = attribute(element, "ref")
    found = identifier(name, feed.issuer) if name else None
    if found is None:
        message = "It takes back an entry and does not say which; withdraw the article by its id: newswire withdraw ID."
        return Refused(reason=Reason.KILL_UNMATCHED, message=message, original=as_written(piece))
    when_deleted = when(attribute(element, "when"), context.zone)
    return RawArticle(body="", pubstatus="canceled", identifier=found, updated_at=when_deleted)


def _of_source(source: Element | None) -> str | None:
    """The name of the feed that an entry was taken from."""
    if source is None:
        return None
    return Entry(source).text(entry.TITLE) or (None if len(source) else text_of(source))


def _is_draft(element: Element) -> bool:
    return any(text_of(draft) == "yes" for control in element for draft in control if entry.kind(draft) == "app:draft")
