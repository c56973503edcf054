"""All scores of one gold set, ours and the rival's, as plain values that can be printed or written as JSON."""

from collections.abc import Mapping
from typing import Any

from bench.quality import scores
from bench.quality.answers import Answer
from bench.quality.rival import Rival
from bench.quality.sample import GoldSet, Named, Span


def measured(gold: GoldSet, answers: Mapping[str, Answer], rival: Rival | None) -> dict[str, Any]:
    """What the set has something to say about: ``names``, ``places``, ``resolution``, ``dates``, ``events``.

    ``names`` and ``places`` hold a value for ``newswire`` and, where it runs, one for
    the rival; the others are ours alone, because the rival does not do them.
    """
    samples, first = gold.samples, gold.samples[0]
    figures: dict[str, Any] = {"samples": len(samples)}
    theirs: Mapping[str, frozenset[Named]] | None = None
    if rival and (first.names is not None or first.toponyms is not None):
        theirs = rival.names(samples)
    if first.names is not None:
        ours = {name: answer.names for name, answer in answers.items()}
        figures["names"] = {"newswire": _names(gold, ours)} | ({"rival": _names(gold, theirs)} if theirs else {})
    if first.toponyms is not None:
        found = {name: frozenset(answer.places) for name, answer in answers.items()}
        figures["places"] = {"newswire": scores.recognition(samples, found)._asdict()}
        either = {name: found[name] | _of_places(answer.names) for name, answer in answers.items()}
        figures["places"]["with_names"] = scores.recognition(samples, either)._asdict()
        if theirs:
            spans = {name: _of_places(names) for name, names in theirs.items()}
            figures["places"]["rival"] = scores.recognition(samples, spans)._asdict()
        figures["resolution"] = scores.resolution(samples, answers)._asdict()
    if first.times is not None:
        times = scores.times(samples, answers)
        figures["dates"] = {
            "strict": times.strict._asdict(),
            "relaxed": times.relaxed._asdict(),
            "value": times.value,
            "wanted": sum(len(sample.times or ()) for sample in samples),
        }
    if first.label is not None:
        figures["events"] = scores.labels(samples, answers)._asdict()
    elif any(sample.tag for sample in samples):
        figures["events"] = scores.tags(samples, answers)._asdict()
    return figures


def _names(gold: GoldSet, found: Mapping[str, frozenset[Named]]) -> dict[str, dict[str, float]]:
    return {kind: score._asdict() for kind, score in scores.names(gold.samples, found).items()}


def _of_places(names: frozenset[Named]) -> frozenset[Span]:
    return frozenset(name.span for name in names if name.type == "LOC")
