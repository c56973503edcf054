import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers.format import Limits
from tests.unit.ingest.readers.packed import BOMB, OTHER, STORY, members, outcomes

TITLE, SECOND = "Lighthouse lit again", "Harbour dredged"


class Pipe(io.RawIOBase):
    """Takes bytes and cannot go back, so that sizes and checksums are written after the entries."""

    def __init__(self) -> None:
        self.written = bytearray()

    def write(self, data: object) -> int:
        self.written += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]

    def writable(self) -> bool:
        return True


def archive(
    *entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, piped: bool = False, wide: bool = False
) -> bytes:
    pipe, buffer = Pipe(), io.BytesIO()
    with zipfile.ZipFile(pipe if piped else buffer, "w", method) as file:
        for name, data in entries:
            with file.open(name, "w", force_zip64=wide) as entry:
                entry.write(data)
    return bytes(pipe.written) if piped else buffer.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("wide", [False, True])
def test_every_file_of_an_archive_is_read(method: int, wide: bool) -> None:
    data = archive(("wire/", b""), ("wire/a.txt", STORY), ("b.txt", OTHER), method=method, wide=wide)
    assert outcomes(data) == [TITLE, SECOND]
    assert members(data) == ["wire/a.txt", "b.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("wide", [False, True])
def test_an_archive_that_was_written_to_a_pipe_is_read(method: int, wide: bool) -> None:
    data = archive(("a.txt", STORY), ("empty", b""), ("b.txt", OTHER), method=method, piped=True, wide=wide)
    assert outcomes(data) == [TITLE, Reason.EMPTY, SECOND]


def test_what_nobody_can_find_the_end_of_is_refused() -> None:
    data = archive(("a.txt", STORY), ("b.txt", OTHER), method=zipfile.ZIP_STORED, piped=True)
    assert outcomes(data) == [Reason.CORRUPT_ARCHIVE]


@pytest.mark.parametrize("name", ["../a.txt", "wire/../../a.txt", "/etc/a.txt", "C:\\a.txt", "..\\a.txt"])
def test_a_name_that_leads_out_is_refused_and_the_others_go_on(name: str) -> None:
    assert outcomes(archive((name, STORY), ("b.txt", OTHER))) == [Reason.UNSAFE_PATH, SECOND]


def test_backslashes_separate() -> None:
    assert members(archive(("wire\\a.txt", STORY)).replace(b"wire/a", b"wire\\a")) == ["wire/a.txt"]


@pytest.mark.parametrize("name", [".DS_Store", "__MACOSX/._a.txt", "a.txt.part", "Thumbs.db"])
def test_what_an_operating_system_left_is_passed_over(name: str) -> None:
    assert outcomes(archive((name, bytes(100)), ("b.txt", OTHER))) == [SECOND]


def test_names_are_read_as_utf8_or_as_the_first_pcs_wrote_them() -> None:
    assert members(archive(("ферри/ø.txt", STORY))) == ["ферри/ø.txt"]
    assert members(archive(("xxx.txt", STORY)).replace(b"xxx.txt", b"\x81xx.txt")) == ["üxx.txt"]


def test_an_entry_with_a_password_is_refused_and_the_others_go_on() -> None:
    data = bytearray(archive(("a.txt", STORY), ("b.txt", OTHER)))
    data[6] |= 1
    assert outcomes(bytes(data)) == [Reason.ENCRYPTED, SECOND]


def test_an_entry_packed_in_an_unknown_way_is_refused_and_the_others_go_on() -> None:
    data = bytearray(archive(("a.txt", STORY), ("b.txt", OTHER)))
    data[8] = 9
    assert outcomes(bytes(data)) == [Reason.UNSUPPORTED, SECOND]


def test_a_symbolic_link_is_no_article() -> None:
    assert outcomes(archive(("a.txt", b"../../etc/passwd"), ("b.txt", OTHER))) == [Reason.NOT_REGULAR, SECOND]


def test_an_archive_of_nothing_is_empty() -> None:
    assert outcomes(archive()) == [Reason.EMPTY]
    assert outcomes(archive(("d/", b""))) == [Reason.EMPTY]


def test_an_empty_file_inside_is_told() -> None:
    assert outcomes(archive(("a.txt", b""), ("b.txt", OTHER))) == [Reason.EMPTY, SECOND]


@pytest.mark.parametrize(
    "first", ["[Content_Types].xml", "mimetype", "word/numbering.xml", "META-INF/MANIFEST.MF", "_rels/.rels"]
)
def test_an_office_document_is_one_refusal(first: str) -> None:
    assert outcomes(archive((first, STORY), ("word/document.xml", b"<x/>"), ("b.txt", OTHER))) == [Reason.UNSUPPORTED]


@pytest.mark.parametrize("piped", [False, True])
def test_files_before_a_cut_are_good_wherever_it_is(piped: bool) -> None:
    data = archive(("a.txt", STORY), ("b.txt", OTHER), piped=piped)
    for cut in range(4, len(data), 11):
        told = outcomes(data[:cut])
        assert told[-1] is Reason.TRUNCATED
        assert told[:-1] == [TITLE, SECOND][: len(told) - 1]
    assert outcomes(data[:-1]) == [TITLE, SECOND, Reason.TRUNCATED]


def test_a_damaged_entry_is_refused_and_the_others_go_on() -> None:
    data = bytearray(archive(("a.txt", STORY), ("b.txt", OTHER), method=zipfile.ZIP_STORED))
    data[data.index(b"lamp")] ^= 1
    assert outcomes(bytes(data)) == [Reason.CORRUPT_ARCHIVE, SECOND]


def test_a_damaged_stream_inside_is_refused_and_the_others_go_on() -> None:
    data = bytearray(archive(("a.txt", STORY), ("b.txt", OTHER)))
    data[40:60] = bytes(20)
    assert outcomes(bytes(data)) == [Reason.CORRUPT_ARCHIVE, SECOND]


def test_what_follows_the_archive_is_told() -> None:
    data = archive(("a.txt", STORY))
    assert outcomes(data + b"\0\0\r\n") == [TITLE]
    assert outcomes(data + data) == [TITLE, Reason.CORRUPT_ARCHIVE]


def test_an_entry_that_the_list_does_not_name_is_told() -> None:
    one, two = archive(("a.txt", STORY)), archive(("b.txt", OTHER))
    smuggled = one[: one.index(b"PK\x01\x02")] + two
    assert outcomes(smuggled) == [TITLE, SECOND, Reason.CORRUPT_ARCHIVE]


def test_entries_that_overlap_are_read_once() -> None:
    """The list may name one entry a thousand times, as a bomb does; nobody reads by it."""
    data = archive(("a.txt", STORY))
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    assert outcomes(data[:start] + data[start:end] * 1000 + data[end:]) == [TITLE, Reason.CORRUPT_ARCHIVE]


def test_a_bomb_ends_the_archive_and_what_came_before_stands() -> None:
    data = archive(("a.txt", STORY), ("b.ndjson", BOMB), ("c.txt", OTHER))
    assert outcomes(data, limits=Limits(document=4_000_000, ratio=50)) == [TITLE, "1", Reason.ARCHIVE_BOMB]


def test_an_entry_too_large_for_an_article_is_refused_and_the_others_go_on() -> None:
    data = archive(("a.txt", b"word " * 10_000), ("b.txt", OTHER))
    assert outcomes(data, limits=Limits(document=10_000)) == [Reason.TOO_LARGE, SECOND]


def test_archives_inside_are_read() -> None:
    inner = archive(("a.txt", STORY))
    data = archive(("inner.zip", inner), ("b.txt", OTHER))
    assert outcomes(data) == [TITLE, SECOND]
    assert members(data) == ["inner.zip/a.txt", "b.txt"]


def test_an_archive_cut_inside_another_is_told_and_the_others_go_on() -> None:
    inner = archive(("a.txt", STORY))
    assert outcomes(archive(("inner.zip", inner[:-30]), ("b.txt", OTHER))) == [TITLE, Reason.TRUNCATED, SECOND]


def test_extra_fields_without_end_take_no_time() -> None:
    name = b"a.txt"
    header = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, zlib.crc32(STORY), *[len(STORY)] * 2, 5, 65532)
    assert outcomes((header + name + bytes(65532) + STORY) * 20)[:20] == [TITLE] * 20


@settings(max_examples=60)
@given(st.booleans(), st.data())
def test_no_damage_is_too_strange(piped: bool, data: st.DataObject) -> None:
    packed = bytearray(archive(("a.txt", STORY), ("d/b.txt", OTHER), piped=piped))
    for _ in range(data.draw(st.integers(0, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    outcomes(bytes(packed[: data.draw(st.integers(0, len(packed)))]))
