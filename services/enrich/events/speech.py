"""Who says it, and whether it is said to be so, to be coming or not to be so at all."""

from functools import cache
from typing import Final, NamedTuple

import msgspec

from services.enrich.events.actors import Cast, Party
from services.enrich.events.phrases import Hit
from services.enrich.events.rules import book
from services.enrich.events.scan import Clause
from services.enrich.events.wording import leads, words

_backgrounding, _before_deed = words("backgrounding"), words("before_deed")
_negating, _before_negated, _breaks = words("negating"), words("before_negated"), words("breaks")
_supposing = words("supposing")
_relative, _before_denial = words("relative"), words("before_denial")
_being, _continuing, _attached, _finite = words("being"), words("continuing"), words("attached"), words("finite")
SPEAKER_REACH: Final = 70  # characters from a speaker to its verb
FOLLOWING_REACH: Final = 25  # the same where it follows its verb
TRAILING: Final = 30  # characters from the end of a sentence in which "…, Moscow claimed" is about all of it
DENIED: Final = 200  # characters from a denial to what it denies
BEFORE: Final = 60  # characters before the deed in which its modality is looked for


class Saying(msgspec.Struct, frozen=True, gc=False):
    """A verb of speech: its kind (denials, accusing, claims, sayings), where it is, and the named party that speaks.

    ``by`` says that the party follows a passive verb: "a claim denied by Kyiv".
    """

    kind: str
    start: int
    end: int
    speaker: str | None
    by: bool = False


class Stance(msgspec.Struct, frozen=True, gc=False):
    """How real a sentence makes the deed, and which named parties claim it, tell it as their own or deny it."""

    status: str
    claimed_by: frozenset[str] = frozenset()
    own_word: frozenset[str] = frozenset()
    denied_by: frozenset[str] = frozenset()


_NOBODY: Final = frozenset[str]()


class _Masks(NamedTuple):
    """The classes that make a sentence worth a closer look, as bits of its mask."""

    speech: int
    contested: int
    undone: int
    undoing: int
    unmade: int
    planned: int
    hypothetical: int
    guessed: int
    casualty: int
    background: int
    unreal: int


@cache
def _masks() -> _Masks:
    bits = book().phrases.bit
    contested = bits["denials"] | bits["accusing"] | bits["claims"]
    undone, undoing, planned = bits["undone"], bits["undoing"], bits["planned"]
    hypothetical, background = bits["hypothetical"], bits["background"]
    return _Masks(
        speech=contested | bits["sayings"],
        contested=contested,
        undone=undone,
        undoing=undoing,
        unmade=undone | undoing,
        planned=planned,
        hypothetical=hypothetical,
        guessed=bits["guessed"],
        casualty=bits["kill"] | bits["injure"] | bits["befallen"],
        background=background,
        unreal=undone | undoing | planned | hypothetical | background,
    )


@cache
def _kind(classes: int) -> str:
    """The kind of a verb of speech: that which says most about the deed."""
    bits = book().phrases.bit
    return next(kind for kind in ("denials", "accusing", "claims", "sayings") if classes & bits[kind])


def sayings(clause: Clause, people: Cast) -> list[Saying]:
    """The verbs of speech of a sentence in order."""
    speech = _masks().speech
    if not clause.mask & speech:
        return []
    said: list[Saying] = []
    named, passed = people.named, 0
    for hit in [hit for hit in clause.hits if hit.classes & speech]:
        while passed < len(named) and named[passed].end <= hit.start:
            passed += 1
        kind = _kind(hit.classes & speech)
        by = kind != "sayings" and " by " in clause.text(hit.end - 3, hit.end + 4)
        before = named[passed - 1] if passed and not by else None
        after = named[passed] if passed < len(named) and before is None else None
        said.append(Saying(kind, hit.start, hit.end, _speaker(clause, before, after, hit) if named else None, by))
    return said


def _speaker(clause: Clause, before: Party | None, after: Party | None, verb: Hit) -> str | None:
    """The named party before a verb of speech, else right after it ("said Moscow", "according to Kyiv")."""
    if before is not None:
        near = verb.start - before.end <= SPEAKER_REACH and not before.placed
        # A comma leaves two spaces: behind it somebody else may speak ("…, prosecutors said").
        return before.label if near and "  " not in clause.text(before.end, verb.start) else None
    return after.label if after is not None and 0 <= after.start - verb.end <= FOLLOWING_REACH else None


def stance(
    clause: Clause, said: list[Saying], doing: Party | None, span: tuple[int, int], traits: frozenset[str]
) -> Stance:
    """The stance of a sentence towards the deed at ``span``.

    A party's word about its own deed, or about a place it took, is a claim; what
    prosecutors, police, witnesses or nobody says is reported. Denials reach
    what follows their verb in its clause; of what is told before them they leave the word of who claims it.
    """
    start, end = span
    spoken, hostile = "spoken" in traits, "hostile" in traits
    if not said:
        return Stance(_modality(clause, start, end, spoken=spoken))
    claimers = denied_by = own = _NOBODY
    if clause.mask & _masks().contested:
        denials = [one for one in said if one.kind == "denials" and one.end <= start <= one.end + DENIED]
        denial = next((one for one in denials if _denies(clause, one, start, end)), None)
        if denial is not None:
            return Stance("denied", denied_by=frozenset((denial.speaker,)) if denial.speaker else frozenset())
        behind = [one for one in said if one.start >= start and (one.by or clause.sentence.end - one.start < TRAILING)]
        claims = ("claims", "accusing") if hostile else ("claims",)
        claimers = _speakers([one for one in said if one.start < start] + behind, claims)
        denied_by = _speakers(behind, ("denials",)) - claimers if hostile else frozenset()
    if hostile and not claimers:
        own = _own_word(said, doing, claimable="claimable" in traits)
    status = _modality(clause, start, end, spoken=spoken)
    if status not in ("reported", "planned"):
        return Stance(status)
    return Stance("claimed" if status == "reported" and (claimers or own) else status, claimers, own, denied_by)


def _speakers(said: list[Saying], kinds: tuple[str, ...]) -> frozenset[str]:
    return frozenset(saying.speaker for saying in said if saying.kind in kinds and saying.speaker)


def _denies(clause: Clause, denial: Saying, start: int, end: int) -> bool:
    """Whether a denial reaches a deed behind it: not out of a relative clause, nor into another clause."""
    between = clause.text(denial.end, start)
    words = between.split()
    if leads(clause.text(denial.start - 30, denial.start), _relative, _before_denial) and (
        "  " in between or ("that" not in words and not _finite.isdisjoint(clause.text(denial.end, end).split()))
    ):
        return False
    return "that" in words or _breaks.isdisjoint(words)


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


def is_supposed(clause: Clause, end: int) -> bool:
    """Whether an "if" stands anywhere before ``end``, where a word ends that only the model takes for a deed."""
    if not clause.mask & _masks().hypothetical:
        return False
    return not _supposing.isdisjoint(clause.text(clause.sentence.start, end).split())


def _modality(clause: Clause, start: int, end: int, *, spoken: bool = False) -> str:
    """How real a deed is; what is ``spoken`` ("warned that it would …") is so whatever it says."""
    if leads(clause.text(start - BEFORE, start), _negating, _before_negated):
        return "negated"
    if clause.lower.startswith("no ", start - clause.sentence.start) and _is_none(clause.text(start, end)):
        return "negated"
    of = _masks()
    if not clause.mask & of.unreal:
        return "reported"
    if clause.mask & of.unmade and _is_undone(clause, start, end):
        return "negated"
    before = [hit for hit in clause.hits if start - BEFORE <= hit.start and hit.end <= start]
    return (
        (not spoken and _modal(clause, before, start, end))
        or (any(hit.classes & of.background for hit in before) and "historical")
        or "reported"
    )


def _modal(clause: Clause, before: list[Hit], start: int, end: int) -> str | None:
    """What "will", "could" and their like make of a deed, None where it is none of theirs."""
    of = _masks()
    # "An earthquake could destroy …": the verb right behind the deed says how real it is.
    modal = next((hit.classes for hit in clause.hits if 0 <= hit.start - end <= 1), 0)
    for status, mask in (("planned", of.planned), ("hypothetical", of.hypothetical)):
        if modal & mask and not modal & of.guessed:
            return status
    if any(hit.classes & of.planned and _same_clause(clause, hit.end, start) for hit in before):
        return "planned"
    if any(hit.classes & of.hypothetical and _reaches(clause, hit, start) for hit in before):
        return "hypothetical"
    return None


def _is_none(head: str) -> bool:
    """Whether the words of a deed say that nobody did it ("no group has claimed")."""
    # Not where it is all that the deed says: "no rain" is a drought.
    return head.count(" ") > 1 and leads(head.rpartition(" ")[0], _negating, _before_negated)


def _reaches(clause: Clause, modal: Hit, start: int) -> bool:
    """Whether "may" and its like are of the deed; a guess goes no farther than who was killed, and than its clause."""
    of = _masks()
    if not modal.classes & of.guessed:
        return True
    return _same_clause(clause, modal.end, start) and not any(
        modal.end <= hit.start and hit.end <= start and hit.classes & of.casualty for hit in clause.hits
    )


def _is_undone(clause: Clause, start: int, end: int) -> bool:
    """Whether a deed was called off: by words before it, or as the subject of words after it."""
    of = _masks()
    for hit in clause.hits:
        if not hit.classes & of.unmade:
            continue
        if hit.end <= start:
            near = start - BEFORE <= hit.start
            if near and hit.classes & of.undoing and _before_negated.issuperset(clause.text(hit.end, start).split()):
                return True
        elif end <= hit.start and (
            hit.classes & of.undone or leads(clause.text(hit.start - 16, hit.start), _being, _before_negated)
        ):
            return _is_subject(clause, start, end, hit.start)
    return False


def _is_subject(clause: Clause, start: int, end: int, verb: int) -> bool:
    """Whether the noun of a deed is the subject of ``verb``: only what is attached to it stands between."""
    between = clause.text(end, verb).split()
    while between and between[-1] in _being:
        between.pop()
    if not between:
        return True
    if not _continuing.intersection((between[0], clause.text(start, end).rpartition(" ")[2])):
        return False
    return not clause.text(start, end).endswith("ed") and all(
        word in _attached or not (word.endswith("ed") or word in _finite or word in _breaks) for word in between
    )


def _same_clause(clause: Clause, start: int, end: int) -> bool:
    return _breaks.isdisjoint(clause.text(start, end).split())
