"""``make train-events ARGS=--across``: how each file is read by what files of other parts teach.

Of sentences it is precision, recall and F1 at the threshold that serves all best; of articles
those of the tags that the whole step gives them, against the union of their sentences' tags, and how
often the first event is one of the headline's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from services.enrich.events.detect import detect
from services.enrich.events.model import Model, Vectors
from tools.train_events.coding import arrays
from tools.train_events.context import learned
from tools.train_events.examples import Report
from tools.train_events.parts import Part

SURE: Final = np.arange(-2.5, 1.0, 0.25)  # thresholds that are tried


def across(parts: Sequence[Part], reports: Sequence[Report], vectors: Vectors) -> Iterator[str]:
    """A line for each file that has articles, and for all."""
    bar = max(SURE, key=lambda bar: _f1(_of_sentences(parts, bar)))
    yield f"all, sentences above {bar:.2f}: {_told(_of_sentences(parts, bar))}"
    total = Counter[str]()
    for part in parts:
        model = Model(_arrays(part, parts), vectors)
        for file in part.files:
            found = Counter[str]()
            for report in reports:
                if report.source == file:
                    found.update(_of_article(report, model))
            if found:
                yield f"{file}, articles: {_told(found)}"
                total.update(found)
    yield f"all, articles: {_told(total)}"


def _arrays(part: Part, parts: Sequence[Part]) -> dict[str, "np.ndarray"]:
    context = learned([one for other in parts if other is not part for one in other.articles()])
    return arrays(part.model, context, len(part.told))


def _of_sentences(parts: Sequence[Part], bar: float) -> Counter[str]:
    tally = Counter[str]()
    for part in parts:
        found, wanted = part.scores > bar, part.wanted > 0
        tally.update(right=int((found & wanted).sum()), found=int(found.sum()), wanted=int(wanted.sum()))
    return tally


def _of_article(report: Report, model: Model) -> Counter[str]:
    kinds = [event.type for event in detect(report.text, report.names, report.times, model)]
    tally = Counter(right=len(report.tags.intersection(kinds)), found=len(set(kinds)), wanted=len(report.tags))
    if report.headline:
        tally.update(headlines=1, first=int(bool(kinds) and kinds[0] in report.headline))
    return tally


def _f1(tally: Counter[str]) -> float:
    return 2 * tally["right"] / (tally["found"] + tally["wanted"])


def _told(tally: Counter[str]) -> str:
    right = tally["right"]
    figures = f"precision {right / tally['found']:.3f}, recall {right / tally['wanted']:.3f}, F1 {_f1(tally):.3f}"
    return figures + (f", first event {tally['first'] / tally['headlines']:.3f}" if tally["headlines"] else "")
