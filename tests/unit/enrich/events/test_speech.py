"""Who says it, and how real it is said to be."""

from datetime import date

import pytest

from services.enrich.events.actors import cast
from services.enrich.events.rules import book
from services.enrich.events.scan import Clause, read
from services.enrich.events.speech import sayings
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
