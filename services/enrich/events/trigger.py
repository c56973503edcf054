"""Which tags the sentences carry, and at which word: what the rules raise, the model weighs."""

from collections.abc import Sequence, Set
from typing import Final, NamedTuple

import msgspec
import numpy as np

from services.enrich.events.counts import may_count
from services.enrich.events.model import NUMBER, Floats, Model, rule_weights
from services.enrich.events.phrases import Hit
from services.enrich.events.rules import FAR, NEAR, Book, Rule
from services.enrich.events.scan import Clause
from services.enrich.events.taxonomy import BEARS, TAGS, TAXONOMY

# How much a second and third trigger of the same tag in a sentence add: they are seldom independent of the first.
DAMPING: Final = (1.0, 0.4, 0.2)
# The score that is taken for as likely as not: a tag too much is the worse mistake for who filters by it.
EVEN: Final = 0.0
# In an article with a headline so much is taken off a rule's weight for each point that the article's score is below 0,
# in the headline only where the model doubts it; less in longer articles than those that taught what to make of one.
# Without a headline too little is known to doubt a rule.
DOUBT: Final = 0.15
TAUGHT: Final = 9  # sentences: one more than the longest of those
# Below this score the model thinks so little of a tag that a rule for it does not count.
DOUBTED: Final = -7.0
# What is surer than this is told for itself, whatever else is.
CERTAIN: Final = 0.95
# What is less likely makes no mention, not even of an event that other sentences carry.
FAINT: Final = 0.55
# How sure a number of victims makes us of what is likeliest to have befallen them.
GUESSED: Final = 0.6
_CASUALTIES: Final = np.array([number for number, tag in enumerate(TAGS) if BEARS[tag]])


class Trigger(msgspec.Struct, frozen=True):
    """A tag in a sentence: the word that carries it best, and how sure the sentence makes us."""

    tag: str
    clause: Clause
    head: Hit
    weight: float


def _holds(rule: Rule, around: dict[str, int]) -> bool:
    for sign, mask in rule.beside:
        if not around[sign] & mask:
            return False
    return not (rule.not_beside and any(around[sign] & mask for sign, mask in rule.not_beside))


def _weights(clause: Clause, hit: Hit, rules: tuple[Rule, ...]) -> dict[str, float]:
    """The tags that one phrase carries, each by the strongest rule that holds."""
    best: dict[str, float] = {}
    around: dict[str, int] | None = None
    mask = clause.mask
    for rule in rules:
        if rule.veto & mask or rule.tag in best:
            continue
        for need in rule.needs:
            if not need & mask:
                break
        else:
            if rule.beside or rule.not_beside:
                around = around or clause.around(hit, FAR, NEAR)
                if not _holds(rule, around):
                    continue
            best[rule.tag] = rule.weight
    return best


def raised(clause: Clause, book: Book) -> dict[str, tuple[float, Hit]]:
    """What the rules say of one sentence: each tag with its weight and the phrase that carries it best."""
    found: dict[str, list[tuple[float, Hit]]] = {}
    by_phrase = book.by_phrase
    for hit in clause.hits:
        if hit.phrase >= 0 and (rules := by_phrase[hit.phrase]):
            for tag, weight in _weights(clause, hit, rules).items():
                if tag in found:
                    found[tag].append((weight, hit))
                else:
                    found[tag] = [(weight, hit)]
    return {tag: _added(weights) if len(weights) > 1 else weights[0] for tag, weights in found.items()}


def _added(weights: list[tuple[float, Hit]]) -> tuple[float, Hit]:
    """All weights of one tag together, and where the strongest stands."""
    weights.sort(key=lambda item: (-item[0], item[1].start))
    doubt = 1.0
    for (weight, _), damping in zip(weights, DAMPING, strict=False):
        doubt *= 1 - weight * damping
    return 1 - doubt, weights[0][1]


class Carried(msgspec.Struct, frozen=True):
    """The tags of a sentence, each once, strongest first, without what another tag absorbs.

    ``likeliest`` is what may have befallen the people in it, should it turn out to
    number them: the likeliest of such tags, however unlikely.
    """

    triggers: list[Trigger]
    likeliest: Trigger | None

    def without(self, tags: Set[str]) -> "Carried":
        """The same without some tags."""
        if not self.triggers:
            return self
        left = [trigger for trigger in self.triggers if trigger.tag not in tags]
        return Carried(left, self.likeliest) if left or self.likeliest else NOTHING


NOTHING: Final = Carried([], None)


class Told(NamedTuple):
    """What an article tells: its sentences and its headline, each with what it carries.

    ``titled``, ``opened`` and ``whole`` say how likely headline, first sentence and the whole article make each tag.
    """

    sentences: list[Carried]
    headline: Carried
    titled: list[float]
    opened: list[float]
    whole: list[float]

    def chance(self, tag: str) -> float:
        """How likely the article tells an event of a tag at all."""
        return self.whole[NUMBER[tag]]

    def in_headline(self, tag: str) -> float:
        """How likely its headline tells one."""
        return self.titled[NUMBER[tag]]

    def at_first(self, tag: str) -> float:
        """How likely its first sentence does."""
        return self.opened[NUMBER[tag]]


def triggers(clauses: Sequence[Clause], book: Book, model: Model) -> Told:
    """The tags of each sentence of an article; the last of ``clauses`` is the headline, which may be empty."""
    told = [raised(clause, book) for clause in clauses]
    weights = rule_weights([{tag: weight for tag, (weight, _) in one.items()} for one in told])
    reading = model.read(clauses, weights)
    scores = reading.scores
    chances = 1 / (1 + np.exp(EVEN - reading.in_context()))
    if clauses[-1].lower:
        doubt = DOUBT * min(1.0, TAUGHT / len(clauses)) * np.maximum(-reading.whole, 0.0)
        weights[:-1] -= doubt
        weights[-1] -= np.where(scores[-1] < 0.0, doubt, 0.0)
    chances = np.where(scores > DOUBTED, np.maximum(chances, weights), chances)

    likely = (chances >= FAINT).nonzero()
    sure = list(zip(*(column.tolist() for column in (*likely, chances[likely])), strict=True))
    guessed = _guessed(scores, [at for at, clause in enumerate(clauses) if may_count(clause.mask)])
    unruled = [(at, number) for at, number, _ in (*sure, *guessed) if TAGS[number] not in told[at]]
    heads = dict(zip(unruled, reading.heads(unruled, clauses), strict=True))

    def trigger(at: int, number: int, weight: float) -> Trigger:
        tag = TAGS[number]
        head = told[at][tag][1] if tag in told[at] else Hit(*heads[at, number], 0, -1)
        return Trigger(tag, clauses[at], head, weight)

    found: dict[int, list[Trigger]] = {}
    for at, number, chance in sure:
        found.setdefault(at, []).append(trigger(at, number, chance))
    likeliest = {at: trigger(at, number, weight) for at, number, weight in guessed}
    carried = [NOTHING] * len(clauses)
    for at in found.keys() | likeliest.keys():
        carried[at] = Carried(_unabsorbed(found.get(at, [])), likeliest.get(at))
    whole = 1 / (1 + np.exp(EVEN - reading.whole))
    return Told(carried[:-1], carried[-1], chances[-1].tolist(), chances[0].tolist(), whole.tolist())


def _guessed(scores: Floats, some: list[int]) -> list[tuple[int, int, float]]:
    """The likeliest of what may have befallen people in each of some sentences, unless it is absurd."""
    if not some:
        return []
    bearing = scores[some][:, _CASUALTIES]
    likeliest = zip(some, _CASUALTIES[bearing.argmax(axis=1)].tolist(), bearing.max(axis=1).tolist(), strict=True)
    return [(at, number, GUESSED) for at, number, score in likeliest if score > DOUBTED]


def _unabsorbed(triggers: list[Trigger]) -> list[Trigger]:
    """The strongest first."""
    if len(triggers) < 2:
        return triggers
    triggers.sort(key=lambda one: (-one.weight, one.tag))
    return [
        trigger
        for trigger in triggers
        if trigger.weight >= CERTAIN
        or not any(
            trigger.tag in TAXONOMY[other.tag].absorbs and other.weight >= min(trigger.weight, 0.8)
            for other in triggers
            if other is not trigger
        )
    ]
