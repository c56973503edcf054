"""Articles for the benchmark: of a news article's length, each different.

Made from the samples' sentences, which are dense with events, and four times as
many of ``sentences.txt``, which carry what most news is made of.
"""

import random
from datetime import UTC
from pathlib import Path

from services.ingest.readers import read_records
from services.ingest.readers.record import RawArticle

PLAIN = Path(__file__).with_name("sentences.txt")
WORDS = 500  # of an article; a wire story has 300 to 800


def sentences(samples: Path) -> tuple[list[str], list[str]]:
    """Every sentence of the samples, roughly cut, and the plain ones."""
    found: list[str] = []
    for path in sorted(samples.iterdir()):
        for record in read_records(path.read_bytes(), path.name, UTC).records:
            if isinstance(record, RawArticle):
                found += [part.strip() + "." for part in record.body.replace("\n\n", " ").split(". ") if part.strip()]
    return found, PLAIN.read_text("utf-8").splitlines()


def write(directory: Path, count: int, samples: Path, *, seed: int, prefix: str) -> list[Path]:
    """Write ``count`` articles in the samples' text form; the same seed writes the same."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    pool = sentences(samples)
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for number in range(count):
        path = directory / f"{prefix}-{number:06d}.txt"
        path.write_text(text(rng, pool, f"{prefix} {number}"), encoding="utf-8")
        written.append(path)
    return written


def text(rng: random.Random, pool: tuple[list[str], list[str]], name: str) -> str:
    """One article; its headline names it, so that no two are the same."""
    paragraphs: list[str] = []
    words = 0
    while words < WORDS:
        dense, plain = pool
        chosen = [rng.choice(dense), *rng.sample(plain, 4)]
        rng.shuffle(chosen)
        paragraph = " ".join(chosen).replace("..", ".")
        paragraphs.append(paragraph)
        words += len(paragraph.split())
    return f"date 2025-02-07 Report {name} of the benchmark\n\nKYIV - " + "\n\n".join(paragraphs) + "\n"
