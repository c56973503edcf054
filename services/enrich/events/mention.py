"""One sentence's word of one event: its trigger with everything the sentence says around it."""

import re
from typing import Final

import msgspec
from msgspec.structs import replace

from newswire.enriched import Count
from services.enrich.events import actors, counts, place, speech, when
from services.enrich.events.actors import Cast
from services.enrich.events.place import Ground
from services.enrich.events.scan import Clause, is_country
from services.enrich.events.speech import Saying
from services.enrich.events.sureness import FOLLOWING
from services.enrich.events.taxonomy import TAXONOMY
from services.enrich.events.trigger import Trigger
from services.enrich.events.when import Days
from services.enrich.model import Name, Text


class Mention(msgspec.Struct):
    """What one sentence tells of one event; ``follows`` is set where it only takes up the event told before."""

    tag: str
    at: int
    span: tuple[int, int]
    weight: float
    status: str = "reported"
    claimed_by: frozenset[str] = frozenset()
    own_word: frozenset[str] = frozenset()
    denied_by: frozenset[str] = frozenset()
    actors: set[str] = set()
    targets: set[str] = set()
    place: Name | None = None
    place_told: bool = False
    days: Days | None = None
    counts: dict[str, Count] = {}
    tolls: frozenset[str] = frozenset()
    follows: bool = False

    @property
    def precise(self) -> bool:
        """Whether the place is a town or region, not a whole country."""
        return self.place is not None and not is_country(self.place)


class Surroundings:
    """A sentence with what all its events share; numbers, people and speakers are found when first asked for."""

    __slots__ = ("_candidates", "_counts", "_people", "_said", "before", "clause", "ground", "places", "text")

    def __init__(self, clause: Clause, text: Text, ground: Ground, before: Clause | None) -> None:
        self.clause, self.text, self.ground, self.before = clause, text, ground, before
        self.places = place.places(clause) if clause.names else []
        self._candidates: list[tuple[Name, float]] | None = None
        self._counts: counts.Told | None = None
        self._people: Cast | None = None
        self._said: list[Saying] | None = None

    @property
    def sentence(self) -> str:
        """The sentence as written."""
        return self.text.body[self.clause.sentence.start : self.clause.sentence.end]

    def place_of(self, start: int, end: int, abroad: str | None) -> Name | None:
        """The one of its places that fits a deed best (``place.best``)."""
        if not self.places:
            return None
        if len(self.places) == 1 and abroad is None and place.is_near(self.places[0], start, end):
            return self.places[0]
        if self._candidates is None:
            self._candidates = [(name, place.worth(self.clause, name)) for name in self.places]
        return place.best(self.clause, self._candidates, start, end, abroad)

    @property
    def told(self) -> counts.Told:
        """Its numbers of people, and which of them are tolls."""
        if self._counts is None:
            may = counts.may_count(self.clause.mask, self.clause.lower)
            self._counts = counts.find_counts(self.sentence) if may else counts.NOBODY
        return self._counts

    @property
    def counts(self) -> dict[str, Count]:
        """Its numbers of people, by what befell them."""
        return self.told.counts

    @property
    def people(self) -> Cast:
        """Who may act in it."""
        if self._people is None:
            self._people = actors.cast(self.clause)
        return self._people

    @property
    def said(self) -> list[Saying]:
        """Its verbs of speech."""
        if self._said is None:
            self._said = speech.sayings(self.clause, self.people)
        return self._said

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the body."""
        return self.clause.sentence.start, self.clause.sentence.end


# The event just told, taken up by its general name.
_again: Final = re.compile(
    r"t(?<!\w.)(?:he|his|hat|hese|hose) (?:\w+ )?(?:attacks?|strikes?|blasts?|explosions?|raids?|shooting|bombings?|"
    r"shelling|assault|incident|clash(?:es)?|crash|quake|earthquake|violence|ambush|abduction|kidnapping)\b"
)


def takes_up(clause: Clause) -> bool:
    """Whether the sentence speaks of an event as one already told ("the attack")."""
    return _again.search(clause.lower) is not None


def make(trigger: Trigger, around: Surroundings, *, counted: bool) -> Mention:
    """The mention of a trigger; ``counted`` says that the sentence's numbers of people are its own."""
    tag, head, clause = trigger.tag, trigger.head, around.clause
    traits = TAXONOMY[tag].traits
    hostile, between = "hostile" in traits, "parties" in traits
    span = head.start, head.end
    doing = None
    if not between and "quiet" not in traits:
        spoken = "spoken" in traits or "official" in traits
        doing = actors.doer(clause, around.people, *span, spoken=spoken, hostile=hostile)
    stood = speech.stance(clause, around.said, doing, span, traits)
    if head.phrase < 0 and stood.status == "reported" and speech.is_supposed(clause, head.end):
        stood = replace(stood, status="hypothetical")
    abroad = doing.country if hostile and doing is not None else None
    told = around.place_of(head.start, head.end, abroad)
    mention = Mention(
        tag,
        clause.at,
        around.span,
        trigger.weight,
        status=stood.status,
        claimed_by=stood.claimed_by,
        own_word=stood.own_word,
        denied_by=stood.denied_by,
        place=told
        or around.ground.recall(clause.at, abroad)
        or (place.only_country(clause) if not hostile and not between else None)
        or (around.ground.dateline if "dateline" in traits else None),
        place_told=told is not None,
        days=when.days_of(clause, head.start, head.end, around.text.written, around.before),
        counts=dict(around.counts) if counted else {},
        tolls=around.told.tolls if counted else frozenset(),
    )
    if between:
        mention.actors = actors.sides(clause, around.people)
    elif doing is not None:
        mention.actors = {doing.label}
    if hostile:
        mention.targets = actors.victims(clause, around.people, doing, head.end)
    if "emptying" in traits and "displaced" not in mention.counts and (gone := _gone(around)):
        mention.counts["displaced"] = gone
    return mention


def _gone(around: Surroundings) -> Count | None:
    before = around.before
    context = around.text.body[before.sentence.start : before.sentence.end] if before else ""
    return counts.emptied(around.sentence, f"{context} {around.text.title or ''}")


def follow_up(previous: Mention, around: Surroundings) -> Mention:
    """The mention of a sentence that goes on about the event of ``previous`` without a trigger of its own.

    Of what the event told before has counted, only a toll counts again.
    """
    told = around.told
    return Mention(
        previous.tag,
        around.clause.at,
        around.span,
        FOLLOWING,
        place=previous.place,
        days=previous.days,
        counts={
            kind: count for kind, count in told.counts.items() if kind in told.tolls or kind not in previous.counts
        },
        tolls=told.tolls,
        follows=True,
    )
