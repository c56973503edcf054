"""schema.org in the head of a page (JSON-LD): what a site tells search engines about its article."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from services.ingest.readers.markup import plain

# Types whose name does not end in one of _SUFFIXES.
TYPES = frozenset(("Report", "SocialMediaPosting", "BlogPosting", "LiveBlogPosting", "Review"))
_SUFFIXES = ("Article",)

# Pages have a few dozen objects. Nothing is looked for deeper than lists of graphs of lists.
MOST_OBJECTS = 10_000


class Linked(NamedTuple):
    """What the article's object says; all of it as written, markup removed."""

    title: str | None = None
    body: str = ""  # may be markup
    byline: str | None = None
    agency: str | None = None
    language: str | None = None
    published: str | None = None
    updated: str | None = None
    uri: str | None = None


def linked(scripts: Iterable[str]) -> Linked | None:
    """The article in the JSON of ``scripts``; None where they describe none. Never raises."""
    for script in scripts:
        try:
            value = json.loads(script.strip().removeprefix("<!--").removesuffix("-->").rstrip("; \n"), strict=False)
        except (ValueError, RecursionError):
            continue
        if (article := next(filter(_is_article, _objects(value)), None)) is not None:
            return _linked(article)
    return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in ``value`` that could be the page's subject, in order."""
    waiting = [value]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(reversed(found))
        elif isinstance(found, dict):
            yield found
            waiting.extend(found[key] for key in ("mainEntity", "mainEntityOfPage", "@graph") if key in found)


def _is_article(value: dict[str, Any]) -> bool:
    types = value.get("@type")
    return any(
        isinstance(one, str) and (one.rpartition("/")[2] in TYPES or one.endswith(_SUFFIXES))
        for one in (types if isinstance(types, list) else [types])
    )


def _linked(article: dict[str, Any]) -> Linked:
    return Linked(
        title=_text(article, "headline", "name", "alternativeHeadline"),
        body=next((text for key in ("articleBody", "text") if isinstance(text := article.get(key), str)), ""),
        byline=_names(article.get("author")) or _names(article.get("creator")),
        agency=_names(article.get("sourceOrganization")) or _names(article.get("publisher")),
        language=_names(article.get("inLanguage")),
        published=_text(article, "datePublished", "dateCreated"),
        updated=_text(article, "dateModified"),
        uri=_address(article),
    )


def _text(value: dict[str, Any], *keys: str) -> str | None:
    """The first of ``keys`` that holds text, or a list that begins with one."""
    for key in keys:
        found = value.get(key)
        found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, str) and (text := plain(found)):
            return text
    return None


def _names(value: Any) -> str | None:
    """``Jane Doe, Jo Roe`` of a name, an object with a name, or a list of these."""
    several = value if isinstance(value, list) else [value]
    names = [
        plain(one) if isinstance(one, str) else _text(one, "name") for one in several if isinstance(one, str | dict)
    ]
    return ", ".join(dict.fromkeys(name for name in names if name and "://" not in name)) or None


def _address(article: dict[str, Any]) -> str | None:
    for key in ("url", "mainEntityOfPage", "@id"):
        found = article.get(key)
        found = found.get("@id") if isinstance(found, dict) else found
        if isinstance(found, str) and found:
            return found
    return None
