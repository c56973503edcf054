"""Names that a sentence lists side by side are of one kind: "Oregon, Idaho and Washington" are states."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from services.enrich.places.layout import ADMIN1, NAME
from services.enrich.places.toponym import Toponym

_BETWEEN: Final = re.compile(r"(?:, |; |/)(?:and |or |as well as )?| (?:and|or|&) ")


class Placed(msgspec.Struct, frozen=True, gc=False):
    """A toponym and where it stands in ``text``, a field of the article."""

    text: str
    start: int
    end: int
    toponym: Toponym


def lists(placed: Sequence[Placed]) -> None:
    """Tell each toponym which others it is listed with; ``placed`` is in the order of the text, without overlaps.

    "Washington, Pennsylvania and California" could be a town in Pennsylvania; it is
    three states where the list goes on and each of them is one.
    """
    row: list[Toponym] = []
    last: Placed | None = None
    for here in placed:
        follows = last is not None and last.text is here.text and _BETWEEN.fullmatch(here.text, last.end, here.start)
        if last is not None and follows and _ambiguous(last.toponym, here.toponym):
            row.append(here.toponym)
        elif last is not None and follows and last.toponym.container is here.toponym:
            pass  # "Austin, Texas, and Reno, Nevada": the towns are listed
        elif follows:
            row.append(here.toponym)
        else:
            _close(row)
            row = [here.toponym]
        last = here
    _close(row)


def _close(row: list[Toponym]) -> None:
    if len(row) < 2:
        return
    shared = tuple(row)
    for toponym in shared:
        toponym.listed = shared
    if len(row) > 2:
        for toponym in shared:
            outer = toponym.container
            if outer and outer in shared:
                toponym.container = outer.holds = None


def _ambiguous(inner: Toponym, outer: Toponym) -> bool:
    """Whether a name and the one after the comma may as well be two divisions of one country."""
    if inner.container is not outer:
        return False
    lands = {one.country for one in outer.candidates if one.kind is ADMIN1 and one.quality is NAME}
    return any(one.kind is ADMIN1 and one.quality is NAME and one.country in lands for one in inner.candidates)
