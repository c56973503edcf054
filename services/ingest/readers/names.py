"""What the parts of an article are called, where they have names: in the objects of JSON, in the columns of a table.

Capitals, blanks, hyphens and low lines of a name do not matter (``Published at`` is
``publishedAt``), and a dot leads into an object. For each part the best name comes
first: the first that holds something counts.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

_IGNORED = re.compile(r"[\s_-]+")


# No name that means anything is longer; longer ones are not kept in mind.
LONGEST = 60  # characters


def fold(name: str) -> str:
    """``name`` as it is compared; a low line that it begins with is part of it."""
    return _folded(name) if len(name) <= LONGEST else name


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return ("_" if name.startswith("_") else "") + _IGNORED.sub("", name).lower()


class Held(NamedTuple):
    """What stands under a name that is known: ``name`` as the form has it, the value as it was written."""

    name: str
    value: Any


class Form:
    """One way of naming the parts of an article; ``names`` are each part's, the best first."""

    def __init__(self, names: Mapping[str, tuple[str, ...]]) -> None:
        self.names = names
        self._places: dict[str, list[tuple[str, int, str, list[str]]]] = {}
        for field, several in names.items():
            for rank, name in enumerate(several):
                first, *inner = map(fold, name.split("."))
                self._places.setdefault(first, []).append((field, rank, name, inner))
                if inner:  # the column of a table may be called so, dot and all
                    self._places.setdefault(fold(name), []).append((field, rank, name, []))

    def parts(self, value: Mapping[str, Any]) -> dict[str, list[Held]]:
        """What ``value`` holds for each part, the best name first; blanks hold nothing."""
        found: dict[str, list[tuple[int, Held]]] = {}
        for key, whole in value.items():
            for field, rank, name, path in self._places.get(fold(key), ()):
                held = _inside(whole, path)
                if held is not None and held != [] and not (isinstance(held, str) and not held.strip()):
                    found.setdefault(field, []).append((rank, Held(name, held)))
        return {field: [held for _, held in sorted(several, key=_rank)] for field, several in found.items()}

    def field(self, name: str) -> tuple[str, str] | None:
        """The part that goes by ``name``, and that name as the form has it."""
        return next(((field, known) for field, _, known, inner in self._places.get(fold(name), ()) if not inner), None)


def _rank(found: tuple[int, Held]) -> int:
    return found[0]


def _inside(value: Any, path: list[str]) -> Any:
    for part in path:
        if not isinstance(value, dict):
            return None
        value = next((inner for key, inner in value.items() if fold(key) == part), None)
    return value


# Our own form, and what the dumps, the programming interfaces and the scrapers of this world write instead.
# fmt: off
OWN = Form({
    "title": (
        "title", "headline", "fields.headline", "web_title", "article_title", "news_title", "heading", "name",
    ),
    "body": (
        "body", "text", "content", "maintext", "main_text", "body_text", "fields.body_text", "fields.body",
        "article_body", "full_text", "article_text", "article_content", "content_text", "content_html", "body_html",
        "plain_text", "contents", "paragraphs", "article", "story", "document",
    ),
    "summary": (
        "summary", "description", "short_description", "abstract", "lead_paragraph", "snippet", "excerpt",
        "fields.trail_text", "trail_text", "teaser", "lead", "highlights",
    ),
    "published_at": (
        "published_at", "published", "date_published", "date_gmt", "date_publish", "published_date", "publish_date",
        "publication_date", "pub_date", "web_publication_date", "date_time_pub", "date_time", "first_published",
        "published_on", "posted_at", "date", "created_at", "timestamp", "seen_date",
    ),
    "updated_at": (
        "updated_at", "updated", "date_modified", "modified_gmt", "date_modify", "last_modified",
        "fields.last_modified", "modified_at", "modified", "updated_date", "last_updated", "update_date",
    ),
    "identifier": ("id", "guid", "uuid", "_id", "article_id", "news_id", "doc_id", "doc_no"),
    "uri": (
        "url", "uri", "link", "web_url", "article_url", "canonical_url", "permalink", "links.permalink",
        "article_link", "page_url",
    ),
    "byline": (
        "byline", "author", "authors", "fields.byline", "author_name", "author_names", "_embedded.author", "creator",
        "writer", "reporter", "journalist",
    ),
    "agency": (
        "agency", "source", "publisher", "publication", "fields.publication", "source_name", "site_name", "provider",
        "outlet", "newspaper", "news_source", "thread.site", "source_domain", "domain", "clean_url", "site",
    ),
    "dateline": ("dateline",),
    "language": ("language", "lang", "meta_lang", "in_language"),
    "caption": ("caption", "image_caption"),
    "credit": ("credit", "image_credit"),
    "pubstatus": ("pubstatus", "pub_status"),
    "embargo": ("embargo", "embargoed", "embargo_until", "embargoed_until"),
})
SCHEMA_ORG = Form({
    "title": ("headline", "name"),
    "body": ("articleBody", "text"),
    "summary": (),
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
})
JSON_FEED = Form({
    "title": ("title",),
    "body": ("content_text", "content_html", "summary"),
    "summary": (),
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
})

# What an object is called by, where it stands for a text or a name; the value of Mongo's and WordPress's own objects.
VALUES = (
    "name", "value", "rendered", "$oid", "$date", "$numberLong", "title", "main", "original", "text", "@id", "url",
    "uri",
)

# Where answers, dumps and lists of scrapers have their articles: one inside another, as in "response", "docs".
WRAPPERS = (
    "_source", "articles", "article", "results", "response", "docs", "hits", "items", "data", "stories", "news",
    "posts", "entries", "records", "documents", "value", "list", "feed", "channel", "item", "result", "rows",
)
# fmt: on

# A name that ends so holds an instant of UTC, also where that does not say it.
UTC_ENDINGS = ("gmt", "utc")
