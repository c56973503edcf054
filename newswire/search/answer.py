"""The answer to a question, in a shape of ours: what ``newswire search --json`` prints and programs rely on.

Fields are added, never renamed; `SCHEMA` changes when one goes.
"""

from typing import Annotated, Any, Final

import msgspec

SCHEMA: Final = "search/1"

# What the highlighter puts around a match: private use, so that no article's own text is taken for a mark.
MARK_START, MARK_END = "\ue000", "\ue001"
# What is fetched of an article; its text comes as snippets only.
SOURCE_FIELDS: Final = (
    "id",
    "title",
    "published_at",
    "uri",
    "source.path",
    "agency",
    "byline",
    "language",
    "cluster",
    "event_tags",
    "event_statuses",
    "event_fatalities",
    "place_names",
    "people",
    "organizations",
    "countries",
)


class Snippet(msgspec.Struct, frozen=True):
    """A stretch of an article; ``marks`` are the matches in it, code point offsets into ``text``, end exclusive."""

    text: str
    marks: list[tuple[int, int]] = []


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One article, or the first of several versions of it: ``folded`` is how many others match as well.

    ``score`` is null where the order is by date. ``snippets`` are the best stretches
    of the body, or its beginning (without marks) where no word of it matched.
    """

    id: str
    score: float | None
    title: Snippet | None
    published_at: str | None
    url: str | None
    source: str | None
    agency: str | None
    byline: str | None
    language: str | None
    cluster: str | None
    tags: list[str]
    statuses: list[str]
    fatalities: int | None
    places: list[str]
    people: list[str]
    organizations: list[str]
    countries: list[str]
    snippets: list[Snippet]
    folded: int = 0


class Total(msgspec.Struct, frozen=True):
    """How many articles match, every version counted; a lower bound unless ``exact``."""

    articles: int
    exact: bool


class FacetValue(msgspec.Struct, frozen=True):
    """One value of a facet and how many articles have it; ``chosen`` where the question asks for it.

    ``name`` is what people call it, where ``value`` is a code.
    """

    value: str
    count: int
    chosen: bool = False
    name: str | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of hits. ``next`` asks for the one after it, null on the last.

    ``complete`` is false when Elasticsearch ran out of time or a part of the index was
    away. ``related``, where a first page is not full: articles with some of the words
    only, best first; they count nowhere and have no pages. ``facets_cut`` are the facets
    that have more values than are listed. ``notes`` and ``advice`` are
    sentences for a person: how the question was read, and, where nothing was found,
    what to try.
    """

    schema: str = SCHEMA
    total: Total
    milliseconds: int
    complete: bool
    notes: list[str]
    advice: list[str] = []
    hits: list[Hit]
    related: list[Hit] = []
    facets: dict[str, list[FacetValue]] | None = None
    facets_cut: list[str] = []
    next: Annotated[str | None, msgspec.Meta(description="a cursor, url-safe")] = None


def hit(found: dict[str, Any], folded: int) -> Hit:
    """One hit of Elasticsearch's as ours."""
    source, marked = found["_source"], found.get("highlight", {})
    title = source.get("title")
    marked_title = marked.get("title", [title] if title else [])
    bodies = marked.get("body", [])
    if not any(MARK_START in one for one in bodies):
        bodies = marked.get("caption") or bodies[:1]
    return Hit(
        id=source["id"],
        score=found.get("_score"),
        title=snippet(marked_title[0]) if marked_title else None,
        published_at=source.get("published_at"),
        url=source.get("uri"),
        source=(source.get("source") or {}).get("path"),
        tags=source.get("event_tags") or [],
        statuses=source.get("event_statuses") or [],
        fatalities=source.get("event_fatalities"),
        places=source.get("place_names") or [],
        snippets=[snippet(one) for one in bodies],
        folded=folded,
        agency=source.get("agency"),
        byline=source.get("byline"),
        language=source.get("language"),
        cluster=source.get("cluster"),
        people=source.get("people") or [],
        organizations=source.get("organizations") or [],
        countries=source.get("countries") or [],
    )


def snippet(marked: str) -> Snippet:
    """The text and the marks of what the highlighter returned; neighbouring marks become one."""
    text, marks = "", list[tuple[int, int]]()
    for number, part in enumerate(marked.split(MARK_START)):
        inside, closed, after = part.partition(MARK_END) if number else ("", "", part)
        if closed and inside:
            if marks and not text[marks[-1][1] :].strip(" "):
                marks[-1] = (marks[-1][0], len(text) + len(inside))
            else:
                marks.append((len(text), len(text) + len(inside)))
        text += inside + after.replace(MARK_END, "")
    return Snippet(text, marks)
