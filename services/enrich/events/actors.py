"""Who does what to whom, by word order.

English puts the doer before an active verb or before the noun of the deed
("Russian drone attack"), or after "by"; what it is done to follows, mostly after
"on" or "against". That is all that is used here; there is no parser.
"""

import re
from functools import cache
from typing import Final

import msgspec

from services.enrich.events.rules import book, mask_of
from services.enrich.events.scan import Clause, is_country
from services.enrich.events.wording import leads, meanings, words
from services.enrich.lexicon.countries import countries
from services.enrich.lexicon.organizations import organizations
from services.enrich.model import Name

REACH: Final = 90  # characters between a doer and the deed
SUBJECT: Final = 50  # the same in which it says what became of a party, or that it spoke
FEW: Final = 3  # words that belong to a party before what became of it
CLOSE: Final = 24  # the same where the doer stands as good as beside it

_ordinal_unit: Final = re.compile(r"^\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_by: Final = re.compile(r"\bby (?:\w+ ){0,2}$")
_being_done: Final = re.compile(r" (?:(?:was|were|is|are|be|been|being) )+(\w+)")
_placing, _before_places = words("placing"), words("before_places")
# Fighters "of" and "from" a group still act for it.
_PLACING: Final = {True: _placing, False: _placing - {"of", "from"}}
_soil = words("soil")
_backgrounding, _before_deed = words("backgrounding"), words("before_deed")
_onto, _before_targets = words("onto"), words("before_targets")
_bystanding, _closing = words("bystanding"), words("closing")
_telling, _announcing, _selves = words("telling"), words("announcing"), words("selves")
_being, _undergone, _undertaking = words("being"), words("undergone"), words("undertaking")
_relative, _siding, _heading, _bordering = words("relative"), words("siding"), words("heading"), words("bordering")
_BESIDE: Final = _before_targets | {"with"}
_facing = _placing | words("facing")
_offices, _no_longer = words("offices"), words("no_longer")
_joining = _before_places | {"and", "of"}


# Between a name and the role that is its own: "Sudan's army", and a name that is written with its apostrophe.
_OWNING: Final = ("", " ", "  ", " s ")


class Party(msgspec.Struct, frozen=True, gc=False, order=True):
    """A possible doer or victim: what it is called, and where it stands."""

    start: int
    end: int
    label: str
    country: str | None = None
    placed: bool = False


class Cast(msgspec.Struct, frozen=True):
    """The parties of a sentence in order: those with a name, roles without one ("prosecutors"), and all together.

    ``bodies`` are those that act for many states ("NATO"): they take no side by what they say, and are no targets.
    """

    named: list[Party]
    unnamed: list[Party]
    bodies: list[Party]
    everyone: list[Party]


def label_of(name: Name) -> str | None:
    """What a mention is called as a party: a state by its country's name, a group by its own; None for no party."""
    unit = name.text[:1].isdigit() and _ordinal_unit.match(name.text)
    if unit and not name.country:
        return None  # "the 28th brigade": whose, the text does not say
    if name.country and (unit or name.state_actor or name.type == "nationality" or is_country(name)):
        country = countries().get(name.country)
        return country.name if country else name.canonical
    if name.type == "group":
        return name.canonical
    return None


@cache
def _bodies() -> frozenset[str]:
    """The ids of the organisations of states."""
    return frozenset(f"org:{one.id}" for one in organizations() if one.kind == "igo")


def _acting(clause: Clause, name: Name) -> tuple[str | None, bool]:
    """What a person or organisation that is no party by itself is called where it acts; whether for many states."""
    if name.type == "organization":
        return (name.canonical, True) if name.id in _bodies() else (None, False)
    if name.type == "person" and name.country:
        before = clause.text(name.start - 40, name.start).split()
        if before and before[-1] in _offices and _no_longer.isdisjoint(before[-4:-1]):
            country = countries().get(name.country)
            return (country.name if country else None), False
    return None, False


def cast(clause: Clause) -> Cast:
    """Everyone a sentence names who may act or be acted upon."""
    named: list[Party] = []
    bodies: list[Party] = []
    for name in clause.names:
        label, many = label_of(name), False
        if label is None:
            label, many = _acting(clause, name)
        if label is not None:
            before = clause.text(name.start - 40, name.start)
            placed = leads(before, _PLACING[name.type == "place"], _before_places)
            if placed and name.type == "nationality":
                placed = not _soil.isdisjoint(clause.text(name.end, name.end + 16).split()[:1])
            (bodies if many else named).append(Party(name.start, name.end, label, name.country, placed))
    unnamed = _roles(clause) if clause.mask & _role() else []
    return Cast(named, unnamed, bodies, sorted([*named, *unnamed, *bodies]) if unnamed or bodies else named)


@cache
def _role() -> int:
    """The classes of roles."""
    return mask_of("roles", "faced_roles")


def _roles(clause: Clause) -> list[Party]:
    """Those a sentence has only a word for."""
    texts, role = book().phrases.texts, _role()
    roles, faced = meanings("roles"), meanings("faced_roles")
    found = []
    for hit in clause.hits:
        if hit.classes & role and hit.phrase >= 0:
            text = texts[hit.phrase]
            if text in roles:
                found.append(Party(hit.start, hit.end, roles[text]))
            elif text in faced:
                placed = leads(clause.text(hit.start - 40, hit.start), _facing, _before_places)
                found.append(Party(hit.start, hit.end, faced[text], placed=placed))
    return found


def _after_by(clause: Clause, everyone: list[Party], start: int, end: int) -> Party | None:
    for party in everyone:
        # The deed's word may be the doer's: "pelted with stones by rioters".
        if party.start == start or 0 <= party.start - end <= REACH:
            before = clause.text(max(end if party.start >= end else 0, party.start - 40), party.start)
            if "by " in before and (by := _by.search(before)):
                word = before[: by.start()].rpartition(" ")[0].rpartition(" ")[2]
                if word not in _bystanding and _closing.isdisjoint(clause.text(end, party.start).split()):
                    return party
    return None


def _before(clause: Clause, everyone: list[Party], start: int, end: int, *, spoken: bool) -> Party | None:
    reach = 0
    for party in reversed(everyone):
        gap = start - party.end
        if gap < 0 or party.placed:
            continue
        if gap > CLOSE:
            # "… proposed talks after heavy fighting": the subject of such a sentence does something else.
            reach = reach or (CLOSE if leads(clause.text(start - 40, start), _backgrounding, _before_deed) else REACH)
            if gap > reach:
                break
            # Right before the deed even an object may be its doer: "in Israeli strikes".
            if not _placing.isdisjoint(clause.text(party.start - 24, party.start).split()[-3:]):
                continue
        tells = not spoken and clause.mask & _speech() and _tells(clause, party, start)
        if not tells and not _undergoes(clause, party, end):
            return party
    return None


@cache
def _speech() -> int:
    """The classes of verbs of speech."""
    return mask_of("sayings", "claims")


def _undergoes(clause: Clause, party: Party, end: int) -> bool:
    """Whether a party is what something was done to: "two French tourists were stabbed"."""
    text = clause.text(party.end, min(end, party.end + SUBJECT))
    being = _being_done.search(text)
    if being is None:
        return False
    subject, done = text[: being.start()], being[1]
    if subject.count(" ") > FEW or "  " in subject or not _relative.isdisjoint(subject.split()):
        return False
    undergone = (done.endswith("ed") or done in _undergone) and done not in _undertaking
    return undergone and " and " not in clause.text(party.end, end)


def _tells(clause: Clause, party: Party, start: int) -> bool:
    """Whether a party only says that somebody did it, which is not said of itself."""
    text = clause.text(party.end, start)
    words = text.partition("  ")[0].split()
    for at, word in enumerate(words[:6]):
        if word in _being:
            return False
        if word in _telling or (word in _announcing and words[at + 1 : at + 2] == ["that"]):
            return _selves.isdisjoint(text.split())
    return False


def doer(clause: Clause, people: Cast, start: int, end: int, *, spoken: bool, hostile: bool) -> Party | None:
    """The one who does the deed whose word stands at ``start`` to ``end``: after "by", else before it.

    That is nobody to whom something is done, nor, unless the deed is ``spoken``, who only tells of it. A role gives way
    to the name it belongs to: "Ukrainian prosecutors", "Russia said its soldiers".
    """
    found = _after_by(clause, people.everyone, start, end) or _before(
        clause, people.everyone, start, end, spoken=spoken
    )
    if found is None or found not in people.unnamed:
        # A body of many states rather condemns a massacre than commits it.
        aloof = hostile and found in people.bodies and start - found.end > 1
        return None if aloof else found
    owned = clause.text(found.start - 6, found.start).endswith((" its ", " their "))
    for party in reversed(people.named):
        if party.end <= found.start and (owned or clause.text(party.end, found.start) in _OWNING):
            return party
    return found


def victims(clause: Clause, people: Cast, doing: Party | None, end: int) -> set[str]:
    """The named parties that the deed is done to: after it, behind "on", "against" and their like."""
    return {
        party.label
        for party in people.named
        if 0 <= party.start - end <= REACH
        and (doing is None or party.label != doing.label)
        and _is_target(clause.text(max(end - 12, party.start - 40), party.start))
    }


def _is_target(before: str) -> bool:
    return leads(before, _onto, _before_targets) and not leads(before, _bordering, _BESIDE)


def sides(clause: Clause, people: Cast) -> set[str]:
    """The named parties of a meeting or agreement: neither where it is nor who only tells of it."""
    spoken = clause.mask & _speech()
    return {
        party.label
        for party in (*people.named, *people.bodies)
        if (not party.placed or _is_side(clause, party)) and not (spoken and _tells(clause, party, party.end + REACH))
    }


def _is_side(clause: Clause, party: Party) -> bool:
    """Whether a party stands behind "between" and "with", or behind its leaders: "the presidents of Mali and Chad"."""
    before = clause.text(party.start - 48, party.start)
    if leads(before, _siding, _before_places):
        return not leads(before, _bordering, _siding | _before_places)
    return leads(before, _heading, _joining)
