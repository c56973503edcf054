"""``make eval-html``: how much of the article is found in a page, by our reader and by libraries alone.

Precision, recall and F1 of words, the mean over all pages; and pages a second. The
libraries that are not installed are left out (``pip install resiliparse readability-lxml``).
"""

import argparse
import importlib.util
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from bench.html.pages import Sample, samples
from services.ingest.readers import read_records
from services.ingest.readers.record import RawArticle

Extract = Callable[[bytes], str]


class Score(NamedTuple):
    """Of one page, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.html", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="F1 of every kind of page")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    console = Console(stderr=options.json, highlight=False)
    pages = samples()
    console.print(f"{len(pages)} pages of {len({page.kind for page in pages})} kinds", style="dim")
    figures = {name: measure(extract, pages) for name, extract in extractors().items()}
    if options.json:
        json.dump({"extractors": figures, "metadata": metadata(pages)}, sys.stdout, indent=2)
    else:
        show(console, figures, metadata(pages), verbose=options.verbose)


def extractors() -> dict[str, Extract]:
    """Each a function from the bytes of a page to its text."""
    found: dict[str, tuple[str, Extract]] = {
        "newswire": ("lxml", _newswire),
        "trafilatura, fast": ("trafilatura", _trafilatura(fast=True)),
        "trafilatura": ("trafilatura", _trafilatura(fast=False)),
        "resiliparse": ("resiliparse", _resiliparse),
        "readability-lxml": ("readability", _readability),
    }
    return {name: extract for name, (module, extract) in found.items() if importlib.util.find_spec(module)}


def measure(extract: Extract, pages: list[Sample]) -> dict[str, Any]:
    """The means over ``pages``, and the F1 of each kind."""
    extract(pages[0].html)  # what is loaded at the first call is not measured
    start = time.perf_counter()
    texts = [extract(page.html) for page in pages]
    seconds = time.perf_counter() - start
    kinds: defaultdict[str, list[Score]] = defaultdict(list)
    for page, text in zip(pages, texts, strict=True):
        kinds[page.kind].append(score(text, page))
    every = [one for scores in kinds.values() for one in scores]
    return {
        "precision": _mean([one.precision for one in every]),
        "recall": _mean([one.recall for one in every]),
        "f1": _mean([one.f1 for one in every]),
        "pages_per_second": round(len(pages) / seconds),
        "kinds": {kind: _mean([one.f1 for one in scores]) for kind, scores in kinds.items()},
    }


def score(text: str, page: Sample) -> Score:
    """How many words of ``text`` are the article's; all is right where none was to be found and none was."""
    found, wanted = _words(text), _words(page.text)
    optional = _words(page.optional) + _words(page.story.title) - wanted
    found -= optional
    if not wanted or not found:
        right = float(not wanted and not found)
        return Score(right, right, right)
    common = (found & wanted).total()
    precision, recall = common / found.total(), common / wanted.total()
    return Score(precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0)


def metadata(pages: list[Sample]) -> dict[str, float]:
    """The share of articles whose title, author and date our reader gives as they are."""
    right: Counter[str] = Counter()
    articles = [page for page in pages if page.text]
    for page in articles:
        record = read_records(page.html, "page.html", UTC).records[0]
        if isinstance(record, RawArticle):
            right["title"] += record.title == page.story.title
            right["author"] += record.byline == page.story.author
            right["date"] += record.published_at is not None and record.published_at.isoformat() == page.story.published
    return {name: round(right[name] / len(articles), 3) for name in ("title", "author", "date")}


def show(console: Console, figures: dict[str, dict[str, Any]], about: dict[str, float], *, verbose: bool) -> None:
    """A row for each extractor; with ``verbose`` one for each kind of page."""
    table = Table("", "precision", "recall", "F1", "pages/s")
    for name, one in figures.items():
        numbers = (f"{one[key]:.3f}" for key in ("precision", "recall", "f1"))
        table.add_row(name, *numbers, str(one["pages_per_second"]))
    console.print(table)
    console.print("newswire also gives " + ", ".join(f"the {name} of {share:.0%}" for name, share in about.items()))
    if verbose:
        kinds = Table("F1", *figures)
        for kind in next(iter(figures.values()))["kinds"]:
            kinds.add_row(kind, *(f"{one['kinds'][kind]:.2f}" for one in figures.values()))
        console.print(kinds)


def _newswire(data: bytes) -> str:
    record = read_records(data, "page.html", UTC).records[0]
    return record.body if isinstance(record, RawArticle) else ""


def _trafilatura(*, fast: bool) -> Extract:
    def extract(data: bytes) -> str:
        import trafilatura  # noqa: PLC0415

        return trafilatura.extract(data, fast=fast, include_comments=False) or ""

    return extract


def _resiliparse(data: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415

    return str(
        extract_plain_text(bytes_to_str(data, detect_encoding(data) or "utf-8"), main_content=True, alt_texts=False)
    )


def _readability(data: bytes) -> str:
    import readability  # noqa: PLC0415
    from lxml import html  # noqa: PLC0415

    summary = readability.Document(data.decode("utf-8", "replace")).summary()
    return str(html.fromstring(summary).text_content())


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4)


if __name__ == "__main__":
    main()
