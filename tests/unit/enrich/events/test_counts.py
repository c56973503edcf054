"""Numbers of people, with the open ends that the words leave."""

import re

import pytest

from newswire.enriched import Count
from services.enrich.events import fate, quantity
from services.enrich.events.counts import emptied, find_counts
from services.enrich.events.phrases import split
from services.enrich.events.quantity import LARGEST
from tests.steps import steps


def told(sentence):
    """The counts as (least, most), by kind."""
    return {kind: (count.min, count.max) for kind, count in find_counts(sentence).counts.items()}


def exactly(**numbers):
    return {kind: (number, number) for kind, number in numbers.items()}


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
    assert find_counts(sentence).counts["fatalities"] == Count(min=low, max=high)


def test_each_number_belongs_to_what_befell_its_people():
    counts = find_counts(
        "The bomb killed four people and wounded 12, police said; two are missing and six were arrested."
    )
    assert counts.counts == {
        "fatalities": Count(min=4, max=4),
        "injured": Count(min=12, max=12),
        "missing": Count(min=2, max=2),
        "arrested": Count(min=6, max=6),
    }


def test_the_displaced_are_counted():
    assert find_counts("Some 3,000 people fled their homes.").counts["displaced"] == Count(min=3000, max=3000)
    assert find_counts("The war has displaced two million people.").counts["displaced"] == Count(
        min=2_000_000, max=2_000_000
    )


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
    assert "fatalities" not in find_counts(sentence).counts


def test_a_share_of_a_population_is_a_number_of_people():
    assert emptied("Some 40% of the city's 20,000 residents have fled.", "") == Count(min=8000, max=8000)
    assert emptied("The number of residents has fallen by 90 percent.", "A population of about 30,000") == Count(
        min=27_000, max=27_000
    )
    assert emptied("Sales have fallen by 90 percent.", "") is None


def test_what_stands_right_behind_a_number_says_more_than_what_stands_before():
    assert find_counts("Two pilots were killed and eleven injured.").counts == {
        "fatalities": Count(min=2, max=2),
        "injured": Count(min=11, max=11),
    }


def test_nobody_of_many_is_nobody():
    assert find_counts("None of the 70 guests was injured.").counts == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "Some 3 billion people were killed.",
        "More than 2,147,483,647 people were killed.",
        "Between 9 and 4,000,000,000 people were killed.",
        "Locusts displaced 2.2 billion people, it said.",
        "Up to 7 billion people may have died.",
    ],
)
def test_no_number_is_greater_than_the_index_takes(sentence):
    assert told(sentence) == {}


def test_no_sum_is_greater_than_the_index_takes():
    assert told("The plague killed 2,147,483,600 men and 90 women.") == exactly(fatalities=2_147_483_600)
    assert emptied("Some 90% have fled.", "a population of 8 billion") is None
    assert LARGEST == 2**31 - 1


@pytest.mark.parametrize(
    ("sentence", "dead"),
    [
        ("In the raid on June 4 bandits killed 17 people.", 17),
        ("The raid of 4 June killed 17 people.", 17),
        ("The shelling on Oct. 9 killed six.", 6),
        ("At 6:20 militants killed 11 people.", 11),
        ("Interstate 40 pile-up killed three.", 3),
        ("A 6.1-magnitude tremor killed four.", 4),
        ("Nine raiders killed 21 villagers.", 21),
        ("A nurse, 41, was killed.", 1),
        ("On a road two people were killed.", 2),
    ],
)
def test_days_hours_sizes_names_and_doers_are_not_counted(sentence, dead):
    assert told(sentence) == exactly(fatalities=dead)


@pytest.mark.parametrize(
    "sentence",
    [
        "Anthrax killed 900 cows.",
        "The cold killed two million salmon.",
        "Frost killed dozens of young camels.",
        "Troops captured six Russian rifles.",
        "Snow forced 40 shops to close.",
        "Fog forced 70 trains to be cancelled.",
        "Two bodies of water were drained, dead fish and all.",
        "A court sentenced four men to death.",
        "The spokesman Abel Ferro, 52, was killed off in the script.",
    ],
)
def test_animals_things_and_ages_are_nobody(sentence):
    assert told(sentence) == {}


@pytest.mark.parametrize(
    "phrase",
    [phrase for kind in ("at_least", "more_than", "below", "up_to", "about") for phrase in split(quantity.DATA[kind])],
)
def test_every_word_for_how_sure_a_number_is_is_heard(phrase):
    assert set(told(f"The blast killed {phrase} 12 people.")) == {"fatalities"}


def test_a_long_sentence_is_looked_through_once(monkeypatch):
    looked = 0

    class Watched:
        def __init__(self, pattern: re.Pattern[str]) -> None:
            self.pattern = pattern

        def search(self, text: str, *span: int) -> re.Match[str] | None:
            nonlocal looked
            looked += (span[1] if span[1:] else len(text)) - (span[0] if span else 0)
            return self.pattern.search(text, *span)

    for module, name in ((quantity, "_before"), (fate, "_precedes"), (fate, "_stop")):
        monkeypatch.setattr(module, name, Watched(getattr(module, name)))
    text = "Then five of the nine guests arrived and killed a bottle of wine, all 30 of them, "
    find_counts(text * 10)
    few, looked = looked, 0
    find_counts(text * 80)
    assert looked < 9 * few


def test_a_text_eight_times_as_long_takes_eight_times_the_steps():
    text = "At least nine people were killed and a man and his two sons hurt, "
    few, many = (steps(lambda times=times: find_counts(text * times)) for times in (10, 80))
    assert many < 9 * few


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("Some 50 men were detained and six officers were hurt.", {"arrested": 50, "injured": 6}),
        ("A guard was killed and a cook wounded.", {"fatalities": 1}),
        ("A guard was killed and a nurse wounded.", {"fatalities": 1, "injured": 1}),
        ("Four rebels were killed and two soldiers hurt.", {"fatalities": 4, "injured": 2}),
        ("Of a crew of 20, 13 were rescued and seven are missing.", {"missing": 7}),
        ("The toll rose to 8 after one man died of his wounds, a nurse said.", {"fatalities": 8}),
        ("Seven people were killed, three men and four women.", {"fatalities": 7}),
        ("An officer said five people had been killed.", {"fatalities": 5}),
        ("The police officer was hurt by a man who wounded nine others.", {"injured": 9}),
        ("A guard shot dead three prisoners.", {"fatalities": 3}),
        ("A court heard of two men who robbed and killed for a year.", {}),
        ("A guard had killed himself.", {"fatalities": 1}),
        ("A girl of twelve was killed.", {"fatalities": 1}),
        ("A man was detained on suspicion of hitting two girls.", {"arrested": 1}),
        ("The ministry put the number of dead at 16, with some 40 hurt.", {"fatalities": 16, "injured": 40}),
    ],
)
def test_and_carries_no_fate_over_to_other_people(sentence, counts):
    assert told(sentence) == exactly(**counts)


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("The landslide killed a family of six.", {"fatalities": 6}),
        ("The avalanche killed a group of nine climbers.", {"fatalities": 9}),
        ("A fire killed a father and his two daughters and injured three others.", {"fatalities": 3, "injured": 3}),
        ("The shell killed four pupils' mothers, seven children and their teacher.", {"fatalities": 4}),
        ("The shell killed seven children and their teacher.", {"fatalities": 8}),
        ("All 30 passengers and five crew died.", {"fatalities": 35}),
        ("The crash killed the pilot and two passengers.", {"fatalities": 3}),
        ("The pilot and two passengers were killed.", {"fatalities": 3}),
        ("The captain was arrested.", {"arrested": 1}),
        ("The captain said the ship had been arrested.", {}),
        ("Troops captured the rebel base.", {}),
        ("Villagers beat three men to death.", {"fatalities": 3}),
        ("Six teachers (two of them women) were killed.", {"fatalities": 6}),
        ("Six teachers – among them a Dane – were killed.", {"fatalities": 6}),
        ("Six teachers—two Danes and four Swedes—were killed.", {"fatalities": 6}),
        ("Six teachers, many of them women, were killed.", {"fatalities": 6}),
        ("Six people were hurt, 2 of them badly, and one was killed.", {"injured": 6, "fatalities": 1}),
        ("Four men were killed (three were wounded).", {"fatalities": 4, "injured": 3}),
        (
            "Six pilgrims on their way to a shrine in a town in the next valley were killed.",
            {"fatalities": 6},
        ),
        ("Of the 15 sailors, four were killed.", {"fatalities": 4}),
        ("Four of the 15 sailors were killed.", {"fatalities": 4}),
        ("Three of the 18 wounded are in a coma.", {"injured": 18}),
        ("Three of the 18 people wounded died.", {"injured": 18, "fatalities": 3}),
        ("One of the two died.", {"fatalities": 1}),
        ("Two cattle herders and a drone pilot were killed.", {"fatalities": 3}),
        ("They counted 700 newly displaced people.", {"displaced": 700}),
        ("All of the 18 guests were killed.", {"fatalities": 18}),
        ("Police held 25 marchers.", {"arrested": 25}),
        ("The storm killed four people in Ohio, two in Utah and one in Iowa.", {"fatalities": 7}),
        ("The war has driven 9,000 people from their homes.", {"displaced": 9000}),
    ],
)
def test_people_are_counted_in_many_forms(sentence, counts):
    assert told(sentence) == exactly(**counts)


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("The strike killed 30 to 40 people.", 30, 40),
        ("Thirty to 40 people died.", 30, 40),
        ("30-40 people died.", 30, 40),
        ("Some 30 to 40 people died.", 30, 40),
        ("Two to three million people died.", 2_000_000, 3_000_000),
    ],
)
def test_two_numbers_may_be_the_least_and_the_most(sentence, low, high):
    assert told(sentence) == {"fatalities": (low, high)}


def test_an_evacuation_ahead_is_counted():
    assert told("Officials want to evacuate up to 60,000 people.") == {"displaced": (None, 60_000)}


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("The death toll rose to 14.", {"fatalities": 14}),
        ("Measles killed six, bringing the total death toll to 52.", {"fatalities": 52}),
        ("Officials cut the death toll from a quake on May 3 from 61 to 58.", {"fatalities": 58}),
        ("The death toll was later revised down to five.", {"fatalities": 5}),
        ("The hospital put the number of wounded at 33.", {"injured": 33}),
    ],
)
def test_a_toll_that_changed_is_known_for_one(sentence, counts):
    assert told(sentence) == exactly(**counts)
    assert find_counts(sentence).tolls == frozenset(counts)


def test_a_toll_may_be_only_a_floor():
    assert told("The third day of heat killed nine, taking the death toll above 80.") == {"fatalities": (81, None)}


@pytest.mark.parametrize(
    "sentence",
    [
        "The death toll in the war has risen to 31,000.",
        "The previous death toll stood at six.",
        "The province raised the toll for lorries to 12 dollars.",
    ],
)
def test_the_toll_of_a_war_and_an_older_one_are_no_toll(sentence):
    assert find_counts(sentence).tolls == frozenset()
    assert told(sentence) == {}


def test_a_number_of_the_dead_that_is_no_toll_replaces_none():
    assert find_counts("The blast killed 14.").tolls == frozenset()
