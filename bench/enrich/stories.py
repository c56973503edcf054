"""Articles for measuring: each with names of its own, of a wire story's length or of every length and kind there is."""

import random
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.articles import sentences
from newswire import article
from newswire.article import Article, Source

SAMPLES: Final = Path(__file__).parents[2] / "samples"
WORDS: Final = 540  # of a wire story: the mean of those that the design was measured on
# Half of the varied ones are shorter than this; the lengths are spread as those of a day's news are, with a long tail.
MEDIAN, SPREAD = 350, 1.1
SHORTEST, LONGEST = 12, 5_000  # words
WRITTEN: Final = datetime(2025, 2, 7, tzinfo=UTC)
# How often each kind is drawn.
KINDS: Final = {"news": 66, "capitals": 8, "table": 10, "language": 10, "quotes": 4, "one line": 2}

_LISTS: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
_POOLS: Final = sentences(SAMPLES)
_SLOT: Final = re.compile(r"\{(\w+)\}")


class Story(NamedTuple):
    """An article as it lies on the raw topic."""

    value: bytes
    text: str
    kind: str
    words: int


def wire(count: int, *, seed: int) -> list[Story]:
    """``count`` articles of ``WORDS`` words; the same seed makes the same."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    return [_story(rng, number, "news", WORDS) for number in range(count)]


def varied(count: int, *, seed: int) -> list[Story]:
    """``count`` articles from one line to 5,000 words, tables, capitals and other languages among them."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    kinds = rng.choices(list(KINDS), list(KINDS.values()), k=count)
    lengths = [int(min(max(MEDIAN * rng.lognormvariate(0, SPREAD), SHORTEST), LONGEST)) for _ in range(count)]
    return [_story(rng, number, *one) for number, one in enumerate(zip(kinds, lengths, strict=True))]


def _story(rng: random.Random, number: int, kind: str, words: int) -> Story:
    writer = _Writer(rng)
    body = _BODIES[kind](writer, words)
    made = Article(
        id=f"{number:032x}",
        revision=1,
        title=writer.sentence().removesuffix("."),
        body=body,
        dateline=rng.choice(_LISTS["places"]).upper(),
        published_at=WRITTEN,
        source=Source(path=f"{number}.txt", format="text", bytes=len(body), sha256=""),
    )
    return Story(article.encode(made), body, kind, len(body.split()))


class _Writer:
    """Fills the sentences of one article; who was named may be named again, by the last name."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._named: list[str] = []
        # A story keeps to a few places, as a real one does.
        self._places = rng.sample(_LISTS["places"], 9)

    def sentence(self) -> str:
        """One with names of this article in three of five cases, else one of the samples' or one without names."""
        dense, plain = _POOLS
        drawn = self.rng.random()
        if drawn < 0.6:
            filled = self._filled(self.rng.choice(_LISTS["sentences"]))
            return filled[0].upper() + filled[1:]
        return self.rng.choice(dense if drawn < 0.7 else plain)

    def prose(self, words: int) -> str:
        """Paragraphs of one to four sentences."""
        paragraphs: list[str] = []
        written = 0
        while written < words:
            paragraphs.append(" ".join(self.sentence() for _ in range(self.rng.randint(1, 4))))
            written += len(paragraphs[-1].split())
        return "\n\n".join(paragraphs)

    def table(self, words: int) -> str:
        """Results, line by line: names, places and numbers, and no sentence."""
        lines = [
            f"{rank}. {self._filled('{person}')} ({self._filled('{place}')}) {self._filled('{org}')} "
            f"{self.rng.randint(1, 59)}:{self.rng.randint(10, 59)}.{self.rng.randint(10, 99)}"
            for rank in range(1, words // 7 + 2)
        ]
        return self.sentence() + "\n\n" + "\n".join(lines)

    def quotes(self, words: int) -> str:
        """Somebody talks for paragraphs."""
        return "\n\n".join(f"“{paragraph}" for paragraph in self.prose(words).split("\n\n")) + "”"

    def language(self, words: int) -> str:
        """Sentences of one other language."""
        sentences = self.rng.choice(list(_LISTS["languages"].values()))
        return "\n\n".join(" ".join(self.rng.choice(sentences) for _ in range(3)) for _ in range(max(words // 30, 1)))

    def _last(self) -> str:
        """A last name, one in four of them new."""
        if self.rng.random() < 1 / 4:
            return "".join(self.rng.choices(_LISTS["syllables"], k=self.rng.randint(2, 3))).capitalize()
        return str(self.rng.choice(_LISTS["last"]))

    def _filled(self, pattern: str) -> str:
        return _SLOT.sub(lambda slot: self._fill(slot[1]), pattern)

    def _fill(self, slot: str) -> str:
        rng = self.rng
        if slot == "last":
            return rng.choice(self._named) if self._named else self._last()
        if slot == "person":
            self._named.append(self._last())
            return f"{rng.choice(_LISTS['first'])} {self._named[-1]}"
        if slot == "org":
            return self._filled(rng.choice(_LISTS["organizations"]))
        drawn: dict[str, Callable[[], object]] = {
            "place": lambda: rng.choice(self._places),
            "day": lambda: rng.choice(_LISTS["days"]),
            "when": lambda: rng.choice(_LISTS["when"]),
            "year": lambda: rng.randint(1990, 2025),
            "number": lambda: rng.randint(2, 400),
        }
        return str(drawn[slot]())


_BODIES: Final[dict[str, Callable[[_Writer, int], str]]] = {
    "news": _Writer.prose,
    "capitals": lambda writer, words: writer.prose(words).upper(),
    "table": _Writer.table,
    "language": _Writer.language,
    "quotes": _Writer.quotes,
    "one line": lambda writer, _: writer.sentence(),
}
