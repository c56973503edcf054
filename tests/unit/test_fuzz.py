"""The fuzzer finds what it is there to find, and reaches every reader."""

import pytest

from services.ingest.readers.format import Unread
from services.ingest.readers.formats import FORMATS
from tests.corpus import story
from tests.fuzz.hunt import judge
from tests.fuzz.mutant import mutant
from tests.fuzz.seeds import seeds


def test_every_format_has_a_seed() -> None:
    assert {form.name for form in FORMATS if not isinstance(form, Unread)} <= seeds().keys()


def test_no_seed_is_complained_about() -> None:
    told = {form: judge("a", data, 0) for form, known in seeds().items() for data in known}
    assert not any(told.values()), told


def test_a_number_is_all_that_a_finding_needs() -> None:
    known = seeds()
    assert [mutant(1, number, known) for number in range(200)] == [mutant(1, number, known) for number in range(200)]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (lambda *_: 1 // 0, "ZeroDivisionError"),
        (lambda *_: None, "Traceback"),
    ],
)
def test_a_reader_that_fails_is_told_of(monkeypatch: pytest.MonkeyPatch, fault: object, told: str) -> None:
    monkeypatch.setattr("services.ingest.readers.text.read_text", fault)
    assert told in (judge("a.txt", story("faults").encode(), 1) or "")
