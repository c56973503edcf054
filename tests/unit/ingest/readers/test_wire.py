"""Words of a wire: when something was sent or may be published, what a line says, which characters were sent."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.readers.wire.charset import text_of
from services.ingest.readers.wire.signals import Hold, Signal, ends_text, hold, may_speak, signal
from services.ingest.readers.wire.tables import table
from services.ingest.readers.wire.when import day, moment

SENT = datetime(2025, 2, 6, 14, 30, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 a.m. EST, Feb 7", "2025-02-07T15:00"),
        ("00:01 GMT 7 Feb", "2025-02-07T00:01"),
        ("0001 GMT on Friday, 7 February 2025", "2025-02-07T00:01"),
        ("7. Februar 2025, 11.00 Uhr", "2025-02-07T10:00"),
        ("Freitag, 07.02.2025, 11 Uhr MEZ", "2025-02-07T10:00"),
        ("07.02., 11:00 Uhr", "2025-02-07T10:00"),
        ("vendredi 7 février à 18h00 GMT", "2025-02-07T18:00"),
        ("7 de febrero de 2025, 10:00 CET", "2025-02-07T09:00"),
        ("2025-02-07 11:00 UTC", "2025-02-07T11:00"),
        ("2025-02-07T11:00+01:00", "2025-02-07T10:00"),
        ("12 noon ET Feb. 7", "2025-02-07T17:00"),
        ("12:30 am GMT, 7th of February", "2025-02-07T00:30"),
        ("midnight GMT, 7 February", "2025-02-08T00:00"),
        ("7 July 2025, 9 a.m. ET", "2025-07-07T13:00"),
        ("7 Feb", "2025-02-06T23:00"),
        ("Dec. 31, 10:00 GMT", "2024-12-31T10:00"),
        ("18:00 GMT", "2025-02-06T18:00"),
        ("09:00 GMT", "2025-02-07T09:00"),
        ("Monday 06:00 GMT", "2025-02-10T06:00"),
        ("Sunday, Feb. 9, and thereafter", "2025-02-08T23:00"),
        ("10:00 GMT+2, 7 Feb", "2025-02-07T08:00"),
    ],
)
def test_an_instant_is_read_as_editors_write_it(text: str, expected: str) -> None:
    found = moment(text, SENT, OSLO)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "further notice",
        "05/06 10:00 GMT",
        "7 Feb 10:00 IST",
        "7 Feb 25:00",
        "7 Feb 13 p.m.",
        "7 Feb 9999 10:00 GMT",
        "soon",
    ],
)
def test_what_could_be_two_instants_is_none(text: str) -> None:
    assert moment(text, SENT, OSLO) is None


def test_without_an_instant_of_sending_only_a_whole_date_is_one() -> None:
    assert moment("7 Feb, 10:00 GMT", None, OSLO) is None
    assert moment("10:00 GMT", None, OSLO) is None
    assert moment("7 Feb 2025, 10:00 GMT", None, OSLO) == datetime(2025, 2, 7, 10, tzinfo=UTC)


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    assert day("of Dec. 30", datetime(2025, 1, 2, tzinfo=UTC).date()) == datetime(2024, 12, 30, tzinfo=UTC).date()
    assert day("29 February", datetime(2025, 1, 2, tzinfo=UTC).date()) == datetime(2024, 2, 29, tzinfo=UTC).date()


@pytest.mark.parametrize(
    "line", ["^BULLETIN KILL<", "KILL - BC-Storm", "Mandatory Kill", "*** KILL ***", "STORNO:", "Annulation"]
)
def test_a_kill_is_a_line_of_its_own_or_stands_before_a_colon(line: str) -> None:
    assert signal(line) is Signal.KILL


@pytest.mark.parametrize("line", ["KILL: x", "*** kill ***", "K\u0130LL: x", "EMBARGO until 3 March 2026 12:00 GMT"])
def test_a_glance_sees_what_the_whole_look_would(line: str) -> None:
    assert signal(line) is Signal.KILL or hold(line, SENT, UTC)
    assert may_speak(line)


@pytest.mark.parametrize(
    "line",
    [
        "Kill switch found in trains",
        "Storms kill nine",
        "Kill: the film",
        "Killing of a fisherman",
        "KILLER WHALES: a count",
    ],
)
def test_a_headline_about_a_kill_is_none(line: str) -> None:
    assert signal(line) is None


def test_labels_and_notes_are_told() -> None:
    assert signal("URGENT") is Signal.LABEL
    assert signal("(1st LEAD)") is Signal.LABEL
    assert signal("^Eds: Adds quotes.<") is Signal.NOTE
    assert signal("^AP Photo XA101<") is Signal.NOTE
    assert signal("EDITORS' ADVISORY") is Signal.ADVISORY
    assert signal("Urgent help for the north") is None


@pytest.mark.parametrize(
    "line",
    [
        "EMBARGOED UNTIL 00:01 GMT 7 Feb",
        "*** Embargo: 7 Feb 2025, 00:01 GMT ***",
        "^HOLD FOR RELEASE 12:01 a.m. GMT, Feb. 7<",
        "STRICTLY EMBARGOED until 0001 GMT Friday 7 February",
        "Not for publication before 00:01 GMT on February 7",
        "Embargo 7 Feb 00:01 GMT",
        "For release Friday, Feb. 7, 00:01 GMT",
        "Sperrfrist: 7. Februar 2025, 1.01 Uhr",
        "SOUS EMBARGO JUSQU'AU 7 FEVRIER 00H01 GMT",
    ],
)
def test_an_embargo_holds_until_the_time_it_names(line: str) -> None:
    assert hold(line, SENT, OSLO) == Hold(datetime(2025, 2, 7, 0, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "line", ["EMBARGOED UNTIL DELIVERY", "Embargo until 05/06/25", "HOLD FOR RELEASE", "Under embargo", "EMBARGO"]
)
def test_an_embargo_that_cannot_be_read_withholds(line: str) -> None:
    assert hold(line, SENT, OSLO) == Hold(None)


@pytest.mark.parametrize(
    "line",
    [
        "Embargo on oil takes its toll",
        "Embargo lifted: storm report",
        "EMBARGO: lifted",
        "For immediate release",
        "FOR RELEASE: IMMEDIATE",
        "Embargoed goods found in Oslo harbour",
        "Nicht vor Gericht",
        "Hold the line",
    ],
)
def test_what_only_speaks_of_an_embargo_is_none(line: str) -> None:
    assert hold(line, SENT, OSLO) is None


def test_the_end_of_what_is_for_publication_is_told() -> None:
    assert ends_text("# dpa NOTEBOOK")
    assert ends_text("The following information is not for publication:")
    assert not ends_text("Notebooks sell well")


def test_every_phrase_is_in_small_letters_and_in_one_list_of_its_section() -> None:
    for name, section in table("signals").items():
        phrases = [phrase for listed in section.values() for phrase in listed]
        assert all(phrase == phrase.casefold() or "ß" in phrase for phrase in phrases), name
        lists = [set(listed) for key, listed in section.items() if key not in ("alone", "verbs", "instead")]
        assert sum(map(len, lists)) == len(set().union(*lists)), name


GERMAN = "Die Bürger von Köln sind für größere Straßen und gegen Lärm in den Dörfern, sagte der Bürgermeister."


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1", "cp850"])
@pytest.mark.parametrize(
    "text", [GERMAN, "À la fin de l'été, les élèves français étaient présents à l'école.", "El niño español comió piña"]
)
def test_eight_bits_are_read_whichever_code_page_they_are_in(text: str, encoding: str) -> None:
    assert text_of(text.encode(encoding)) == text


def test_seven_bits_are_read_in_the_variant_of_their_language() -> None:
    german = b"Die B}rger von K|ln sind f}r gr|~ere Stra~en und gegen L{rm in den D|rfern, sagte der B}rgermeister."
    assert text_of(german) == GERMAN
    swedish = b"R{ddningstj{nsten s|ker efter b}ten som f|rsvann och det {r inte k{nt att n}gon s}g den."
    assert (
        text_of(swedish) == "Räddningstjänsten söker efter båten som försvann och det är inte känt att någon såg den."
    )


@pytest.mark.parametrize(
    "text",
    [
        "A list {a|b} and [c] and ~d for the readers of the code.",
        "The array[i] and map{k} are in x[0] as the manual says for the users.",
        "See ~user/www or C:\\files, and [sic] in the text of the note for the press.",
    ],
)
def test_brackets_that_stand_for_themselves_stay(text: str) -> None:
    assert text_of(text.encode()) == text


def test_rails_leave_nothing_and_quads_a_space() -> None:
    assert text_of(b"A \x0ebold\x0f word\x1dand more\x7f") == "A bold word and more"


@given(st.text(max_size=400), st.sampled_from([None, SENT]))
def test_no_line_is_too_strange(line: str, sent: datetime | None) -> None:
    found = moment(line, sent, OSLO)
    assert found is None or found.utcoffset() == timedelta(0)
    signal(line)
    hold(line, sent, OSLO)
    ends_text(line)


@given(
    st.lists(
        st.sampled_from(
            [
                "embargoed until",
                "7",
                "31",
                "Feb",
                "29 Feb",
                "2025",
                "24:00",
                "midnight",
                "a.m.",
                "GMT+9999",
                "ET",
                ".",
                ":",
                "Uhr",
                "Mon",
            ]
        )
        | st.integers(0, 99999).map(str),
        max_size=9,
    ).map(" ".join)
)
def test_no_date_is_too_strange(line: str) -> None:
    for sent in (None, SENT, datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)):
        moment(line, sent, OSLO)
        hold(line, sent, OSLO)
