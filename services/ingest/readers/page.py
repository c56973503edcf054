"""What a web page says about its article outside the text: title, authors, dates, address, language, site.

schema.org in the head first, because it is written for machines; then the many
names of ``<meta>``; then what stands visibly in the page.
"""

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import html

from services.ingest.readers.address import address, host
from services.ingest.readers.byline import names
from services.ingest.readers.iptc import unsigned, when
from services.ingest.readers.jsonld import Linked, linked
from services.ingest.readers.markup import plain
from services.ingest.readers.tree import line

Element = html.HtmlElement

# The names that a <meta> goes by (name, property, itemprop), in small letters, the best first.
TITLE = (
    "og:title",
    "twitter:title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "headline",
    "title",
)
AUTHOR = (
    "author",
    "article:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "article:author_name",
)
PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "publish-date",
    "publication_date",
    "pubdate",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_date",
    "date",
)
UPDATED = (
    "article:modified_time",
    "og:article:modified_time",
    "article:modified",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "last-modified",
)
SITE = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_journal_title")
LANGUAGE = ("content-language", "dc.language", "dcterms.language", "language", "og:locale")
ADDRESS = ("og:url", "twitter:url", "parsely-link")

# Between a headline and the name of the site in a <title>.
_SUFFIX = re.compile(r"\s+[|\u2013\u2014·•»:-]\s+|\s*\|\s*")
# A byline is a few names; what is longer is a biography.
LONGEST_BYLINE = 150  # characters


class Page(NamedTuple):
    """What is known; ``full`` is the text that schema.org carries, "" where it carries none.

    ``linked_headings`` counts the headings that lead to other pages.
    """

    title: str | None
    byline: str | None
    agency: str | None
    language: str | None
    published_at: datetime | None
    updated_at: datetime | None
    uri: str | None
    is_article: bool
    full: str
    linked_headings: int


def page(root: Element, uri: str | None, zone: tzinfo) -> Page:
    """What the tree of a page that came from ``uri`` says."""
    about = linked(_scripts(root))
    is_article = about is not None
    about = about or Linked()
    metas = _metas(root)
    site = about.agency or _first(metas, SITE)
    base = address(_attribute(root, ".//base[@href]", "href"), uri) or uri
    return Page(
        title=_title(root, about, metas, site),
        byline=about.byline or _byline(metas) or _visible_byline(root),
        agency=site,
        language=line(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or about.language
        or _language(metas),
        published_at=_instant([about.published, *_all(metas, PUBLISHED), *_times(root)], zone),
        updated_at=_instant([about.updated, *_all(metas, UPDATED)], zone),
        uri=_address(root, about, metas, base) or uri,
        is_article=is_article or "article" in _all(metas, ("og:type",)),
        full=about.body,
        linked_headings=sum(heading.find(".//a") is not None for heading in root.iter("h2", "h3", "h4")),
    )


def is_front_page(uri: str | None) -> bool:
    """Whether ``uri`` is the address of a site, not of a page on it."""
    return uri is not None and urlsplit(uri).path in ("", "/") and not urlsplit(uri).query


def _scripts(root: Element) -> Iterator[str]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield script.text or ""


def _metas(root: Element) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        content = line(plain(meta.get("content") or ""))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := meta.get(attribute)):
                metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _all(metas: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [content for name in names for content in metas.get(name, ())]


def _first(metas: dict[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next(iter(_all(metas, names)), None)


def _title(root: Element, about: Linked, metas: dict[str, list[str]], site: str | None) -> str | None:
    if about.title:
        return about.title
    headings = [text for heading in root.iter("h1") if (text := line(heading.text_content()))]
    written = _first(metas, TITLE) or next((plain(title.text_content()) for title in root.iter("title")), None)
    # The heading that the title begins with is the title without the name of the site.
    for heading in headings:
        if written is None or written.startswith(heading):
            return heading
    return _without_site(written, site) if written else None


def _without_site(title: str, site: str | None) -> str:
    """``Ferry late | Harbour Times`` without the site; without knowing it, only after a bar."""
    ends = list(_SUFFIX.finditer(title))
    if ends and (title[ends[-1].end() :] == site or (site is None and "|" in ends[-1][0])):
        return title[: ends[-1].start()]
    return title


def _byline(metas: dict[str, list[str]]) -> str | None:
    for name in AUTHOR:
        names = [one for one in metas.get(name, ()) if "://" not in one and "@" not in one]
        if found := ", ".join(dict.fromkeys(names)):
            return unsigned(found)
    return None


def _visible_byline(root: Element) -> str | None:
    for path in (".//*[@itemprop='author']", ".//a[@rel='author']", ".//*[@class='byline']", ".//*[@class='author']"):
        for element in root.iterfind(path):
            found = line(element.text_content())
            if found and len(found) <= LONGEST_BYLINE and "@" not in found:
                return names(found)
    return None


def _times(root: Element) -> Iterator[str]:
    """What stands in the page to be read as its date: marked as such, else the first time in the article's head."""
    for path in (
        ".//*[@itemprop='datePublished']",
        ".//time[@pubdate]",
        ".//article//time[@datetime]",
        ".//time[@datetime]",
    ):
        for element in root.iterfind(path):
            if written := element.get("datetime") or element.get("content"):
                yield written
                break


def _instant(written: list[str | None], zone: tzinfo) -> datetime | None:
    return next((found for text in written if text and (found := when(text, zone))), None)


def _language(metas: dict[str, list[str]]) -> str | None:
    found = _first(metas, LANGUAGE)
    return found.replace("_", "-").partition(",")[0] if found else None


def _address(root: Element, about: Linked, metas: dict[str, list[str]], base: str | None) -> str | None:
    """The canonical address; one that names the site alone says nothing about the page."""
    written = [_canonical(root), *_all(metas, ADDRESS), about.uri]
    found = [uri for text in written if (uri := address(text, base))]
    return next((uri for uri in found if not is_front_page(uri)), None) or next(iter(found), None)


def _canonical(root: Element) -> str | None:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return link.get("href")
    return None


def _attribute(root: Element, path: str, name: str) -> str | None:
    found = root.find(path)
    return None if found is None else found.get(name)


def site_of(found: Page) -> str | None:
    """The name of the site, else its host."""
    return found.agency or host(found.uri)
