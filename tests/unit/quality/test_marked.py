"""Our own gold texts: how marks are read, and that the file is what the documentation says."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bench.quality.marked import HELD_OUT, TUNED_ON, MarkError, own, read
from bench.quality.sample import Expression, Named, Sample, Span, Toponym
from services.enrich.events.taxonomy import TAGS

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ROOT = Path(__file__).parents[3]
TEXTS = [sample for gold in own() for sample in gold.samples]


def marked(tmp_path: Path, text: str) -> Sample:
    file = tmp_path / "texts.txt"
    file.write_text(f"# A remark.\n\n== one 2025-02-07 law.arrest\n{text}\n", "utf-8")
    (sample,) = read(file)
    return sample


def test_marks_become_spans_of_the_plain_text(tmp_path: Path) -> None:
    sample = marked(
        tmp_path, "[PER Ada Obi] wins\n\nIn [LOC Kano|12.0,8.5~20] and\n[LOC Chad|TD] on [DATE Friday|2025-02-07]."
    )
    assert (sample.title, sample.body) == ("Ada Obi wins", "In Kano and\nChad on Friday.")
    assert (sample.published_at, sample.tag) == ("2025-02-07T00:00:00Z", "law.arrest")
    kano, chad = Span("body", 3, 7), Span("body", 12, 16)
    assert sample.names == {Named(Span("title", 0, 7), "PER"), Named(kano, "LOC"), Named(chad, "LOC")}
    assert sample.toponyms == (Toponym(kano, 12.0, 8.5, 20.0), Toponym(chad, country="TD"))
    assert sample.times == (Expression(20, 26, None, "2025-02-07"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[LOC Kano]", "neither latitude"),
        ("[LOC Kano|north]", "neither latitude"),
        ("[ORG Kano|12,8]", "no place"),
        ("[DATE Friday]", "no value"),
        ("[PER Ada [LOC Obi|NG]]", "belongs to no mark"),
        ("[WHO Ada]", "belongs to no mark"),
    ],
)
def test_a_wrong_mark_is_named_with_its_text(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MarkError, match=f"^one: .*{said}"):
        marked(tmp_path, f"A title\n\n{text}")


def test_half_of_at_least_sixty_texts_are_held_out() -> None:
    halves = [len(read(path)) for path in (TUNED_ON, HELD_OUT)]
    assert sum(halves) >= 60
    assert abs(halves[0] - halves[1]) <= 1
    assert len({sample.id for sample in TEXTS}) == len(TEXTS)
    assert f"{len(TEXTS)} short reports" in (ROOT / "docs" / "enrichment.md").read_text("utf-8")


@pytest.mark.parametrize("sample", TEXTS, ids=lambda sample: sample.id)
def test_a_text_is_of_a_short_report_s_length_and_marked_throughout(sample: Sample) -> None:
    assert 60 <= len(f"{sample.title} {sample.body}".split()) <= 200
    assert {name.type for name in sample.names or ()} == {"PER", "ORG", "LOC"}
    texts = dict(sample.fields())
    for name in sample.names or ():
        text = texts[name.span.field][name.span.start : name.span.end]
        assert text == text.strip()
        assert not text.endswith(("'s", "’s"))
        assert not text.startswith("the ")
        assert name.type != "PER" or not text.startswith(("Mr ", "Mrs ", "Dr ", "Sir ", "President ", "General "))
    for toponym in sample.toponyms or ():
        assert toponym.country or (abs(toponym.lat or 0) <= 90 and abs(toponym.lon or 0) <= 180)


def test_a_day_of_the_week_has_the_value_of_such_a_day() -> None:
    found = Counter[str]()
    for sample in TEXTS:
        for time in sample.times or ():
            text = sample.body[time.start : time.end]
            if weekday := next((day for day in WEEKDAYS if day in text), None):
                assert date.fromisoformat(time.value[:10]).weekday() == WEEKDAYS.index(weekday), (sample.id, text)
                found[weekday] += 1
    assert found.total() >= 60


def test_most_texts_say_which_event_their_headline_reports() -> None:
    known = {sample.tag for sample in TEXTS if sample.tag}
    assert known <= {*TAGS, "none"}
    assert sum(sample.tag is not None for sample in TEXTS) >= 50
    assert len(known) >= 20


def test_a_place_named_twice_in_a_text_by_one_name_is_marked_with_one_position() -> None:
    for sample in TEXTS:
        texts = dict(sample.fields())
        positions: dict[str, set[tuple[object, ...]]] = {}
        for span, *where, _ in sample.toponyms or ():
            positions.setdefault(texts[span.field][span.start : span.end], set()).add(tuple(where))
        twice = {name for name, several in positions.items() if len(several) > 1}
        assert len(twice) <= 1, (sample.id, twice)
