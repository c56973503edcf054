"""What was found in an article, in words: rows for tables, and events with their evidence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from newswire.enriched import Count, Enriched, Event, Location, Quote

# What each count of an event is of.
COUNTED = {
    "fatalities": "killed",
    "injured": "injured",
    "missing": "missing",
    "arrested": "arrested",
    "displaced": "displaced",
}

SHOWN = 120  # code points of a quotation in a table; the text has all of it


class Table(NamedTuple):
    """Rows of words under a heading; never empty when it is shown."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class Happening(NamedTuple):
    """An event: ``facts`` are name and words, ``evidence`` the sentences that carry it, as spans of the body."""

    type: str
    status: str
    score: str
    facts: list[tuple[str, str]]
    evidence: list[tuple[int, int]]


class Paragraph(NamedTuple):
    """A paragraph of the body as a span of it, and the headings that stand before it."""

    headings: list[str]
    start: int
    end: int


def about(document: Enriched) -> list[tuple[str, str]]:
    """The facts about the article itself; only those that are known."""
    enrichment = document.enrichment
    source = document.source
    made = f"{enrichment.status}, {enrichment.model} {enrichment.version}, {enrichment.milliseconds} ms"
    facts = [
        ("published", f"{document.published_at:%Y-%m-%d %H:%M} UTC" if document.published_at else None),
        ("agency", document.agency),
        ("byline", document.byline),
        ("credit", document.credit),
        ("language", document.language),
        ("source", source.path + (f", record {source.record + 1}" if source.record else "") if source else None),
        ("address", document.uri),
        ("enrichment", ", ".join([made, *enrichment.errors, *(["text cut"] if enrichment.truncated else [])])),
    ]
    return [(name, value) for name, value in facts if value]


def tables(document: Enriched) -> list[Table]:
    """Names, places, dates and quotations; those that there are."""
    names = [
        (entity.name, entity.type, entity.id or "", str(entity.count), f"{entity.salience:.2f}")
        for entity in document.entities
    ]
    places = [
        (
            place.name,
            place.kind,
            place.country or "",
            place.admin1 or "",
            position(place.location),
            f"{place.confidence:.2f}",
        )
        for place in document.places
    ]
    # Two Fridays of one article are one row.
    dates = list(dict.fromkeys((date.text, date.type.lower(), date.value) for date in document.dates))
    made = [
        Table("Names", ("name", "type", "id", "mentions", "salience"), names),
        Table("Places", ("name", "kind", "country", "admin1", "coordinates", "confidence"), places),
        Table("Dates", ("text", "type", "value"), dates),
        Table("Quotes", ("speaker", "words"), [_quote(document.body, quote) for quote in document.quotes]),
    ]
    return [table for table in made if table.rows]


def happenings(document: Enriched) -> list[Happening]:
    """The events, in their order."""
    return [
        Happening(event.type, event.status, f"{event.score:.2f}", list(_facts(event)), list(event.evidence))
        for event in document.events
    ]


def paragraphs(document: Enriched) -> Iterator[Paragraph]:
    """The body's paragraphs in their order; what is only white space is none."""
    body = document.body
    edges = [0, *(at for at in range(1, len(body)) if body[at - 2 : at] == "\n\n" and body[at] != "\n"), len(body)]
    headings = sorted(((subhead.at, subhead.text) for subhead in document.subheads), reverse=True)
    for start, end in pairwise(edges):
        before = []
        while headings and headings[-1][0] < end:
            before.append(headings.pop()[1])
        if before or body[start:end].strip():
            yield Paragraph(before, start, end - (len(body[start:end]) - len(body[start:end].rstrip())))
    if headings:
        yield Paragraph([text for _, text in reversed(headings)], len(body), len(body))


def position(location: Location | None) -> str:
    """Latitude and longitude as a map prints them."""
    if location is None:
        return ""
    north, east = "N" if location.lat >= 0 else "S", "E" if location.lon >= 0 else "W"
    return f"{abs(location.lat):.2f}°{north} {abs(location.lon):.2f}°{east}"


def number(count: Count) -> str:
    """``3``, ``at least 9``, ``at most 5``, ``3 to 5``."""
    if count.min == count.max:
        return f"{count.min:,}" if count.min is not None else "some"
    if count.max is None:
        return f"at least {count.min:,}"
    return f"at most {count.max:,}" if count.min is None else f"{count.min:,} to {count.max:,}"


def _quote(body: str, quote: Quote) -> tuple[str, str]:
    """The speaker, by name where that is known, and the words, the first of many."""
    speaker = quote.speaker or " ".join(body[quote.speaker_start or 0 : quote.speaker_end or 0].split())
    said = " ".join(body[quote.start : quote.end].split())
    return speaker, said if len(said) <= SHOWN else f"{said[:SHOWN].rstrip()} …"


def _facts(event: Event) -> Iterator[tuple[str, str]]:
    for name, several in (("actors", event.actors), ("targets", event.targets)):
        if several:
            yield name, ", ".join(several)
    if event.place:
        yield "place", event.place.name
    if event.date:
        yield "date", event.date.start + (f" to {event.date.end}" if event.date.end != event.date.start else "")
    counts = [
        f"{number(count)} {word}" for name, word in COUNTED.items() if (count := getattr(event, name)) is not None
    ]
    if counts:
        yield "people", ", ".join(counts)
    for name, several in (("claimed by", event.claimed_by), ("denied by", event.denied_by)):
        if several:
            yield name, ", ".join(several)
