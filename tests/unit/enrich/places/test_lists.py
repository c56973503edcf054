from services.enrich.places.gazetteer import Candidate
from services.enrich.places.layout import Kind, Quality
from services.enrich.places.lists import Placed, lists
from services.enrich.places.toponym import Toponym

_STATES = {"Washington": 1, "Pennsylvania": 2, "California": 3, "Texas": 4, "Nevada": 5}


def toponym(name: str) -> Toponym:
    kind = Kind.ADMIN1 if name in _STATES else Kind.CITY
    number = _STATES.get(name, 90)
    sense = Candidate(number, number, name, kind, "US", None, 40.0, -100.0, 1_000_000, Quality.NAME)
    return Toponym(number, (sense,))


def listed(text: str, *contained: tuple[str, str]) -> list[list[str]]:
    """The lists found in ``text``, all of whose capitalised words are places; ``contained`` are (inner, outer)."""
    placed, at = [], 0
    for word in text.replace(",", " ").replace("/", " ").replace(".", " ").split():
        at = text.index(word, at)
        if word[0].isupper():
            placed.append(Placed(text, at, at + len(word), toponym(word)))
    for inner, outer in contained:
        one, other = (
            next(p.toponym for p in placed if p.toponym.candidates[0].name == name) for name in (inner, outer)
        )
        one.container, other.holds = other, one
    lists(placed)
    rows = {id(one.toponym.listed): one.toponym.listed for one in placed if one.toponym.listed}
    return [[member.candidates[0].name for member in row] for row in rows.values()]


def test_commas_and_and_make_a_list() -> None:
    assert listed("Texas, Nevada, and California") == [["Texas", "Nevada", "California"]]
    assert listed("Texas/Nevada or California") == [["Texas", "Nevada", "California"]]


def test_other_words_end_a_list() -> None:
    assert listed("Texas, Nevada said. California and Washington") == [
        ["Texas", "Nevada"],
        ["California", "Washington"],
    ]


def test_one_place_is_no_list() -> None:
    assert listed("Texas said that Nevada would") == []


def test_towns_are_listed_without_what_they_lie_in() -> None:
    towns = listed("Austin, Texas and Reno, Nevada", ("Austin", "Texas"), ("Reno", "Nevada"))
    assert towns == [["Austin", "Reno"]]


def test_a_list_of_states_is_not_a_town_in_a_state() -> None:
    states = listed("Washington, Pennsylvania and California", ("Washington", "Pennsylvania"))
    assert states == [["Washington", "Pennsylvania", "California"]]
