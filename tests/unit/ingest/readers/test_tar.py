import gzip
import io
import tarfile
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers.format import Limits
from tests.unit.ingest.readers.packed import OTHER, STORY, members, outcomes

TITLE, SECOND = "Lighthouse lit again", "Harbour dredged"
FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
in_format = pytest.mark.parametrize("form", FORMATS, ids=("ustar", "gnu", "pax"))


def archive(*entries: tuple[str, bytes], form: int = tarfile.PAX_FORMAT, kind: bytes = tarfile.REGTYPE) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.type = tarfile.DIRTYPE if name.endswith("/") else kind
            info.size = len(data)
            info.linkname = "/etc/hostname" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@in_format
def test_every_file_of_an_archive_is_read(form: int) -> None:
    data = archive(("wire/", b""), ("wire/a.txt", STORY), ("b.txt", OTHER), form=form)
    assert outcomes(data) == [TITLE, SECOND]
    assert members(data) == ["wire/a.txt", "b.txt"]


@pytest.mark.parametrize("form", FORMATS[1:], ids=("gnu", "pax"))
def test_long_and_foreign_names_are_kept(form: int) -> None:
    names = ["d/" + "n" * 150 + "/ü.txt", "ферри.txt"]
    assert members(archive(*((name, STORY) for name in names), form=form)) == names


def test_an_archive_without_the_mark_of_ustar_is_known_by_its_name() -> None:
    block = bytearray(archive(("a.txt", STORY), form=tarfile.USTAR_FORMAT))
    block[257:265] = bytes(8)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block[:512])
    assert outcomes(bytes(block), "old.tar") == [TITLE]


def test_archives_one_after_another_are_one() -> None:
    assert outcomes(archive(("a", STORY)) + archive(("b", OTHER))) == [TITLE, SECOND]


@pytest.mark.parametrize("name", ["../a.txt", "wire/../../a.txt", "/etc/a", "C:\\a.txt", "..\\a.txt", "\\\\host\\a"])
def test_a_name_that_leads_out_is_refused_and_the_others_go_on(name: str) -> None:
    assert outcomes(archive((name, STORY), ("b.txt", OTHER))) == [Reason.UNSAFE_PATH, SECOND]


@pytest.mark.parametrize("name", [".DS_Store", "__MACOSX/._a.txt", "wire/.a.txt", "a.part", "Thumbs.db", "d/a.txt~"])
def test_what_an_operating_system_left_is_passed_over(name: str) -> None:
    assert outcomes(archive((name, b"\0\1\2 not a text"), ("b.txt", OTHER))) == [SECOND]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(kind: bytes) -> None:
    assert outcomes(archive(("a.txt", b""), kind=kind)) == [Reason.NOT_REGULAR]


def test_a_file_with_holes_is_refused_and_the_others_go_on() -> None:
    sparse = bytearray(archive(("a.txt", bytes(512)), form=tarfile.GNU_FORMAT)[:1024])
    sparse[156:157] = tarfile.GNUTYPE_SPARSE
    sparse[482] = 1  # its map goes on in another block
    sparse[148:156] = b" " * 8
    sparse[148:156] = b"%06o\0 " % sum(sparse[:512])
    data = bytes(sparse[:512]) + bytes(512) + bytes(512) + archive(("b.txt", OTHER))
    assert outcomes(data) == [Reason.NOT_REGULAR, SECOND]


def test_an_archive_of_nothing_is_empty() -> None:
    assert outcomes(archive(), "a.tar") == [Reason.EMPTY]
    assert outcomes(archive(("d/", b"")), "a.tar") == [Reason.EMPTY]


@pytest.mark.parametrize("cut", [600, 1000, 1024, 1500, 2048])
def test_files_before_a_cut_are_good(cut: int) -> None:
    data = archive(("a.txt", STORY), ("b.txt", OTHER), form=tarfile.USTAR_FORMAT)
    whole = [title for title, end in ((TITLE, 1024), (SECOND, 2048)) if cut >= end - 512 + len(STORY)]
    assert outcomes(data[:cut]) == [*whole, Reason.TRUNCATED]


def test_files_before_a_cut_of_the_compressed_archive_are_good() -> None:
    packed = gzip.compress(archive(*((f"{number}.txt", STORY) for number in range(50))), 0)
    told = outcomes(packed[: len(packed) // 2])
    assert set(told[:-1]) == {TITLE}
    assert len(told) > 20
    assert told[-1] is Reason.TRUNCATED


def test_damage_ends_the_archive() -> None:
    data = bytearray(archive(("a.txt", STORY), ("b.txt", OTHER), form=tarfile.USTAR_FORMAT))
    data[1024 + 20] ^= 0xFF
    assert outcomes(bytes(data)) == [TITLE, Reason.CORRUPT_ARCHIVE]


def test_damage_of_the_compressed_archive_after_its_last_file_is_told() -> None:
    packed = gzip.compress(archive(*((f"{number}.txt", STORY) for number in range(100))), 0)
    told = outcomes(packed[:-8] + b"\0\0\0\0" + packed[-4:])
    assert told == [*[TITLE] * 100, Reason.CORRUPT_ARCHIVE]


def test_a_name_of_a_gigabyte_is_not_read() -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 1024**3
    assert outcomes(header.tobuf(tarfile.GNU_FORMAT) + b"n" * 100_000) == [Reason.CORRUPT_ARCHIVE]


def test_files_are_counted() -> None:
    data = archive(*((f"{number}.txt", STORY) for number in range(5)))
    assert outcomes(data, limits=Limits(members=3)) == [TITLE, TITLE, TITLE, Reason.ARCHIVE_BOMB]


def test_archives_inside_archives_are_read_as_deep_as_the_limit() -> None:
    data = gzip.compress(archive(("inner.tar", archive(("a.txt", STORY)))))
    assert outcomes(data) == [TITLE]
    assert members(data, "outer.tgz") == ["outer.tar/inner.tar/a.txt"]
    assert outcomes(data, limits=Limits(depth=2)) == [Reason.ARCHIVE_BOMB]


def test_many_files_take_no_memory() -> None:
    data = archive(*((f"{number}.txt~", b"") for number in range(5_000)), form=tarfile.USTAR_FORMAT)
    tracemalloc.start()
    try:
        outcomes(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


@settings(max_examples=60)
@given(st.sampled_from(FORMATS), st.data())
def test_no_damage_is_too_strange(form: int, data: st.DataObject) -> None:
    packed = bytearray(archive(("a.txt", STORY), ("d/b.txt", OTHER), form=form)[:4096])
    for _ in range(data.draw(st.integers(0, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    outcomes(bytes(packed[: data.draw(st.integers(0, len(packed)))]), "a.tar")
