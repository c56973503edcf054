"""What the English-language press calls a first-level division: GeoNames has the name in the country's language."""

from functools import cache
from typing import Final

from services.enrich.lexicon.table import rows
from services.enrich.places.sources import Division
from services.enrich.places.spellings import alike, bare, display, keys
from services.enrich.text.fold import matching

_OBLASTS: Final = (" oblast", " oblast'", " voblasc")
# Kept with the name; of other divisions the press says the name alone, or adds the word in lower case.
_KEPT: Final = (" Oblast", " Krai", " Governorate", " Voivodeship")


@cache
def _known() -> frozenset[str]:
    return frozenset(row["name"] for row in rows("admin_names"))


def english(division: Division, seat: str) -> str:
    """The name the English-language press uses for a first-level division."""
    names = [display(name) for name in (division.name, *division.aliases)]
    shortest = sorted(names, key=lambda name: (len(name), names.index(name)))
    for name in shortest:
        if name in _known() or name.endswith(_KEPT):
            return name
    folded = matching(division.name).lower()
    if alike(matching(bare(names[0])), matching(seat)):
        return seat
    if folded.endswith(_OBLASTS) and folded[:3] == matching(seat).lower()[:3]:
        return f"{seat.partition('-on-')[0]} Oblast"
    for name in names[1:]:
        if bare(name) != name and matching(bare(name))[:2] == matching(names[0])[:2]:
            return bare(name)
    head, comma, _ = names[0].partition(", ")
    if comma:
        return head
    shorter = [name for name in names[1:] if len(name) < len(names[0]) and next(keys(name), None)]
    alike_start = [name for name in shorter if matching(name)[:3] == matching(names[0])[:3]]
    return min(alike_start, key=len) if alike_start and " " in names[0] else names[0]
