from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers import read_records
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused
from tests.unit.ingest.readers.reading import Reading, never_the_net

BODY = """Oslo (zna) - Gusts of 40 metres a second closed two airports in the\r
north of Norway on Friday, the rescue service said.\r
\r
   "Stay at home," its spokeswoman Kari Nordmann told zna in a call.\r
"""


def message(
    text: str = "Storm closes two airports =\r\n\r\n" + BODY + "\r\nzna kn ab\r\n",
    *,
    header: str = "xyz0123 4 i 211 abc   zna 061",
    sent: str = "071532 GMT Feb 25",
) -> bytes:
    return f"\x01{header}\r\n\r\nWeather/Norway/\r\n\x02{text}\x03{sent}\r\n\x7f\r\n\x7f\x04".encode()


WIRE = Reading("a.txt", "iptc7901")
records, article, refused = WIRE.records, WIRE.article, WIRE.refused


def test_every_part_goes_into_its_field() -> None:
    found = article(message())
    assert found.title == "Storm closes two airports"
    assert found.dateline == "Oslo"
    assert found.agency == "zna"
    assert found.published_at == datetime(2025, 2, 7, 15, 32, tzinfo=UTC)
    assert found.identifier == Identifier(scheme="guid", issuer="zna", value="iptc7901:xyz123:2025-02-07")
    assert found.body.split("\n\n") == [
        "Gusts of 40 metres a second closed two airports in the north of Norway on Friday, the rescue service said.",
        '"Stay at home," its spokeswoman Kari Nordmann told zna in a call.',
    ]


def test_a_label_before_the_headline_is_no_part_of_it() -> None:
    assert (
        article(message("URGENT\r\nStorm closes\r\ntwo airports =\r\n\r\n" + BODY)).title == "Storm closes two airports"
    )


def test_a_byline_below_the_headline_goes_into_its_field() -> None:
    found = article(message("Sturm im Norden =\r\nVon Kari Nordmann, zna =\r\n\r\n" + BODY))
    assert (found.title, found.byline, found.dateline) == ("Sturm im Norden", "Kari Nordmann, zna", "Oslo")


def test_without_an_equals_sign_a_first_line_that_is_no_sentence_is_the_headline() -> None:
    found = article(message("Storm closes two airports\r\n\r\n" + BODY))
    assert (found.title, found.dateline) == ("Storm closes two airports", "Oslo")


def test_a_dateline_without_a_dash_is_one() -> None:
    found = article(message("Storm =\r\nOslo (KNA) Gusts of wind closed two airports.\r\n"))
    assert (found.dateline, found.agency, found.body) == ("Oslo", "KNA", "Gusts of wind closed two airports.")


def test_what_is_not_for_publication_is_left_out() -> None:
    notes = "\r\n# Notebook\r\n\r\n* * * *\r\nThe following information is not for publication\r\n- Tel\r\nzna kn\r\n"
    assert article(message("Storm =\r\n" + BODY + notes)).body.endswith("in a call.")


def test_several_messages_in_a_file_are_several_articles() -> None:
    second = message("Storm is over =\r\n" + BODY, header="xyz0124 4 i 90 abc zna 062")
    first, other = records(message() + b"\r\n\0\0" + second)
    assert isinstance(first, RawArticle)
    assert isinstance(other, RawArticle)
    assert (first.title, other.title) == ("Storm closes two airports", "Storm is over")
    assert first.identifier != other.identifier


@pytest.mark.parametrize(
    ("lost", "instead"),
    [
        (b"\x04", b""),
        (b"\x03", b"\r\n"),
        (b"\x01", b""),
        (b"\x01", b"\x16\x16\x01\x01"),
        (b"\x02", b"\x02\x02"),
        (b"\x03", b"\x03\x03"),
        (b"\x04", b"\x04\x04\x04"),
    ],
)
def test_control_characters_get_lost_and_come_twice(lost: bytes, instead: bytes) -> None:
    assert article(message().replace(lost, instead)) == article(message())


def test_without_a_start_the_text_is_what_follows_the_header() -> None:
    data = message().replace(b"\r\n\r\nWeather/Norway/\r\n\x02", b"\r\nWeather/Norway/\r\n")
    assert article(data) == article(message())


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("071532 MEZ Feb 25", "2025-02-07T14:32"),
        ("071532 Feb 25", "2025-02-07T15:32"),
        ("071532 gmt fév 2025", "2025-02-07T15:32"),
        ("312359 GMT Dez 98", "1998-12-31T23:59"),
    ],
)
def test_the_sign_off_says_when(sent: str, expected: str) -> None:
    assert article(message(sent=sent)).published_at == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_without_a_day_there_is_no_identifier() -> None:
    found = article(message(sent="999999 GMT Foo 25"))
    assert (found.published_at, found.identifier) == (None, None)


def test_the_same_number_of_another_day_source_or_agency_is_another_article() -> None:
    values = {
        article(one).identifier
        for one in (
            message(),
            message(sent="081532 GMT Feb 25"),
            message(header="xya0123 4 i 211 abc   zna 061"),
            message(header="xyz0123 4 i 211 abc   znb 061"),
        )
    }
    assert len(values) == 4


def test_the_same_keyword_makes_no_two_stories_one() -> None:
    one, other = message(), message("Snow =\r\n\r\nIt snows.\r\n", header="xyz0125 4 i 211 abc   zna 063")
    assert article(one).identifier != article(other).identifier


def test_a_correction_under_the_same_number_is_a_newer_revision() -> None:
    later = article(message("BERICHTIGUNG\r\nStorm closes three airports =\r\n" + BODY, sent="071630 GMT Feb 25"))
    assert later.identifier == article(message()).identifier
    assert later.published_at == datetime(2025, 2, 7, 16, 30, tzinfo=UTC)


def test_a_flash_is_its_headline() -> None:
    found = article(message("FLASH\r\nKing abdicates =\r\n", header="xyz0123 1 i 3"))
    assert (found.title, found.body) == ("King abdicates", "King abdicates")


def kill(text: str) -> list[Record]:
    return records(message(text, header="xyz0200 3 i 30 abc zna 090", sent="071700 GMT Feb 25"))


def canceled(found: list[Record]) -> list[str]:
    assert all(isinstance(one, RawArticle) and one.pubstatus == "canceled" and not one.body for one in found)
    return [one.identifier.value for one in found if isinstance(one, RawArticle) and one.identifier]


def test_a_kill_cancels_what_it_names_by_its_number() -> None:
    found = kill(
        "MANDATORY KILL\r\n\r\nEditors: please kill xyz0123, Weather/Norway/, of this day. The rest stands.\r\n"
    )
    original = article(message()).identifier
    assert original
    assert canceled(found) == [original.value]
    assert isinstance(found[0], RawArticle)
    assert found[0].identifier == original
    assert found[0].updated_at == datetime(2025, 2, 7, 17, tzinfo=UTC)


def test_a_kill_names_several_and_other_days() -> None:
    found = kill("KILL\r\nKill xyz0100. Kill xyz0101 and xyz0300 of Feb. 5. Use xyz0102 instead.\r\n")
    assert canceled(found) == [
        "iptc7901:xyz100:2025-02-07",
        "iptc7901:xyz101:2025-02-05",
        "iptc7901:xyz300:2025-02-05",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Please withdraw xyz0123 and use xyz0130 instead; xyz0131 follows.",
        "Use xyz0130 and disregard XYZ 0123.",
        "xyz0123 is withdrawn and replaced by xyz0130.",
        "Do not use xyz0123, it is replaced by xyz0130 of Feb. 6.",
        "Story xyz0123 is killed.",
    ],
)
def test_what_is_to_be_used_instead_is_not_killed(text: str) -> None:
    assert canceled(kill(f"KILL\r\n{text}\r\n")) == ["iptc7901:xyz123:2025-02-07"]


@pytest.mark.parametrize(
    "text",
    [
        "MANDATORY KILL\r\n\r\nKill the story on the storm in Norway.\r\n",
        "MANDATORY KILL\r\n\r\nKill xyz0900 on the storm.\r\n",
        "MANDATORY KILL\r\n\r\nKill abc0123 on the storm.\r\n",
        "KILL: storm\r\n",
    ],
)
def test_a_kill_that_names_no_number_of_before_is_unmatched(text: str) -> None:
    (found,) = kill(text)
    assert isinstance(found, Refused)
    assert found.reason is Reason.KILL_UNMATCHED
    assert "newswire withdraw" in found.message


def test_a_story_about_a_kill_is_a_story() -> None:
    assert article(message("Kill switch found in trains =\r\n\r\nThey kill xyz0100 trains.\r\n")).pubstatus == "usable"


def test_an_embargo_is_kept_and_its_line_left_out() -> None:
    found = article(message("EMBARGOED UNTIL 00:01 GMT 8 Feb\r\nStorm =\r\n" + BODY))
    assert found.embargo == datetime(2025, 2, 8, 0, 1, tzinfo=UTC)
    assert (found.title, found.pubstatus) == ("Storm", "usable")
    found = article(message("Storm =\r\nSperrfrist: bis auf weiteres\r\n" + BODY))
    assert (found.embargo, found.pubstatus, "Sperrfrist" in found.body) == (None, "withheld", False)


def test_of_two_embargoes_the_later_holds() -> None:
    found = article(message("EMBARGOED UNTIL 0100 GMT 8 Feb\r\nEmbargo: 2 a.m. GMT 9 Feb\r\nStorm =\r\n" + BODY))
    assert found.embargo == datetime(2025, 2, 9, 2, tzinfo=UTC)


def test_what_is_refused_under_embargo_brings_no_text_along() -> None:
    (found,) = records(message("EMBARGOED UNTIL 00:01 GMT 8 Feb\r\nADVISORY\r\nThe secret.\r\n"))
    assert isinstance(found, Refused)
    assert (found.reason, found.original) == (Reason.UNSUPPORTED, b"")


@pytest.mark.parametrize(
    "damage", [lambda data: data[:250], lambda data: data.replace(b"xyz", b"??"), lambda data: data + b"\x81"]
)
def test_what_is_held_and_damaged_brings_no_text_along(damage: Callable[[bytes], bytes]) -> None:
    for found in records(damage(message("EMBARGOED UNTIL 00:01 GMT 8 Feb\r\nStorm =\r\n" + BODY))):
        assert not (isinstance(found, Refused) and found.original)


def test_a_last_line_of_small_words_is_no_initials() -> None:
    assert article(message("Poem =\r\nThe wind is gone.\r\n\r\nthe sea is calm\r\n")).body.endswith("the sea is calm")


@pytest.mark.parametrize("initials", ["zna kn ab yydd n1", "kn/ab", "dpa kn"])
def test_initials_are_left_out(initials: str) -> None:
    assert article(message("Storm =\r\n" + BODY + f"\r\n{initials}\r\n")).body.endswith("in a call.")


def test_a_message_to_editors_is_no_article() -> None:
    assert refused(message("EDITORS' ADVISORY\r\nWe close at noon.\r\n")).reason is Reason.UNSUPPORTED


def test_without_a_text_there_is_no_body() -> None:
    assert refused(message("\r\n \r\n")).reason is Reason.NO_BODY


@pytest.mark.parametrize("end", [40, 80, 200, -30])
def test_what_ends_in_the_middle_is_truncated(end: int) -> None:
    assert refused(message()[:end] if end > 60 else message()[:end] + b"\x02").reason is Reason.TRUNCATED


def test_the_messages_before_a_cut_stand() -> None:
    first, second = records(message() + message()[:200])
    assert isinstance(first, RawArticle)
    assert isinstance(second, Refused)
    assert second.reason is Reason.TRUNCATED


def test_a_header_that_is_none_is_refused_and_the_others_are_read() -> None:
    first, second = records(message(header="?? 4") + message())
    assert isinstance(first, Refused)
    assert first.reason is Reason.BAD_FORMAT
    assert first.original is not None
    assert isinstance(second, RawArticle)


def test_a_message_longer_than_an_article_may_be_is_refused_and_the_others_are_read() -> None:
    first, second = records(message("a\r\n" * 1_000_000) + message())
    assert isinstance(first, Refused)
    assert first.reason is Reason.TOO_LARGE
    assert isinstance(second, RawArticle)


def test_noise_is_not_read_for_ever() -> None:
    found = records(message() + b"\x01x\x02y\x04" * 10_000)
    assert len(found) < 200
    assert isinstance(found[-1], Refused)
    assert "check the line" in found[-1].message


@pytest.mark.parametrize("noise", [b"\x01\x02\x03\x04" * 50, b"\0\1\2\3"])
def test_marks_of_a_frame_among_noise_are_noise(noise: bytes) -> None:
    found = read_records(noise, "a.txt", UTC)
    (refused,) = found.records
    assert isinstance(refused, Refused)
    assert (found.format, refused.reason) == ("text", Reason.NOT_TEXT)


def test_the_frame_alone_is_empty() -> None:
    assert refused(b"\x01 \r\n\x02").reason in (Reason.BAD_FORMAT, Reason.TRUNCATED)


def test_code_page_850_is_read() -> None:
    assert (
        article(message("St\u00fcrme =\r\nSt\u00fcrme \u00fcber K\u00f6ln.\r\n").decode().encode("cp850")).body
        == "Stürme über Köln."
    )


PIECES = st.sampled_from(
    ["\x01", "\x02", "\x03", "\x04", "xyz0123 4 i 211 abc zna 061", "\r\n", "\r\n\r\n", "KILL", "Kill xyz0100",
     "Storm =",     "EMBARGOED UNTIL 7 Feb", "071532 GMT Feb 25", BODY, "Von A =", "(Eds: ", "\x0e", "=", "(KNA)"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=10), max_size=25).map("".join))
def test_no_message_is_too_strange(text: str) -> None:
    never_the_net(read_records(("\x01" + text).encode("utf-8", "replace"), "a", UTC).records)


@given(st.integers(0, 500), st.integers(0, 500), st.binary(max_size=10))
def test_no_damage_is_too_strange(start: int, end: int, noise: bytes) -> None:
    data = message()
    never_the_net(read_records(data[:start] + noise + data[end:], "a", UTC).records)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", ["= " * 100_000, "a/" * 100_000, " \r\n" * 100_000, "(" * 200_000, "\x02" * 200_000, "é{" * 100_000],
    ids=lambda text: repr(text[:4]),
)  # fmt: skip
def test_no_message_takes_long(text: str) -> None:
    never_the_net(read_records(message(text), "a", UTC).records)
    never_the_net(read_records(message("KILL\r\n" + text), "a", UTC).records)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("blank", [" ", "\t", "\r", "\n", "\0", "\x1f", "\x16", "\x01", "-", "a", "7", "a "], ids=repr)
@pytest.mark.parametrize(
    "before", ["\x01", "\x01a0123", "\x01a0123\x1f\n", "\x01xyz0123", "\x01xyz0123 4", "\x01xyz0123 4 i"]
)
def test_no_header_takes_long(before: str, blank: str) -> None:
    for after in ("", "\x02", "\x04"):
        never_the_net(read_records(f"{before}{blank * 200_000}{after}".encode(), "a", UTC).records)


@pytest.mark.parametrize("end", ["END", "ENDS", "-END-", "(Ende)", "-30-", "# # # END # # #"])
def test_a_word_that_says_that_it_ends_is_no_text(end: str) -> None:
    found = article(message(f"Storm closes two airports =\r\n\r\n{BODY}\r\n   {end}\r\n"))
    assert found.body.endswith("told zna in a call.")


def test_a_message_with_the_frame_of_a_telex_is_read() -> None:
    data = b"ZCZC XYZ0123 4 I 211 ZNA 061\r\r\nWEATHER\r\r\n\x02Storm =\r\r\nOSLO (zna) - It blew.\r\r\n"
    found = article(data + b"\x03071532 GMT FEB 25\r\r\nNNNN\r\r\n")
    assert (found.title, found.body) == ("Storm", "It blew.")
    assert found.identifier == Identifier(scheme="guid", issuer="zna", value="iptc7901:xyz123:2025-02-07")


def test_a_day_that_stands_before_the_end_of_the_text_is_that_of_the_message() -> None:
    found = article(message(f"Storm =\r\n{BODY}\r\nZNA  071532 GMT FEB 25\r\n", sent=""))
    assert found.published_at == datetime(2025, 2, 7, 15, 32, tzinfo=UTC)
    assert found.body.endswith("told zna in a call.")


def test_initials_right_below_the_text_are_no_part_of_it() -> None:
    found = article(
        message("Storm =\r\nOslo (zna) - The storm closed two airports in the north on Friday.\r\nzna kn ab\r\n")
    )
    assert found.body == "The storm closed two airports in the north on Friday."


def test_a_headline_without_its_equals_sign_stands_between_keyword_and_dateline() -> None:
    found = article(
        message("BC-OIL-PRICES URGENT\r\nOil rises\r\n    LONDON, Feb 7 (Reuters) - Oil rose.\r\n    It fell.\r\n")
    )
    assert (found.title, found.body) == ("Oil rises", "Oil rose.\n\nIt fell.")


def test_a_number_at_the_end_of_a_text_is_no_day() -> None:
    found = article(message(f"Storm =\r\n{BODY}\r\n   Call 030 123456 for more\r\n", sent=""))
    assert found.body.endswith("Call 030 123456 for more")
