"""The scores as tables for a person."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from bench.quality.rival import NAME

PARTS = ("precision", "recall", "f1")


def tables(figures: Mapping[str, Mapping[str, Any]]) -> Iterator[Table]:
    """One for each kind of finding that was measured."""
    for make, kind in (
        (_names, "names"),
        (_recognised, "places"),
        (_resolved, "resolution"),
        (_dates, "dates"),
        (_events, "events"),
        (_event_tags, "event_texts"),
        (_event_texts, "event_texts"),
    ):
        measured = {name: one for name, one in figures.items() if kind in one}
        if measured:
            yield make(measured)


def _names(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table(f"Names: exact span and type; sm is {NAME}", "set", "type", *_columns())
    for name, one in figures.items():
        for at, kind in enumerate(one["names"]["newswire"]):
            cells = _beside({who: scores[kind] for who, scores in one["names"].items()})
            table.add_row("" if at else name, kind, *cells, style="bold" if kind == "all" else "", end_section=True)
    return table


def _recognised(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table(f"Toponyms: exact span; sm is {NAME}", "set", *_columns(), "with names")
    for name, one in figures.items():
        table.add_row(name, *_beside(one["places"]), f"{one['places']['with_names']['f1']:.3f}")
    table.caption = "with names: F1 when names of places that were not resolved count as well"
    return table


def _resolved(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("Where the toponyms are", "set", "toponyms", "recognised", "right of them", "right of all", "median")
    for name, one in figures.items():
        where = one["resolution"]
        cells = (str(where["wanted"]), str(where["recognised"]), f"{where['right']:.3f}", f"{where['end_to_end']:.3f}")
        table.add_row(name, *cells, "–" if where["median"] is None else f"{where['median']:.0f} km")
    return table


def _dates(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("Time expressions", "set", "expressions", "precision", "recall", "relaxed F1", "strict F1", "value")
    for name, one in figures.items():
        times = one["dates"]
        cells = (*times["relaxed"].values(), times["strict"]["f1"], times["value"])
        table.add_row(name, str(times["wanted"]), *(f"{cell:.3f}" for cell in cells))
    return table


def _events(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("Event types", "set", "accuracy", "macro F1", "group accuracy", "among all")
    for name, one in figures.items():
        table.add_row(name, *("–" if value is None else f"{value:.3f}" for value in one["events"].values()))
    table.caption = "the first event of each text; among all: the right one is at least among those found"
    return table


def _event_tags(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("Tags of articles", "set", "articles", "precision", "recall", "F1")
    for name, one in figures.items():
        for articles, part in (("ours", "tags"), ("unlike those", "unlike")):
            table.add_row(name, articles, *(f"{value:.3f}" for value in one["event_texts"][part].values()))
    return table


def _event_texts(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("Sentences and pairs of texts about events", "set", "counts", "status", "one story", "two stories")
    for name, one in figures.items():
        told = one["event_texts"]
        table.add_row(name, *(f"{told[part]:.3f}" for part in ("counts", "status", "same", "different")))
    return table


def _columns() -> tuple[str, ...]:
    return ("ours P", "R", "F1", "sm P", "R", "F1", "points")


def _beside(scores: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Ours, the rival's where it ran, and how many points of F1 lie between them."""
    for who in ("newswire", "rival"):
        yield from (f"{scores[who][part]:.3f}" if who in scores else "–" for part in PARTS)
    both = "rival" in scores
    yield f"{(scores['newswire']['f1'] - scores['rival']['f1']) * 100:+.1f}" if both else "–"


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        caption_justify="left",
        box=None,
        pad_edge=False,
        header_style="dim",
    )
    for column in columns:
        table.add_column(column, justify="left" if column in ("set", "type") else "right", no_wrap=True)
    return table
