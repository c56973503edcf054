"""Which of a sentence's times is the deed's."""

import pytest

from services.enrich.events.wording import words

COLLAPSE = "disaster.manmade.collapse"
ACCIDENT = "disaster.manmade.accident"
VIOLENT = "crime.violent"
STRIKE = "conflict.remote.air_drone_strike"
SHELLING = "conflict.remote.shelling_missile"
BOMB = "conflict.remote.ied_mine"
FLOOD = "disaster.natural.flood"
ELECTION = "politics.domestic.election"
WILDFIRE = "disaster.natural.wildfire"


def days(events, tag):
    (event,) = [event for event in events if event.type == tag]
    return (event.date.start, event.date.end) if event.date.start != event.date.end else event.date.start


@pytest.mark.parametrize(
    ("sentence", "tag", "expected"),
    [
        ("A hotel built in 1954 collapsed in Seville on Monday, killing two guests.", COLLAPSE, "2025-02-03"),
        ("A trawler commissioned in 1979 sank off Spain with nine sailors.", ACCIDENT, "2025-02-07"),
        ("A man who had been freed in 2021 stabbed two people in Lille on Monday.", VIOLENT, "2025-02-03"),
        ("Voters in Ghana, which gained independence in 1957, went to the polls on Monday.", ELECTION, "2025-02-03"),
        ("Floods on Monday swept through Seville, where the river last burst its banks in 1961.", FLOOD, "2025-02-03"),
    ],
)
def test_what_came_about_long_ago_does_not_date_the_deed(read, sentence, tag, expected):
    assert days(read(sentence), tag) == expected


def test_the_words_of_an_aside_can_be_looked_for_by_their_first_letters():
    assert all(word.startswith("wh") for word in words("aside"))


def test_a_deed_in_a_relative_clause_keeps_its_time(read):
    body = "Sumy borders the region of Kursk, where Ukrainian drones struck a depot on Monday."
    assert days(read(body), STRIKE) == "2025-02-03"


@pytest.mark.parametrize(
    "sentence",
    [
        "It was the deadliest air strike on Idlib since October.",
        "In its third air strike on Idlib this week, Israel killed two people.",
    ],
)
def test_what_a_deed_is_ranked_among_does_not_date_it(read, sentence):
    assert days(read(sentence), STRIKE) == "2025-02-07"


def test_since_a_month_still_runs_up_to_the_day_of_writing(read):
    body = "Russian shelling has killed 40 people in Sumy since January."
    assert days(read(body), SHELLING) == ("2025-01-01", "2025-02-07")


@pytest.mark.parametrize(
    "sentence",
    [
        "The governor said in a statement issued on Friday that shelling had killed two people in Sumy on Wednesday.",
        "On Friday, the governor said shelling had killed two people in Sumy on Wednesday.",
        "On Friday the governor of the region told reporters that shells hit Sumy on Wednesday, killing two.",
    ],
)
def test_the_day_of_a_statement_is_not_that_of_the_deed(read, sentence):
    assert days(read(sentence), SHELLING) == "2025-02-05"


def test_a_day_at_the_head_of_a_sentence_is_the_deeds_where_no_other_is_told(read):
    assert days(read("On Monday, the governor said shells hit Sumy, killing two people."), SHELLING) == "2025-02-03"


@pytest.mark.parametrize(
    "sentence",
    [
        "Russian drones killed 12 people in Sumy between Monday and Wednesday.",
        "From Monday to Wednesday, Russian drones killed 12 people in Sumy.",
    ],
)
def test_between_two_days_are_all_days(read, sentence):
    assert days(read(sentence), STRIKE) == ("2025-02-03", "2025-02-05")


def test_a_day_once_told_is_not_made_a_year(read):
    body = "A wildfire reached Seville on Tuesday. It is one of many wildfires that have burned in Spain this year."
    assert days(read(body), WILDFIRE) == "2025-02-04"
