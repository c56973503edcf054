import io
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers import read, read_records
from services.ingest.readers.format import Context, Found, Limits
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import never_the_net

MARK = "From kari@zna.example Fri Feb  7 15:32:10 2025\n"


def letter(number: int, body: str = "It snows.\n") -> str:
    return f"From: Kari <kari@zna.example>\nSubject: Snow {number}\nMessage-ID: <{number}@zna.example>\n\n{body}\n"


def found(data: str, **limits: int) -> list[Found]:
    return list(read(io.BytesIO(data.encode()), Context("a.mbox", UTC, Limits(**limits))))


def titles(data: str, **limits: int) -> list[str | None]:
    return [one.record.title if isinstance(one.record, RawArticle) else None for one in found(data, **limits)]


def test_each_message_is_an_email() -> None:
    data = "".join(MARK + letter(number) for number in range(3))
    assert titles(data) == ["Snow 0", "Snow 1", "Snow 2"]
    assert [one.member for one in found(data)] == ["1.eml", "2.eml", "3.eml"]
    assert read_records(data.encode(), "a", UTC).format == "eml"


def test_a_sentence_that_begins_with_from_parts_nothing() -> None:
    body = "It snows.\n\nFrom now on it will snow.\n\nFrom 10:30 on, too.\n"
    (one,) = found(MARK + letter(1, body))
    assert isinstance(one.record, RawArticle)
    assert one.record.body.endswith("From now on it will snow.\n\nFrom 10:30 on, too.")


def test_a_line_that_was_quoted_to_part_nothing_is_itself_again() -> None:
    (one,) = found(MARK + letter(1, "It snows.\n\n>From here to there.\n"))
    assert isinstance(one.record, RawArticle)
    assert one.record.body.endswith("From here to there.")


def test_messages_longer_than_a_chunk_are_whole() -> None:
    body = "\n\n".join(f"Paragraph {number} of a long text." for number in range(20_000)) + "\n"
    data = "".join(MARK + letter(number, body) for number in range(3))
    assert [len(one.record.body) for one in found(data) if isinstance(one.record, RawArticle)] == [len(body) - 1] * 3


def test_a_message_beyond_the_limit_is_refused_and_the_others_are_read() -> None:
    data = MARK + letter(1) + MARK + letter(2, "x" * 900_000 + "\n") + MARK + letter(3)
    records = [one.record for one in found(data, document=100_000)]
    assert isinstance(records[1], Refused)
    assert records[1].reason is Reason.TOO_LARGE
    assert titles(data, document=100_000) == ["Snow 1", None, "Snow 3"]


@given(
    st.lists(
        st.sampled_from([MARK, "\n", "\r\n", "From ", letter(1), "10:10\n"]) | st.text(max_size=9), max_size=20
    ).map("".join)
)
def test_no_mailbox_is_too_strange(text: str) -> None:
    never_the_net([one.record for one in found(MARK + "From: a\n" + text)])
