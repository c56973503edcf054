"""Enriched documents to show: a plain one, and one whose every text was written to do harm."""

from datetime import UTC, datetime

from newswire.article import Source, Subhead
from newswire.enriched import (
    Count,
    Dateline,
    DateMention,
    Enriched,
    Enrichment,
    Entity,
    EntityType,
    Event,
    EventPlace,
    Field,
    Interval,
    Location,
    Mention,
    Place,
    Quote,
    Span,
)

BODY = "Ada Obi spoke in Kano on Friday.\n\nThe Bank of Kano closed.\nTwo were hurt."
HARM = "</p><script>alert(1)</script>\x1b[2J\x07\u202e\"'&<a href=javascript:alert(1)>"


def entity(kind: EntityType, name: str, *mentions: tuple[str, int, Field]) -> Entity:
    made = [Mention(text=text, start=at, end=at + len(text), field=field) for text, at, field in mentions]
    return Entity(type=kind, name=name, id=None, mentions=made, count=len(made), salience=0.5)


PLAIN = Enriched(
    id="0" * 32,
    revision=1,
    title="Kano speaks",
    body=BODY,
    subheads=[Subhead(text="At the bank", at=34)],
    caption="Ada Obi in Kano",
    agency="Newswire",
    published_at=datetime(2025, 2, 7, tzinfo=UTC),
    source=Source(path="a.txt", record=2, format="text", bytes=1, sha256=""),
    dateline=Dateline(text="KANO", place="Kano", geonameid=1),
    entities=[
        entity("person", "Ada Obi", ("Ada Obi", 0, "body"), ("Ada Obi", 0, "caption")),
        entity("place", "Kano", ("Kano", 17, "body"), ("Kano", 0, "title"), ("KANO", 0, "dateline")),
        entity("organization", "Bank of Kano", ("Bank of Kano", 38, "body")),
        entity("place", "Kano bank", ("Kano closed", 46, "body")),
    ],
    places=[
        Place(
            geonameid=1,
            name="Kano",
            kind="city",
            country="NG",
            admin1=None,
            location=Location(lat=12, lon=-8.5),
            confidence=0.98,
            mentions=[Span(start=17, end=21)],
        )
    ],
    dates=[DateMention(text="Friday", start=25, end=31, type="DATE", value="2025-02-07")],
    events=[
        Event(
            type="disaster.manmade.accident",
            score=0.9,
            status="claimed",
            actors=["Ada Obi"],
            place=EventPlace(geonameid=1, name="Kano"),
            date=Interval(start="2025-02-06", end="2025-02-07"),
            fatalities=Count(min=9, max=None),
            injured=Count(min=2, max=2),
            claimed_by=["Kano"],
            evidence=[(59, 73)],
        )
    ],
    enrichment=Enrichment(status="ok", version=1, model="rules", milliseconds=3),
)
HOSTILE = Enriched(
    id="1" * 32,
    revision=1,
    title=HARM,
    body=f"{HARM} Kano {HARM}\n\n{HARM}",
    subheads=[Subhead(text=HARM, at=3)],
    caption=HARM,
    agency=HARM,
    byline=HARM,
    uri="javascript:alert(1)",
    source=Source(path=HARM, format=HARM, bytes=1, sha256=""),
    dateline=Dateline(text=HARM),
    entities=[
        entity("work", HARM, (HARM, 0, "body"), (HARM, 0, "title"), (HARM, 0, "caption"), (HARM, 0, "dateline")),
        entity("person", HARM, ("beyond the end", 10_000, "body")),
    ],
    places=[
        Place(
            geonameid=1,
            name=HARM,
            kind="other",
            country=HARM,
            admin1=HARM,
            location=None,
            confidence=0,
            mentions=[],
        )
    ],
    quotes=[Quote(start=0, end=len(HARM), speaker=HARM, speaker_id=HARM, speaker_start=0, speaker_end=10_000)],
    dates=[DateMention(text=HARM, start=0, end=len(HARM), type="SET", value=HARM)],
    events=[
        Event(
            type=HARM,
            score=0,
            status="denied",
            actors=[HARM],
            date=Interval(start=HARM, end="x"),
            place=EventPlace(geonameid=1, name=HARM),
            evidence=[(0, 10), (99_999, 100_000)],
        )
    ],
    enrichment=Enrichment(status="partial", version=1, model=HARM, errors=[HARM], truncated=True),
)
