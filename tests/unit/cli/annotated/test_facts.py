import pytest
from msgspec.structs import replace

from newswire.article import Subhead
from newswire.cli.annotated.facts import about, happenings, number, paragraphs, position, tables
from newswire.enriched import Count, Location, Quote
from tests.unit.cli.annotated.documents import BODY, HOSTILE, PLAIN


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (Count(min=3, max=3), "3"),
        (Count(min=27_000, max=27_000), "27,000"),
        (Count(min=9, max=None), "at least 9"),
        (Count(min=None, max=5), "at most 5"),
        (Count(min=3, max=5), "3 to 5"),
        (Count(min=None, max=None), "some"),
    ],
)
def test_counts_are_told_as_a_report_tells_them(count: Count, told: str) -> None:
    assert number(count) == told


def test_positions_are_told_as_on_a_map() -> None:
    assert position(Location(lat=-1.67, lon=29.23)) == "1.67°S 29.23°E"
    assert position(None) == ""


def test_an_event_is_told_with_all_that_is_known_of_it() -> None:
    (event,) = happenings(PLAIN)
    assert event.facts == [
        ("actors", "Ada Obi"),
        ("place", "Kano"),
        ("date", "2025-02-06 to 2025-02-07"),
        ("people", "at least 9 killed, 2 injured"),
        ("claimed by", "Kano"),
    ]
    assert [BODY[start:end] for start, end in event.evidence] == ["Two were hurt."]


def test_tables_of_nothing_are_left_out_and_the_same_date_is_told_once() -> None:
    assert [table.title for table in tables(PLAIN)] == ["Names", "Places", "Dates"]
    assert tables(replace(PLAIN, entities=[], places=[], dates=[])) == []
    assert len(tables(replace(PLAIN, dates=PLAIN.dates * 2))[2].rows) == 1


def test_the_article_itself_is_told_with_what_went_wrong() -> None:
    assert dict(about(PLAIN))["source"] == "a.txt, record 3"
    assert dict(about(HOSTILE))["enrichment"].endswith("text cut")


def test_paragraphs_are_cut_at_blank_lines_and_headings_stand_before_theirs() -> None:
    found = [(one.headings, BODY[one.start : one.end]) for one in paragraphs(PLAIN)]
    assert found == [
        ([], "Ada Obi spoke in Kano on Friday."),
        (["At the bank"], "The Bank of Kano closed.\nTwo were hurt."),
    ]


def test_white_space_is_no_paragraph_and_no_heading_is_lost() -> None:
    ragged = replace(
        PLAIN, body="\n\n\n a\n\n\n\n \n\nb\n\n", subheads=[Subhead(text="first", at=0), Subhead(text="last", at=99)]
    )
    found = [(one.headings, ragged.body[one.start : one.end].strip()) for one in paragraphs(ragged)]
    assert [text for _, text in found if text] == ["a", "b"]
    assert [heading for headings, _ in found for heading in headings] == ["first", "last"]
    assert list(paragraphs(replace(PLAIN, body="", subheads=[]))) == []


def test_quotations_are_told_with_the_name_of_the_speaker_or_else_the_words_for_one() -> None:
    body = f"We\nlost it all, a spokesman said. {'More and more. ' * 20}"
    said = [
        Quote(start=0, end=15),
        Quote(start=0, end=15, speaker_start=16, speaker_end=27),
        Quote(start=0, end=15, speaker="Ada Obi", speaker_start=16, speaker_end=27),
        Quote(start=34, end=300),
    ]
    (table,) = (one for one in tables(replace(PLAIN, body=body, quotes=said)) if one.title == "Quotes")
    assert [speaker for speaker, _ in table.rows] == ["", "a spokesman", "Ada Obi", ""]
    assert table.rows[0][1] == "We lost it all,"
    assert table.rows[3][1].startswith("More and more.")
    assert table.rows[3][1].endswith(" …")
    assert len(table.rows[3][1]) <= 122
