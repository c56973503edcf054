"""Which tags the sentences carry, and at which word: what the rules raise, the model weighs."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from services.enrich.events.counts import may_count
from services.enrich.events.model import NUMBER, Floats, Model, rule_weights
from services.enrich.events.phrases import Hit
from services.enrich.events.rules import FAR, NEAR, Book, Rule
from services.enrich.events.scan import Clause
from services.enrich.events.sureness import AGAIN, DAMPING, FOLLOWING, GUESSED, HEADLINED, THRESHOLD, depth, together
from services.enrich.events.taxonomy import BEARS, TAGS, TAXONOMY

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
# The number of a sentence, that of a tag, and how likely the one tells the other.
Likely = tuple[int, int, float]
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
                found.setdefault(tag, []).append((weight, hit))
    return {tag: _added(weights) if len(weights) > 1 else weights[0] for tag, weights in found.items()}


def _added(weights: list[tuple[float, Hit]]) -> tuple[float, Hit]:
    """All weights of one tag together, and where the strongest stands."""
    strongest = min(weights, key=lambda item: (-item[0], item[1].start))
    return together([weight for weight, _ in weights], AGAIN), strongest[1]


class Carried(msgspec.Struct, frozen=True):
    """The tags of a sentence, each once, strongest first, without what another tag absorbs.

    ``likeliest`` is what may have befallen the people in it, should it turn out to
    number them: the likeliest of such tags, however unlikely.
    """

    triggers: list[Trigger]
    likeliest: Trigger | None


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

    def by_headline(self, tag: str) -> float:
        """How likely the article tells an event of a tag that its headline tells, 0 where that does not."""
        number = NUMBER[tag]
        return _by_headline(self.titled[number], self.whole[number])

    def in_headline(self, tag: str) -> float:
        """How likely its headline tells one."""
        return self.titled[NUMBER[tag]]

    def at_first(self, tag: str) -> float:
        """How likely its first sentence does."""
        return self.opened[NUMBER[tag]]


def triggers(clauses: Sequence[Clause], book: Book, model: Model, enough: float) -> Told:
    """The tags of each sentence of an article; the last of ``clauses`` is the headline, which may be empty.

    A tag of which there would be no event with a score of ``enough``, were all sentences of one, is in none of them.
    """
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
    titled, opened, whole = (row.tolist() for row in (chances[-1], chances[0], 1 / (1 + np.exp(EVEN - reading.whole))))
    last = len(clauses) - 1
    guessed = _guessed(scores, [at for at, clause in enumerate(clauses) if may_count(clause.mask)])
    hopeless = _hopeless([one for one in sure if one[0] < last], guessed, titled, whole, enough)
    sure = [one for one in sure if one[1] not in hopeless or one[0] == last]
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
    return Told(carried[:-1], carried[-1], titled, opened, whole)


def _by_headline(titled: float, whole: float) -> float:
    """What a headline tells is as likely as the whole article makes it."""
    return whole if titled >= THRESHOLD else 0.0


def _hopeless(
    sure: list[Likely], guessed: list[Likely], titled: list[float], whole: list[float], enough: float
) -> frozenset[int]:
    """The numbers of the tags that cannot become an event; ``sure`` is in the order of sentences."""
    hopeful: set[int] = set()
    faint: dict[int, list[tuple[int, float]]] = {}
    for at, number, chance in sure:
        if number not in hopeful:
            alone = max(chance * depth(at), _by_headline(titled[number], whole[number]), titled[number] * HEADLINED)
            if alone >= enough:
                hopeful.add(number)
            else:
                faint.setdefault(number, []).append((at, chance))
    for at, number, weight in guessed:
        if number in faint:
            faint[number].append((at, weight))
    return frozenset(
        number for number, told in faint.items() if number not in hopeful and not _may_be(number, told, enough)
    )


def _may_be(number: int, told: list[tuple[int, float]], enough: float) -> bool:
    weights = [chance for _, chance in told]
    if BEARS[TAGS[number]]:  # it may be gone on about
        weights += [FOLLOWING] * (len(DAMPING) - 1)
    return round(together(weights) * depth(min(told)[0]), 3) >= enough


def _guessed(scores: Floats, some: list[int]) -> list[Likely]:
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
