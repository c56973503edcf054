import pytest

from newswire.query import Question, body, plain


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("9/11", r"9\/11"),
        ("Trump: peace", r"Trump\: peace"),
        ("drone (", r"drone \("),
        ('"cease fire" -Gaza dron*', '"cease fire" -Gaza dron*'),
    ],
)
def test_signs_that_people_mean_as_themselves_are_no_query_language(asked: str, sent: str) -> None:
    assert plain(asked) == sent


def test_a_tag_stands_for_its_branch() -> None:
    for tag in ("law", "law.*"):
        (one,) = body(Question(tags=(tag,)))["query"]["bool"]["filter"]
        (clause,) = one["bool"]["should"]
        assert clause["bool"]["should"] == [{"term": {"event_tags": "law"}}, {"prefix": {"event_tags": "law."}}]


def test_values_of_one_filter_are_alternatives_and_filters_narrow_one_another() -> None:
    question = Question("x", places=("Kyiv", "Sumy"), countries=("ua",), first="2025-01-01")
    places, countries, dates = body(question)["query"]["bool"]["filter"]
    assert len(places["bool"]["should"]) == 2
    assert countries == {"terms": {"countries": ["UA"]}}
    assert dates == {"range": {"published_at": {"gte": "2025-01-01"}}}
