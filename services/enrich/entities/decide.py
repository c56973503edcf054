"""One name, one type: what all mentions of a document say together.

Mentions are grouped by how they are written. A surname alone joins the person it was
introduced with; an acronym joins the organisation it was put in brackets after.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from itertools import pairwise
from typing import Final

from services.enrich.entities.mention import Mention
from services.enrich.lexicon.table import words

_ENOUGH: Final = 1.0  # what must speak for a type at least
_SHY: Final = 1.2  # what a capital at the head of a sentence must show more
_COMMON: Final = words("common_words")
_PARTICLE_HEADS: Final = ("al-", "el-", "al ", "el ")


def decide(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions that are names, each with its type; order kept."""
    groups = _by_surface(mentions)
    for group in groups.values():
        _vote(group)
    _link(mentions, groups)
    return [mention for mention in mentions if mention.type is not None]


def link(mentions: Sequence[Mention]) -> None:
    """Give mentions that are decided the names in full that they stand for: surnames and acronyms."""
    _link(mentions, _by_surface(mentions))


def _link(mentions: Sequence[Mention], groups: Mapping[str, list[Mention]]) -> None:
    _surnames(mentions)
    _acronyms(mentions, groups)


def _by_surface(mentions: Sequence[Mention]) -> dict[str, list[Mention]]:
    groups: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        groups[mention.surface].append(mention)
    return groups


def _vote(group: Sequence[Mention]) -> None:
    """Decide the mentions of one spelling."""
    undecided = [mention for mention in group if mention.type is None]
    if not undecided:
        return
    fixed = None
    if len(undecided) < len(group):
        fixed = next(mention for mention in group if mention.type is not None)
    if fixed is not None and fixed.entry is None:
        for mention in undecided:
            mention.type, mention.country = fixed.type, fixed.country
        return
    # The best evidence counts in full, further evidence adds a little; agreement of many mentions is evidence itself.
    if len(undecided) == 1:
        (only,) = undecided
        person, organization, place = only.person, only.organization, only.place
    else:
        person = _together([mention.person for mention in undecided])
        organization = _together([mention.organization for mention in undecided])
        place = _together([mention.place for mention in undecided])
    best = max(person, organization, place)
    needed = _ENOUGH + (_SHY if undecided[0].words == 1 and all(mention.shy for mention in undecided) else 0.0)
    if best < needed:
        return
    for mention in undecided:
        if best == place:
            mention.type = "place"
        elif best == person:
            mention.type = "person"
        else:
            mention.type = "organization"
        if mention.type != "place":
            mention.toponym = None


def _together(scores: Sequence[float]) -> float:
    strongest = max(scores)
    rest = sum(score for score in scores if score > 0.0) - max(0.0, strongest)
    return strongest + 0.25 * min(rest, 4.0) + 0.15 * min(len(scores) - 1, 4)


def _surnames(mentions: Sequence[Mention]) -> None:
    """Let surnames stand for the persons named in full, and give those their full name."""
    full: dict[str, Mention] = {}
    for mention in mentions:
        if mention.type == "person" and " " in mention.text:
            for surname in _last(mention.surface):
                full.setdefault(surname, mention)
    introduced = {mention.entry.id for mention in mentions if mention.entry and " " in mention.text}
    for mention in mentions:
        person = full.get(mention.surface)
        if person is None or person is mention or mention.words > 1:
            continue
        # A famous surname belongs to the person of that name in this article, if it is another.
        if mention.entry is not None and (mention.entry.id in introduced or mention.entry.type != "person"):
            continue
        if mention.type == "place" and mention.toponym and mention.place > mention.person + 2.5:
            continue
        if mention.shy and mention.surface.lower() in _COMMON and mention.type is None and not mention.person:
            continue
        mention.type = "person"
        mention.toponym = None
        mention.canonical = person.canonical or person.text
        mention.entry = person.entry


def _acronyms(mentions: Sequence[Mention], groups: Mapping[str, Sequence[Mention]]) -> None:
    """Let an acronym in brackets after a name stand for that name, in the whole document."""
    for long, short in pairwise(mentions):
        if long.type is None or long.field != short.field or short.start - long.end != len(" (") or short.entry:
            continue
        letters = short.text.replace(".", "")
        if not letters.isupper() or len(letters) < 2 or not _abbreviates(letters, long.text):
            continue
        for mention in groups[short.surface]:
            mention.type = long.type
            mention.canonical = long.canonical or long.text
            mention.entry, mention.identity, mention.country = long.entry, long.identity, long.country
            mention.toponym = copy(long.toponym) if long.toponym else None


def _abbreviates(letters: str, name: str) -> bool:
    """Whether ``letters`` come in this order at the heads of the words of ``name``, all but one of them at least."""
    heads = iter(word[0].upper() for word in name.replace("-", " ").split() if word)
    return sum(letter in heads for letter in letters) >= max(2, len(letters) - 1)


def _last(surface: str) -> tuple[str, ...]:
    """The surnames a full name goes by: "Assad" and "al-Assad"."""
    pieces = surface.split(" ")
    last = pieces[-1] if pieces[-1] not in ("Jr.", "Sr.", "Jr", "Sr") else pieces[-2].rstrip(",")
    bare = last[3:] if last.startswith(_PARTICLE_HEADS) else last
    # Chinese, Korean and Vietnamese names begin with the family's.
    first = (pieces[0],) if len(pieces) > 1 and len(pieces[0]) <= 4 and "-" in surface else ()
    return tuple({name: None for name in (last, bare, *first) if len(name) > 1})
