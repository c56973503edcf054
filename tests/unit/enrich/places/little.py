"""A gazetteer of some forty places, built as the large one is, without its sources."""

from pathlib import Path

from services.enrich.places.compile import compiled
from services.enrich.places.gazetteer import Gazetteer
from services.enrich.places.layout import Kind, Quality
from services.enrich.places.records import Record, country_record

_POPULATIONS = {"UA": 40_000_000, "RU": 140_000_000, "US": 330_000_000, "FR": 67_000_000, "GE": 3_700_000}


def records() -> list[Record]:
    countries = {iso: country_record(iso) for iso in (*_POPULATIONS, "DE", "GB", "TR", "CH", "JO")}
    for iso, population in _POPULATIONS.items():
        countries[iso].population = population
    divisions = {
        name: _record(Record(name, Kind.ADMIN1, country, lat, lon, population, number), *aliases)
        for number, (name, country, lat, lon, population, aliases) in enumerate(_DIVISIONS, start=700_001)
    }
    cities = []
    for number, (name, country, admin1, lat, lon, population, aliases) in enumerate(_CITIES, start=800_001):
        city = _record(Record(name, Kind.CITY, country, lat, lon, population, number), *aliases)
        city.admin1 = divisions.get(admin1)
        cities.append(city)
    raion = _record(Record("Donetsk Raion", Kind.ADMIN2, "UA", 47.9, 38.0, 3_000_000, 900_001))
    raion.keys["Donetsk"] = Quality.WEAK
    middle_east = Record("Middle East", Kind.REGION, "", 29.0, 41.0, geonameid=None)
    middle_east.add("Middle East", Quality.NAME)
    return [*countries.values(), *divisions.values(), raion, middle_east, *cities]


def write(folder: Path) -> Path:
    file = folder / "little.bin"
    file.write_bytes(compiled(records()))
    return file


def gazetteer(folder: Path) -> Gazetteer:
    return Gazetteer(write(folder))


def _record(record: Record, *aliases: str) -> Record:
    """The record with its keys; an alias after ``~`` is a weak one."""
    record.add(record.name, Quality.NAME)
    for alias in aliases:
        weak = alias.startswith("~")
        record.add(alias.removeprefix("~"), Quality.WEAK if weak else Quality.ALIAS)
    return record


_DIVISIONS = [
    ("Donetsk Oblast", "UA", 48.1, 37.7, 4_100_000, ("Donetsk",)),
    ("Sumy Oblast", "UA", 51.0, 34.3, 1_000_000, ("Sumy",)),
    ("Kursk Oblast", "RU", 51.7, 36.0, 1_100_000, ("~Kursk",)),
    ("Texas", "US", 31.4, -99.3, 29_000_000, ("~Tex.",)),
    ("Georgia", "US", 32.7, -83.4, 10_000_000, ()),
    ("New York", "US", 42.9, -75.5, 19_000_000, ()),
    ("Nizhny Novgorod Oblast", "RU", 56.2, 44.0, 3_000_000, ()),
]
_CITIES = [
    ("Kyiv", "UA", "", 50.45, 30.52, 2_900_000, ("Kiev",)),
    ("Moscow", "RU", "", 55.75, 37.62, 10_300_000, ()),
    ("Donetsk", "UA", "Donetsk Oblast", 48.02, 37.80, 900_000, ()),
    ("Toretsk", "UA", "Donetsk Oblast", 48.39, 37.85, 31_000, ("~Dzerzhinsk",)),
    ("Dzerzhinsk", "RU", "Nizhny Novgorod Oblast", 56.24, 43.46, 233_000, ()),
    ("Bakhmut", "UA", "Donetsk Oblast", 48.6, 38.0, 80_000, ("~Artemivsk",)),
    ("Sumy", "UA", "Sumy Oblast", 50.92, 34.80, 256_000, ()),
    ("Kursk", "RU", "Kursk Oblast", 51.73, 36.19, 448_000, ()),
    ("Paris", "FR", "", 48.85, 2.35, 2_100_000, ()),
    ("Paris", "US", "Texas", 33.66, -95.56, 25_000, ()),
    ("Dallas", "US", "Texas", 32.78, -96.8, 1_300_000, ()),
    ("Atlanta", "US", "Georgia", 33.75, -84.39, 490_000, ()),
    ("Tbilisi", "GE", "", 41.69, 44.83, 1_000_000, ()),
    ("New York City", "US", "New York", 40.71, -74.0, 8_800_000, ("New York",)),
    ("Nice", "FR", "", 43.7, 7.27, 340_000, ()),
    ("Reading", "GB", "", 51.46, -0.97, 230_000, ()),
    ("Smoke", "US", "Texas", 33.0, -97.0, 900, ()),
    ("Police", "US", "Texas", 33.0, -97.5, 34_000, ()),
    ("Lincoln", "US", "", 40.8, -96.7, 290_000, ()),
    ("Washington", "US", "", 38.9, -77.04, 690_000, ()),
    ("Saint Petersburg", "RU", "", 59.94, 30.31, 5_300_000, ()),
    ("Al Bab", "TR", "", 36.4, 37.5, 130_000, ()),
    ("Zurich", "CH", "", 47.37, 8.55, 430_000, ("Zürich",)),
]
