"""Which of the events of a text its numbers of people belong to."""

import pytest

ARREST = "law.arrest"
BOMB = "conflict.remote.ied_mine"
SHELLING = "conflict.remote.shelling_missile"
RIOT = "unrest.riot.violent_demo"
QUAKE = "disaster.natural.earthquake"
FLOOD = "disaster.natural.flood"
DISPLACEMENT = "humanitarian.displacement"


def told(events):
    """Of each tag the least of every number that one of its events carries."""
    numbers = {}
    for event in events:
        of_tag = numbers.setdefault(event.type, {})
        for kind in ("fatalities", "injured", "missing", "arrested", "displaced"):
            if (count := getattr(event, kind)) is not None:
                of_tag[kind] = count.min
    return numbers


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Police arrested four men on Monday over a car bombing that killed six people in Mosul.",
            {ARREST: {"arrested": 4}, BOMB: {"fatalities": 6}},
        ),
        (
            "Police detained 30 people in Lille on Monday after riots in which five officers were injured.",
            {ARREST: {"arrested": 30}, RIOT: {"injured": 5}},
        ),
        (
            "Floods killed seven people in Seville and displaced 4,000 others.",
            {FLOOD: {"fatalities": 7}, DISPLACEMENT: {"displaced": 4000}},
        ),
    ],
)
def test_a_number_belongs_to_the_event_that_its_kind_is_of(read, sentence, expected):
    assert told(read(sentence)) == expected


def test_the_dead_of_a_later_sentence_are_not_those_of_an_arrest_in_between(read):
    body = (
        "Shells hit a school in Odesa on Monday. Police arrested a woman who had filmed it. "
        "At least eight people were killed."
    )
    numbers = told(read(body))
    assert numbers[SHELLING] == {"fatalities": 8}
    assert numbers[ARREST] == {"arrested": 1}


def test_an_arrest_has_nobodys_death_in_it(read):
    body = "Shells hit a school in Odesa on Monday. Police arrested two men and put the death toll at 12."
    numbers = told(read(body))
    assert numbers[SHELLING] == {"fatalities": 12}
    assert numbers[ARREST] == {"arrested": 2}


def test_those_who_died_elsewhere_did_not_die_in_the_event_just_told(read):
    body = (
        "A car bomb exploded in Mosul on Thursday. The attack came two weeks after gunmen killed 40 people in Baidoa."
    )
    assert told(read(body))[BOMB] == {}


@pytest.mark.parametrize("earlier", ["More than 300 people died there in 1884.", "In December 14 others were killed."])
def test_those_who_died_before_did_not_die_in_the_event_just_told(read, earlier):
    (event,) = read(f"An earthquake shook Seville on Thursday. {earlier}")
    assert (event.type, event.fatalities) == (QUAKE, None)
    assert event.date.start == "2025-02-06"


@pytest.mark.parametrize(
    "later",
    [
        "On Friday the bodies of 14 people were found.",
        "Fourteen people died, the highest toll in Spain since 1999.",
        "By Friday, 14 people were dead in Spain.",
        "Fourteen people died, police in Paris said.",
        "Fourteen people died in a hospital in Lille.",
    ],
)
def test_those_found_afterwards_or_told_of_from_elsewhere_are_of_the_event(read, later):
    (event,) = [event for event in read(f"An earthquake shook Seville on Tuesday. {later}") if event.type == QUAKE]
    assert event.fatalities.min == 14
