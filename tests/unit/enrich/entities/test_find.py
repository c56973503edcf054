from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrich.entities import Finder
from services.enrich.model import Name
from services.enrich.text import build
from tests.unit.enrich.messages import article
from tests.unit.enrich.places import little


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    return Finder(little.gazetteer(tmp_path_factory.mktemp("gazetteer")))


def names(finder: Finder, body: str, **fields: object) -> list[Name]:
    fields.setdefault("title", None)
    one = article(body=body, **fields)  # type: ignore[arg-type] # the fields of one test
    return finder.find(build(one), one.language)[0]


def found(finder: Finder, body: str, **fields: object) -> list[tuple[str, str]]:
    return [(name.type, name.text) for name in names(finder, body, **fields)]


def test_a_title_introduces_a_person_and_the_surname_follows(finder: Finder) -> None:
    body = "Prime Minister Orla Quist spoke first. Later Quist left for Paris."
    people = [name for name in names(finder, body) if name.type == "person"]
    assert [(name.text, name.canonical) for name in people] == [
        ("Orla Quist", "Orla Quist"),
        ("Quist", "Orla Quist"),
    ]


def test_a_title_and_an_article_are_no_part_of_a_name(finder: Finder) -> None:
    assert found(finder, "Gen. Bram Oduya met the United Nations.") == [
        ("person", "Bram Oduya"),
        ("organization", "United Nations"),
    ]


def test_a_given_name_makes_a_person_even_of_places(finder: Finder) -> None:
    assert found(finder, "The film is about Robert Lincoln, a clerk.") == [("person", "Robert Lincoln")]


def test_heads_make_organisations(finder: Finder) -> None:
    body = "He left the Harbour Workers Union for the University of Zurich and Quellar Corp. in May."
    assert [text for kind, text in found(finder, body) if kind == "organization"] == [
        "Harbour Workers Union",
        "University of Zurich",
        "Quellar Corp.",
    ]


def test_nationalities_and_countries_carry_their_state(finder: Finder) -> None:
    body = "Ukrainian and U.S. envoys met in Kyiv."
    assert [(n.type, n.text, n.country, n.state_actor) for n in names(finder, body)] == [
        ("nationality", "Ukrainian", "UA", True),
        ("place", "U.S.", "US", True),
        ("place", "Kyiv", "UA", False),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Smoke rose over the roofs. Police said nothing.",
        "Nice weather helped. Reading helps too.",
        "Drones came at night. Prosecutors were told.",
    ],
)
def test_common_words_at_the_head_of_a_sentence_are_no_places(finder: Finder, body: str) -> None:
    assert found(finder, body) == []


def test_a_place_in_a_longer_name_is_not_a_place(finder: Finder) -> None:
    assert ("place", "Paris") not in found(finder, "They played for Paris Rovers twice.")
    assert found(finder, "a Washington Post reporter") == [("organization", "Washington Post")]


def test_a_common_word_is_a_place_where_the_words_around_it_say_so(finder: Finder) -> None:
    assert found(finder, "They met in the city of Nice last year.") == [("place", "Nice")]


def test_a_region_is_told_from_its_city(finder: Finder) -> None:
    body = "Shells fell in the border region of Sumy. The eastern Donetsk region was quiet. Sumy city was hit."
    assert [(n.text, n.canonical) for n in names(finder, body) if n.type == "place"] == [
        ("Sumy", "Sumy"),
        ("Donetsk", "Donetsk region"),
        ("Sumy", "Sumy"),
    ]
    assert len({n.id for n in names(finder, body)}) == 3


def test_a_place_goes_by_the_name_its_country_gave_it(finder: Finder) -> None:
    body = "The mayor of Toretsk resigned. Moscow calls the town Dzerzhinsk."
    assert [n.canonical for n in names(finder, body) if n.type == "place"] == ["Toretsk", "Moscow", "Toretsk"]


def test_capitals_in_dateline_and_headline_are_read(finder: Finder) -> None:
    told = names(finder, "Rain fell.", title="FLOODS IN PARIS KILL TWO", dateline="KYIV")
    assert [(n.field, n.text, n.canonical) for n in told] == [("title", "PARIS", "Paris"), ("dateline", "KYIV", "Kyiv")]


def test_headline_capitals_alone_name_nobody(finder: Finder) -> None:
    assert found(finder, "Rain fell.", title="Rising Waters Threaten Quiet Villages") == []


def test_an_acronym_in_brackets_stands_for_the_name_before_it(finder: Finder) -> None:
    body = "The Rural Transport Authority (RTA) denied it. The RTA gave no reason."
    assert {n.canonical for n in names(finder, body)} == {"Rural Transport Authority"}


def test_the_platform_x_needs_its_cue(finder: Finder) -> None:
    assert found(finder, "She wrote on social media platform X.") == [("organization", "X")]
    assert found(finder, "Line X is closed.") == []


def test_a_city_with_its_state_is_the_one_in_that_state(finder: Finder) -> None:
    told = names(finder, "A barn burned in Paris, Texas.")
    assert [(n.text, n.country) for n in told] == [("Paris", "US"), ("Texas", "US")]


def test_in_other_languages_only_large_places_are_named(finder: Finder) -> None:
    body = "Der Minister kam aus Moscow nach Zurich. Nice war er nicht."
    assert found(finder, body, language="de") == [("place", "Moscow"), ("place", "Zurich")]


PARTS = st.sampled_from(
    [
        *("Kyiv", "KYIV", "Paris", "Texas", "Donetsk", "region", "Dr.", "Gen.", "Orla", "Quist", "said", "al-Qaida"),
        *("U.S.", "US", "the", "The", "of", "in", "RTA", "X", "Union", "Ministry", "University", "28th", "brigade"),
        *("Washington", "Post", "I", "A", "Ukraine's", "foreign", "ministry", "Zürich’s", "State", "and", "for"),
        *(",", ".", "'", "’", "s", "-", "–", "(", ")", "Æ", "İ", "ß", "é", "😀", "\n", "\n\n", "\u00a0", "“", "”", "…"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS | st.text(max_size=6), max_size=30), st.sampled_from([" ", ""]))
def test_whatever_the_text_offsets_are_right_and_in_order(finder: Finder, parts: list[str], glue: str) -> None:
    body = glue.join(parts)
    told = [name for name in names(finder, body) if name.field == "body"]
    assert all(body[name.start : name.end] == name.text and name.text for name in told)
    assert all(one.end <= other.start for one, other in pairwise(told))
