"""The query language on the real engine: what matches, and that nothing a person types is an error."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newswire.search.fields import FIELDS

from .shelf import Shelf, event, shelf

WAR, CRIMES, ATTACKS, NINE, GARDEN, MARCH = "war", "crimes", "attacks", "nine", "garden", "march"


@pytest.fixture(scope="module")
def library(client: Elasticsearch) -> Iterator[Shelf]:
    for made in shelf(client, "language"):
        made.put("War crimes court opens", "The court in The Hague opens.", id=WAR)
        made.put("Crimes of a long war", "Historians met. The war's crimes were listed.", id=CRIMES)
        made.put("Attacks on Kyiv", "Two attacks were reported by Zoë Müller.", id=ATTACKS, people=["Zoë Müller"])
        made.put("Ceremony for 9/11", "Families met on 11 September, at 9.", id=NINE)
        made.put(
            "Gardens in bloom",
            "On page 11 of chapter 9. Price: 9 to 11 euros.",
            id=GARDEN,
            byline="Ada Green",
            organizations=["United Nations"],
        )
        made.put(
            "Thousands in the streets of Nairobi",
            "They walked to the parliament against a tax.",
            id=MARCH,
            countries=["KE"],
            agency="AFP",
            events=[event("unrest.protest.peaceful")],
        )
        made.refresh()
        yield made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("war crimes", {WAR, CRIMES}),
        ('"war crimes"', {WAR}),
        ('title:"war crimes"', {WAR}),
        ('body:"war crimes"', set()),
        ("war -court", {CRIMES}),
        ("court OR gardens", {WAR, GARDEN}),
        ("(court OR historians) AND listed", {CRIMES}),
        ("attack", {ATTACKS}),
        ('"attack"', set()),
        ('"attacks"', {ATTACKS}),
        ("9/11", {NINE}),
        ("gard*", {GARDEN}),
        ("GARD*", {GARDEN}),
        ("ga?dens", {GARDEN}),
        ("gradens~", {GARDEN}),
        ('"opens hague"~5', {WAR}),
        ("zoe muller", {ATTACKS}),
        ("person:MULLER", {ATTACKS}),
        ("mull*", {ATTACKS}),
        ("byline:green", {GARDEN}),
        ("UN", {GARDEN}),
        ("org:UN", {GARDEN}),
        ("un", set()),
        ("title:streets", {MARCH}),
        ("title:parliament", set()),
        ("body:parliament", {MARCH}),
        ("Kenya", {MARCH}),
        ("country:Kenya", {MARCH}),
        ("protest", {MARCH}),
        ('"protest"', set()),
        ("tag:unrest.*", {MARCH}),
        ("agency:afp", {MARCH}),
        ("agency:AF*", {MARCH}),
        ("what happened in the streets of Nairobi", {MARCH}),
        ("-war -attacks -gardens -9/11", {MARCH}),
        ("date:2025-12-01 war", {WAR, CRIMES}),
        ("date:>2025-12-01", set()),
        ("date:2025-11-30..2025-12-02 court", {WAR}),
        ("date:[* TO 2025-11-30]", set()),
    ],
)
def test_an_article_is_found_by_what_was_meant(library: Shelf, text: str, found: set[str]) -> None:
    assert library.found(text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date:soon war", "is no date"),
        ("killed:many war", "is no number"),
        ("tag:warr", "no tag"),
        ("*ar crimes", "wildcard"),
    ],
)
def test_a_value_that_a_field_cannot_have_is_read_as_words_and_said(library: Shelf, text: str, said: str) -> None:
    assert said in " ".join(library.ask(text).notes)


def test_an_article_that_has_most_words_of_a_long_question_is_found(library: Shelf) -> None:
    assert library.found("historians listed long nonsense") == {CRIMES}
    assert library.found("historians AND listed AND long AND nonsense") == set()


def test_what_has_some_of_the_words_is_shown_below(library: Shelf) -> None:
    answer = library.ask("gardens historians")
    assert answer.hits == []
    assert {hit.id for hit in answer.related} == {GARDEN, CRIMES}
    assert answer.total.articles == 0


def test_matches_are_marked_where_they_are_and_only_there(library: Shelf) -> None:
    (hit,) = library.ask('"war crimes"').hits
    assert hit.title
    assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["War crimes"]
    (hit,) = library.ask("title:streets").hits
    assert hit.title
    assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["streets"]
    assert [snippet.marks for snippet in hit.snippets] == [[]]
    assert hit.snippets[0].text.startswith("They walked")


_SIGNS = [
    '"',
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "*",
    "?",
    "~",
    "^",
    "/",
    "\\",
    "+",
    "-",
    ":",
    "..",
    ">",
    "<",
    " TO ",
    " AND ",
]
_PARTS = st.sampled_from([*_SIGNS, " OR ", " NOT ", " ", "ab", "war", "2025-02", "9", "é", "\0", "\ud800"])
_FIELD = st.builds("{}:{}".format, st.sampled_from(sorted(FIELDS)), st.lists(_PARTS, max_size=4).map("".join))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.lists(_PARTS | _FIELD, max_size=30).map("".join))
def test_any_text_at_all_is_a_question_that_the_engine_answers(library: Shelf, text: str) -> None:
    answer = library.ask(text)
    assert answer.complete


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000,
        "a* " * 600,
        "ab*cd*ef* " * 200,
        " OR ".join(f"w{number}*" for number in range(400)),
        "x" * 100_000,
        "-" * 2000 + "a",
        "NOT " * 500 + "a",
        '"' + "war " * 400 + '"~9999',
        "war~9999999",
        "date:" * 300,
        "killed:99999999999999999999",
        "killed:>999999999 date:9998",
    ],
)
def test_a_question_made_to_hurt_is_answered_at_once(library: Shelf, text: str) -> None:
    assert library.ask(text).milliseconds < 5000
