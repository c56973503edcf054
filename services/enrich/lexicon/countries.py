"""The states and territories of ISO 3166-1, with the words for them and for their people."""

from functools import cache
from typing import NamedTuple

from services.enrich.lexicon.table import listed, rows


class Country(NamedTuple):
    """One line of ``countries.tsv``; ``capital_id`` is the capital's geonameid, None where there is none."""

    iso: str
    name: str
    geonameid: int
    lat: float
    lon: float
    capital: str
    capital_id: int | None
    aliases: tuple[str, ...]
    adjectives: tuple[str, ...]
    people: tuple[str, ...]


@cache
def countries() -> dict[str, Country]:
    """All countries by ISO 3166-1 alpha-2 code (Kosovo: XK)."""
    return {
        row["iso"]: Country(
            iso=row["iso"],
            name=row["name"],
            geonameid=int(row["geonameid"]),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            capital=row["capital"],
            capital_id=int(row["capital_geonameid"]) if row["capital_geonameid"] else None,
            aliases=listed(row["aliases"]),
            adjectives=listed(row["adjectives"]),
            people=listed(row["people"]),
        )
        for row in rows("countries")
    }
