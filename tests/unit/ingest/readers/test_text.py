from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswire.article import Subhead
from newswire.identity import id_of_text
from newswire.reasons import Reason
from services.ingest.readers.encoding import clean
from services.ingest.readers.record import RawArticle, Refused
from services.ingest.readers.text import read_text
from services.ingest.readers.wire.signals import Signal, may_speak, signal
from services.ingest.readers.wire.story import opening
from tests.unit.ingest.readers.reading import Reading
from tests.unit.ingest.stories import FERRY

LONG = "The committee met for a third time and put the decision off until the spring, as it had done before."
OTHER = "Its chair said that the figures were not complete and that nobody should read anything into them yet."


def article(text: str) -> RawArticle:
    found = read_text(text, UTC)
    assert isinstance(found, RawArticle)
    return found


def test_every_part_of_the_dated_format_has_its_field_and_none_stays_in_the_body() -> None:
    found = article(FERRY)
    assert found.title == "Ferry returns after three weeks in dock"
    assert found.published_at == datetime(2026, 2, 14, tzinfo=UTC)
    assert (found.caption, found.credit) == ("The ferry Solveig leaves the dry dock.", "NTB")
    assert found.dateline == "BERGEN"
    assert found.agency is None
    assert found.body.split("\n\n")[0].startswith("The ferry that links")
    assert len(found.body.split("\n\n")) == 4
    assert "date 2026" not in found.body
    assert "BERGEN" not in found.body
    assert "NTB" not in found.body


def test_a_subheading_points_at_the_paragraph_that_follows_it() -> None:
    found = article(FERRY)
    assert [subhead.text for subhead in found.subheads] == ["‘Like a bridge’"]
    assert found.body[found.subheads[0].at :].startswith("The operator replaced")
    assert "Like a bridge" not in found.body


def test_offsets_count_code_points() -> None:
    found = article(f"Title\n\n𝒜 {LONG}\n\nPause\n\n{OTHER}")
    assert found.subheads == [Subhead(text="Pause", at=len(LONG) + 4)]


def test_a_dated_line_without_a_zone_is_a_day_of_the_default_zone() -> None:
    found = read_text(f"date 2026-02-14 Title\n\n{LONG}", ZoneInfo("Europe/Oslo"))
    assert isinstance(found, RawArticle)
    assert found.published_at == datetime(2026, 2, 13, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "instant"),
    [
        ("date 2026-02-14T08:30:00Z Title", datetime(2026, 2, 14, 8, 30, tzinfo=UTC)),
        ("Date: 2026-02-14 08:30 Title", datetime(2026, 2, 14, 8, 30, tzinfo=UTC)),
        ("  date 2026-2-4 Title", datetime(2026, 2, 4, tzinfo=UTC)),
        ("date 2026-02-14T08:30:00+02:00 Title", datetime(2026, 2, 14, 6, 30, tzinfo=UTC)),
    ],
)
def test_the_dated_line_may_name_a_time(line: str, instant: datetime) -> None:
    found = article(f"{line}\n\n{LONG}")
    assert (found.title, found.published_at) == ("Title", instant)


@pytest.mark.parametrize("day", ["2026-02-31", "0000-01-01", "9999-12-31", "2026-13-01"])
def test_a_day_that_never_was_is_refused(day: str) -> None:
    found = read_text(f"date {day} Title\n\n{LONG}", UTC)
    assert isinstance(found, Refused)
    assert found.reason is Reason.BAD_FORMAT
    assert day in found.message


def test_a_headline_may_go_on_in_the_second_line() -> None:
    found = article(f"date 2026-02-14 A headline that is long\nenough for two lines\n\n{LONG}")
    assert found.title == "A headline that is long enough for two lines"


def test_a_dated_line_without_headline_takes_the_next_short_line() -> None:
    found = article(f"date 2026-02-14\n\nThe headline\n\n{LONG}")
    assert (found.title, found.body) == ("The headline", LONG)


def test_the_text_may_follow_the_dated_line_without_a_blank_one() -> None:
    found = article(f"date 2026-02-14 Title\n{LONG}\n{OTHER}")
    assert (found.title, found.body) == ("Title", f"{LONG}\n\n{OTHER}")


def test_without_a_dated_line_a_short_first_line_is_the_title() -> None:
    found = article(f"Council puts it off\n\n{LONG}\n\n{OTHER}")
    assert (found.title, found.published_at) == ("Council puts it off", None)
    assert found.body == f"{LONG}\n\n{OTHER}"


def test_a_first_sentence_is_no_title() -> None:
    found = article(f"{LONG}\n\n{OTHER}")
    assert (found.title, found.body) == (None, f"{LONG}\n\n{OTHER}")


def test_a_single_paragraph_is_a_body() -> None:
    assert article("Four words, no more").body == "Four words, no more"


def test_a_dateline_at_the_head_of_the_first_paragraph_is_no_title() -> None:
    found = article(f"OSLO, Feb 14 (NTB) - Short news\n\n{LONG}")
    assert (found.title, found.dateline, found.agency) == (None, "OSLO", "NTB")
    assert found.body == f"Short news\n\n{LONG}"


def test_a_byline_has_its_field() -> None:
    found = article(f"Council puts it off\n\nBy Kari Nordmann and Ola Hansen\n\n{LONG}")
    assert (found.byline, found.body) == ("Kari Nordmann and Ola Hansen", LONG)


def test_a_paragraph_that_begins_with_by_is_no_byline() -> None:
    text = "By Friday the army had left the town and the mayor was back."
    assert article(f"Title\n\n{text}\n\n{LONG}").body.startswith(text)


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The new bridge. (Photo: AFP)", "The new bridge.", "AFP"),
        ("The new bridge (Photo by Kari Nordmann/NTB)", "The new bridge", "Kari Nordmann/NTB"),
        ("The new bridge. (File photo: AP)", "The new bridge.", "AP"),
        ("The new bridge. (Picture: Reuters).", "The new bridge.", "Reuters"),
        ("The new bridge. Photo: NTB", "The new bridge.", "NTB"),
        ("(Photo: AFP)", None, "AFP"),
    ],
)
def test_a_caption_and_its_credit_are_parted(line: str, caption: str | None, credit: str) -> None:
    found = article(f"Title\n\n{line}\n\n{LONG}")
    assert (found.caption, found.credit, found.body) == (caption, credit, LONG)


def test_captions_in_the_middle_leave_the_body_too() -> None:
    found = article(f"Title\n\nOne. (Photo: AFP)\n\n{LONG}\n\nTwo. (Photo: AP)\n\n{OTHER}")
    assert (found.caption, found.credit) == ("One.\n\nTwo.", "AFP; AP")
    assert found.body == f"{LONG}\n\n{OTHER}"


@pytest.mark.parametrize("ending", ["\n\nAFP", "\n\n— AFP", " — AFP", " (AFP)", "\n\n(AFP)", " -- AFP"])
def test_an_agency_that_signs_the_text_has_its_field(ending: str) -> None:
    found = article(f"Title\n\n{LONG}\n\n{OTHER}{ending}")
    assert (found.agency, found.body) == ("AFP", f"{LONG}\n\n{OTHER}")


def test_an_agency_as_the_last_word_of_a_sentence_stays() -> None:
    body = f"{LONG} He told AFP"
    assert article(f"Title\n\n{OTHER}\n\n{body}").body.endswith("He told AFP")


@pytest.mark.parametrize(
    "line",
    [
        "“We will not go.”",  # a sentence
        "What comes next?",
        "- an item of a list",
        "* * *",
        "A line that is short enough for a heading but has more words than one should have in it",
    ],
)
def test_what_is_no_subheading_stays_in_the_body(line: str) -> None:
    assert article(f"Title\n\n{LONG}\n\n{line}\n\n{OTHER}").subheads == []


def test_short_lines_in_a_row_are_a_list_not_subheadings() -> None:
    found = article(f"Title\n\n{LONG}\n\nBergen\n\nOslo\n\n{OTHER}")
    assert found.subheads == []
    assert "Bergen\n\nOslo" in found.body


def test_a_last_short_line_heads_nothing() -> None:
    assert article(f"Title\n\n{LONG}\n\nTo be continued").subheads == []


def test_wrapped_lines_are_joined() -> None:
    wrapped = "The committee met for a third time and put the\ndecision off until the spring, as it had done\nbefore."
    assert article(f"Title\n\n{wrapped}\n\n{OTHER}").body.startswith(
        "The committee met for a third time and put the decision"
    )


def test_short_lines_stay_lines() -> None:
    assert article(f"Title\n\n{LONG}\n\nOne\nTwo\nThree").body.endswith("One\nTwo\nThree")


@pytest.mark.parametrize("text", ["date 2026-02-14 A headline and nothing else", "date 2026-02-14", "(Photo: AFP)"])
def test_a_headline_alone_has_no_body(text: str) -> None:
    found = read_text(text, UTC)
    assert isinstance(found, Refused)
    assert found.reason is Reason.NO_BODY


def test_a_dateline_with_a_year_dates_an_article_that_has_no_dated_line() -> None:
    found = article(f"Title\n\nOSLO, 14 February 2026 (NTB) - {LONG}")
    assert found.published_at == datetime(2026, 2, 14, tzinfo=UTC)


def test_a_text_that_is_encrypted_is_no_article() -> None:
    found = Reading("a.txt").refused(
        "-----BEGIN PGP MESSAGE-----\n\nhQEMA0000000000000AQf=\n-----END PGP MESSAGE-----\n"
    )
    assert found.reason is Reason.ENCRYPTED


PIECES = (
    LONG,
    OTHER,
    "One ",
    " two",
    "e\u0301t\u00e9",
    "a  b",
    "x\u00a0y",
    "Bergen (AP) - ",
    "(Photo: AFP)",
    "\n",
    "\n\n",
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), min_size=3, max_size=14).map("\n".join))
def test_what_is_known_to_be_tidy_has_the_id_that_a_second_look_would_give(text: str) -> None:
    found = read_text(clean(text), UTC)
    if isinstance(found, RawArticle):
        assert id_of_text(found.title, found.body, tidy=found.tidy) == id_of_text(found.title, found.body)


SAID = (
    "KILL",
    "KILL: x",
    "URGENT",
    "EMBARGOED until 3 March 2026 12:00 GMT",
    "(Adds quotes",
    "ADVISORY",
    LONG,
    "",
    " ",
    "x)",
)


@given(st.lists(st.sampled_from(SAID), max_size=6))
def test_a_text_that_loses_no_line_to_signals_has_none(lines: list[str]) -> None:
    opened = opening(lines, None, UTC)
    if len(opened.lines) == len(lines):
        first = next(filter(str.strip, lines), "")
        assert opened.lines == lines
        assert not opened.signals
        assert opened.hold is None
        assert not (may_speak(first) and signal(first) is Signal.KILL)
