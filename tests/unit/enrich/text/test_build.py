from datetime import UTC, date, datetime, timedelta, timezone

from newswire.article import Subhead
from services.enrich.text import build
from tests.unit.enrich.messages import article


def test_a_dateline_left_in_the_body_belongs_to_no_sentence() -> None:
    text = build(article(body="OSLO - Ships left. Others stayed."))
    assert text.head == (0, 4)
    assert [text.body[s.start : s.end] for s in text.sentences] == ["Ships left.", "Others stayed."]


def test_a_dateline_that_ingest_took_off_is_not_looked_for_again() -> None:
    text = build(article(body="NATO - Ships left.", dateline="OSLO"))
    assert text.head is None
    assert text.dateline == "OSLO"


def test_sentences_know_their_paragraph_and_heading() -> None:
    body = "One. Two.\n\nThree.\n\nFour."
    text = build(article(body=body, subheads=[Subhead(text="Later", at=body.index("Three"))]))
    assert [(s.paragraph, s.heading) for s in text.sentences] == [(0, 0), (0, 0), (1, 1), (2, 1)]


def test_days_count_from_the_date_in_the_zone_of_the_source() -> None:
    late = datetime(2025, 2, 7, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert build(article(published_at=late)).written == date(2025, 2, 7)
    assert build(article(published_at=late.astimezone(UTC))).written == date(2025, 2, 8)
    assert build(article()).written is None


def test_a_body_over_the_cap_is_cut_between_words() -> None:
    text = build(article(body="alpha beta gamma"), cap=12)
    assert text.body == "alpha beta"
