"""The records of the gazetteer and the keys each is found by, from the sources."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.enrich.lexicon.countries import countries
from services.enrich.lexicon.table import listed, rows, words
from services.enrich.places import sources
from services.enrich.places.english import english
from services.enrich.places.layout import Kind, Quality
from services.enrich.places.sources import City, Division, Region
from services.enrich.places.spellings import alike, bare, display, keys
from services.enrich.text.fold import matching

# Below this a place's other names are kept only where they are spellings of its name.
_KNOWN: Final = 5_000
# From here on its other names count like its own ("Bombay", "Kiev").
_FAMOUS: Final = 100_000
_SHORTEST_ALIAS: Final = 4
# A division goes by its seat ("Paris region") only where at least one in seven lives there.
_SEAT: Final = 7
# The second level that goes by its bare name in the press: "in Kent", "in Fife", "in Laguna".
_PLAIN_SECOND_LEVEL: Final = {
    ("GB", "Two-tier county"),
    ("GB", "Unitary authority"),
    ("GB", "Council area"),
    ("PH", "Province"),
    ("BE", "Province"),
}


@dataclass(eq=False, slots=True)
class Record:
    """One place; ``keys`` maps a folded name to how good a name it is."""

    name: str
    kind: Kind
    country: str
    lat: float = 0.0
    lon: float = 0.0
    population: int = 0
    geonameid: int | None = None
    admin1: "Record | None" = None
    keys: dict[str, Quality] = field(default_factory=dict)

    def add(self, name: str, quality: Quality) -> None:
        """Let the place be found as ``name``; a better quality replaces a worse one."""
        for key in keys(name):
            self.keys[key] = min(quality, self.keys.get(key, quality))


def collect() -> list[Record]:
    """All records, countries first; deterministic."""
    found_countries = {iso: country_record(iso) for iso in countries()}
    cities, divisions = sources.cities(), sources.divisions()
    within = dict(sources.memberships())
    admins = {division.number: _division(division) for division in divisions}
    by_code = {division.code: admins[division.number] for division in divisions if division.level == 1}
    members: defaultdict[int, list[City]] = defaultdict(list)
    reserved = frozenset(key for country in found_countries.values() for key in country.keys)
    places = []
    for city in sorted(cities, key=lambda city: city.geonameid):
        lies_in = [number for number in within.get(city.geonameid, ()) if number in admins]
        for number in lies_in:
            members[number].append(city)
        first = next((admins[number] for number in lies_in if admins[number].kind is Kind.ADMIN1), None)
        places.append(_city(city, first or by_code.get(f"{city.countrycode}.{city.admin1code}"), reserved))
    numbers = {division.code: division.number for division in divisions}
    for division in divisions:
        # GeoNames has first-level divisions within first-level ones: Gaza Governorate in the Gaza Strip.
        above = numbers.get(division.code.rpartition(".")[0])
        if above is not None and division.level == 1:
            members[above] += members[division.number]
    for division in divisions:
        _settle(admins[division.number], division, members[division.number], admins)
    _centre({**by_code, **found_countries})
    _abbreviate(by_code)
    first_level = [admin for admin in admins.values() if admin.kind is Kind.ADMIN1]
    regions = _regions(first_level, [*admins.values(), *places])
    for iso, country in found_countries.items():
        country.population = sum(city.population for city in cities if city.countrycode == iso)
    return [*found_countries.values(), *regions, *admins.values(), *places]


def country_record(iso: str) -> Record:
    """The record of a state or territory, from the lexicon; its population is for the caller to count."""
    country = countries()[iso]
    record = Record(country.name, Kind.COUNTRY, iso, country.lat, country.lon, geonameid=country.geonameid)
    record.add(country.name, Quality.NAME)
    for alias in country.aliases:
        _also(record, alias)
    return record


def _also(record: Record, alias: str) -> None:
    """Another name of the lexicon; one in capitals throughout counts only as written."""
    if alias.replace(".", "").isupper():
        record.keys[matching(alias)] = Quality.ACRONYM
    else:
        record.add(alias, Quality.NAME)


def _city(city: City, admin1: Record | None, reserved: frozenset[str]) -> Record:
    record = Record(
        display(city.name),
        Kind.CITY,
        city.countrycode,
        city.latitude,
        city.longitude,
        city.population,
        city.geonameid,
        admin1,
    )
    record.add(city.name, Quality.NAME)
    own = tuple(record.keys)
    common = words("common_words")
    for alias in city.alternatenames:
        if len(alias) < _SHORTEST_ALIAS or alias.isupper():
            continue
        for key in keys(alias):
            spelling = any(alike(key, name) for name in own)
            if key in record.keys or key in reserved or key.lower() in common:
                continue
            if spelling or city.population >= _FAMOUS:
                record.keys[key] = Quality.ALIAS
            elif city.population >= _KNOWN:
                record.keys[key] = Quality.WEAK
    return record


def _division(division: Division) -> Record:
    first = division.level == 1
    record = Record(
        display(division.name), Kind.ADMIN1 if first else Kind.ADMIN2, division.country, geonameid=division.geonameid
    )
    plain = first or (division.country, division.kind) in _PLAIN_SECOND_LEVEL
    for name in (division.name, *division.aliases):
        base = bare(display(name))
        record.add(name, Quality.NAME if plain or base != display(name) else Quality.WEAK)
        record.add(base, Quality.ALIAS if plain else Quality.WEAK)
    return record


def _settle(record: Record, division: Division, cities: list[City], admins: dict[int, Record]) -> None:
    """Give a division what its cities tell: where it lies, how many live there, the name of its seat, its parent."""
    if division.parent in admins and division.level > 1:
        record.admin1 = admins[division.parent]
    if cities:
        record.lat, record.lon = _middle(cities)
        record.population = sum(city.population for city in cities)
        seat = max(cities, key=lambda city: (city.population, -city.geonameid))
        if division.level == 1:
            if seat.population * _SEAT >= record.population:
                record.add(seat.name, Quality.WEAK)
            record.name = english(division, display(seat.name))
            record.add(record.name, Quality.NAME)


def _middle(cities: Iterable[City]) -> tuple[float, float]:
    """The middle of the cities on the sphere; latitude and longitude."""
    x = y = z = 0.0
    for city in cities:
        lat, lon = math.radians(city.latitude), math.radians(city.longitude)
        x += math.cos(lat) * math.cos(lon)
        y += math.cos(lat) * math.sin(lon)
        z += math.sin(lat)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _centre(by_code: Mapping[str, Record]) -> None:
    """The middle of a large division or country, from ``centres.tsv``: its towns may all lie to one side."""
    for row in rows("centres"):
        record = by_code.get(row["code"])
        if record:
            record.lat, record.lon = float(row["lat"]), float(row["lon"])


def _abbreviate(by_code: dict[str, Record]) -> None:
    """The press's abbreviations of states and provinces ("Calif."), good only after a comma."""
    for row in rows("abbreviations"):
        record = by_code.get(row["code"])
        for short in listed(row["abbreviations"]) if record else ():
            record.keys.setdefault(matching(short), Quality.WEAK)  # type: ignore[union-attr]


def _regions(first_level: list[Record], known: Iterable[Record]) -> list[Record]:
    """The lexicon's regions; one that is known by id, or a division by name and country, becomes a name of that."""
    by_id = {record.geonameid: record for record in known}
    by_name = {(division.country, key): division for division in first_level for key in division.keys}
    found = []
    for region in sources.regions():
        same = by_id.get(region.geonameid) if region.geonameid else _namesake(region, by_name)
        record = same or Record(
            region.name,
            Kind.REGION if region.kind == "region" else Kind.OTHER,
            region.country,
            region.lat,
            region.lon,
            geonameid=region.geonameid,
        )
        record.add(region.name, Quality.NAME)
        for alias in region.aliases:
            _also(record, alias)
        if same is None:
            found.append(record)
        else:
            same.name = region.name
    return found


def _namesake(region: Region, by_name: dict[tuple[str, str], Record]) -> Record | None:
    quality_names = (by_name.get((region.country, key)) for key in keys(region.name))
    return next(
        (record for record in quality_names if record and record.keys.get(matching(region.name)) != Quality.WEAK), None
    )
