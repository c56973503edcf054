"""Who, whom, where, when, and how real."""

import pytest

from services.enrich.events import place
from services.enrich.events.scan import Clause
from services.enrich.model import Name, Sentence


def one(events, tag):
    found = [event for event in events if event.type == tag]
    assert len(found) == 1, [event.type for event in events]
    return found[0]


STRIKE = "conflict.remote.air_drone_strike"
SHELLING = "conflict.remote.shelling_missile"
GAINED = "conflict.battle.territory_gained_state"


@pytest.mark.parametrize(
    "sentence",
    [
        "A Russian drone attack on Kharkiv killed two people.",
        "Moscow launched a drone attack on Kharkiv at dawn.",
        "Kharkiv was hit by a drone attack launched by Russia.",
        "An air strike by Russian forces hit a warehouse in Kharkiv.",
    ],
)
def test_a_state_acts_by_its_country_name_and_its_victim_is_the_place(read, sentence):
    event = one(read(sentence), STRIKE)
    assert event.actors == ["Russia"]
    assert event.place is not None
    assert event.place.name == "Kharkiv"


def test_the_target_of_a_strike_is_no_actor(read):
    event = one(read("Israeli strikes on Hezbollah positions near Damascus killed four fighters."), STRIKE)
    assert event.actors == ["Israel"]
    assert event.targets == ["Hezbollah"]


def test_a_role_acts_where_nobody_is_named(read):
    event = one(read("Prosecutors opened a war crimes investigation into the strike."), "law.war_crimes_probe")
    assert event.actors == ["prosecutors"]


def test_the_town_is_preferred_to_its_country(read):
    event = one(read("Shelling in the town of Toretsk in Ukraine killed a man."), SHELLING)
    assert event.place.name == "Toretsk"


def test_the_place_behind_where_is_the_place(read):
    body = (
        "Sumy borders the Russian region of Kursk where Ukrainian forces launched a surprise offensive six months ago."
    )
    event = one(read(body), "conflict.battle.offensive")
    assert (event.place.name, event.actors, event.status) == ("Kursk", ["Ukraine"], "historical")
    assert (event.date.start, event.date.end) == ("2024-08-01", "2024-08-31")


def test_a_place_carries_over_to_the_next_sentence(read):
    body = "Residents of Odesa woke to sirens on Thursday. A drone attack set a warehouse alight."
    assert one(read(body), STRIKE).place.name == "Odesa"


def test_a_state_does_not_bomb_its_own_soil_where_another_place_is_named(read):
    body = "Belgorod lies across the border from Kharkiv. Russia has stepped up its bombardment of the region."
    assert one(read(body), SHELLING).place.name == "Kharkiv"


def test_the_dateline_places_a_protest_but_no_battle(read):
    assert one(read("Thousands marched to demand fair elections.", dateline="Paris"), "unrest.protest.peaceful").place
    assert (
        one(
            read("Soldiers and rebels exchanged gunfire at dawn.", dateline="Paris"), "conflict.battle.armed_clash"
        ).place
        is None
    )


def test_the_time_of_speaking_is_not_the_time_of_the_deed(read):
    event = one(read("A drone attack overnight killed two people in Sumy, the governor said Friday."), STRIKE)
    assert (event.date.start, event.date.end) == ("2025-02-06", "2025-02-07")


def test_the_time_of_speaking_is_taken_where_no_other_is_told(read):
    event = one(read("The governor said Tuesday that a drone attack had killed two people in Sumy."), STRIKE)
    assert event.date.start == "2025-02-04"


def test_months_of_shelling_reach_up_to_the_day_of_writing(read):
    event = one(read("The town of Toretsk has endured eight months of Russian shelling."), SHELLING)
    assert (event.date.start, event.date.end) == ("2024-06-01", "2025-02-07")


def test_without_any_date_an_event_has_none_and_no_story(read):
    event = one(read("A drone attack killed two people in Sumy.", written=None), STRIKE)
    assert event.date is None
    assert event.story is None


def test_a_partys_word_on_its_own_deed_is_a_claim(read):
    event = one(read("Russia said its forces had seized the village of Toretsk."), GAINED)
    assert (event.status, event.claimed_by, event.actors) == ("claimed", ["Russia"], ["Russia"])


def test_what_prosecutors_say_is_reported(read):
    event = one(read("A Russian air strike killed three people in Sumy, prosecutors said."), STRIKE)
    assert (event.status, event.claimed_by) == ("reported", [])


def test_a_denial_alone_is_denied(read):
    event = one(read("Ukraine denied that Russian forces had seized the town of Toretsk."), GAINED)
    assert (event.status, event.denied_by) == ("denied", ["Ukraine"])


def test_a_claim_and_its_denial_are_one_event(read):
    body = (
        "Russia said Friday its forces had captured the town of Toretsk. Fighting has gone on for months. "
        "Kyiv denied that Russia had full control of the town."
    )
    event = one(read(body), GAINED)
    assert (event.status, event.claimed_by, event.denied_by) == ("claimed", ["Russia"], ["Ukraine"])
    assert [body[start : start + 6] for start, _ in event.evidence] == ["Russia", "Kyiv d"]


@pytest.mark.parametrize(
    ("sentence", "tag", "status"),
    [
        ("Iran will impose sanctions on Britain next week.", "politics.diplomacy.sanction", "planned"),
        (
            "The army is preparing to launch a new offensive in the north of Mali.",
            "conflict.battle.offensive",
            "planned",
        ),
        ("There was no shelling in Toretsk on Thursday.", SHELLING, "negated"),
        ("An air strike on Damascus killed dozens in 2015.", STRIKE, "historical"),
    ],
)
def test_what_has_not_happened_is_marked(read, sentence, tag, status):
    found = [event for event in read(sentence) if event.type == tag]
    assert [event.status for event in found] in ([status], [])
    assert found or status in ("negated", "hypothetical")


def test_a_claim_of_responsibility_names_the_claimant(read):
    events = read("A car bomb killed six people in Mosul. Islamic State claimed responsibility for the attack.")
    assert one(events, "conflict.remote.ied_mine").fatalities.min == 6
    assert one(events, "politics.diplomacy.accusation").actors == ["Islamic State"]


ARREST = "law.arrest"
ATTACK = "conflict.civilians.attack"
VIOLENT = "crime.violent"


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        ("Three Turkish workers were kidnapped in Mosul on Monday.", "conflict.civilians.abduction"),
        ("A Chilean sailor was stabbed in Odesa on Monday.", VIOLENT),
        ("Five soldiers have been killed in an ambush near Kano.", "conflict.battle.armed_clash"),
        ("Police said a bomb had wounded six people in Mosul.", "conflict.remote.ied_mine"),
        ("Ukraine's army said a missile had damaged a school in Kharkiv.", SHELLING),
        ("Villagers told reporters that an air strike had destroyed a bridge near Idlib.", STRIKE),
    ],
)
def test_a_victim_and_a_teller_are_no_doers(read, sentence, tag):
    assert one(read(sentence), tag).actors == []


@pytest.mark.parametrize(
    ("sentence", "tag", "actors"),
    [
        ("Syria's army shelled a market in Idlib on Monday.", SHELLING, ["Syria"]),
        ("Turkey said its drones had hit a depot in Idlib.", STRIKE, ["Turkey"]),
        ("Turkey said on Monday it had bombed a depot in Idlib.", STRIKE, ["Turkey"]),
        ("Russia was accused of shelling a hospital in Kharkiv.", SHELLING, ["Russia"]),
        ("Turkish jets bombed a barracks held by Hezbollah near Idlib.", STRIKE, ["Turkey"]),
        ("Militants killed nine people in Kano before they were driven out by soldiers.", ATTACK, ["militants"]),
        ("Police said three men had been arrested in Lille.", ARREST, ["police"]),
        ("Soldiers were pelted with stones by rioters in Idlib.", "unrest.riot.violent_demo", ["rioters"]),
        ("Soldiers were fired on and shelled a market in Idlib.", SHELLING, ["soldiers"]),
    ],
)
def test_the_doer_is_of_the_clause_of_the_deed(read, sentence, tag, actors):
    assert one(read(sentence), tag).actors == actors


MEETING = "politics.diplomacy.meeting"
CEASEFIRE = "politics.diplomacy.ceasefire"


@pytest.mark.parametrize(
    ("sentence", "tag", "actors"),
    [
        ("Talks between Syria and Turkey were held in Paris on Monday.", MEETING, ["Syria", "Turkey"]),
        ("Ethiopia held talks with Somalia in Paris on Monday.", MEETING, ["Ethiopia", "Somalia"]),
        ("The presidents of Mali and Ghana met in Paris on Monday.", MEETING, ["Ghana", "Mali"]),
        ("Syria signed a ceasefire with Israel on Monday, French diplomats said.", CEASEFIRE, ["Israel", "Syria"]),
        ("Chile said Syria and Turkey had agreed a ceasefire on Monday.", CEASEFIRE, ["Syria", "Turkey"]),
        ("Russia said it had agreed a ceasefire with Ukraine.", CEASEFIRE, ["Russia", "Ukraine"]),
        ("Officials of Mali and Ghana met near the border with Nigeria on Monday.", MEETING, ["Ghana", "Mali"]),
    ],
)
def test_the_sides_of_what_is_settled(read, sentence, tag, actors):
    assert one(read(sentence), tag).actors == actors


def test_a_neighbour_is_no_target(read):
    assert one(read("Shells hit a village near the border with Syria on Monday."), SHELLING).targets == []


MOBILIZED = "conflict.posture.mobilize"


@pytest.mark.parametrize(
    ("sentence", "tag", "actors"),
    [
        ("NATO sent three frigates and more troops to Spain on Monday.", MOBILIZED, ["NATO"]),
        ("NATO and Ukraine held talks in Paris on Monday.", MEETING, ["NATO", "Ukraine"]),
        ("President Vladimir Putin threatened Ukraine with new strikes.", "politics.diplomacy.threat", ["Russia"]),
        ("A court in Lille sentenced a teacher to nine years in prison.", "law.verdict", ["court"]),
        ("Lawmakers in Mali passed a law on mining on Monday.", "politics.domestic.legislation", ["lawmakers"]),
        ("Assailants killed nine people in a village near Kano.", ATTACK, ["attackers"]),
        ("He told a court in Lille that he had stabbed his neighbour.", VIOLENT, []),
        ("Residents told Reuters that an air strike had hit a bridge near Idlib.", STRIKE, []),
        ("An air strike hit a bridge near Idlib on Monday, NATO said.", STRIKE, []),
        ("NATO deplored the massacre in Kano.", "conflict.civilians.mass_killing", []),
        ("NATO air strikes hit a barracks near Idlib.", STRIKE, ["NATO"]),
    ],
)
def test_bodies_heads_of_state_and_offices_act(read, sentence, tag, actors):
    assert one(read(sentence), tag).actors == actors


def test_what_a_body_of_many_states_says_is_no_claim(read):
    event = one(read("Russian troops have captured the town of Toretsk, NATO said."), GAINED)
    assert (event.status, event.claimed_by) == ("reported", [])


def test_a_former_president_does_not_act_for_the_state(read):
    event = one(
        read("Former president Vladimir Putin threatened Ukraine with new strikes."), "politics.diplomacy.threat"
    )
    assert event.actors == []


@pytest.mark.parametrize(
    ("sentence", "tag", "place"),
    [
        ("Russia bombed Kyiv's northern outskirts on Monday.", STRIKE, "Kyiv"),
        ("Thousands of people marched through Dublin's main square on Monday.", "unrest.protest.peaceful", "Dublin"),
        ("A bus travelling from Lille to Seville crashed near Odesa on Monday.", "disaster.manmade.accident", "Odesa"),
        ("A trader from Kano was stabbed in Lille on Monday.", VIOLENT, "Lille"),
        (
            "Spain sent 300 more troops to Mosul, its defence minister said during a visit to Seville.",
            MOBILIZED,
            "Mosul",
        ),
        ("Shells hit a school in Ethiopia's Baidoa region on Monday.", SHELLING, "Baidoa"),
    ],
)
def test_the_place_is_that_of_the_deed(read, sentence, tag, place):
    assert one(read(sentence), tag).place.name == place


@pytest.mark.parametrize("gap", [0, 40, 99])
def test_the_only_place_of_a_sentence_is_the_deeds_however_little_it_is_worth(gap):
    least = 1.0 + place.LOCATED + place.PASSED + place.TALKED
    name = Name(0, 4, "body", "Goma", "place", "Goma", geonameid=1)
    clause = Clause(0, Sentence(0, 300, 0, 0), "goma" + " " * 200, " " * 204)
    start = name.end + gap
    assert place.is_near(name, start, start + 6)
    assert place.best(clause, [(name, least)], start, start + 6, None) is name
    assert not place.is_near(name, 104, 110)
    assert place.best(clause, [(name, least)], 104, 110, None) is None
