"""Who says it, and whether it is said to be so, to be coming or not to be so at all."""

from functools import cache
from typing import Final, NamedTuple

from services.enrich.events.actors import Cast, Party
from services.enrich.events.phrases import Hit
from services.enrich.events.rules import book
from services.enrich.events.scan import Clause
from services.enrich.events.wording import leads, words

_backgrounding, _before_deed = words("backgrounding"), words("before_deed")
_negating, _before_negated, _breaks = words("negating"), words("before_negated"), words("breaks")
SPEAKER_REACH: Final = 70  # characters from a speaker to its verb
FOLLOWING_REACH: Final = 25  # the same where it follows its verb
TRAILING: Final = 30  # characters from the end of a sentence in which "…, Moscow claimed" is about all of it
BEFORE: Final = 60  # characters before the deed in which its modality is looked for


class Saying(NamedTuple):
    """A verb of speech: its kind (denials, claims, sayings), where it is, and the named party that speaks."""

    kind: str
    start: int
    speaker: str | None


class Stance(NamedTuple):
    """How real a sentence makes the deed, and which named parties claim it, tell it as their own or deny it."""

    status: str
    claimed_by: frozenset[str] = frozenset()
    own_word: frozenset[str] = frozenset()
    denied_by: frozenset[str] = frozenset()


def sayings(clause: Clause, people: Cast) -> list[Saying]:
    """The verbs of speech of a sentence in order."""
    bits = book().phrases.bit
    kinds = [(kind, bits[kind]) for kind in ("denials", "claims", "sayings") if clause.mask & bits[kind]]
    if not kinds:
        return []
    said: list[Saying] = []
    named, passed = people.named, 0
    for hit in clause.hits:
        for kind, bit in kinds:
            if hit.classes & bit:
                while passed < len(named) and named[passed].end <= hit.start:
                    passed += 1
                said.append(Saying(kind, hit.start, _speaker(clause, named, passed, hit)))
    return said


def _speaker(clause: Clause, named: list[Party], passed: int, verb: Hit) -> str | None:
    """The named party before a verb of speech, else right after it ("said Moscow", "according to Kyiv").

    ``passed`` is how many of them stand before it.
    """
    if passed:
        party = named[passed - 1]
        near = verb.start - party.end <= SPEAKER_REACH and not party.placed
        # A comma leaves two spaces: behind it somebody else may speak ("…, prosecutors said").
        return party.label if near and "  " not in clause.text(party.end, verb.start) else None
    following = named[0] if named else None
    return following.label if following and 0 <= following.start - verb.end <= FOLLOWING_REACH else None


def stance(
    clause: Clause, said: list[Saying], doing: Party | None, span: tuple[int, int], *, claimable: bool, hostile: bool
) -> Stance:
    """The stance of a sentence towards the deed at ``span``.

    A party's word about its own deed, or about a place it took, is a claim; what
    prosecutors, police, witnesses or nobody says is reported. Denials reach
    what follows their verb.
    """
    start, end = span
    if not said:
        return Stance(_modality(clause, start, end))
    denial = next((saying for saying in said if saying.kind == "denials" and saying.start < start), None)
    if denial is not None:
        return Stance("denied", denied_by=frozenset((denial.speaker,)) if denial.speaker else frozenset())
    claimers = frozenset(
        saying.speaker
        for saying in said
        if saying.kind == "claims"
        and saying.speaker
        and (saying.start < start or clause.sentence.end - saying.start < TRAILING)
    )
    own = _own_word(said, doing, claimable=claimable) if hostile and not claimers else frozenset()
    status = _modality(clause, start, end)
    if status not in ("reported", "planned"):
        return Stance(status)
    return Stance("claimed" if status == "reported" and (claimers or own) else status, claimers, own)


def _own_word(said: list[Saying], doing: Party | None, *, claimable: bool) -> frozenset[str]:
    own = doing.label if doing else None
    return frozenset(
        saying.speaker
        for saying in said
        if saying.kind == "sayings" and saying.speaker and (claimable or saying.speaker == own)
    )


def happened(clause: Clause, deed: Hit) -> bool:
    """Whether words around a deed leave it real and make it no mere background ("tents sent after a flood")."""
    before = clause.text(deed.start - BEFORE, deed.start)
    return _modality(clause, deed.start, deed.end) == "reported" and not leads(before, _backgrounding, _before_deed)


def _modality(clause: Clause, start: int, end: int) -> str:
    if leads(clause.text(start - BEFORE, start), _negating, _before_negated):
        return "negated"
    if not clause.mask & _modal():
        return "reported"
    before = [hit for hit in clause.hits if start - BEFORE <= hit.start and hit.end <= start]
    bits = book().phrases.bit
    # "An earthquake could destroy …": the verb right behind the deed says how real it is.
    modal = next((hit for hit in clause.hits if 0 <= hit.start - end <= 1), None)
    for kind, status in (("undone", "negated"), ("planned", "planned"), ("hypothetical", "hypothetical")):
        if modal is not None and modal.classes & bits[kind]:
            return status
    for kind in ("planned", "hypothetical", "background"):
        for hit in before:
            if hit.classes & bits[kind] and (kind != "planned" or _same_clause(clause, hit.end, start)):
                return "historical" if kind == "background" else kind
    return "reported"


@cache
def _modal() -> int:
    """The classes whose words make a deed anything but reported."""
    bits = book().phrases.bit
    return bits["undone"] | bits["planned"] | bits["hypothetical"] | bits["background"]


def _same_clause(clause: Clause, start: int, end: int) -> bool:
    return _breaks.isdisjoint(clause.text(start, end).split())
