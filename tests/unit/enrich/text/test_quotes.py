"""Quotations and their speakers: the gold sets end to end, marks and traps one by one, and hostile texts."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswire.enriched import Entity, EntityType, Mention, Quote
from services.enrich.pipeline import Enricher
from services.enrich.text import build
from services.enrich.text.quotes import find_quotes
from tests.steps import steps
from tests.unit.enrich.messages import article
from tests.unit.enrich.text.quoted import Quoted, read, said, score

HALVES = ("tuned_on", "held_out")


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return Enricher()


def entity(body: str, name: str, kind: EntityType = "person", *, identity: str | None = None) -> Entity:
    """An entity with a mention wherever its name or the last word of it stands."""
    mentions, at = [], 0
    last = name.rpartition(" ")[2]
    while (end := body.find(last, at)) >= 0:
        start = end - len(name) + len(last) if body.startswith(name, end - len(name) + len(last)) else end
        mentions.append(Mention(text=body[start : end + len(last)], start=start, end=end + len(last)))
        at = end + len(last)
    return Entity(type=kind, name=name, id=identity, mentions=mentions, count=len(mentions), salience=0.5)


def quoted(body: str, *people: str, language: str | None = "en") -> list[tuple[str, str | None]]:
    """The words and the speakers of all quotations."""
    found = find_quotes(build(article(body=body)), [entity(body, name) for name in people], language)
    return [(body[one.start : one.end], one.speaker) for one in found]


def named(body: str, quotes: Sequence[Quote]) -> list[str]:
    """The words that name the speakers."""
    return [body[one.speaker_start : one.speaker_end] for one in quotes if one.speaker_start is not None]


@pytest.mark.parametrize("half", HALVES)
def test_quotations_are_found_and_given_to_who_spoke_them(enricher: Enricher, half: str) -> None:
    cases = read(half)
    reached = score(cases, [said(case.text, enricher.enrich(article(body=case.text)).quotes) for case in cases])
    assert reached.precision >= 0.95
    assert reached.recall >= 0.85


def test_the_sets_are_large_enough_to_tell() -> None:
    sizes = [len(read(half)) for half in HALVES]
    assert sum(sizes) >= 60
    assert min(sizes) >= 30


def test_a_perfect_answer_scores_one_and_a_wrong_speaker_counts_against_both_figures() -> None:
    cases = read("tuned_on")[:2]
    assert score(cases, [case.quotes for case in cases]) == (1.0, 1.0, [])
    wrong = [[Quoted(one.start, "Nobody") for one in cases[0].quotes], cases[1].quotes]
    assert score(cases, wrong)[:2] == (0.5, 0.5)


def test_a_quotation_has_name_and_id_of_its_speaker_and_the_place_of_both_in_the_body() -> None:
    body = 'The mayor, Ada Obi, was late. "The ferry did not come," said Obi.'
    (one,) = find_quotes(build(article(body=body)), [entity(body, "Ada Obi", identity="person:ada-obi")], "en")
    assert body[one.start : one.end] == "The ferry did not come,"
    assert (one.speaker, one.speaker_id) == ("Ada Obi", "person:ada-obi")
    assert named(body, [one]) == ["Obi"]


def test_a_noun_is_told_by_its_place_alone() -> None:
    body = '"The ferry did not come," a spokesman for the port said.'
    (one,) = find_quotes(build(article(body=body)), [], "en")
    assert (one.speaker, one.speaker_id, named(body, [one])) == (None, None, ["a spokesman for the port"])


@pytest.mark.parametrize(
    ("opening", "closing"),
    [('"', '"'), ("“", "”"), ("‘", "’"), ("'", "'"), ("«", "»"), ("« ", " »"), ("„", "“"), ("»", "«"), ("``", "''")],
)
def test_all_kinds_of_marks_quote(opening: str, closing: str) -> None:
    body = f"{opening}The ferry did not come,{closing} said Ada Obi."
    assert quoted(body, "Ada Obi") == [("The ferry did not come,", "Ada Obi")]


@pytest.mark.parametrize(
    "body",
    [
        "It's the workers' and the farmers' day, and nobody's boat isn't theirs.",
        "The '80s hall of rock 'n' roll was the players' and the fans' own place.",
        "The board is 6' 2\" long and 4' 1\" wide, he thought.",
        'The "quiet" boat of the "good" captain is gone.',
        'He bought "The Old Man of the Mountain" in a shop.',
        "No marks at all, and nothing that was said.",
        "",
    ],
)
def test_apostrophes_measures_scare_quotes_and_titles_are_no_quotations(body: str) -> None:
    assert quoted(body) == []


def test_an_apostrophe_does_not_end_a_quotation_in_single_marks() -> None:
    body = "'The workers' boat isn't here yet,' said Ada Obi."
    assert quoted(body, "Ada Obi") == [("The workers' boat isn't here yet,", "Ada Obi")]


def test_marks_inside_a_quotation_are_its_words() -> None:
    body = "‘They shouted “go home now” at us all night,’ said Ada Obi."
    assert quoted(body, "Ada Obi") == [("They shouted “go home now” at us all night,", "Ada Obi")]


def test_a_mark_that_is_never_closed_takes_nothing_with_it() -> None:
    body = '"The ferry did not come, said Ada Obi.\n\nNobody saw it. “It was never there at all,” said Ada Obi.'
    assert quoted(body, "Ada Obi") == [("It was never there at all,", "Ada Obi")]
    again = '"The ferry did not come, said Ada Obi. "It was never there at all," she said.'
    assert quoted(again, "Ada Obi") == [("It was never there at all,", "Ada Obi")]


def test_a_quotation_of_several_paragraphs_has_one_speaker_and_a_part_in_each() -> None:
    body = (
        'Ada Obi said: "The ferry did not come at all.\n\n"We waited the whole night for it.\n\n'
        '"Then we swam across."\n\n"I saw them swim," said Ben Lund.'
    )
    assert quoted(body, "Ada Obi", "Ben Lund") == [
        ("The ferry did not come at all.", "Ada Obi"),
        ("We waited the whole night for it.", "Ada Obi"),
        ("Then we swam across.", "Ada Obi"),
        ("I saw them swim,", "Ben Lund"),
    ]


def test_who_speaks_in_one_paragraph_does_not_speak_in_the_next() -> None:
    body = '"The ferry did not come," said Ada Obi.\n\n"It was never there at all."'
    assert quoted(body, "Ada Obi")[1] == ("It was never there at all.", None)


def test_he_is_the_only_person_of_the_sentence_before_and_nobody_where_there_are_two() -> None:
    alone = 'Ben Lund keeps the lock. "The ferry did not come," he said.'
    assert quoted(alone, "Ben Lund") == [("The ferry did not come,", "Ben Lund")]
    two = 'Ben Lund met Ada Obi at the lock. "The ferry did not come," he said.'
    assert quoted(two, "Ben Lund", "Ada Obi") == [("The ferry did not come,", None)]


def test_he_is_not_somebody_whom_the_text_calls_mrs() -> None:
    body = 'Mrs Lund keeps the lock. "The ferry did not come," he said.'
    assert quoted(body, "Lund") == [("The ferry did not come,", None)]


def test_in_another_language_words_are_quoted_and_nobody_is_named() -> None:
    body = "« Le bac n'est pas venu hier », a dit Ada Obi, l'éclusière d'ici."
    assert quoted(body, "Ada Obi", language="fr") == [("Le bac n'est pas venu hier", None)]


def test_the_document_carries_quotations_and_they_survive_the_wire(enricher: Enricher) -> None:
    found = enricher.enrich(article(body='"The ferry did not come this morning," said Martha Okello.'))
    assert [(one.start, one.end, one.speaker) for one in found.quotes] == [(1, 37, "Martha Okello")]


MARKS = (
    '"',
    "“",
    "”",
    "'",
    "‘",
    "’",
    "«",
    "»",
    "„",
    "``",
    "''",
    "\n\n",
    "\n",
    ". ",
    ", ",
    ": ",
    "? ",
    " (",
    ") ",
    "— ",
)
SAID = ("said ", "he ", "Ada Obi", "Obi ", "according to ", "saying ", "who ", "and ", "the ", "of ", "’s ", "told ")
OTHER = ("We ", "won't ", "go there now ", "Mr. ", "was quoted as saying ", "𝒳 ", "\u00a0", "5' 2\" ", "\ud800")
PIECES = st.sampled_from(MARKS + SAID + OTHER)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_whatever_a_text_holds_quotations_lie_in_it_in_order_and_apart(body: str) -> None:
    text = build(article(body=body))
    people = [entity(body, "Ada Obi")]
    for language in ("en", "fr"):
        found = find_quotes(text, people, language)
        assert found == find_quotes(text, people, language)
        assert all(0 <= one.start < one.end <= len(body) for one in found)
        assert all("\n\n" not in body[one.start : one.end] for one in found)
        assert all(before.end <= after.start for before, after in pairwise(found))
        for one in found:
            assert (one.speaker_start is None) == (one.speaker_end is None)
            assert one.speaker is None or one.speaker_start is not None
            if one.speaker_start is not None and one.speaker_end is not None:
                assert 0 <= one.speaker_start < one.speaker_end <= len(body)


HOSTILE = (
    '"',
    "“",
    "“ ",
    "« “ „ ",
    "'a ",
    "'a b' ",
    "’ ‘a ",
    "\" 'a ",
    '"We go there now" said ',
    '"We go there now," he said. ',
    "\n\n“We go there now ",
    '"Yes," and that "we go there now" and ',
    'Obi, Obi, who said "we go there now, ',
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    def work(size: int) -> int:
        body = piece * (size // len(piece))
        text, people = build(article(body=body)), [entity(body, "Ada Obi")]
        return steps(lambda: find_quotes(text, people, "en"))

    assert 0 < work(16_000) < 8.5 * work(2_000)
