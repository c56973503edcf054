"""How well events are read: tags of articles, numbers of people, status, and which texts tell one story.

All of it from whole documents, as they are indexed: a number is right only where an
event carries it, a status only on an event of the right tag.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from bench.quality.event_texts import KINDS, WRITTEN, ArticleText, Counted, Half, Pair, Stated
from bench.quality.scores import Score, score
from newswire.article import Article, Source
from newswire.enriched import Count, Event

Read = Callable[[str | None, str, str], list[Event]]


class Figures(NamedTuple):
    """Shares from 0 to 1; ``misses`` are lines for whoever wants to make it better."""

    tags: Score
    unlike: Score
    counts: float
    status: float
    same: float
    different: float
    misses: list[str]

    def plain(self) -> dict[str, Any]:
        """All but the misses, as values that can be written as JSON."""
        return {name: getattr(self, name)._asdict() for name in ("tags", "unlike")} | {
            name: getattr(self, name) for name in ("counts", "status", "same", "different")
        }


def reader(enricher: Any) -> Read:  # an Enricher, or what has its ``enrich``
    """What reads the events of title, body and day of publication."""

    def read(title: str | None, body: str, day: str) -> list[Event]:
        source = Source(path="own", format="ndjson", bytes=0, sha256="")
        written = datetime.fromisoformat(f"{day}T12:00:00Z")
        article = Article(id="own", revision=1, title=title, body=body, published_at=written, source=source)
        return list(enricher.enrich(article).events)

    return read


def measured(half: Half, read: Read) -> Figures:
    """All figures of a half."""
    misses: list[str] = []
    same = [_joins(pair, read, misses) for pair in half.pairs if pair.same]
    different = [not _joins(pair, read, misses) for pair in half.pairs if not pair.same]
    return Figures(
        tags=_tags(half.articles, read, misses),
        unlike=_tags(half.unlike, read, misses),
        counts=_share([_counts(one, read, misses) for one in half.counts]),
        status=_share([_status(one, read, misses) for one in half.statuses]),
        same=_share(same),
        different=_share(different),
        misses=misses,
    )


def _share(right: list[bool]) -> float:
    return sum(right) / len(right)


def _tags(articles: list[ArticleText], read: Read, misses: list[str]) -> Score:
    right = found = wanted = 0
    for one in articles:
        tags = {event.type for event in read(one.title, one.body, one.date)} - one.optional
        right += len(tags & one.tags)
        found += len(tags)
        wanted += len(one.tags)
        for what, some in (("missed", one.tags - tags), ("too much", tags - one.tags)):
            misses += [f"{one.id}  {what} {tag}" for tag in sorted(some)]
    return score(right, found, wanted)


def _counts(one: Counted, read: Read, misses: list[str]) -> bool:
    told: dict[str, Count] = {}
    for event in read(None, one.sentence, WRITTEN):
        for kind in KINDS:
            if (count := getattr(event, kind)) is not None:
                told.setdefault(kind, count)
    if told != one.counts:
        misses.append(f"{_written(one.counts)} → {_written(told)}: {one.sentence}")
    return told == one.counts


def _written(counts: dict[str, Count]) -> str:
    return ", ".join(f"{kind} {count.min}–{count.max}" for kind, count in counts.items()) or "nobody"


def _status(one: Stated, read: Read, misses: list[str]) -> bool:
    """What is negated need not be an event at all; everything else must be one of the right tag."""
    events = [event for event in read(None, one.sentence, WRITTEN) if event.type == one.tag]
    found = events[0].status if events else "negated"
    by = {"claimed": events and events[0].claimed_by, "denied": events and events[0].denied_by}.get(one.status)
    right = found == one.status and (one.by is None or by == [one.by])
    if not right:
        told = f"{found} {by}" if events else "no event"
        misses.append(f"{one.status} {one.by or ''} {one.tag} → {told}: {one.sentence}")
    return right


def _joins(pair: Pair, read: Read, misses: list[str]) -> bool:
    """Whether an event of the pair's tag has the same story in both texts."""
    first, second = (
        {event.story for event in read(None, text, day) if event.type == pair.tag and event.story}
        for day, text in pair.texts
    )
    joined = not first.isdisjoint(second)
    if joined != pair.same:
        misses.append(
            f"{'one story' if pair.same else 'two stories'} of {pair.tag}: {' / '.join(map(str, pair.texts))}"
        )
    return joined
