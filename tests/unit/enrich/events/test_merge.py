"""Sentences about one event are one event; two events stay two."""

from datetime import date, timedelta

import pytest

from newswire.identity import story_key
from services.enrich.events.mention import Mention
from services.enrich.events.merge import absorb, finish, gather
from services.enrich.events.when import Days
from tests.steps import steps
from tests.unit.enrich.events.conftest import WORLD

STRIKE = "conflict.remote.air_drone_strike"


def of(events, tag):
    return [event for event in events if event.type == tag]


def test_a_follow_up_adds_its_sentence_and_its_numbers(read):
    body = "A drone attack hit a block of flats in Odesa on Thursday. The attack left two people dead and nine wounded."
    (event,) = of(read(body), STRIKE)
    assert len(event.evidence) == 2
    assert (event.fatalities.min, event.injured.min) == (2, 9)


@pytest.mark.parametrize(
    ("later", "dead"),
    [
        ("The death toll rose to 11 on Friday.", 11),
        ("The death toll was later lowered to four.", 4),
        ("The death toll rose to eight on Friday. By Saturday the death toll had climbed to 13.", 13),
        ("The attack killed three people, a doctor said.", 6),
        ("The death toll in the war has risen to 31,000.", 6),
    ],
)
def test_the_latest_toll_replaces_what_was_counted_before(read, later, dead):
    (event,) = of(read(f"A drone attack on Odesa killed six people on Thursday. {later}"), STRIKE)
    assert (event.fatalities.min, event.fatalities.max) == (dead, dead)


def test_two_strikes_on_one_place_on_different_days_stay_two(read):
    body = (
        "Russian guided bombs killed three people in the region of Sumy overnight. "
        "A Russian drone attack on Sumy late last month killed at least nine people."
    )
    one, two = sorted(of(read(body), STRIKE), key=lambda event: event.date.start, reverse=True)
    assert (one.fatalities.min, one.fatalities.max) == (3, 3)
    assert (two.fatalities.min, two.fatalities.max) == (9, None)
    assert (two.date.start, two.date.end) == ("2025-01-21", "2025-01-31")


def test_strikes_on_two_towns_are_two(read):
    body = "A drone attack hit Odesa on Thursday. Another drone attack hit Kharkiv on Thursday."
    assert sorted(event.place.name for event in of(read(body), STRIKE)) == ["Kharkiv", "Odesa"]


def test_the_story_is_the_same_in_other_words(read):
    (one,) = of(read("A drone attack hit Odesa on Thursday."), STRIKE)
    (two,) = of(read("Odesa was hit by drone strikes on 6 February, officials said."), STRIKE)
    assert one.story == two.story == story_key(STRIKE, one.place.geonameid, "2025-02-06")


def test_a_month_without_a_day_gives_the_story_of_the_month(read):
    (event,) = of(read("A drone attack hit Odesa last July."), STRIKE)
    assert event.story == story_key(STRIKE, event.place.geonameid, "2024-07")


def test_the_same_text_gives_the_same_events(read):
    body = "Rebels shelled Idlib on Monday. Clashes between soldiers and rebels followed. Thousands fled their homes."
    assert read(body) == read(body)


def test_events_come_with_their_crosswalk_and_sorted_lists(read):
    (event,) = of(read("Israeli and Turkish warplanes bombed Idlib, killing four."), STRIKE)
    assert (event.acled, event.plover, event.cameo) == ("Air/drone strike", "ASSAULT/aerial", "195")
    assert event.actors == sorted(event.actors)
    assert 0.5 <= event.score <= 1


@pytest.mark.parametrize("body", ["", "\n\n", "…", "The the the", "said said said " * 500])
def test_empty_and_odd_texts_carry_nothing(read, body):
    assert read(body) == []


WAR_REPORT = """\
Moscow said Friday its troops had captured the hill town of Toretsk in eastern Ukraine, a claim that would be
its largest gain this year.

Kyiv denied that Russian troops had complete control of the town.

“The town of Dzerzhinsk was liberated by active operations,” Russia’s defence ministry said, using the old
name.

Toretsk has been worn down by fighting that grew heavier last summer. It had a population of about 40,000
before Russia’s invasion in 2022, but by July last year the number of residents had fallen by 75%.

A photographer walked through the town last July. At the time a few hundred old people were left despite the
daily bombardment.

Eight months of systematic Russian shelling have left only ruins.

Russian strikes on the border region of Sumy overnight killed four people in their beds, prosecutors said
Friday.

The attack tore the roof off a house, pictures showed. Prosecutors said they had opened a war crimes
investigation into the strike, in which three guided bombs were used.

Sumy borders the Russian region of Kursk where Ukrainian forces launched a bold offensive six months ago.

A Russian drone attack on Sumy city late last month killed at least seven people as they slept.
"""


@pytest.fixture
def report(read):
    """The events of a war report in the manner of a news agency."""
    return read(WAR_REPORT, title="Three in four have left Toretsk", dateline="Kyiv")


def test_a_war_report_leads_with_the_town_claimed_and_denied(report):
    (event,) = of(report, "conflict.battle.territory_gained_state")
    assert event is report[0]
    assert (event.place.name, event.actors, event.status) == ("Toretsk", ["Russia"], "claimed")
    assert (event.claimed_by, event.denied_by) == (["Russia"], ["Ukraine"])
    assert (event.date.start, event.date.end) == ("2025-02-07", "2025-02-07")


def test_a_war_report_tells_its_two_strikes_apart(report):
    told = {(event.date.start, event.date.end): event.fatalities for event in of(report, STRIKE)}
    assert {days: (count.min, count.max) for days, count in told.items()} == {
        ("2025-02-06", "2025-02-07"): (4, 4),
        ("2025-01-21", "2025-01-31"): (7, None),
    }
    assert {event.place.name for event in of(report, STRIKE)} == {"Sumy"}


def test_a_war_report_carries_its_background(report):
    offensive = next(event for event in of(report, "conflict.battle.offensive") if event.place.name == "Kursk")
    assert (offensive.actors, offensive.status, offensive.date.start) == (["Ukraine"], "historical", "2024-08-01")
    assert [event.place.name for event in of(report, "conflict.remote.shelling_missile")] == ["Toretsk"]
    (displacement,) = of(report, "humanitarian.displacement")
    assert (displacement.place.name, displacement.displaced.min) == ("Toretsk", 30_000)
    (probe,) = of(report, "law.war_crimes_probe")
    assert (probe.actors, probe.date.start) == (["prosecutors"], "2025-02-07")


def test_nothing_is_invented_in_a_war_report(report):
    assert {event.type for event in report} <= {
        "conflict.battle.territory_gained_state",
        "conflict.battle.armed_clash",
        "conflict.battle.offensive",
        STRIKE,
        "conflict.remote.shelling_missile",
        "humanitarian.displacement",
        "humanitarian.infrastructure_damage",
        "law.war_crimes_probe",
    }


def test_a_march_that_was_dispersed_is_no_second_protest(read):
    events = read("Police in Lille dispersed protesters with tear gas on Monday. Some had marched to the town hall.")
    assert [event.type for event in events] == ["unrest.protest.intervention"]


def test_what_only_the_headline_says_is_an_event_of_the_first_sentence(read):
    events = read("It was over within an hour. The town is quiet.", title="Suicide bombing in Mosul market")
    assert [event.type for event in events] == ["conflict.remote.suicide_bomb"]
    assert events[0].evidence == [(0, 27)]


def test_what_was_called_off_is_no_protest(read):
    assert read("The demonstration was cancelled.") == []


def test_a_chronicle_of_a_thousand_events_costs_no_more_for_each():
    def march(at: int, tag: str) -> Mention:
        day = date(1900, 1, 1) + timedelta(days=20 * at)
        return Mention(tag, at, (at, at + 1), 0.8, days=Days(day, day, True))

    def work(size: int) -> int:
        kinds = ("unrest.protest.intervention", "unrest.protest.peaceful")
        mentions = [march(at, kinds[at % 2]) for at in range(size)]
        return steps(lambda: absorb(gather(mentions)))

    assert 0 < work(2_000) < 4.8 * work(500)


@pytest.mark.parametrize("tag", [STRIKE, "politics.diplomacy.accusation"])
def test_an_event_of_very_many_sentences_is_not_looked_through_for_each_of_them(tag):
    day = date(2025, 2, 7)

    def work(size: int) -> int:
        days = Days(day, day, told=False)
        mentions = [Mention(tag, at, (at, at + 1), 0.8, days=days, actors={"Ghana"}) for at in range(size)]
        return steps(lambda: absorb(gather(mentions)))

    assert 0 < work(2_000) < 4.8 * work(500)


PLANNED = [
    (
        "Ghanaian teachers will strike on Monday, their union said. The walkout is to last a week.",
        "unrest.protest.strike",
    ),
    ("Ghanaian teachers will strike on Monday. The strike is their third this year.", "unrest.protest.strike"),
    ("A hurricane is expected to hit Florida on Sunday. The hurricane is moving west.", "disaster.natural.storm"),
    (
        "Voters in Ghana will go to the polls on May 4. The election is the first in six years.",
        "politics.domestic.election",
    ),
]


@pytest.mark.parametrize(("body", "tag"), PLANNED)
def test_what_is_planned_stays_one_event_and_planned_when_it_is_taken_up(read, body, tag):
    (event,) = of(read(body), tag)
    assert event.status == "planned"
    assert event.date.start > "2025-02-07"
    assert len(event.evidence) == 2


def test_what_was_planned_and_has_killed_is_reported(read):
    body = "A hurricane is expected to hit Florida on Sunday. The hurricane killed nine people in Canada on Thursday."
    assert "reported" in {event.status for event in of(read(body), "disaster.natural.storm")}


def test_a_strike_today_is_not_the_one_planned_for_monday(read):
    body = "Drones struck a depot in Odesa, killing two people. Ghanaian teachers will strike on Monday."
    assert {event.type: event.status for event in read(body)} == {
        STRIKE: "reported",
        "unrest.protest.strike": "planned",
    }


def test_what_is_history_comes_behind_what_is_to_come(read):
    body = "Ghana will hold an election on May 4, officials said. The election in 2020 was won by the opposition."
    events = of(read(body, title="Ghana to hold election in May"), "politics.domestic.election")
    assert [event.status for event in events] == ["planned", "historical"]


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        ("Earthquake of 1999 killed 17,000 in Lille, new count says", ["disaster.natural.earthquake", "law.arrest"]),
        ("Two arrested in Lille over stones of memorial", ["law.arrest", "disaster.natural.earthquake"]),
    ],
)
def test_history_comes_last_unless_the_headline_is_about_it(read, title, tags):
    body = (
        "The earthquake of August 1999 killed 17,000 people in Lille. Police arrested two men on Thursday who had sold "
        "stones of its memorial."
    )
    assert [event.type for event in read(body, title=title)] == tags


def test_two_who_accuse_each_other_tell_of_two_accusations(read):
    body = "Turkey accused Syria of shelling a village on Thursday. Syria accused Turkey of lying."
    events = of(read(body), "politics.diplomacy.accusation")
    assert sorted(event.actors for event in events) == [["Syria"], ["Turkey"]]


@pytest.mark.parametrize(
    ("later", "events"),
    [
        ("The drones struck a market in Toretsk, killing two people.", ["Toretsk"]),
        ("The drones struck a market in Lille, killing two people.", ["Lille", "Kharkiv region"]),
        ("Drones struck a market in Toretsk, killing two people.", ["Kharkiv region", "Toretsk"]),
        ("The drones struck a market in Toretsk on Monday.", ["Kharkiv region", "Toretsk"]),
    ],
)
def test_a_town_is_in_the_region_told_before_where_the_sentence_goes_on(read, monkeypatch, later, events):
    monkeypatch.setitem(WORLD, "Kharkiv", ("place", "Kharkiv region", "geonames:1", "UA", 1, False))
    found = of(read(f"A drone attack hit the Kharkiv region on Thursday. {later}"), STRIKE)
    assert sorted(event.place.name for event in found) == sorted(events)


@pytest.mark.parametrize(("weight", "since"), [(0.5, date(2025, 2, 7)), (0.7, date(2024, 6, 1))])
def test_a_sentence_that_tells_an_event_much_more_faintly_does_not_date_it(weight, since):
    today, summer = date(2025, 2, 7), date(2024, 6, 1)
    told = Mention(STRIKE, 0, (0, 9), 1.0, days=Days(today, today, told=False))
    faint = Mention(STRIKE, 1, (10, 19), weight, days=Days(summer, today, told=True))
    (incident,) = gather([told, faint])
    assert incident.days.first == since


@pytest.mark.parametrize(("own", "actors"), [({"Russia"}, ["Russia"]), (set(), ["Ukraine"])])
def test_whom_an_event_has_itself_stands_before_whom_it_takes_in(own, actors):
    taken = Mention("conflict.battle.armed_clash", 1, (10, 19), 0.8, actors={"Ukraine"})
    strike = Mention(STRIKE, 0, (0, 9), 0.9, actors=own)
    (incident,) = absorb(gather([strike, taken]))
    event = finish(incident, date(2025, 2, 7), certain=0.9, likely=0.9, enough=0.5)
    assert event.actors == actors
