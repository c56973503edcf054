"""Who says it, and how real it is said to be."""

from datetime import date

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
