import gzip
import io
import zlib
from collections.abc import Callable
from datetime import UTC

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers import read
from services.ingest.readers.format import Context, Found, Limits
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import never_the_net
from tests.unit.ingest.readers.test_html import TEXT, page

PAGE = page().encode()
URI = "https://harbour.example/news/1?a=b"
HTML = "Content-Type: text/html; charset=utf-8\r\n"


def record(
    block: bytes, kind: str = "response", form: str = "application/http; msgtype=response", uri: str = URI
) -> bytes:
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nContent-Type: {form}\r\n"
    head += f"Content-Length: {len(block)}\r\n"
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def response(body: bytes = PAGE, headers: str = HTML, status: str = "200 OK") -> bytes:
    return record(f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body)


def found(archive: bytes, limits: Limits | None = None) -> list[Found]:
    return list(read(io.BytesIO(archive), Context("a.warc", UTC, limits or Limits())))


def bodies(archive: bytes) -> list[str]:
    return [one.record.body for one in found(archive) if isinstance(one.record, RawArticle)]


def reasons(archive: bytes) -> list[Reason]:
    return [one.record.reason for one in found(archive) if isinstance(one.record, Refused)]


def test_a_recorded_page_is_read_as_the_page_it_was() -> None:
    (one,) = found(response())
    assert (one.format, one.member) == ("html", URI)
    assert isinstance(one.record, RawArticle)
    assert (one.record.uri, one.record.body) == (URI, "\n\n".join(TEXT))


def test_what_is_no_page_is_passed_over_without_a_word() -> None:
    archive = b"".join(
        [
            record(b"software: x\r\n", "warcinfo", "application/warc-fields"),
            record(b"GET / HTTP/1.1\r\n\r\n", "request", "application/http; msgtype=request"),
            response(status="404 Not Found"),
            response(b"", "Location: /b\r\n", "301 Moved"),
            response(b"\xff\xd8\xff", "Content-Type: image/jpeg\r\n"),
            response(b"User-agent: *", "Content-Type: text/plain\r\n"),
            record(PAGE, "revisit"),
            record(b"not http"),
            response(),
            record(b"fetchTimeMs: 3", "metadata", "application/warc-fields"),
        ]
    )
    assert bodies(archive) == ["\n\n".join(TEXT)]
    assert reasons(archive) == []


def test_a_resource_is_a_page_without_http() -> None:
    assert bodies(record(PAGE, "resource", "text/html; charset=utf-8", f"<{URI}>")) == ["\n\n".join(TEXT)]


def test_a_feed_in_an_archive_is_read_as_a_feed() -> None:
    rss = b"<rss version='2.0'><channel><title>T</title><item><description>Text.</description></item></channel></rss>"
    assert bodies(response(rss, "Content-Type: application/rss+xml\r\n")) == ["Text."]


def chunked(data: bytes) -> bytes:
    return (
        b"".join(
            b"%x;ext\r\n%s\r\n" % (len(data[at : at + 100]), data[at : at + 100]) for at in range(0, len(data), 100)
        )
        + b"0\r\n\r\n"
    )


def bare(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


@pytest.mark.parametrize(
    ("headers", "wrap"),
    [
        ("Transfer-Encoding: chunked\r\n", chunked),
        ("Content-Encoding: gzip\r\n", gzip.compress),
        ("Content-Encoding: deflate\r\n", zlib.compress),
        ("Content-Encoding: deflate\r\n", bare),
        ("Content-Encoding: br\r\n", brotli.compress),
        ("content-encoding: GZIP\r\nTRANSFER-ENCODING: chunked\r\n", lambda data: chunked(gzip.compress(data))),
        ("Content-Encoding: br, gzip\r\n", lambda data: gzip.compress(brotli.compress(data))),
        # Crawlers that unwrap what they store, and leave the headers as they were.
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", bytes),
        ("Content-Encoding: br\r\n", bytes),
        ("Content-Encoding: deflate\r\n", bytes),
        ("Content-Encoding: identity\r\n", bytes),
    ],
)
def test_the_wrapping_of_the_transport_is_taken_off(headers: str, wrap: Callable[[bytes], bytes]) -> None:
    assert bodies(response(wrap(PAGE), HTML + headers)) == ["\n\n".join(TEXT)]


def test_the_server_knows_the_charset_of_its_page() -> None:
    russian = page().replace(TEXT[0], f"Паром {TEXT[0]}").encode("cp1251")
    (body,) = bodies(response(russian, "Content-Type: text/html; charset=windows-1251\r\n"))
    assert body.startswith("Паром")


def test_a_compressed_archive_is_many_gzip_members() -> None:
    assert len(bodies(b"".join(gzip.compress(one) for one in (response(), response(), response())))) == 3


def test_an_archive_that_is_cut_off_is_read_so_far_and_tried_again() -> None:
    whole = response() + response()
    for end in (len(whole) - 100, len(response()) + 30, len(response()) + len(PAGE) // 2):
        assert len(bodies(whole[:end])) == 1
        assert reasons(whole[:end]) == [Reason.TRUNCATED]


@pytest.mark.parametrize(
    "damage",
    [b"garbage between records\r\n", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", b"WARC/1.0\r\n" + b"x" * 300_000],
)
def test_damage_ends_the_archive_and_leaves_what_came_before(damage: bytes) -> None:
    assert len(bodies(response() + damage + response())) == 1
    assert reasons(response() + damage + response()) == [Reason.BAD_FORMAT]


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress])
def test_a_page_that_unpacks_to_too_much_is_refused_alone(pack: Callable[[bytes], bytes]) -> None:
    bomb = response(
        pack(b"<html>" + b" " * 3_000_000), HTML + f"Content-Encoding: {'gzip' if pack is gzip.compress else 'br'}\r\n"
    )
    first, second = found(bomb + response(), Limits(document=100_000))
    assert isinstance(first.record, Refused)
    assert first.record.reason is Reason.TOO_LARGE
    assert isinstance(second.record, RawArticle)


def test_pages_of_many_records_count_together() -> None:
    bomb = response(gzip.compress(b"<html>" + b" " * 900_000), HTML + "Content-Encoding: gzip\r\n")
    assert Reason.ARCHIVE_BOMB in reasons_of(bomb * 20, Limits(document=1_000_000, unpacked=5_000_000))


def reasons_of(archive: bytes, limits: Limits) -> list[Reason]:
    return [one.record.reason for one in found(archive, limits) if isinstance(one.record, Refused)]


def test_an_address_that_is_none_does_no_harm() -> None:
    for uri in ("http://[bad/", "dns:x", "", "\x1b[31m", "x" * 5000):
        (one,) = found(record(b"HTTP/1.1 200 OK\r\n" + HTML.encode() + b"\r\n" + PAGE, uri=uri))
        assert isinstance(one.record, RawArticle)


SAMPLE = (
    response()
    + response(gzip.compress(PAGE), HTML + "Content-Encoding: gzip\r\n")
    + response(chunked(PAGE), HTML + "Transfer-Encoding: chunked\r\n")
)
BLOWS = st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 20), st.binary(max_size=5)), max_size=4)


@given(BLOWS, st.integers(0, len(SAMPLE)))
def test_no_archive_is_too_strange(blows: list[tuple[int, int, bytes]], end: int) -> None:
    archive = SAMPLE
    for place, length, piece in blows:
        archive = archive[:place] + piece + archive[place + length :]
    never_the_net([one.record for one in found(b"WARC/1.0\r\n" + archive)])
    never_the_net([one.record for one in found(archive[:end])])
