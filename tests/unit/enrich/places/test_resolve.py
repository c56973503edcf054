from pathlib import Path

import pytest

from services.enrich.places.gazetteer import Gazetteer
from services.enrich.places.resolve import Worth, resolve
from services.enrich.places.toponym import Toponym
from tests.unit.enrich.places import little


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    folder: Path = tmp_path_factory.mktemp("gazetteer")
    return little.gazetteer(folder)


def meant(places: Gazetteer, *mentions: str | tuple[str, str], **votes: float) -> list[str]:
    """What the names mean together; ("Sumy", "region") is a name with the word beside it."""
    toponyms = []
    for mention in mentions:
        name, noun = mention if isinstance(mention, tuple) else (mention, "")
        candidates = places.lookup(name)
        toponyms.append(Toponym(hash(name), candidates, division=1 if noun == "region" else 0, city=noun == "city"))
    resolve(toponyms, votes, Worth())
    return [f"{t.sense.name}, {t.sense.country}" for t in toponyms if t.sense]


def test_the_larger_place_is_meant_where_nothing_else_is_said(places: Gazetteer) -> None:
    assert meant(places, "Paris") == ["Paris, FR"]
    assert meant(places, "Dzerzhinsk") == ["Dzerzhinsk, RU"]


def test_another_name_of_a_place_that_is_named_means_that_place(places: Gazetteer) -> None:
    assert meant(places, "Toretsk", "Dzerzhinsk")[1] == "Toretsk, UA"


def test_the_place_named_right_after_decides(places: Gazetteer) -> None:
    texas = Toponym(1, places.lookup("Texas"))
    paris = Toponym(2, places.lookup("Paris"), container=texas)
    resolve([paris, texas], {}, Worth())
    assert paris.sense is not None
    assert paris.sense.country == "US"


def test_region_and_city_mean_the_kind_they_say(places: Gazetteer) -> None:
    assert meant(places, ("Sumy", "region"), ("Sumy", "city")) == ["Sumy Oblast, UA", "Sumy, UA"]
    assert meant(places, ("Donetsk", "region")) == ["Donetsk Oblast, UA"]
    assert meant(places, ("Kursk", "region")) == ["Kursk Oblast, RU"]


def test_a_bare_name_goes_on_meaning_what_it_meant_last(places: Gazetteer) -> None:
    assert meant(places, ("Sumy", "region"), "Sumy") == ["Sumy Oblast, UA"] * 2
    assert meant(places, "Sumy") == ["Sumy, UA"]


def test_georgia_is_the_state_among_american_places_and_the_country_elsewhere(places: Gazetteer) -> None:
    assert meant(places, "Atlanta", "Georgia", US=4)[1] == "Georgia, US"
    assert meant(places, "Tbilisi", "Georgia", GE=2)[1] == "Georgia, GE"


def test_confidence_is_higher_where_a_name_has_one_sense(places: Gazetteer) -> None:
    bakhmut, paris = Toponym(1, places.lookup("Bakhmut")), Toponym(2, places.lookup("Paris"))
    resolve([bakhmut], {"UA": 1}, Worth())
    resolve([paris], {"US": 3}, Worth())
    assert 0 <= paris.confidence < bakhmut.confidence <= 1
