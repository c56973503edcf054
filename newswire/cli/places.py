"""Places as people name them on the command line: "Sumy", "Springfield, Illinois", "50.9,34.8"."""

import re
from functools import cache
from typing import Final

from newswire.search import Area, Circle, QuestionError
from newswire.search.vocabulary import folded
from services.enrich.lexicon.countries import countries
from services.enrich.places import gazetteer
from services.enrich.places.gazetteer import Candidate, Gazetteer, distance
from services.enrich.places.layout import Kind, Quality
from services.enrich.places.resolve import FLOOR
from services.enrich.text.fold import matching

# A quarter of the way around the earth is no neighbourhood any more.
WIDEST: Final = 2000.0  # km
# Elasticsearch takes 65,536 values of one field; an event's place is one of them.
MOST_PLACES: Final = 65_000
_POINT: Final = re.compile(r"\s*([-+]?\d{1,2}(?:\.\d+)?)\s*,\s*([-+]?\d{1,3}(?:\.\d+)?)\s*", re.ASCII)
_LENGTH: Final = re.compile(r"(\d{1,5}(?:\.\d+)?) ?(km|mi|miles?|m)?", re.ASCII | re.IGNORECASE)
_AROUND: Final = re.compile(r"(?:within )?(\d[\d.]* ?(?:km|mi|miles?)) (?:of|from|around) (.+)", re.IGNORECASE)
_KILOMETRES: Final = {"k": 1.0, "m": 1.609344}
# Another place of the same name is worth a word where it is a tenth as large and so far away.
_RIVAL: Final = 10
_ELSEWHERE: Final = 100.0  # km
_KINDS: Final = {
    Kind.CITY: "city",
    Kind.ADMIN1: "region",
    Kind.ADMIN2: "district",
    Kind.COUNTRY: "country",
    Kind.REGION: "region",
    Kind.OTHER: "place",
}


@cache
def _gazetteer() -> Gazetteer:
    # A fifth of a second: loaded by questions that name a place, and by no others.
    return gazetteer.load()


def area(written: str) -> tuple[Area, str | None]:
    """The place called ``written``, with all that lies in it, and a note where another could have been meant.

    Also "50 km of Sumy". A name that the gazetteer does not have is looked for as it is.
    Raises QuestionError.
    """
    if match := _AROUND.fullmatch(written.strip()):
        return near(match[2], match[1])
    found = _candidates(written)
    if not found:
        return Area(written, (written,)), f"The gazetteer has no place {written!r}; it is looked for as a name."
    place = found[0]
    # "Springfield, Illinois" is one place; "Springfield" is whatever goes by that name. A region without a geonameid
    # has nothing but its name.
    names = tuple(dict.fromkeys((written, place.name))) if "," not in written else ()
    if place.geonameid is None:
        names = tuple(dict.fromkeys((*names, place.name)))
    ids = tuple(_gazetteer().inside(place))
    country = place.country if place.kind is Kind.COUNTRY else None
    return Area(described(place), names, ids, country=country), _rivals(written, found)


def near(written: str, within: str) -> tuple[Area, str]:
    """What lies ``within`` (50km, 30 miles) of a place or of "lat,lon", and a note that says what was measured from.

    Raises QuestionError.
    """
    km = _kilometres(within)
    if match := _POINT.fullmatch(written):
        lat, lon, shown = float(match[1]), float(match[2]), written.strip()
        if not -90 <= lat <= 90 or not -180 <= lon <= 180:
            raise QuestionError(f"{written!r} is no position: latitude is -90 to 90, longitude -180 to 180.")
        note = None
    else:
        found = [place for place in _candidates(written) if place.lat or place.lon]
        if not found:
            raise QuestionError(f"There is no place {written!r} in the gazetteer; give its position as 50.9,34.8.")
        lat, lon, shown = found[0].lat, found[0].lon, described(found[0])
        note = _rivals(written, found)
    ids = tuple(_gazetteer().around(lat, lon, km))
    if len(ids) > MOST_PLACES:
        raise QuestionError(f"{_told(km)} around {shown} hold {len(ids):,} places; ask for a smaller circle.")
    told = f"Within {_told(km)} of {shown}."
    return Area(told, (), ids, Circle(lat, lon, km)), f"{told} {note or ''}".strip()


def described(place: Candidate) -> str:
    """A place as a person tells it from others: Sumy (city, Sumy Oblast, Ukraine)."""
    division = _gazetteer().name(place.admin1) if place.admin1 is not None else None
    country = countries().get(place.country or "")
    around = [division, country.name if country else None]
    told = [_KINDS[place.kind], *(one for one in around if one and one != place.name)]
    return f"{place.name} ({', '.join(told)})"


def _candidates(written: str) -> list[Candidate]:
    """The places ``written`` may mean, the likeliest first."""
    name, _, within = (part.strip() for part in written.partition(","))
    known = _gazetteer()
    spelled = (name, name.title(), name.upper() if len(name.replace(".", "")) <= 3 else name)
    found = {place.record: place for one in spelled for place in known.lookup(matching(one))}
    places = [place for place in found.values() if _lies(place, within)]
    return sorted(places, key=lambda place: _likelihood(place, name))


def _likelihood(place: Candidate, name: str) -> tuple[bool, bool, bool, int]:
    """Sorts what bears just this name first, countries before all else, then by how many live there.

    Regions, seas and rivers weigh what they weigh where a text names them.
    """
    return (
        place.quality is Quality.WEAK,
        place.kind is not Kind.COUNTRY,
        folded(place.name) != folded(name) and place.quality is Quality.NAME,
        -max(place.population, FLOOR.get(place.kind, 0)),
    )


def _lies(place: Candidate, within: str) -> bool:
    if not within:
        return True
    country = countries().get(place.country or "")
    division = _gazetteer().name(place.admin1) if place.admin1 is not None else ""
    outer = {folded(division), folded(place.country or "")}
    if country:
        outer |= {folded(one) for one in (country.name, *country.aliases)}
    return folded(within) in outer


def _rivals(written: str, found: list[Candidate]) -> str | None:
    """Which others of the name are large and far enough away to have been meant; None where there are none."""
    place = found[0]
    others = [
        other
        for other in found[1:]
        if other.quality <= place.quality
        and other.population * _RIVAL >= place.population
        and distance(place.lat, place.lon, other.lat, other.lon) > _ELSEWHERE
    ]
    if not others:
        return None
    told = "; ".join(f'{described(other)}, which "{typed(other)}" asks for' for other in others[:3])
    return f"{written} is also {told}."


def typed(place: Candidate) -> str:
    """What somebody writes who means just this place: Georgia, United States."""
    country = countries().get(place.country or "")
    if place.kind is Kind.COUNTRY or country is None:
        return place.name
    return f"{place.name}, {country.name}"


def _told(km: float) -> str:
    """A distance as exactly as anybody means it: 100 miles are 161 km."""
    return f"{km:,.0f} km" if km >= 100 else f"{km:.3g} km"


def _kilometres(within: str) -> float:
    match = _LENGTH.fullmatch(within.strip())
    if not match:
        raise QuestionError(f"{within!r} is no distance; write 50km or 30 miles.")
    unit = (match[2] or "km").lower()
    if unit == "m":
        raise QuestionError(f"{within!r} could be metres or miles; write km or mi.")
    km = float(match[1]) * _KILOMETRES[unit[0]]
    if not 0 < km <= WIDEST:
        raise QuestionError(f"{within!r} is no distance to search in: more than 0 and at most {WIDEST:,.0f} km.")
    return km
