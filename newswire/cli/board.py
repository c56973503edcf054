"""The live view of a running system: what each stage takes in, gets out, holds and refuses."""

from collections.abc import Sequence
from typing import Protocol

from rich.table import Table

from newswire.figures import Figures
from newswire.reasons import Stage

# For whoever sees the table for the first time.
LEGEND = (
    "in: records, bad ones and copies among them; enrich and index get what is new\n"
    "p50, p99: half, and 99 %, took less: of batches in ingest and enrich; in index, of articles from file to hit"
)


class Watched(Protocol):
    """A service, whoever started it."""

    @property
    def stage(self) -> Stage:
        """Which of the three it is."""

    def figures(self) -> Figures | None:
        """Its metrics; None while it does not answer."""


class Board:
    """Remembers the last look, so that the next one can tell rates. Rates are per second."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[float, float]] = {}

    def table(self, services: Sequence[Watched], now: float) -> Table:
        """One row a stage, in the order of the flow; ``now`` is a monotonic clock, seconds."""
        table = Table(box=None, pad_edge=False, header_style="dim", caption=LEGEND, caption_justify="left")
        for name in ("stage", "in", "out", "a second", "in flight", "again", "dead", "p50", "p99"):
            table.add_column(name, justify="left" if name == "stage" else "right")
        for service in sorted(services, key=lambda one: ("ingest", "enrich", "index").index(one.stage.value)):
            figures = service.figures()
            if figures is None:
                table.add_row(service.stage.value, "not answering", style="red")
                continue
            table.add_row(service.stage.value, *self._row(service.stage.value, figures, now))
        return table

    def _row(self, stage: str, figures: Figures, now: float) -> list[str]:
        done = figures.total("articles_out_total")
        before, then = self._before.get(stage, (done, now))
        self._before[stage] = (done, now)
        rate = (done - before) / (now - then) if now > then else 0.0
        # Of the whole way where that is known, else of the stage's own work on a batch.
        timing = "end_to_end_seconds" if stage == "index" else "stage_seconds"
        return [
            f"{figures.total('articles_in_total'):,.0f}",
            f"{done:,.0f}",
            f"{rate:,.1f}",
            f"{figures.total('in_flight_articles'):,.0f}",
            f"{figures.total('retries_total'):,.0f}",
            f"{figures.total('dead_letters_total'):,.0f}",
            seconds(figures.quantile(timing, 0.5)),
            seconds(figures.quantile(timing, 0.99)),
        ]


def seconds(value: float | None) -> str:
    """A duration, as short as it is clear."""
    if value is None:
        return "–"
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"
