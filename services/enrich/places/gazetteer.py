"""The gazetteer at work: where its file is, its automaton, its records.

``load()`` maps the file and builds it first where it is missing. The file lies at
``NEWSWIRE_GAZETTEER`` or in the cache directory (``NEWSWIRE_CACHE``, else
``$XDG_CACHE_HOME/newswire``, else ``~/.cache/newswire``) under a name that changes
with the sources and the layout.
"""

import fcntl
import math
import mmap
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Final

import msgspec
from daachorse import CharwiseDoubleArrayAhoCorasick

from newswire.told import Told
from services.enrich.places import layout
from services.enrich.places.layout import DEGREE, NOTHING, Kind, Quality
from services.enrich.places.sources import versions
from services.enrich.text import whole_words

# Candidates of names already seen; a name has some ten candidates at most, so this is a few tens of MB at worst.
_REMEMBERED: Final = 20_000

_KM_A_DEGREE: Final = 111.2
_EARTH: Final = 6371.0088  # km, the mean radius that Elasticsearch measures with
_NO_POINTS: Final = (Kind.COUNTRY, Kind.REGION)


class GazetteerMissing(Told):
    """There is no gazetteer file and it cannot be built here; the message says what to do."""


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One place that a name may mean; ``geonameid`` and ``admin1`` (a record number) are None where there is none."""

    record: int
    geonameid: int | None
    name: str
    kind: Kind
    country: str | None
    admin1: int | None
    lat: float
    lon: float
    population: int
    quality: Quality


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A name of the gazetteer in a folded text."""

    start: int
    end: int
    key: int


def path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the gazetteer file is or would be; raises GazetteerMissing when that depends on missing packages."""
    named = environment.get("NEWSWIRE_GAZETTEER")
    if named:
        return Path(named).expanduser()
    cache = environment.get("NEWSWIRE_CACHE")
    if cache:
        folder = Path(cache).expanduser()
    else:
        folder = Path(environment.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "newswire"
    try:
        return folder / f"gazetteer-{layout.VERSION}-{versions()}.bin"
    except PackageNotFoundError as error:
        built = sorted(folder.glob(f"gazetteer-{layout.VERSION}-*.bin"))
        if built:
            return built[-1]
        raise GazetteerMissing(_advice(folder)) from error


def _to_standard_error(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def ensure(environment: Mapping[str, str] = os.environ, *, say: Callable[[str], None] = _to_standard_error) -> Path:
    """Where the gazetteer file is, built first where it is missing; ``say`` is told, because that takes a while.

    Of several processes that start at once one builds and the others wait for it.
    Raises GazetteerMissing when the file is missing and its sources are too.
    """
    file = path(environment)
    if not file.exists():
        _build(file, say)
    return file


def load(environment: Mapping[str, str] = os.environ) -> "Gazetteer":
    """The gazetteer, built first where its file is missing.

    Raises GazetteerMissing as ``ensure`` does, and when the file is of another version.
    """
    file = ensure(environment)
    try:
        return Gazetteer(file)
    except ValueError as error:
        raise GazetteerMissing(f"{file}: {error}") from error


def _build(file: Path, say: Callable[[str], None]) -> None:
    try:
        versions()
        from services.enrich.places import compile as compiler  # noqa: PLC0415 - needs the packages of the extra
    except (ImportError, PackageNotFoundError) as error:
        raise GazetteerMissing(_advice(file)) from error
    file.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{file}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if file.exists():
            return
        began = time.monotonic()
        say(f"Building the gazetteer {file}, once; this takes about half a minute …")
        compiler.build(file)
        say(f"The gazetteer is built ({time.monotonic() - began:.0f} s)")


def _advice(place: Path) -> str:
    return (
        f"no gazetteer at {place} and its sources are not installed: "
        "run pip install 'newswire[gazetteer]', or set NEWSWIRE_GAZETTEER to a built file"
    )


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres along the great circle between two points given in degrees."""
    north, other_north = math.radians(lat), math.radians(other_lat)
    half = math.sin((north - other_north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin(math.radians(lon - other_lon) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, half)))


class Gazetteer:
    """A mapped gazetteer file. Reading is thread-safe; the object cannot be pickled, each process loads its own."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as handle:
            self._map = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
            view = memoryview(self._map)
            places = layout.directory(view)
            # The one section that is copied: the automaton lives in the process. Read, not mapped, so that its
            # pages do not stay in the process a second time.
            start, length = places["automaton"]
            handle.seek(start)
            self._automaton = CharwiseDoubleArrayAhoCorasick.deserialize(handle.read(length))
        sections = {name: view[at : at + length] for name, (at, length) in places.items()}
        self._first = sections["key_first"].cast("I")
        self._entries = sections["entries"].cast("I")
        self._geonameid = sections["geonameid"].cast("I")
        self._population = sections["population"].cast("I")
        self._name_at = sections["name_at"].cast("I")
        self._admin1 = sections["admin1"].cast("I")
        self._lat = sections["lat"].cast("i")
        self._lon = sections["lon"].cast("i")
        self._country = sections["country"]
        self._kind = sections["kind"]
        self._names = sections["names"]
        self._seen: dict[int, tuple[Candidate, ...]] = {}

    def __len__(self) -> int:
        return len(self._kind)

    def find(self, folded: str) -> list[Hit]:
        """All whole names in ``folded`` (``text.fold.matching``), the longest from each start, without overlaps."""
        return [Hit(*match) for match in whole_words.find(self._automaton, folded)]

    def candidates(self, key: int) -> tuple[Candidate, ...]:
        """What the name may mean, the most populous first."""
        known = self._seen.get(key)
        if known is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            entries = self._entries[self._first[key] : self._first[key + 1]]
            known = tuple(self._candidate(entry >> 2, Quality(entry & 3)) for entry in entries)
            self._seen[key] = known
        return known

    def name(self, record: int) -> str:
        """The canonical name of a record."""
        at = self._name_at[record]
        return bytes(self._names[at + 1 : at + 1 + self._names[at]]).decode()

    def lookup(self, name: str) -> tuple[Candidate, ...]:
        """What a folded name as a whole may mean; empty when the gazetteer does not have it."""
        for start, end, key in self._automaton.find(name):
            if start == 0 and end == len(name):
                return self.candidates(key)
        return ()

    def record(self, number: int) -> Candidate:
        """A record by its number, as a candidate of its own name."""
        return self._candidate(number, Quality.NAME)

    def inside(self, place: Candidate) -> list[int]:
        """The geonameids of a place and, for a country or a first-level division, of all that lies in it."""
        if place.kind is Kind.COUNTRY and place.country:
            (code,) = memoryview(place.country.encode()).cast("H")
            found = {record for record, country in enumerate(self._country.cast("H")) if country == code}
        elif place.kind is Kind.ADMIN1:
            found = {record for record, admin1 in enumerate(self._admin1) if admin1 == place.record}
        else:
            found = set()
        return self._ids(found | {place.record})

    def around(self, lat: float, lon: float, km: float) -> list[int]:
        """The geonameids of all that lies within ``km`` of a point; countries and regions are no points."""
        reach = km / _KM_A_DEGREE
        south, north = (lat - reach) * DEGREE, (lat + reach) * DEGREE
        band = [record for record, at in enumerate(self._lat) if south <= at <= north]
        return self._ids(
            record
            for record in band
            if self._kind[record] not in _NO_POINTS
            and distance(lat, lon, self._lat[record] / DEGREE, self._lon[record] / DEGREE) <= km
        )

    def _ids(self, records: Iterable[int]) -> list[int]:
        return sorted({found for record in records if (found := self._geonameid[record]) != NOTHING})

    def _candidate(self, record: int, quality: Quality) -> Candidate:
        geonameid, admin1 = self._geonameid[record], self._admin1[record]
        return Candidate(
            record,
            None if geonameid == NOTHING else geonameid,
            self.name(record),
            Kind(self._kind[record]),
            bytes(self._country[2 * record : 2 * record + 2]).decode().strip() or None,
            None if admin1 == NOTHING else admin1,
            self._lat[record] / DEGREE,
            self._lon[record] / DEGREE,
            self._population[record],
            quality,
        )
