"""What the tests of the wire formats share."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from services.ingest.readers import read_records
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused


def records(data: str | bytes, name: str = "a.xml") -> list[Record]:
    return read_records(data.encode() if isinstance(data, str) else data, name, UTC).records


def article(data: str | bytes, name: str = "a.xml") -> RawArticle:
    found = records(data, name)
    assert len(found) == 1
    assert isinstance(found[0], RawArticle), found[0]
    return found[0]


def refused(data: str | bytes, name: str = "a.xml") -> Refused:
    found = records(data, name)
    assert len(found) == 1
    assert isinstance(found[0], Refused), found[0]
    return found[0]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def uri(value: str) -> Identifier:
    return Identifier(scheme="uri", issuer="", value=value)


def guid(value: str, issuer: str) -> Identifier:
    return Identifier(scheme="guid", issuer=issuer, value=value)


def damaged(sample: str, pieces: list[str]) -> st.SearchStrategy[bytes]:
    """``sample`` with some of its characters replaced by one of ``pieces``, and perhaps cut off."""
    places = st.integers(0, len(sample))
    blow = st.tuples(places, st.integers(0, 40), st.sampled_from(pieces) | st.text(max_size=5))

    def damage(blows: list[tuple[int, int, str]], end: int) -> bytes:
        text = sample
        for place, length, piece in blows:
            text = text[:place] + piece + text[place + length :]
        return text[:end].encode("utf-8", "replace")

    return st.builds(damage, st.lists(blow, min_size=1, max_size=5), st.just(10 * len(sample)) | places)


PIECES = [
    "<",
    ">",
    "&",
    '"',
    "</p>",
    "<p>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "&nbsp;",
    "&x;",
    "&#7;",
    "x:",
    "\0",
    "1",
    "urn:",
]
