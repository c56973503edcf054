"""From sentences to events: triggers, mentions with their arguments, merging."""

from collections.abc import Set
from functools import cache
from typing import Final

from msgspec.structs import replace

from newswire.enriched import Count, Event
from services.enrich.events.domain import Domain
from services.enrich.events.mention import Mention, Surroundings, follow_up, make, takes_up
from services.enrich.events.merge import Incident, absorb, certainty, finish, gather
from services.enrich.events.model import Model, model
from services.enrich.events.phrases import Hit, normalised
from services.enrich.events.place import Ground, places, precision
from services.enrich.events.rules import Book, book, mask_of
from services.enrich.events.scan import Clause, is_region, read, without
from services.enrich.events.speech import happened
from services.enrich.events.sureness import HEADLINED, THRESHOLD, TITLED
from services.enrich.events.taxonomy import BEARS, TAXONOMY, has
from services.enrich.events.trigger import NOTHING, Carried, Trigger, triggers
from services.enrich.events.when import is_over
from services.enrich.model import Name, Sentence, Text, Time

# What comes first among events is what the headline tells; what the first sentence tells counts this much beside.
LEAD: Final = 0.5
# That people flee and houses are lost follows from something, which comes first where both are told alike.
FOLLOWS: Final = 0.1
# So much less counts what is history, where the headline tells it at all.
PAST: Final = 0.3
# From this on a headline's trigger is plain enough to stand without a sentence.
PLAIN: Final = 0.6
# From here on `precision` says that a place is a town, not a region or state.
TOWN: Final = 3
# Right before its word, what makes an event one already told.
_DEFINITE: Final = ("the ", "this ")
# The head of a sentence that goes on about what was told before.
_GOING_ON: Final = ("the ", "they ", "it ")
# Sentences after which an event is no longer taken up by "the attack" or a bare number of victims.
MEMORY: Final = 3


def detect(text: Text, names: list[Name], times: list[Time], read_by: Model | None = None) -> list[Event]:
    """The events of an article, the main one first: what headline and first sentence tell, not what is surest.

    What is history to the article comes last, but where the headline tells it and means nothing newer.

    ``names`` and ``times`` are what the steps before found. Evidence are the
    sentence spans of the body. The same input gives the same list. ``read_by`` is another
    model than that of this package.
    """
    rules = book()
    clauses = read(text, names, times, rules.phrases)
    ground = Ground(_dateline(text, names))
    title = headline(text.title or "", names, rules)
    enough = TITLED if title.lower else THRESHOLD
    article = triggers([*clauses, title], rules, read_by or model(), enough)
    # With a headline the article itself says what its words of war are worth.
    domain = None if title.lower else Domain(clauses)
    mentions: list[Mention] = []
    before: dict[str, Mention] = {}  # the latest of each tag
    latest: Mention | None = None  # of anything with victims
    at = -MEMORY - 1  # the latest sentence with one that takes numbers
    for clause, carried in zip(clauses, article.sentences, strict=True):
        if carried is NOTHING and clause.at - at > MEMORY:
            ground.walk(clause.at, places(clause) if clause.names else [])
            continue
        around = Surroundings(clause, text, ground, clauses[clause.at - 1] if clause.at else None)
        trusted = domain.trusted(clause, carried) if domain else carried
        told = _mentions(trusted, latest, around, before)
        for mention in told:
            before[mention.tag] = mention
            if BEARS[mention.tag]:
                at = clause.at
                if has(mention.tag, "casualties"):
                    latest = mention
        mentions += told
        ground.walk(clause.at, around.places)
    if clauses:
        mentions = [
            *_headlined(article.headline.triggers, Surroundings(clauses[0], text, ground, None), mentions),
            *mentions,
        ]
    incidents = [(incident, certainty(incident)) for incident in absorb(gather(mentions))]
    surest = {incident.tag: incident for incident, _ in sorted(incidents, key=lambda one: one[1])}

    def likely(incident: Incident) -> float:
        """What the headline tells is as likely as the whole article makes it: that of its kind which is surest."""
        return article.by_headline(incident.tag) if surest[incident.tag] is incident else 0.0

    finished = (
        finish(incident, text.written, certain=certain, likely=likely(incident), enough=enough)
        for incident, certain in incidents
    )
    sure = [event for event in finished if event is not None]
    lesser = frozenset[str]().union(*(TAXONOMY[event.type].absorbs for event in sure))

    today = {event.type for event in sure if event.status != "historical"}

    def rank(event: Event) -> tuple[bool, float, bool, list[tuple[int, int]], str]:
        past, headed = event.status == "historical", article.in_headline(event.type)
        prominence = event.score + headed + LEAD * article.at_first(event.type)
        prominence -= FOLLOWS if event.type.startswith("humanitarian.") else 0.0
        prominence -= PAST if past else 0.0
        behind = past and (headed < THRESHOLD or event.type in today)
        return behind, -round(prominence, 2), event.type in lesser, event.evidence, event.type

    return sorted(sure, key=rank)


def _dateline(text: Text, names: list[Name]) -> Name | None:
    """The place of the dateline, a field of its own or still at the head of the body."""
    for name in names:
        in_head = name.field == "body" and text.head is not None and text.head[0] <= name.start < text.head[1]
        if name.geonameid is not None and (in_head or name.field == "dateline"):
            return name
    return None


def headline(title: str, names: list[Name], rules: Book) -> Clause:
    """The headline as a sentence, with what was found in it."""
    lower = normalised(title)
    named = [name for name in names if name.field == "title"]
    clause = Clause(0, Sentence(0, len(lower), 0, 0), lower, without(lower, named), names=named)
    for hit in rules.phrases.find(lower):
        clause.add(hit)
    return clause


def _headlined(heading: list[Trigger], around: Surroundings, so_far: list[Mention]) -> list[Mention]:
    """What the headline tells plainly and no sentence does: the first sentence is taken to be about it."""
    told = {mention.tag for mention in so_far}
    covered = told.union(*(TAXONOMY[tag].absorbs for tag in told))
    start = around.clause.sentence.start
    return [
        make(
            replace(trigger, head=Hit(start, start, 0, -1), weight=trigger.weight * HEADLINED),
            around,
            counted=False,
        )
        for trigger in heading
        if trigger.weight >= PLAIN and trigger.tag not in covered and happened(trigger.clause, trigger.head)
    ]


def _take_up(mention: Mention, same: Mention, clause: Clause, *, definite: bool) -> None:
    """Let a mention without days of its own be of ``same``, told before, where its words say so: "the walkout".

    A town may be in the region told before: "The drones struck a market in Chuhuiv".
    """
    if not mention.place_told:
        if definite:
            mention.follows, mention.place, mention.days = True, same.place, same.days
    elif definite or clause.lower.startswith(_GOING_ON):
        region, town = same.place, mention.place
        if region is not None and town is not None and is_region(region) and region.country == town.country:
            mention.follows, mention.days = True, same.days


def _bearers(told: list[Trigger], counts: dict[str, Count]) -> dict[str, Trigger]:
    """Whose the numbers of a sentence are, by kind: the tag's that has them for its own, else the surest's."""
    found: dict[str, Trigger] = {}
    for kind in counts:
        for trigger in told:
            if kind in TAXONOMY[trigger.tag].numbers:
                found[kind] = trigger
                break
            if kind in BEARS[trigger.tag]:
                found.setdefault(kind, trigger)
    return found


@cache
def _elsewhere() -> int:
    """The classes that leave a town of the sentence without a say in where its deed was: speech, and hospitals."""
    return mask_of("sayings", "rescue")


def _goes_on(previous: Mention, kinds: Set[str], around: Surroundings) -> bool:
    """Whether the numbers of a sentence can be of the event told before: neither day nor town say otherwise.

    The day of a toll of these ``kinds`` is that on which it was counted.
    """
    clause = around.clause
    counted = not kinds.isdisjoint(around.told.tolls)
    if previous.days is not None and clause.times and not counted and is_over(clause, previous.days):
        return False
    here = previous.place
    if here is None or not previous.precise or is_region(here) or not around.places or clause.mask & _elsewhere():
        return True
    towns = [name for name in around.places if precision(clause, name) >= TOWN]
    return not towns or any(name.geonameid == here.geonameid for name in around.places)


def _by_kind(before: dict[str, Mention], at: int) -> dict[str, Mention]:
    """The latest events that sentence ``at`` may still be about, by each kind of number that they take."""
    latest: dict[str, Mention] = {}
    for mention in before.values():
        if at - mention.at <= MEMORY:
            for kind in BEARS[mention.tag]:
                if kind not in latest or latest[kind].at <= mention.at:
                    latest[kind] = mention
    return latest


def _followed(latest: dict[str, Mention], kinds: Set[str], around: Surroundings) -> list[Mention]:
    """The mentions of the events told before that the numbers of these kinds can be of."""
    takers: dict[int, tuple[Mention, set[str]]] = {}
    for kind in sorted(kinds & latest.keys()):
        takers.setdefault(id(latest[kind]), (latest[kind], set()))[1].add(kind)
    return [
        _taken_up(previous, theirs, around)
        for previous, theirs in takers.values()
        if _goes_on(previous, theirs, around)
    ]


def _taken_up(previous: Mention, kinds: Set[str], around: Surroundings) -> Mention:
    mention = follow_up(previous, around)
    mention.counts = {kind: count for kind, count in mention.counts.items() if kind in kinds}
    return mention


def _mentions(
    carried: Carried, previous: Mention | None, around: Surroundings, before: dict[str, Mention]
) -> list[Mention]:
    """What a sentence tells; it may take up ``previous``, the latest with victims, or the latest of a tag."""
    clause, told, likeliest = around.clause, carried.triggers, carried.likeliest
    if previous is not None and clause.at - previous.at > MEMORY:
        previous = None
    again = previous if previous is not None and takes_up(clause) else None
    if previous is not None and told:
        absorbed = {tag for tag in TAXONOMY[previous.tag].absorbs if again is not None or has(tag, "quiet")}
        told = [trigger for trigger in told if trigger.tag not in absorbed]
    bearers: dict[str, Trigger] = {}
    made: list[Mention] = []
    if counts := around.counts:
        bearers = _bearers(told, counts)
        if rest := counts.keys() - bearers.keys():
            latest = _by_kind(before, clause.at)
            if likeliest is not None and not rest.isdisjoint(BEARS[likeliest.tag] - latest.keys()):
                told = [*told, likeliest]
                bearers = _bearers(told, counts)
                rest -= bearers.keys()
            made = _followed(latest, rest, around)
    if again is not None and not made and not any(BEARS[trigger.tag] for trigger in told):
        made.append(_taken_up(again, frozenset(), around))
    for trigger in told:
        counted = bool(bearers) and trigger in bearers.values()
        mention = make(trigger, around, counted=counted)
        if counted and (len(told) > 1 or len(bearers) < len(counts)):
            others = {kind for kind in counts if bearers.get(kind) is not trigger}
            mention.counts = {kind: count for kind, count in mention.counts.items() if kind not in others}
        same = before.get(trigger.tag)
        if same is not None and clause.at - same.at <= MEMORY and not (mention.days and mention.days.told):
            definite = again is not None or clause.text(trigger.head.start - 5, trigger.head.start).endswith(_DEFINITE)
            _take_up(mention, same, clause, definite=definite)
        made.append(mention)
    return made
