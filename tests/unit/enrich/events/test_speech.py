"""Who says it, and how real it is said to be."""

from datetime import date

import pytest

from services.enrich.events.actors import cast
from services.enrich.events.rules import book
from services.enrich.events.scan import Clause, read
from services.enrich.events.speech import is_supposed, sayings, stance
from tests.steps import steps
from tests.unit.enrich.events.conftest import build, names_in


def clause_of(sentence: str) -> Clause:
    text = build(sentence, written=date(2025, 2, 7))
    (clause,) = read(text, names_in(text), [], book().phrases)
    return clause


def test_each_verb_of_speech_has_the_party_before_it_else_the_one_right_after():
    clause = clause_of("Russia said what Iran denied, and officials said Kyiv had claimed it.")
    assert [(one.kind, one.speaker) for one in sayings(clause, cast(clause))] == [
        ("sayings", "Russia"),
        ("denials", "Iran"),
        ("sayings", None),
        ("claims", "Ukraine"),
    ]
    clause = clause_of("So it was, according to Kyiv.")
    assert [one.speaker for one in sayings(clause, cast(clause))] == ["Ukraine"]


def test_many_speakers_in_a_sentence_are_no_more_work_each_than_few():
    def work(times: int) -> int:
        clause = clause_of("Iran and Syria and Russia said it and " * times + "so it was.")
        people = cast(clause)
        return steps(lambda: sayings(clause, people))

    few, many = work(20), work(200)
    assert many < 11 * few


def statuses(events, tag):
    return {event.status for event in events if event.type == tag}


REAL = {"reported", "claimed", "planned"}


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        ("Nobody was detained after the burglary in Lille.", "law.arrest"),
        ("No suspects have been arrested over the stabbing in Lille.", "law.arrest"),
        ("None of them has been charged with the murder.", "law.charge"),
        ("Russia and Ukraine have not yet reached a ceasefire agreement.", "politics.diplomacy.ceasefire"),
        ("The two sides failed to sign a peace agreement.", "politics.diplomacy.agreement"),
        ("France ruled out further sanctions on Belarus.", "politics.diplomacy.sanction"),
        ("Nurses in Lille called off a planned strike over pay.", "unrest.protest.strike"),
        ("The strike by nurses in Lille was called off late on Monday.", "unrest.protest.strike"),
        (
            "Talks between Russia and Ukraine, scheduled for Monday in Paris, were postponed.",
            "politics.diplomacy.meeting",
        ),
        ("Soldiers thwarted a suicide bombing in Mosul.", "conflict.remote.suicide_bomb"),
    ],
)
def test_what_nobody_did_and_what_was_called_off_is_not_told_as_done(read, sentence, tag):
    assert not statuses(read(sentence), tag) & REAL


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        ("Police arrested two men and the concert was cancelled.", "law.arrest"),
        ("An earthquake shook Seville and a match was cancelled.", "disaster.natural.earthquake"),
        ("A storm in Florida killed two people and flights were cancelled.", "disaster.natural.storm"),
        ("Two men were arrested on Monday over an attack that was foiled.", "law.arrest"),
        ("No fewer than nine people were arrested in Lille.", "law.arrest"),
    ],
)
def test_what_was_called_off_beside_it_leaves_a_deed_done(read, sentence, tag):
    assert statuses(read(sentence), tag) == {"reported"}


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        ("Iran warned that it could strike back at Israel.", "politics.diplomacy.threat"),
        ("Turkey condemned what it said might be a war crime.", "politics.diplomacy.statement"),
        ("Nine hikers are feared dead after an avalanche in Chile.", "disaster.natural.flood"),
        ("Thirty people may have drowned in floods in Seville.", "disaster.natural.flood"),
        ("A dozen workers might have been hurt when a crane collapsed in Lille.", "disaster.manmade.collapse"),
        ("The explosion at the plant in Lille may have been caused by a gas leak.", "disaster.manmade.fire_explosion"),
    ],
)
def test_a_guess_at_something_else_leaves_a_deed_real(read, sentence, tag):
    assert statuses(read(sentence), tag) == {"reported"}


@pytest.mark.parametrize(
    ("sentence", "tag", "status"),
    [
        ("An earthquake could destroy half of Seville.", "disaster.natural.earthquake", "hypothetical"),
        ("Officials fear a massacre in Kano.", "conflict.civilians.mass_killing", "hypothetical"),
        ("Rebels may have abducted the priest in Kano.", "conflict.civilians.abduction", "hypothetical"),
    ],
)
def test_what_only_may_be_stays_so(read, sentence, tag, status):
    assert statuses(read(sentence), tag) <= {status}


def test_a_drought_is_what_did_not_fall(read):
    assert statuses(read("No rain has fallen in Kano since May and wells are dry."), "disaster.natural.drought") == {
        "reported"
    }


def test_what_no_group_claims_is_no_claim(read):
    body = "A car bomb killed four people in Mosul. No group has claimed responsibility for the blast."
    assert not statuses(read(body), "politics.diplomacy.accusation")


def one(events, tag):
    found = [event for event in events if event.type == tag]
    assert len(found) == 1, [event.type for event in events]
    return found[0]


GAINED = "conflict.battle.territory_gained_state"


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        ("Soldiers, who deny targeting civilians, shelled Idlib on Monday.", "conflict.remote.shelling_missile"),
        ("A teacher who denied poisoning her neighbour was arrested in Lille.", "law.arrest"),
        ("The woman, who had always denied the charge, was sentenced to six years.", "law.verdict"),
        ("Turkey denied the report after its jets bombed Idlib.", "conflict.remote.air_drone_strike"),
    ],
)
def test_a_denial_is_of_its_own_clause(read, sentence, tag):
    assert statuses(read(sentence), tag) == {"reported"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Turkey denied that its jets had bombed Idlib.",
        "Turkey has denied bombing Idlib.",
        "Turkey denied on Monday, a day after the report, that it had bombed Idlib.",
    ],
)
def test_what_a_denial_says_is_denied(read, sentence):
    event = one(read(sentence), "conflict.remote.air_drone_strike")
    assert (event.status, event.denied_by) == ("denied", ["Turkey"])


def test_who_accuses_of_a_hostile_deed_claims_it_and_of_a_breach_claims_no_ceasefire(read):
    event = one(read("Ukraine accused Russia of shelling Kharkiv."), "conflict.remote.shelling_missile")
    assert (event.status, event.claimed_by) == ("claimed", ["Ukraine"])
    body = "Syria and Turkey agreed a ceasefire on Monday. Syria accused Turkey of breaking the ceasefire."
    event = one(read(body), "politics.diplomacy.ceasefire")
    assert (event.status, event.claimed_by) == ("reported", [])


@pytest.mark.parametrize(
    "sentence",
    [
        "Russia said it had captured the town of Toretsk, a claim denied by Ukraine.",
        "Russia said it had captured the town of Toretsk, which Ukraine denied.",
        "Moscow's claim that it had captured the town of Toretsk was disputed by Kyiv.",
    ],
)
def test_who_denies_what_another_claims(read, sentence):
    event = one(read(sentence), GAINED)
    assert (event.status, event.claimed_by, event.denied_by) == ("claimed", ["Russia"], ["Ukraine"])
    assert event.actors == ["Russia"]


def test_an_attack_claimed_by_a_group(read):
    event = one(read("A suicide bomber killed six people in Mosul in an attack claimed by Islamic State."), BOMBED)
    assert (event.claimed_by, event.actors) == (["Islamic State"], ["Islamic State"])


BOMBED = "conflict.remote.suicide_bomb"


def test_a_sentence_of_many_denials_and_cancelled_deeds_is_no_more_work_for_each():
    def work(times: int) -> int:
        clause = clause_of(
            "Iran, which denied it, called off no bombing by Syria, who said so, " * times + "so it was."
        )
        people = cast(clause)
        said = sayings(clause, people)
        start = clause.lower.rindex("so it was")
        return steps(lambda: stance(clause, said, None, (start, start + 2), frozenset({"hostile"})))

    few, many = work(20), work(200)
    assert many < 11 * few


@pytest.mark.parametrize(
    ("sentence", "word", "expected"),
    [
        ("But analysts say that if the army took the town it would help its supplies.", "took", True),
        ("Unless the talks go on the ferries will stand still.", "still", True),
        ("The minister asked whether the bridge had given way.", "way", True),
        ("The ferries stand still, and they may sink if nobody looks after them.", "still", False),
    ],
)
def test_what_stands_behind_an_if_is_a_mere_case_of_what_only_the_model_finds(sentence, word, expected):
    assert is_supposed(clause_of(sentence), sentence.index(word) + len(word)) is expected
