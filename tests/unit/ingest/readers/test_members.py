import io
import zipfile
from collections import Counter

from newswire.reasons import Reason
from services.ingest.readers import MOST_ALIKE
from services.ingest.readers.format import Limits
from services.ingest.readers.record import Refused
from tests.unit.ingest.readers.packed import STORY, found, outcomes


def packed(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_refusals_that_say_the_same_are_counted_after_so_many() -> None:
    empty = {f"{number}.txt": b"" for number in range(MOST_ALIKE + 25)}
    pictures = {f"{number}.png": b"\x89PNG\r\n\x1a\n" for number in range(3)}
    told = outcomes(packed({**empty, "a.txt": STORY, **pictures}), "a.zip")
    assert Counter(told) == {Reason.EMPTY: MOST_ALIKE + 1, Reason.UNSUPPORTED: 3, "Lighthouse lit again": 1}


def test_the_count_says_how_many_more_there_were_and_belongs_to_the_archive() -> None:
    inner = packed({f"{number}.txt": b"" for number in range(MOST_ALIKE - 10)})
    last = found(packed({"one.zip": inner, "two.zip": inner}), "a.zip")[-1]
    assert isinstance(last.record, Refused)
    assert f"{MOST_ALIKE - 20:,} more files" in last.record.message
    assert (last.format, last.member) == ("zip", None)


def test_refusals_with_bytes_of_their_own_are_never_counted_together() -> None:
    lines = b'{"body": 5}\n' * (MOST_ALIKE + 25)
    assert len(found(packed({"a.ndjson": lines}), "a.zip")) == MOST_ALIKE + 25


def test_an_archive_may_hold_so_many_files() -> None:
    assert Limits().members == 100_000
