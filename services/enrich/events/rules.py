"""The trigger rules of ``triggers/*.toml``, compiled to masks (the form is explained in ``triggers/conflict.toml``)."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from services.enrich.events.phrases import NAME_CLASSES, Phrases, lexicon, split, with_infinitives, within
from services.enrich.events.taxonomy import TAXONOMY
from services.enrich.events.wording import classes as stance_classes

# The parts of a sentence a condition may look at, by its sign.
SIGNS: Final = (">>", "<<", ">", "<", "&")
FAR: Final = 80  # characters: about a clause
NEAR: Final = 25  # characters: about three words

Classes = dict[str, frozenset[str]]


class Rule(msgspec.Struct, frozen=True):
    """``tag`` with ``weight`` where every need is met and no veto is.

    ``needs`` and ``veto`` are of the whole sentence, ``beside`` and ``not_beside``
    of the places that their signs name. What has to stand beside has to stand in the
    sentence at all, which is sooner asked: ``needs`` has it too.
    """

    tag: str
    weight: float
    needs: tuple[int, ...]
    veto: int
    beside: tuple[tuple[str, int], ...]
    not_beside: tuple[tuple[str, int], ...]


class Book(NamedTuple):
    """The phrases and, for each of them by number, the rules it is a head of, the strongest first."""

    phrases: Phrases
    by_phrase: list[tuple[Rule, ...]]


class Line(NamedTuple):
    """A rule as written: heads are phrases and, with an @, classes."""

    tag: str
    weight: float
    heads: tuple[str, ...]
    conditions: tuple[str, ...]

    def phrases(self, classes: Classes) -> frozenset[str]:
        """Every phrase that is a head of the rule."""
        named = (classes[head[1:]] for head in self.heads if head.startswith("@"))
        own = frozenset(split(", ".join(head for head in self.heads if not head.startswith("@"))))
        return with_infinitives(own, classes["nouns"]).union(*named)


def read_lines() -> Iterator[Line]:
    """The rules of every file, in order; raises ValueError for a tag that does not exist."""
    for file in sorted(files(__package__).joinpath("triggers").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for tag, text in tomllib.loads(file.read_text("utf-8")).items():
            if tag not in TAXONOMY:
                raise ValueError(f"{file.name} has rules for {tag}, which is no tag")
            for line in filter(None, text.splitlines()):
                # A column's bar has spaces around it or ends the line; that of a group has not.
                weight, heads, conditions = f"{line} ".split(" | ")
                yield Line(tag, float(weight), tuple(map(str.strip, heads.split(","))), tuple(conditions.split()))


def _condition(word: str, classes: Classes) -> tuple[bool, str, list[str]]:
    """Whether it is a veto, its sign and its classes."""
    veto, rest = word.startswith("!"), word.removeprefix("!")
    sign = next((sign for sign in SIGNS if rest.startswith(sign)), "&" if veto else "")
    names = rest.removeprefix(sign).split("+") if sign else []
    unknown = [name for name in names if name not in classes and name not in NAME_CLASSES]
    if not names or unknown:
        raise ValueError(f"condition {word!r} names no known class: {unknown or word}")
    return veto, sign, names


def _inherited(classes: Classes, heads: frozenset[str]) -> Classes:
    """The classes with the longer phrases that contain a phrase of theirs: "opened fire on" still is an "opened fire".

    Of overlapping phrases only the longest is found, so a longer one would hide what
    it is made of. What is figurative means nothing else, and a phrase of the class
    ``whole`` means only what it is listed for: "riot police" is no riot.
    """
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, phrases in classes.items():
        for phrase in phrases:
            names[phrase].append(name)
    longer: defaultdict[str, set[str]] = defaultdict(set)
    for phrase in (heads | names.keys()) - classes["figurative"] - classes["whole"]:
        for part in within(phrase):
            for name in names.get(part, ()):
                longer[name].add(phrase)
    return {name: phrases | longer[name] for name, phrases in classes.items()} | {"figurative": classes["figurative"]}


@cache
def book() -> Book:
    """Every rule of every file; raises ValueError or KeyError for a tag or class that does not exist."""
    lines = list(read_lines())
    heads = frozenset[str]().union(*(line.phrases(lexicon()) for line in lines))
    stance = stance_classes()
    roles = {"roles": stance.pop("roles")}  # each of its phrases has a meaning of its own
    classes = _inherited(lexicon() | stance, heads) | roles
    phrases = Phrases({**classes, "head": heads})
    by_text: defaultdict[str, list[Rule]] = defaultdict(list)
    for line in lines:
        conditions = [_condition(word, classes) for word in line.conditions]
        rule = _rule(line, [(veto, sign, _mask(phrases, names)) for veto, sign, names in conditions])
        for phrase in line.phrases(classes):
            by_text[phrase].append(rule)
    ranked = {text: tuple(sorted(rules, key=lambda rule: -rule.weight)) for text, rules in by_text.items()}
    return Book(phrases, [ranked.get(text, ()) for text in phrases.texts])


def mask_of(*names: str) -> int:
    """The bits that any of these classes sets in the mask of a sentence or phrase; hot paths ask once and keep them."""
    return _mask(book().phrases, names)


def _mask(phrases: Phrases, names: Iterable[str]) -> int:
    mask = 0
    for name in names:
        mask |= phrases.bit[name]
    return mask


def _rule(line: Line, masks: list[tuple[bool, str, int]]) -> Rule:
    veto = 0
    for against, sign, mask in masks:
        veto |= mask if against and sign == "&" else 0
    return Rule(
        line.tag,
        line.weight,
        needs=tuple(mask for against, _, mask in masks if not against),
        veto=veto,
        beside=tuple((sign, mask) for against, sign, mask in masks if not against and sign != "&"),
        not_beside=tuple((sign, mask) for against, sign, mask in masks if against and sign != "&"),
    )
