import bz2
import gzip
import io
import lzma
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers import read
from services.ingest.readers.format import Context, Limits
from tests.unit.ingest.readers.packed import BOMB, OTHER, STORY, members, outcomes

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TITLE = "Lighthouse lit again"


def zstd_checked(data: bytes) -> bytes:
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd_checked,
}
packed_as = pytest.mark.parametrize("suffix", PACKERS)


@packed_as
def test_a_compressed_file_holds_one_whose_name_lacks_the_suffix(suffix: str) -> None:
    data = PACKERS[suffix](STORY)
    assert outcomes(data, f"story.txt{suffix}") == [TITLE]
    assert members(data, f"story.txt{suffix}") == ["story.txt"]


@packed_as
def test_content_decides_before_the_name(suffix: str) -> None:
    assert outcomes(PACKERS[suffix](STORY), "story.txt") == [TITLE]


@packed_as
def test_streams_one_after_another_are_one_file(suffix: str) -> None:
    pack = PACKERS[suffix]
    lines = [b'{"title": "%d", "body": "Text."}\n' % number for number in range(3)]
    assert outcomes(b"".join(map(pack, lines)), f"a.ndjson{suffix}") == ["0", "1", "2"]


@packed_as
@pytest.mark.parametrize("padding", [b"\0" * 1000, b"\r\n", b"\x1a"])
def test_padding_after_the_end_is_nothing(suffix: str, padding: bytes) -> None:
    assert outcomes(PACKERS[suffix](STORY) + padding) == [TITLE]


@packed_as
def test_other_bytes_after_the_end_are_damage(suffix: str) -> None:
    assert outcomes(PACKERS[suffix](STORY) + b"and more of it") == [Reason.CORRUPT_ARCHIVE]


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_the_first_two_bytes_are_a_file_that_was_cut(suffix: str) -> None:
    assert outcomes(PACKERS[suffix](STORY)[:2]) == [Reason.TRUNCATED]


@packed_as
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_cut_is_refused_once_as_truncated(suffix: str, keep: float) -> None:
    data = PACKERS[suffix](STORY)
    assert outcomes(data[: int(len(data) * keep)], "a.txt") == [Reason.TRUNCATED]


@packed_as
def test_a_cut_at_the_beginning_of_a_second_stream_is_truncated(suffix: str) -> None:
    data = PACKERS[suffix](STORY)
    assert outcomes(data + data[:2]) == [Reason.TRUNCATED]


@packed_as
def test_records_before_a_cut_are_good(suffix: str) -> None:
    pack = PACKERS[suffix]
    data = pack(b'{"title": "1", "body": "Text."}\n{"title": "2", "body": "Text."}\n') + pack(b"{}" * 100)[:-9]
    assert outcomes(data, "a.ndjson")[:2] == ["1", "2"]
    assert outcomes(data, "a.ndjson").count(Reason.TRUNCATED) == 1


@packed_as
def test_a_wrong_checksum_is_damage(suffix: str) -> None:
    data = bytearray(PACKERS[suffix](STORY))
    where = {".gz": -6, ".bz2": 12, ".xz": len(data) // 2, ".zst": -2}[suffix]
    data[where] ^= 0xFF
    assert outcomes(bytes(data)) == [Reason.CORRUPT_ARCHIVE]


@packed_as
def test_nothing_inside_is_empty(suffix: str) -> None:
    assert outcomes(PACKERS[suffix](b"")) == [Reason.EMPTY]


@packed_as
def test_a_bomb_is_refused_before_it_is_unpacked(suffix: str) -> None:
    data = PACKERS[suffix](BOMB)
    assert outcomes(data, "a.ndjson", Limits(document=1024 * 1024, ratio=100)) == ["1", Reason.ARCHIVE_BOMB]


def test_the_total_is_limited_over_all_layers() -> None:
    data = gzip.compress(gzip.compress(b"word " * 1_000_000, 0), 0)
    assert outcomes(data, "a.txt.gz.gz", Limits(unpacked=9_000_000)) == [Reason.ARCHIVE_BOMB]
    assert outcomes(data, "a.txt.gz.gz", Limits(unpacked=11_000_000)) == [None]


def test_layers_are_limited_so_that_what_unpacks_to_itself_ends() -> None:
    data = STORY
    for _ in range(5):
        data = gzip.compress(data)
    assert outcomes(data, "a.gz") == [Reason.ARCHIVE_BOMB]


def test_a_window_that_no_reader_could_afford_is_refused() -> None:
    wide = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 30})
    assert outcomes(wide.compress(STORY) + wide.flush()) == [Reason.UNSUPPORTED]


def test_frames_to_be_skipped_are_skipped() -> None:
    skipped = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    assert outcomes(skipped + zstd.compress(STORY) + skipped) == [TITLE]


@pytest.mark.parametrize(
    ("name", "stored", "inside"),
    [
        ("story", "wire/story.txt", "story.txt"),  # as gzip wrote it down
        ("a.txt.gz", "b.txt", "a.txt"),
        ("wire.TGZ", "", "wire.tar"),
        ("story", "", "story"),
    ],
)
def test_the_name_inside_a_gzip_file(name: str, stored: str, inside: str) -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile(stored, "wb", fileobj=buffer) as file:
        file.write(STORY)
    assert members(buffer.getvalue(), name) == [inside]


def test_a_long_file_is_read_in_constant_memory() -> None:
    line = b'{"title": "T", "body": "%s"}\n' % (b"Word upon word. " * 2000)
    data = zstd.compress(line * 1_000)  # 32 MB

    tracemalloc.start()
    try:
        count = sum(1 for _ in read(io.BytesIO(data), Context("a.ndjson.zst", UTC, Limits(ratio=1_000_000))))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 1_000
    assert peak < 8_000_000


@settings(max_examples=60)
@given(st.sampled_from(sorted(PACKERS)), st.data())
def test_no_damage_is_too_strange(suffix: str, data: st.DataObject) -> None:
    packed = bytearray(PACKERS[suffix](STORY) + PACKERS[suffix](OTHER))
    for _ in range(data.draw(st.integers(0, 3))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    outcomes(bytes(packed[: data.draw(st.integers(0, len(packed)))]), "a.txt")
