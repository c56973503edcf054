"""Numbers of people, with the open ends that the words leave."""

import pytest

from newswire.enriched import Count
from services.enrich.events.counts import emptied, find_counts


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("The strike killed three people.", 3, 3),
        ("At least nine people were killed in the blast.", 9, None),
        ("The flood left more than 100 people dead.", 101, None),
        ("Between 10 and 15 villagers were killed.", 10, 15),
        ("Up to 20 soldiers were killed.", None, 20),
        ("Dozens of people were killed.", 24, None),
        ("Hundreds died in the quake.", 200, None),
        ("Twenty-one people, including two children, were killed.", 21, 21),
        ("A woman was killed and two others were hurt.", 1, 1),
        ("The death toll rose to 1,250 on Sunday.", 1250, 1250),
        ("The attack, killing two policemen, lasted an hour.", 2, 2),
        ("Some 40 passengers drowned.", 40, 40),
        ("Ten or more miners died.", 10, None),
        ("Floods after three days of rain killed at least 63 people.", 63, None),
        ("Two bombs killed five shoppers.", 5, 5),
        ("The death toll from the blast rose from 9 to 12 on Sunday.", 12, 12),
        ("The death toll from the storm passed 300.", 301, None),
        ("A man and his three sons were killed.", 4, 4),
        ("A 61-year-old baker was killed.", 1, 1),
        ("Half a dozen guards were killed.", 6, 6),
        ("Fewer than 30 people died.", None, 29),
        ("In 2016 a bomb killed eight people.", 8, 8),
    ],
)
def test_the_dead_are_counted_as_told(sentence, low, high):
    assert find_counts(sentence)["fatalities"] == Count(min=low, max=high)


def test_each_number_belongs_to_what_befell_its_people():
    counts = find_counts(
        "The bomb killed four people and wounded 12, police said; two are missing and six were arrested."
    )
    assert counts == {
        "fatalities": Count(min=4, max=4),
        "injured": Count(min=12, max=12),
        "missing": Count(min=2, max=2),
        "arrested": Count(min=6, max=6),
    }


def test_the_displaced_are_counted():
    assert find_counts("Some 3,000 people fled their homes.")["displaced"] == Count(min=3000, max=3000)
    assert find_counts("The war has displaced two million people.")["displaced"] == Count(min=2_000_000, max=2_000_000)


@pytest.mark.parametrize(
    "sentence",
    [
        "The shop sold 300 bicycles last year.",
        "No one was killed.",
        "Prices fell by 20 percent after 14 people met.",
        "The 54-year-old was killed.",
    ],
)
def test_other_numbers_are_left_alone(sentence):
    assert "fatalities" not in find_counts(sentence)


def test_a_share_of_a_population_is_a_number_of_people():
    assert emptied("Some 40% of the city's 20,000 residents have fled.", "") == Count(min=8000, max=8000)
    assert emptied("The number of residents has fallen by 90 percent.", "A population of about 30,000") == Count(
        min=27_000, max=27_000
    )
    assert emptied("Sales have fallen by 90 percent.", "") is None


def test_what_stands_right_behind_a_number_says_more_than_what_stands_before():
    assert find_counts("Two pilots were killed and eleven injured.") == {
        "fatalities": Count(min=2, max=2),
        "injured": Count(min=11, max=11),
    }


def test_nobody_of_many_is_nobody():
    assert find_counts("None of the 70 guests was injured.") == {}
