import pytest

from newswire.cli.places import area, near
from newswire.search import Circle, QuestionError

SUMY_CITY, SUMY_OBLAST, KHARKIV = 692194, 692196, 706483


def test_a_region_holds_what_lies_in_it() -> None:
    found, note = area("sumy oblast")
    assert {SUMY_OBLAST, SUMY_CITY} <= set(found.ids)
    assert KHARKIV not in found.ids
    assert note is None


def test_a_city_that_shares_its_name_with_its_region_is_the_city() -> None:
    found, _ = area("Sumy")
    assert SUMY_CITY in found.ids
    assert SUMY_OBLAST not in found.ids


@pytest.mark.parametrize("name", ["Kiev", "KYIV", "kyiv", "Kyiv, Ukraine"])
def test_a_place_goes_by_any_of_its_names(name: str) -> None:
    assert 703448 in area(name)[0].ids


def test_a_country_holds_its_cities() -> None:
    assert {690791, SUMY_CITY, KHARKIV} <= set(area("Ukraine")[0].ids)


def test_a_name_with_a_region_is_that_place_alone() -> None:
    found, note = area("Springfield, Illinois")
    assert found.ids == (4250542,)
    assert found.names == ()
    assert note is None


def test_a_name_that_could_be_another_place_says_so() -> None:
    _, note = area("Georgia")
    assert note
    typed = "Georgia, United States"
    assert f'which "{typed}" asks for' in note
    assert "United States" in area(typed)[0].shown


def test_a_region_without_a_geonameid_is_looked_for_by_its_name() -> None:
    found, note = area("darfur")
    assert (found.ids, note) == ((), None)
    assert "Darfur" in found.names
    assert area("Darfur, Sudan")[0].names == ("Darfur",)


def test_around_a_sea_is_around_its_middle() -> None:
    circle = near("Black Sea", "100km")[0].circle
    assert circle
    assert (circle.lat, circle.lon) == (43.0, 35.0)


def test_a_place_that_nobody_has_heard_of_is_looked_for_by_its_name() -> None:
    found, note = area("Nowhereville")
    assert note
    assert "no place 'Nowhereville'" in note
    assert found.names == ("Nowhereville",)
    assert found.ids == ()


def test_around_a_place_is_everything_within_the_distance() -> None:
    found, note = near("Sumy", "50km")
    assert SUMY_CITY in found.ids
    assert KHARKIV not in found.ids
    assert KHARKIV in near("Sumy", "100 miles")[0].ids
    assert found.circle
    assert found.circle.km == 50
    assert note.startswith("Within 50 km of Sumy (city, Sumy Oblast, Ukraine).")
    assert near("Sumy", "100 miles")[1].startswith("Within 161 km of Sumy")


def test_a_position_needs_no_name() -> None:
    found, _ = near("50.91, 34.8", "30 km")
    assert found.circle == Circle(50.91, 34.8, 30)
    assert SUMY_CITY in found.ids


def test_across_the_date_line_things_are_near() -> None:
    # Taveuni in Fiji lies on it.
    assert set(near("-16.8,179.99", "100km")[0].ids) & set(near("-16.8,-179.99", "100km")[0].ids)


@pytest.mark.parametrize("written", ["50 km of Sumy", "within 50km of Sumy", "50km around Sumy"])
def test_a_distance_of_a_place_is_a_circle(written: str) -> None:
    assert area(written)[0] == near("Sumy", "50km")[0]


@pytest.mark.parametrize(
    ("place", "within", "said"),
    [
        ("Sumy", "near", "no distance"),
        ("Sumy", "500m", "metres or miles"),
        ("Sumy", "0km", "more than 0"),
        ("Sumy", "99999km", "at most"),
        ("91,0", "50km", "no position"),
        ("Nowhereville", "50km", "no place"),
    ],
)
def test_what_cannot_be_measured_is_told_why(place: str, within: str, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        near(place, within)
