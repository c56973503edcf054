from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers import read_records
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused
from tests.unit.ingest.readers.reading import Reading, never_the_net

HEAD = """^BC-NO--Storm-Airports, 1st Ld-Writethru,190<
^Storm closes two airports in the north<
^AP Photo XA101, XA102<
^Eds: Adds quotes.<
^By KARI NORDMANN=
^Associated Press=
"""
BODY = """\t   OSLO, Norway (AP) _ Gusts of wind _ up to 40 metres _ closed two airports.
\t   ``Stay at home,'' said a spokeswoman.
\t   ___
\t   WHAT NEXT
\t   The airports will open again on Saturday, she said, if the wind has gone down.
"""


SECOND = "r i\x13\x11 BC-NO--Storm-Airpor 1stLd-Writethru  02-07 0190"


def message(
    text: str = HEAD + BODY,
    *,
    header: str = "a0123\x1fnatl-",
    second: str = SECOND,
    sent: str = "AP-NY-02-07-25 1032EST",
) -> bytes:
    return f"\x16\x16\x01{header}\r\n{second}\r\n\x02{text}\t   \x03{sent}<\r\n\r\n\x0c\r\n\x04".encode()


WIRE = Reading("a.txt", "anpa1312")
records, article, refused = WIRE.records, WIRE.article, WIRE.refused


def test_every_part_goes_into_its_field() -> None:
    found = article(message())
    assert found.title == "Storm closes two airports in the north"
    assert found.byline == "KARI NORDMANN"
    assert (found.dateline, found.agency) == ("OSLO, Norway", "AP")
    assert found.published_at == datetime(2025, 2, 7, 15, 32, tzinfo=UTC)
    assert found.identifier == Identifier(scheme="guid", issuer="ap", value="anpa1312:a123:2025-02-07")
    assert found.body.split("\n\n") == [
        "Gusts of wind — up to 40 metres — closed two airports.",
        "“Stay at home,” said a spokeswoman.",
        "The airports will open again on Saturday, she said, if the wind has gone down.",
    ]
    assert [(one.text, found.body[one.at :][:12]) for one in found.subheads] == [("WHAT NEXT", "The airports")]


def test_what_sums_a_story_up_above_it_is_not_read_twice() -> None:
    found = article(message(HEAD.replace("^By", "^Gusts of wind closed two airports.<\n^By") + BODY))
    assert found.title == "Storm closes two airports in the north"
    assert found.body.startswith("Gusts of wind — up")


def test_a_story_without_lines_set_apart_is_read_like_any_text() -> None:
    found = article(message("Storm closes two airports\n" + BODY))
    assert (found.title, found.dateline) == ("Storm closes two airports", "OSLO, Norway")


def test_a_story_whose_paragraphs_are_all_set_apart_keeps_them() -> None:
    found = article(
        message("^BC-Storm,20<\n^Storm closes two airports<\n^OSLO (AP) _ Gusts of wind.<\n^They went on.<\n")
    )
    assert (found.title, found.body) == ("Storm closes two airports", "Gusts of wind.\n\nThey went on.")


def test_rails_and_quads_do_not_stay_in_the_text() -> None:
    assert article(message(HEAD + BODY.replace("Gusts", "\x0eGusts\x0f"))) == article(message())


@pytest.mark.parametrize(
    ("lost", "instead"),
    [
        (b"\x04", b""),
        (b"\x03", b""),
        (b"\x16", b""),
        (b"\x1f", b""),
        (b"\x01", b"\x01\x01"),
        (b"\x02", b"\x02\x02"),
        (b"\r", b""),
    ],
)
def test_control_characters_get_lost_and_come_twice(lost: bytes, instead: bytes) -> None:
    assert article(message().replace(lost, instead)) == article(message())


def test_without_a_start_the_text_is_what_follows_the_header() -> None:
    assert article(message().replace(b"\x02", b"")) == article(message())


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("AP-WF-02-07-25 1532GMT", "2025-02-07T15:32"),
        ("AP-NY-07-07-25 1132EDT", "2025-07-07T15:32"),
        ("02-07-2025 1532", "2025-02-07T15:32"),
    ],
)
def test_the_sign_off_says_when(sent: str, expected: str) -> None:
    assert article(message(sent=sent)).published_at == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("sent", ["AP-NY-13-45-25 1032EST", "", "AP"])
def test_without_a_day_there_is_no_identifier(sent: str) -> None:
    found = article(message(sent=sent))
    assert (found.published_at, found.identifier) == (None, None)


def test_a_later_version_is_an_article_of_its_own() -> None:
    later = message(header="a0150\x1fnatl-", sent="AP-NY-02-07-25 1232EST")
    assert article(later).identifier != article(message()).identifier


def test_services_differ_in_the_case_of_their_letter() -> None:
    assert article(message(header="A0123\x1fnatl-")).identifier != article(message()).identifier


def kill(text: str, second: str = "r i\x13\x11 BC-NO--Storm-Airpor   02-07 0030") -> list[Record]:
    return records(message(text, header="a0200\x1fnatl-", second=second, sent="AP-NY-02-07-25 1132EST"))


@pytest.mark.parametrize(
    "text",
    [
        "^BC-NO--Storm-Airports, KILL,30<\n^OSLO, Norway_Kill BC-NO--Storm-Airports, a0123. No airport closed.<\n",
        "^BC-NO--Storm-Airports,30<\n^BULLETIN KILL<\n^Kill a0123, BC-NO--Storm, sent Feb. 7.<\n^A sub is a0198.<\n",
        "^Eds: Members, note the kill.<\n^Storm-Airports, Mandatory Kill,30<\n\tKill a0123.\n",
    ],
)
def test_a_kill_cancels_what_it_names_by_its_number(text: str) -> None:
    (found,) = kill(text)
    assert isinstance(found, RawArticle)
    assert (found.pubstatus, found.body, found.title) == ("canceled", "", None)
    assert found.identifier == article(message()).identifier


def test_a_kill_by_keyword_is_unmatched_and_says_what_to_do() -> None:
    (found,) = kill("^BC-NO--Storm-Airports, KILL,30<\n^Kill BC-NO--Storm-Airports.<\n")
    assert isinstance(found, Refused)
    assert found.reason is Reason.KILL_UNMATCHED
    assert "newswire withdraw" in found.message


def test_an_article_before_a_number_is_no_service() -> None:
    (found,) = kill("^BULLETIN KILL<\n^Kill a 0123-word story.<\n")
    assert isinstance(found, Refused)


def test_a_kill_in_the_header_counts() -> None:
    (found,) = kill("\tKill a0123.\n", second="r i\x13\x11 BC-NO--Storm KILL  02-07 0030")
    assert isinstance(found, RawArticle)
    assert found.pubstatus == "canceled"


def test_a_keyword_about_a_kill_is_a_story() -> None:
    text = HEAD.replace("BC-NO--Storm-Airports, 1st Ld-Writethru", "BC-US--Police Kill") + BODY
    assert article(message(text, second="r i\x13\x11 BC-US--Police Kill  02-07 0190")).pubstatus == "usable"


def test_a_hold_is_kept() -> None:
    found = article(message(HEAD.replace("^Eds", "^HOLD FOR RELEASE 10 a.m. EST, Feb 8<\n^Eds") + BODY))
    assert found.embargo == datetime(2025, 2, 8, 15, tzinfo=UTC)
    assert found.title == "Storm closes two airports in the north"
    found = article(message(HEAD.replace("^Eds", "^For Use Sunday, Feb. 9, and Thereafter<\n^Eds") + BODY))
    assert found.embargo == datetime(2025, 2, 9, tzinfo=UTC)


def test_an_advisory_is_no_article() -> None:
    assert refused(message("^BC-Storm, Advisory,20<\n\tWe will move a story.\n")).reason is Reason.UNSUPPORTED


@pytest.mark.parametrize("end", [60, 200, -40])
def test_what_ends_in_the_middle_is_truncated(end: int) -> None:
    assert refused(message()[:end]).reason is Reason.TRUNCATED


def test_several_messages_are_several_articles() -> None:
    found = records(message() + message(header="a0124\x1fnatl-"))
    assert [isinstance(one, RawArticle) for one in found] == [True, True]


PIECES = st.sampled_from(
    ["\x01", "\x02", "\x03", "\x04", "\x1f", "^", "<", "=", "\n", "\t", "^BULLETIN KILL<", "Kill a0100", "^By X=", "``",
     "''", "_", " ", "AP-NY-02-07-25 1032EST", "^HOLD FOR RELEASE 1 p.m.<", HEAD, BODY]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=10), max_size=25).map("".join))
def test_no_message_is_too_strange(text: str) -> None:
    never_the_net(read_records(message(text), "a", UTC).records)


@given(st.integers(0, 700), st.integers(0, 700), st.binary(max_size=10))
def test_no_damage_is_too_strange(start: int, end: int, noise: bytes) -> None:
    data = message()
    never_the_net(read_records(data[:start] + noise + data[end:], "a", UTC).records)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    ["^" * 200_000, "<\n" * 100_000, "^By " * 100_000, "`" * 200_000, " _" * 100_000, "," * 200_000],
    ids=lambda text: repr(text[:4]),
)
def test_no_message_takes_long(text: str) -> None:
    never_the_net(read_records(message(text), "a", UTC).records)
    never_the_net(read_records(message("^BC-" + text), "a", UTC).records)


def test_a_keyword_line_without_a_mark_is_no_headline() -> None:
    found = article(message("BC-BBO--Scores,50\r\n^Scores<\r\n^By JOHN ROE=\r\n\tBOSTON (AP) _ Boston won again.\r\n"))
    assert (found.title, found.byline, found.body) == ("Scores", "JOHN ROE", "Boston won again.")


def test_a_message_without_a_typesetters_marks_has_its_parts_all_the_same() -> None:
    head = "BC-US--Stocks/70\r\nStocks rise on Wall Street\r\nBy JANE ROE\r\nAP Business Writer\r\n\r\n"
    found = article(message(f"{head}   NEW YORK (AP) - Stocks rose on Friday.\r\n   More later.\r\n"))
    assert (found.title, found.byline, found.dateline) == ("Stocks rise on Wall Street", "JANE ROE", "NEW YORK")
    assert found.body == "Stocks rose on Friday.\n\nMore later."


def test_sentences_above_the_first_indent_are_text() -> None:
    found = article(message("BC-US--Stocks/70\r\nStocks rose on Friday.\r\nThey fell again.\r\n   So it goes.\r\n"))
    assert "They fell again." in found.body
