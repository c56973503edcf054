"""Gold sets as they come: tokens become text, files say by their fields what they hold."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.quality import labels
from bench.quality.rival import trimmed
from bench.quality.sample import Named, Span
from bench.quality.sets import expressions, gold_sets
from bench.quality.tokens import joined
from services.enrich.events.taxonomy import TAGS


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ('She said : " No , " and left .', 'She said: "No," and left.'),
        ("The ministers ' talks ( in Ulm ) failed", "The ministers' talks (in Ulm) failed"),
        ("It 's 2 - 1 at 10 : 30 and / or later", "It's 2-1 at 10:30 and/or later"),
        ("He 'd call it ' odd ' , for $ 5", "He'd call it 'odd', for $5"),
        ("“ Yes ” - so he said", "“Yes” - so he said"),
    ],
)
def test_tokens_are_joined_as_newswire_is_set(tokens: str, text: str) -> None:
    made, spans = joined(tokens.split())
    assert made == text
    assert [made[start:end] for start, end in spans] == tokens.split()


def write(directory: Path, name: str, *rows: dict[str, Any]) -> None:
    directory.mkdir(exist_ok=True)
    (directory / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


def test_sentences_of_a_document_are_one_text_and_training_data_are_left_alone(tmp_path: Path) -> None:
    one = {"tokens": ["Ada", "Obi", "won", "."], "tags": ["B-PER", "I-PER", "O", "O"], "doc": "a"}
    two = {"tokens": ["In", "Kano", "Chad", "lost"], "tags": ["O", "B-LOC", "B-LOC", "O"], "doc": "a"}
    write(tmp_path / "ner", "some_dev.jsonl", one, two, {**one, "doc": "b"})
    write(tmp_path / "ner", "train.jsonl", one)
    (*_, found) = gold_sets(tmp_path)
    assert (found.name, len(gold_sets(tmp_path))) == ("some_dev", len(gold_sets(None)) + 1)
    first, second = found.samples
    assert first.body == "Ada Obi won.\nIn Kano Chad lost"
    kano, chad = Named(Span("body", 16, 20), "LOC"), Named(Span("body", 21, 25), "LOC")
    assert first.names == {Named(Span("body", 0, 7), "PER"), kano, chad}
    assert second.body == "Ada Obi won."


def test_toponyms_labels_and_times_are_read_as_what_they_are(tmp_path: Path) -> None:
    place = {"start": 0, "end": 4, "text": "Kano", "lat": 12.0, "lon": 8.5}
    time = {"start": 0, "end": 4, "text": "2022", "type": "DATE", "value": "2022"}
    write(tmp_path, "a_dev.jsonl", {"id": "1", "text": "Kano", "toponyms": [place, {**place, "optional": True}]})
    write(tmp_path, "b_dev.jsonl", {"id": 2, "text": "A raid.", "label": "ATTACK"})
    write(tmp_path, "c_dev.jsonl", {"id": "3", "text": "2022", "timex": [time], "dct": "2023-08-21"})
    (geo,), (events,), (times,) = (one.samples for one in gold_sets(tmp_path)[-3:])
    assert [one.optional for one in geo.toponyms or ()] == [False, True]
    assert (events.id, events.label, events.names) == ("2", "ATTACK", None)
    assert times.times == ((0, 4, "DATE", "2022"),)
    assert times.published_at == "2023-08-21T00:00:00Z"


def test_the_expressions_of_the_tests_are_found_in_their_sentences() -> None:
    found = [sample.body[one.start : one.end] for sample in expressions() for one in sample.times or ()]
    assert "late last month" in found


def test_every_label_s_tags_exist_and_no_tag_has_two() -> None:
    assert set(labels.LABELS) <= set(TAGS)
    assert len(labels.GROUPS) == 30
    assert set(labels.LABELS.values()) == set(labels.GROUPS)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("the United States", "United States"),
        ("The Hague's", "Hague"),
        ("Moscow’s", "Moscow"),
        ("Kano", "Kano"),
        ("the 's", ""),
        (" Kano ", "Kano"),
    ],
)
def test_the_rival_s_names_are_trimmed_to_the_contract(text: str, left: str) -> None:
    start, end = trimmed(text, 0, len(text))
    assert text[start:end] == left
