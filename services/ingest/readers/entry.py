"""An entry of a feed as a tree: what its many vocabularies call the parts of an article.

RSS 0.9x, 1.0 and 2.0 and Atom 0.3 and 1.0 say the same things in other words, and
borrow from Dublin Core, Media RSS and others. ``Entry`` finds them by kind; which
words are of which kind is the data below.
"""

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo

from services.ingest.readers.address import address
from services.ingest.readers.iptc import when
from services.ingest.readers.markup import Flat, flatten, plain, unescape
from services.ingest.readers.tree import Element, attribute, child, children, line, markup, text_of

# Namespaces by the prefix they usually have; others go by the one they have. RSS and no namespace at all have none.
NAMESPACES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://news.yandex.ru": "yandex",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://purl.org/atompub/tombstones/1.0": "at",
    "http://www.w3.org/2007/app": "app",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/net/rss1.1#": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
}

# The words for each part, the best first; Atom's also without a namespace, for feeds that forget to declare it.
TITLE = ("title", "atom:title", "dc:title", "media:title")
TEXT = (
    "content:encoded",
    "yandex:full-text",
    "full-text",
    "atom:content",
    "content",
    "xhtml:body",
    "xhtml:div",
    "body",
    "description",
    "atom:summary",
    "summary",
    "excerpt:encoded",
    "itunes:summary",
    "dcterms:abstract",
    "dc:description",
    "media:description",
)
PUBLISHED = ("atom:published", "published", "pubDate", "atom:issued", "dcterms:issued", "dc:date", "dcterms:created")
UPDATED = ("atom:updated", "updated", "atom:modified", "dcterms:modified")
IDENTIFIER = ("guid", "atom:id", "id")
ORIGINAL_LINK = ("feedburner:origLink",)
AUTHOR = ("dc:creator", "atom:author", "author", "itunes:author", "dc:contributor")
LANGUAGE = ("dc:language", "language")
CAPTION = ("media:description", "media:text")
CREDIT = ("media:credit",)

# RSS says `jane@example.com (Jane Doe)`; others `Jane Doe <jane@example.com>`.
_MAIL = re.compile(r"\S+@\S+\s+\((?P<after>[^()]+)\)|(?P<before>[^<>]+?)\s*<\S+@\S+>|\S+@\S+")
# Markup that was escaped once more than it should have been.
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|div|a|em|strong|b|i|ul|li|h[1-6]|img|span)\b")
_TAG = re.compile(r"<[a-zA-Z/!]")

# What weblogs add under the text of every entry.
_FOOTER = re.compile(
    r"(?:The post |Der Beitrag |L.article |La entrada )?.{1,300} "
    r"(?:appeared first on|first appeared on|erschien zuerst auf|est apparu en premier sur|apareció primero en|"
    r"se publicó primero en) .{1,100}"
)

_ATOM_TEXT = ("text", "text/plain")
_READABLE = (None, "html", "xhtml", "text/html", "application/xhtml+xml", *_ATOM_TEXT)


class Entry:
    """The parts of one element of a feed: an entry, or the feed itself."""

    def __init__(self, element: Element, base: str | None = None) -> None:
        self.element = element
        self.base = address(attribute(element, "base"), base) or base
        self._parts: dict[str, list[Element]] = {}
        for part in element:
            if isinstance(part.tag, str):
                self._parts.setdefault(kind(part), []).append(part)

    def all(self, names: tuple[str, ...]) -> Iterator[Element]:
        """The elements called one of ``names``, in the order of the names."""
        return (part for name in names for part in self._parts.get(name, ()))

    def text(self, names: tuple[str, ...]) -> str | None:
        """The first text among ``names``, as one line without markup."""
        for part in self.all(names):
            if text := (plain(markup(part)) if len(part) else plain(part.text or "")):
                return text
        return None

    def instant(self, names: tuple[str, ...], zone: tzinfo) -> datetime | None:
        """The first instant among ``names``."""
        return next((found for part in self.all(names) if (found := when(text_of(part), zone))), None)

    def link(self) -> str | None:
        """The address of the page that the entry stands for, not that of a counter before it."""
        counted = next(self.all(ORIGINAL_LINK), None)
        return address(text_of(counted)) or self._address("alternate") or self._permalink()

    def self_link(self) -> str | None:
        """The address of the feed."""
        return self._address("self")

    def byline(self) -> str | None:
        """The names of its authors, of the first vocabulary that has any."""
        for name in AUTHOR:
            names = filter(None, (_person(part) for part in self.all((name,))))
            if found := ", ".join(dict.fromkeys(names)):
                return found
        return None

    def body(self) -> Flat:
        """The first text with a paragraph, and the captions of pictures."""
        flat = next((flat for part in self.all(TEXT) if (flat := _flat(part)).body), Flat("", []))
        text, _, last = flat.body.rpartition("\n\n")
        return flat._replace(body=text) if text and len(last) < 500 and _FOOTER.fullmatch(last) else flat

    def media(self, names: tuple[str, ...]) -> str | None:
        """A caption or credit of its pictures."""
        pictures = self.all(("media:group", "media:content", "media:thumbnail"))
        found = (Entry(deep).text(names) for picture in pictures for deep in _deep(picture))
        return next(filter(None, found), None)

    def _address(self, relation: str) -> str | None:
        for part in self.all(("link", "atom:link")):
            if (attribute(part, "rel") or "alternate") == relation and (attribute(part, "type") or "html") != "image":
                written = attribute(part, "href") or (text_of(part) if relation == "alternate" else None)
                if found := address(written, address(attribute(part, "base"), self.base) or self.base):
                    return found
        return None

    def _permalink(self) -> str | None:
        for part in self.all(("guid",)):
            if attribute(part, "isPermaLink") not in ("false", "False", "0"):
                return address(text_of(part))
        return None


def kind(element: Element) -> str:
    """The name of ``element`` with the usual prefix of its namespace."""
    written = str(element.tag)
    uri, _, local = written.rpartition("}")
    if uri:
        prefix = NAMESPACES.get(uri[1:], element.prefix or "")
        return f"{prefix}:{local}" if prefix else local
    return local


def _deep(picture: Element) -> Iterator[Element]:
    """A media element, and those of a group inside it."""
    yield picture
    yield from children(picture, "content")


def _person(element: Element) -> str | None:
    """The name in an author element; no mail address is one."""
    inner = child(element, "name")
    written = text_of(inner) if inner is not None else (None if len(element) else line(plain(element.text or "")))
    if written is None:
        return None
    mail = _MAIL.fullmatch(written)
    return (line(mail["after"]) or line(mail["before"])) if mail else written


def _flat(element: Element) -> Flat:
    """The text of ``element``: markup inside it, markup that is escaped in it, or none."""
    form = attribute(element, "type")
    if attribute(element, "src") or (form.lower() if form else None) not in _READABLE:
        return Flat("", [])
    if len(element):
        return flatten(markup(element))
    text = element.text or ""
    if form in _ATOM_TEXT and not _TAG.search(text):
        return flatten(text.replace("&", "&amp;"))
    if not _TAG.search(text) and _ESCAPED_TAG.search(text):
        text = unescape(text)
    return flatten(text)
