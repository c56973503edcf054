"""What was found wrongly, for whoever wants to make it better: a line each, with its surroundings."""

from collections.abc import Iterator, Mapping

from bench.quality.answers import Answer
from bench.quality.sample import GoldSet, Sample, Span
from newswire.logging import printable

# Characters at either side.
AROUND = 30


def lines(gold: GoldSet, answers: Mapping[str, Answer]) -> Iterator[str]:
    """``missed`` is in the gold set only, ``too much`` in the answer only."""
    for sample in gold.samples:
        answer = answers[sample.id]
        if sample.names is not None:
            yield from _differences(sample, dict(sample.names), dict(answer.names))
        elif sample.toponyms is not None:
            wanted = {one.span: "LOC" for one in sample.toponyms if not one.optional}
            yield from _differences(sample, wanted, dict.fromkeys(answer.places, "LOC"))
        if sample.tag and sample.tag != (answer.event or "none"):
            among = " (among the others)" if sample.tag in answer.tags else ""
            yield f"{sample.id}  event     {sample.tag} → {answer.event or 'none'}{among}"
        if sample.times is not None:
            yield from _differences(
                sample,
                {Span("body", one.start, one.end): one.value for one in sample.times},
                {Span("body", one.start, one.end): one.value for one in answer.times},
            )


def _differences(sample: Sample, wanted: Mapping[Span, str], found: Mapping[Span, str]) -> Iterator[str]:
    for span in sorted({*wanted, *found}):
        if wanted.get(span) != found.get(span):
            what = "too much" if span not in wanted else "missed" if span not in found else "otherwise"
            told = " → ".join(dict.fromkeys(one[span] for one in (wanted, found) if span in one))
            yield f"{sample.id}  {what:<9} {told:<12} {_shown(sample, span)}"


def _shown(sample: Sample, span: Span) -> str:
    text = dict(sample.fields())[span.field]
    before, after = text[max(span.start - AROUND, 0) : span.start], text[span.end : span.end + AROUND]
    return printable(f"{before}⟦{text[span.start : span.end]}⟧{after}".replace("\n", " "))
