"""The tagger's names joined with those of the lexicons and rules.

The tagger has read what the rules found, so where the two differ on a person,
organisation or place the tagger is right more often. What it knows nothing of –
nationalities, events, works – and who or what a name stands for stay with the rules.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Final, NamedTuple

from msgspec import structs

from newswire.enriched import EntityType, Field
from services.enrich.entities.decide import link
from services.enrich.entities.knowledge import Knowledge
from services.enrich.entities.mention import Mention
from services.enrich.entities.scan import Scan
from services.enrich.places.gazetteer import Gazetteer
from services.enrich.places.layout import COUNTRY, NAME
from services.enrich.places.toponym import Toponym
from services.enrich.tagger import Span
from services.enrich.tagger.choice import Namer
from services.enrich.tagger.network import EDGE

# Followed by the name it is no part of.
_DIRECTION: Final = re.compile(
    r"(?:(?:far )?(?:(?:north|south)[ -]?(?:east|west)?|east|west)(?:ern(?:most)?)?|central)[ -](?-i:(?=[A-Z]))",
    re.IGNORECASE,
)
# Between two fields: so many line breaks that the tagger reads nothing of one with the other.
_APART: Final = "\n" * (EDGE + 1)
_TAGGED: Final = frozenset(("person", "organization", "place", "group"))
# What the rules call by a closer name than the tagger.
_CLOSER: Final = frozenset((("group", "organization"), ("nationality", "place"), ("nationality", "organization")))


class Joiner:
    """Asks the tagger and joins; built once per process."""

    def __init__(self, tagger: Namer, knowledge: Knowledge, gazetteer: Gazetteer) -> None:
        self._tagger = tagger
        self._knowledge = knowledge
        self._gazetteer = gazetteer

    def join(self, scans: Sequence[Scan], starts: Mapping[Field, Sequence[int]], ruled: list[Mention]) -> list[Mention]:
        """The mentions of all fields, each with its type, in the order of the fields and of the text."""
        of_field: dict[Field, list[Mention]] = {scan.field: [] for scan in scans}
        for one in sorted(ruled, key=lambda one: one.start):
            of_field[one.field].append(one)
        spans = self._spans([scan for scan in scans if scan.field != "dateline"], starts, of_field)
        joined: list[Mention] = []
        doubts = _Doubts([], [])
        for scan in scans:
            here = of_field[scan.field]
            joined += self._field(scan, here, spans[scan.field], doubts) if scan.field in spans else here
        joined = _one_name_one_type(joined, doubts)
        link(joined)
        return joined

    def _spans(
        self, scans: Sequence[Scan], starts: Mapping[Field, Sequence[int]], ruled: Mapping[Field, Sequence[Mention]]
    ) -> dict[Field, list[Span]]:
        """What the tagger sees in each field, asked once: the fields are one text to it, the body first."""
        scans = sorted(scans, key=lambda scan: scan.field != "body")
        offsets = [0, *accumulate(len(scan.original) + len(_APART) for scan in scans)]
        begins: list[int] = []
        rules: list[Span] = []
        for scan, offset in zip(scans, offsets, strict=False):
            begins += [offset + start for start in starts[scan.field]]
            rules += [Span(offset + one.start, offset + one.end, one.type or "other") for one in ruled[scan.field]]
        seen: dict[Field, list[Span]] = {scan.field: [] for scan in scans}
        for span in self._tagger.tag(_APART.join(scan.original for scan in scans), begins, rules):
            number = bisect_right(offsets, span.start) - 1
            offset = offsets[number]
            here = structs.replace(span, start=span.start - offset, end=span.end - offset) if offset else span
            seen[scans[number].field].append(here)
        return seen

    def _field(
        self, scan: Scan, ruled: Sequence[Mention], spans: Sequence[Span], doubts: "_Doubts"
    ) -> Iterator[Mention]:
        """One field's; where spans of both overlap the tagger's stays, unless it is a part of a certain name."""
        at = 0
        covered = 0
        for span in map(partial(self._without_direction, scan), spans):
            passed = at
            while at < len(ruled) and ruled[at].end <= span.start:
                at += 1
            if at > passed:
                yield from doubts.beside_the_spans(ruled[passed:at])
            until = at
            while until < len(ruled) and ruled[until].start < span.end:
                until += 1
            inside = ruled[at:until]
            if len(inside) == 1 and _same(inside[0], span) and span.start >= covered:
                yield doubts.of_same(inside[0], span)
                at = until
                continue
            certain = [one for one in inside if one.certain or (_is_country(one) and _contains(one, span))]
            if len(certain) > 1 or (certain and _contains(certain[0], span)):
                # A part of one known name, or several that the tagger took together.
                covered = certain[-1].end
                continue
            if span.start < covered:
                continue
            same = next((one for one in inside if _same(one, span)), None)
            yield doubts.of_same(same, span) if same else self._named(scan, span, inside)
            at = until
        yield from doubts.beside_the_spans(ruled[at:])

    def _named(self, scan: Scan, span: Span, inside: Sequence[Mention]) -> Mention:
        """A name that the tagger alone sees like this."""
        found = Mention(
            start=span.start,
            end=span.end,
            field=scan.field,
            text=scan.original[span.start : span.end],
            surface=scan.folded[span.start : span.end],
            words=scan.plain.count(" ", span.start, span.end) + 1,
            type=span.type,
        )
        whole = next(iter(self._knowledge.find(found.surface, scan.plain[span.start : span.end])), None)
        if whole and (whole.start, whole.end) == (0, len(found.surface)) and _fits(whole.entry.type, span.type):
            found.entry, found.type = whole.entry, whole.entry.type
            found.canonical, found.country = whole.entry.canonical, whole.entry.country
        elif span.type == "place":
            self._locate(found, inside)
        elif span.type == "organization":
            found.country = next((one.country for one in inside if one.country), None)
        return found

    def _without_direction(self, scan: Scan, span: Span) -> Span:
        """A place without the direction before it: "southern Indiana", and "Eastern China" if nothing is called so."""
        if span.type != "place":
            return span
        ahead = _DIRECTION.match(scan.plain, span.start, span.end)
        if ahead is None:
            return span
        name, rest = scan.folded[span.start : span.end], scan.folded[ahead.end() : span.end]
        lower = ahead[0][0].islower()
        if lower or ("ern" in ahead[0] and self._gazetteer.lookup(rest) and not self._gazetteer.lookup(name)):
            return structs.replace(span, start=ahead.end())
        return span

    def _locate(self, found: Mention, inside: Sequence[Mention]) -> None:
        """What the gazetteer has for a place: the name as a whole, or the place that it begins or ends with."""
        for hit in self._gazetteer.find(found.surface):
            if (hit.start, hit.end) == (0, len(found.surface)):
                found.toponym = Toponym(hit.key, self._gazetteer.candidates(hit.key))
                return
        part = next((one for one in inside if one.toponym and one.type == "place"), None)
        if part and part.toponym and part.start >= found.start and part.end <= found.end:
            # It is named as that part is: "Donetsk region" is Donetsk, a region.
            found.toponym, found.noun, found.surface = part.toponym, part.noun, part.surface


class _Doubts(NamedTuple):
    """What the tagger does not see as the rules do: names it sees none in, and names with the type it sees."""

    unseen: list[Mention]
    otherwise: list[tuple[Mention, EntityType]]

    def of_same(self, ruled: Mention, span: Span) -> Mention:
        """A name that both found; a doubt where they do not agree what it is."""
        if not _agree(ruled, span):
            self.otherwise.append((ruled, span.type))
        return ruled

    def beside_the_spans(self, ruled: Sequence[Mention]) -> Iterator[Mention]:
        """Of names that the tagger does not see, those that stay all the same; the others are doubts."""
        for one in ruled:
            if _stays(one):
                yield one
            else:
                self.unseen.append(one)


def _one_name_one_type(joined: list[Mention], doubts: _Doubts) -> list[Mention]:
    """Settle the doubts: the rules are right about a name that the tagger more often sees as they do, elsewhere."""
    disputed = {id(one) for one, _ in doubts.otherwise}
    agreed = Counter((one.surface, one.type) for one in joined if id(one) not in disputed)
    doubted = Counter((one.surface, one.type) for one in [*doubts.unseen, *(one for one, _ in doubts.otherwise)])
    right = {name for name, times in doubted.items() if agreed[name] >= times}
    again = [one for one in doubts.unseen if (one.surface, one.type) in right]
    for one, kind in doubts.otherwise:
        if (one.surface, one.type) not in right:
            _retype(one, kind)
    if not again:
        return joined
    order = {field: place for place, field in enumerate(dict.fromkeys(one.field for one in [*joined, *again]))}
    return sorted([*joined, *again], key=lambda one: (order[one.field], one.start))


def _same(ruled: Mention, span: Span) -> bool:
    return ruled.start == span.start and ruled.end == span.end


def _agree(ruled: Mention, span: Span) -> bool:
    """Whether a name that both found is the same to both, or known better by the rules."""
    if ruled.type == span.type or ruled.certain or (ruled.type, span.type) in _CLOSER:
        return True
    return span.type == "organization" and _is_country(ruled)  # its government or its team, but by its own name


def _stays(ruled: Mention) -> bool:
    """Whether a name of the rules counts that the tagger does not see."""
    return ruled.certain or ruled.type not in _TAGGED


def _is_country(ruled: Mention) -> bool:
    if ruled.type != "place" or ruled.toponym is None:
        return False
    first = ruled.toponym.candidates[0]
    return first.kind is COUNTRY and first.quality is NAME


def _contains(ruled: Mention, span: Span) -> bool:
    return ruled.start <= span.start and span.end <= ruled.end and ruled.end - ruled.start > span.end - span.start


def _fits(known: EntityType, tagged: EntityType) -> bool:
    return known == tagged or (known, tagged) in _CLOSER


def _retype(mention: Mention, kind: EntityType) -> None:
    """What a name stood for under another type it stands for no longer."""
    mention.type, mention.canonical, mention.identity = kind, None, None
    mention.entry, mention.country = None, None
    if kind != "place":
        mention.toponym = None
