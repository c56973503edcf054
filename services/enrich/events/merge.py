"""Mentions of one event become one event."""

from datetime import date
from typing import Final

import msgspec

from newswire.enriched import Count, Event, EventPlace, EventStatus, Interval
from newswire.identity import story_key
from services.enrich.events.mention import Mention
from services.enrich.events.scan import is_country, is_region
from services.enrich.events.sureness import depth, together
from services.enrich.events.taxonomy import TAXONOMY, has
from services.enrich.events.trigger import CERTAIN
from services.enrich.events.when import AROUND, HISTORICAL, Days
from services.enrich.model import Name

# From the most to the least real: what one sentence reports another cannot make a plan again.
_reality: Final[tuple[EventStatus, ...]] = (
    "reported",
    "claimed",
    "denied",
    "historical",
    "planned",
    "hypothetical",
    "negated",
)
_UNREAL: Final = frozenset({"planned", "hypothetical"})
# What a status leaves of the score.
_discount: Final = {
    "reported": 1.0,
    "claimed": 0.98,
    "denied": 0.9,
    "historical": 1.0,
    "planned": 0.8,
    "hypothetical": 0.72,
    "negated": 0.5,
}


# What is no surer than this beside the surest mention of an event does not date it.
FAINT_BESIDE: Final = 0.6


class Incident(msgspec.Struct):
    """The mentions taken for one event so far, and what they add up to.

    ``doers``, ``surest`` and ``unreal`` (whether all of them are only planned or supposed) are
    kept as mentions come: an event may have as many as its text has sentences.
    """

    tag: str
    mentions: list[Mention]
    place: Name | None
    days: Days | None
    doers: set[str]
    surest: float
    unreal: bool

    @classmethod
    def of(cls, mention: Mention) -> "Incident":
        """An event of which nothing else is told so far."""
        unreal = mention.status in _UNREAL
        return cls(mention.tag, [mention], mention.place, mention.days, set(mention.actors), mention.weight, unreal)

    @property
    def precise(self) -> bool:
        """Whether the place is known better than by its country."""
        return self.place is not None and not is_country(self.place)

    def joins(self, mention: Mention) -> bool:
        """Whether a mention of whatever kind may be of the same doer, place and days."""
        return self._same_place(mention) and self._same_days(mention) and not self._another(mention)

    def _another(self, mention: Mention) -> bool:
        """Whether somebody else does it, where that makes it another event."""
        if not mention.actors or mention.follows or not has(self.tag, "apart"):
            return False
        return bool(self.doers) and self.doers.isdisjoint(mention.actors)

    def _same_place(self, mention: Mention) -> bool:
        here, there = self.place, mention.place
        if here is None or there is None or here.geonameid == there.geonameid:
            return True
        if self.precise and mention.precise:
            return _in_region(here, mention)
        return here.country == there.country and not (self.precise and mention.place_told and mention.precise)

    def _same_days(self, mention: Mention) -> bool:
        here, there = self.days, mention.days
        if here is None or there is None or mention.follows:
            return True
        if here.first <= there.last and there.first <= here.last:
            return True
        if here.told and there.told:
            return False
        told, other = (here, there) if here.told else (there, here)
        if told.first > other.last:
            # What is to come is told again without its day; what is real now is something else.
            return mention.status in _UNREAL and self.unreal
        return 0 <= (other.first - told.last).days <= AROUND

    def add(self, mention: Mention) -> None:
        """Take a mention in; the more precise place and the told days stay. A much fainter one dates nothing."""
        surest = self.surest
        self.mentions.append(mention)
        self.doers |= mention.actors
        self.surest = max(surest, mention.weight)
        self.unreal &= mention.status in _UNREAL
        if mention.place is not None and (
            self.place is None or (mention.precise and (not self.precise or _in_region(self.place, mention)))
        ):
            self.place = mention.place
        if mention.days is None or mention.follows or mention.weight < FAINT_BESIDE * surest:
            return
        if _tells_more(self.days, mention.days):
            self.days = mention.days


def _in_region(region: Name, mention: Mention) -> bool:
    """Whether a mention that goes on about an event in a region may be of a town there; none knows of which it is."""
    town = mention.place
    return mention.follows and town is not None and town.country == region.country and is_region(region)


def _tells_more(known: Days | None, new: Days) -> bool:
    """Whether new days replace known ones: told ones those nobody told, a period the part of it known so far.

    A day once told, or a night, stays: "the fifth this year" does not make it a year.
    """
    if known is None or not new.told:
        return known is None
    return not known.told or (
        new.first <= known.first and known.last <= new.last and (known.last - known.first).days > 1
    )


# Of one kind no more events are looked at for one to join or take in: a chronicle has thousands, an article a few.
ASKED: Final = 100


def gather(mentions: list[Mention]) -> list[Incident]:
    """Group mentions in text order; each joins the latest event it may be of."""
    incidents: list[Incident] = []
    by_tag: dict[str, list[Incident]] = {}
    for mention in mentions:
        like = by_tag.setdefault(mention.tag, [])
        for incident in like[: -ASKED - 1 : -1]:
            if incident.joins(mention):
                incident.add(mention)
                break
        else:
            incident = Incident.of(mention)
            incidents.append(incident)
            like.append(incident)
    return incidents


# How sure an incident must be of itself to take in what its tag absorbs.
SURE: Final = 0.7


def absorb(incidents: list[Incident]) -> list[Incident]:
    """Let an incident take in those that the article tells only because of it.

    A protest that was dispersed is no second, peaceful one: a tag absorbs in other
    sentences what it absorbs in its own, where neither place nor days nor status
    say that something else is meant.
    """
    tags = {incident.tag for incident in incidents}
    absorbed = frozenset[str]().union(*(TAXONOMY[tag].absorbs for tag in tags)) & tags
    takers = {
        tag: [one for one in incidents if tag in TAXONOMY[one.tag].absorbs and one.tag != tag][:ASKED]
        for tag in absorbed
    }
    kept: list[Incident] = []
    for incident in incidents:
        taker = None
        if incident.tag in absorbed:
            taker = next((one for one in takers[incident.tag] if _absorbs(one, incident)), None)
        if taker is None:
            kept.append(incident)
        else:
            for mention in incident.mentions:
                mention.follows = True
                taker.add(mention)
    return kept


def _absorbs(taker: Incident, incident: Incident) -> bool:
    """Whether an incident takes in one whose tag it may absorb."""
    return (
        incident.surest < CERTAIN
        and taker.surest >= SURE
        and taker.mentions[0].at <= incident.mentions[0].at
        and _real(taker) >= _real(incident)
        and all(taker.joins(mention) for mention in incident.mentions)
    )


def _real(incident: Incident) -> bool:
    return any(mention.status in ("reported", "claimed") for mention in incident.mentions)


def _status(incident: Incident, written: date | None) -> EventStatus:
    told = {mention.status for mention in incident.mentions}
    if not told.isdisjoint(_UNREAL):
        # "The cyclone is moving north": what only takes up a plan does not make it real, but for those it killed.
        firm = {mention.status for mention in incident.mentions if not mention.follows or mention.counts}
        told = firm or told
    status = _reality[min(map(_reality.index, told))]
    if "claimed" in told and status == "reported" and has(incident.tag, "claimable"):
        status = "claimed"
    if status == "denied" and any(mention.claimed_by or mention.own_word for mention in incident.mentions):
        status = "claimed"
    days = incident.days
    if status in ("reported", "claimed") and days and written and (written - days.last).days > HISTORICAL:
        return "historical"
    if status == "reported" and days and written and days.told and (days.first - written).days > 0:
        return "planned"
    return status


def _counts(incident: Incident) -> dict[str, Count]:
    """Of each kind the latest toll, where none is told the greatest number of a mention."""
    told: dict[str, tuple[tuple[int, int, int], Count]] = {}
    for mention in incident.mentions:
        for kind, count in mention.counts.items():
            rank = (mention.at if kind in mention.tolls else -1, count.min or 0, count.max or 0)
            if kind not in told or told[kind][0] < rank:
                told[kind] = rank, count
    return {kind: count for kind, (_, count) in told.items()}


def _actors(incident: Incident) -> set[str]:
    """Who does it: those its own mentions name, else those of what it has taken in."""
    own: set[str] = set()
    others: set[str] = set()
    for mention in incident.mentions:
        if mention.actors and mention.status != "denied":
            (own if mention.tag == incident.tag else others).update(mention.actors)
    return own or others


def certainty(incident: Incident) -> float:
    """How sure the sentences of an incident make us that it is told at all, wherever they stand."""
    if len(incident.mentions) == 1:
        return incident.mentions[0].weight
    return together([mention.weight for mention in incident.mentions if mention.tag == incident.tag])


def finish(incident: Incident, written: date | None, *, certain: float, likely: float, enough: float) -> Event | None:
    """The event that the document carries, None where its score is not ``enough``.

    ``certain`` is its `certainty`. Whatever its sentences say, it is as sure as ``likely``.
    """
    tag = TAXONOMY[incident.tag]
    score = max(certain * depth(incident.mentions[0].at), likely)
    if round(score, 3) < enough:
        return None
    status = _status(incident, written)
    score = round(min(0.99, score * _discount[status]), 3)
    if score < enough:
        return None
    days, place, counts = incident.days, incident.place, _counts(incident)
    claimed: set[str] = set()
    denied: set[str] = set()
    targets: set[str] = set()
    for mention in incident.mentions:
        claimed |= mention.claimed_by
        denied |= mention.denied_by
        targets |= mention.targets
        if status == "claimed":
            claimed |= mention.own_word
    actors = _actors(incident)
    when, day = None, ""
    if days:
        first = days.first.isoformat()
        when = Interval(start=first, end=first if days.last == days.first else days.last.isoformat())
        day = first if (days.last - days.first).days < 7 else first[:7]
    return Event(
        type=tag.id,
        score=score,
        status=status,
        claimed_by=sorted(claimed),
        denied_by=sorted(denied - claimed),
        actors=sorted(actors),
        targets=sorted(targets - actors),
        place=EventPlace(geonameid=place.geonameid, name=place.canonical)
        if place and place.geonameid is not None
        else None,
        date=when,
        fatalities=counts.get("fatalities"),
        injured=counts.get("injured"),
        missing=counts.get("missing"),
        arrested=counts.get("arrested"),
        displaced=counts.get("displaced"),
        evidence=sorted({mention.span for mention in incident.mentions}),
        story=story_key(tag.id, place.geonameid if place else None, day) if day else None,
        acled=tag.acled,
        plover=tag.plover,
        cameo=tag.cameo,
    )
