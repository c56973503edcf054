"""Entities from names: who is one and the same, and how much each matters to the article.

``salience`` is what an entity's mentions weigh against the whole article's: a mention
in the title counts most, in the lead more than further down, and each further mention
a little less than the one before.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from newswire.enriched import Entity, EntityType, Mention
from services.enrich.model import Name, Text

_TITLE: Final = 3.0
_LEAD: Final = 2.0  # the first paragraph
_CAPTION: Final = 0.7
_DATELINE: Final = 0.5
# Three full mentions beside a title make about 0.9.
_SCALE: Final = 2.6
_FIELDS: Final = {"title": 0, "dateline": 1, "caption": 2, "body": 3}
_MINOR: Final = {"nationality": 0.5}


def entities(names: Sequence[Name], text: Text) -> list[Entity]:
    """The entities of ``names``, the most salient first; mentions in the order of the fields and of the text."""
    groups: defaultdict[tuple[EntityType, str], list[Name]] = defaultdict(list)
    for name in names:
        groups[name.type, name.id or name.canonical.casefold()].append(name)
    lead = max((sentence.end for sentence in text.sentences if sentence.paragraph <= _first_paragraph(text)), default=0)
    built = [_entity(group, lead) for group in groups.values()]
    return sorted(
        built, key=lambda entity: (-entity.salience, -entity.count, entity.type, entity.name, entity.id or "")
    )


def _first_paragraph(text: Text) -> int:
    return text.sentences[0].paragraph if text.sentences else 0


def _entity(group: Sequence[Name], lead: int) -> Entity:
    ordered = sorted(group, key=lambda name: (_FIELDS[name.field], name.start, name.end)) if len(group) > 1 else group
    weights = [_weight(name, lead) for name in ordered]
    weight = weights[0]
    if len(weights) > 1:
        weight = sum(one / math.sqrt(place) for place, one in enumerate(sorted(weights, reverse=True), 1))
    weight *= _MINOR.get(group[0].type, 1.0)
    return Entity(
        type=group[0].type,
        name=canonical(group),
        id=group[0].id,
        mentions=[Mention(text=name.text, start=name.start, end=name.end, field=name.field) for name in ordered],
        count=len(ordered),
        salience=round(1.0 - math.exp(-weight / _SCALE), 4),
    )


def canonical(group: Sequence[Name]) -> str:
    """The longest of the canonical names that the mentions of one thing carry; the first of equals."""
    names = {name.canonical for name in group}
    return min(names, key=lambda name: (-len(name), name)) if len(names) > 1 else names.pop()


def _weight(name: Name, lead: int) -> float:
    if name.field == "title":
        return _TITLE
    if name.field == "caption":
        return _CAPTION
    if name.field == "dateline":
        return _DATELINE
    return _LEAD if name.start < lead else 1.0
