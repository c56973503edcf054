"""Which tags the sentences carry, and at which word."""

from typing import Final, NamedTuple

from services.enrich.events.phrases import Hit
from services.enrich.events.rules import FAR, NEAR, Book, Rule
from services.enrich.events.scan import Clause
from services.enrich.events.taxonomy import TAXONOMY

# How much a second and third trigger of the same tag in a sentence add: they are seldom independent of the first.
DAMPING: Final = (1.0, 0.4, 0.2)


class Trigger(NamedTuple):
    """A tag in a sentence: the word that carries it best, and how sure the sentence makes us."""

    tag: str
    clause: Clause
    head: Hit
    weight: float


def _holds(rule: Rule, around: dict[str, int]) -> bool:
    for sign, mask in rule.beside:
        if not around[sign] & mask:
            return False
    return not any(around[sign] & mask for sign, mask in rule.not_beside)


def _weights(clause: Clause, hit: Hit, rules: tuple[Rule, ...]) -> dict[str, float]:
    """The tags that one phrase carries, each by the strongest rule that holds."""
    best: dict[str, float] = {}
    around: dict[str, int] | None = None
    mask = clause.mask
    for rule in rules:
        if rule.veto & mask or rule.tag in best or not all(need & mask for need in rule.needs):
            continue
        if rule.beside or rule.not_beside:
            around = around or clause.around(hit, FAR, NEAR)
            if not _holds(rule, around):
                continue
        best[rule.tag] = rule.weight
    return best


def triggers_of(clause: Clause, book: Book) -> list[Trigger]:
    """The tags of one sentence, each once, strongest first; what another tag absorbs is left out."""
    found: dict[str, list[tuple[float, Hit]]] = {}
    by_phrase = book.by_phrase
    for hit in clause.hits:
        if hit.phrase >= 0 and (rules := by_phrase[hit.phrase]):
            for tag, weight in _weights(clause, hit, rules).items():
                found.setdefault(tag, []).append((weight, hit))
    if not found:
        return []
    triggers = []
    for tag, weights in found.items():
        weights.sort(key=lambda item: (-item[0], item[1].start))
        doubt = 1.0
        for (weight, _), damping in zip(weights, DAMPING, strict=False):
            doubt *= 1 - weight * damping
        triggers.append(Trigger(tag, clause, weights[0][1], 1 - doubt))
    return _unabsorbed(sorted(triggers, key=lambda trigger: (-trigger.weight, trigger.tag)))


def _unabsorbed(triggers: list[Trigger]) -> list[Trigger]:
    kept = [
        trigger
        for trigger in triggers
        if not any(
            trigger.tag in TAXONOMY[other.tag].absorbs and other.weight >= min(trigger.weight, 0.8)
            for other in triggers
            if other is not trigger
        )
    ]
    return kept
