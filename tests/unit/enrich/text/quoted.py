"""The gold quotations: paragraphs as a paper prints them, each with what is quoted and who is said to speak."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from newswire.enriched import Quote

_DIRECTORY = Path(__file__).parent / "quotes_gold"


class Quoted(NamedTuple):
    """A quotation by where it begins in the text, and who speaks: a name, else the words that stand for one."""

    start: int
    speaker: str


class Case(NamedTuple):
    """A text and its quotations."""

    id: str
    text: str
    quotes: list[Quoted]


class Score(NamedTuple):
    """Of the pairs of quotation and speaker: how many of the found are right, how many of the right are found."""

    precision: float
    recall: float
    wrong: list[str]


def read(name: str) -> list[Case]:
    """The cases of one half; ValueError where a quotation is not in its text."""
    content = (_DIRECTORY / f"{name}.txt").read_text("utf-8")
    return [_case(block) for block in re.split(r"^== ", content, flags=re.MULTILINE)[1:]]


def said(text: str, quotes: Sequence[Quote]) -> list[Quoted]:
    """What was found, in the form of the gold."""
    return [Quoted(one.start, one.speaker or text[one.speaker_start or 0 : one.speaker_end or 0]) for one in quotes]


def score(cases: Sequence[Case], found: Sequence[Sequence[Quoted]]) -> Score:
    """Count pairs; every pair that is missing or too many is listed."""
    right = sum(len(set(case.quotes) & set(one)) for case, one in zip(cases, found, strict=True))
    wrong = [
        f"{case.id}: expected {case.quotes}, found {list(one)}"
        for case, one in zip(cases, found, strict=True)
        if set(case.quotes) != set(one)
    ]
    return Score(right / max(1, sum(map(len, found))), right / sum(len(case.quotes) for case in cases), wrong)


def _case(block: str) -> Case:
    lines = block.rstrip().split("\n")
    text = "\n".join(line for line in lines[1:] if not line.startswith(">")).strip()
    quotes = []
    for line in lines[1:]:
        if line.startswith(">"):
            words, speaker, named = (part.strip() for part in line.removeprefix(">").split("|"))
            known = [one for one in (speaker, named) if one != "-"]
            quotes.append(Quoted(text.index(words), known[0] if known else ""))
    return Case(lines[0].strip(), text, quotes)
