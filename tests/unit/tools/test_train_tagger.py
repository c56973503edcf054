import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.tagger import Span
from services.enrich.tagger.features import LABELS
from services.enrich.tagger.words import Words, words
from tools.train_tagger.corpora import printed_form, read
from tools.train_tagger.examples import gold_labels

CHANCE = random.Random(0)  # noqa: S311 - not for secrets


@pytest.mark.parametrize(
    ("tokens", "printed"),
    [
        (["“", "No", ",", "”", "she", "said", "."], "“No,” she said."),
        (['"', "No", ",", '"', "she", "said", "."], '"No," she said.'),
        (["Bello", "'s", "house", "(", "sold", ")"], "Bello's house (sold)"),
        (["a", "2", "-", "1", "win"], "a 2-1 win"),
        (["AC", "/", "DC", "-", "live"], "AC/DC - live"),
        ([], ""),
    ],
)
def test_tokens_are_put_together_as_they_are_printed(tokens: list[str], printed: str) -> None:
    text, places = printed_form(tokens)
    assert text == printed
    assert [text[start:end] for start, end in places] == tokens


def test_sentences_of_a_document_become_one_text_with_its_names(tmp_path: Path) -> None:
    rows = [
        {"tokens": ["Ada", "Obi", "left", "."], "tags": ["B-PER", "I-PER", "O", "O"], "source": "own", "doc": "a"},
        {
            "tokens": ["She", "is", "in", "Kano", "."],
            "tags": ["O", "O", "O", "B-LOC", "O"],
            "source": "own",
            "doc": "a",
        },
        {"tokens": ["Acme", "Globex", "merge"], "tags": ["B-ORG", "B-ORG", "O"], "source": "own", "doc": "b"},
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    first, second = read(path, separators=("\n",), chance=CHANCE)
    assert first.text == "Ada Obi left.\nShe is in Kano."
    assert [(first.text[name.start : name.end], name.type) for name in first.names] == [
        ("Ada Obi", "person"),
        ("Kano", "place"),
    ]
    assert [second.text[name.start : name.end] for name in second.names] == ["Acme", "Globex"]


def test_a_sentence_without_a_tag_for_each_token_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"tokens": ["Ada", "Obi"], "tags": ["O"]}))
    with pytest.raises(ValueError, match="more tokens than tags"):
        list(read(path, separators=("\n",), chance=CHANCE))


def spans(cut: Words, labels: Sequence[int]) -> Iterator[Span]:
    """The reverse of ``gold_labels``."""
    first = 0
    for number, label in enumerate(labels):
        place, _, kind = LABELS[label].partition("-")
        if place in ("B", "S"):
            first = number
        if place in ("E", "S"):
            yield Span(cut.starts[first], cut.ends[number], kind)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2), st.sampled_from(["person", "organization", "place"]))))
def test_labels_spell_names_and_names_come_back(pieces: list[tuple[int, int, str]]) -> None:
    text, names = "", []
    for length, gap, kind in pieces:
        start = len(text)
        text += " ".join(["Xa"] * length)
        names.append(Span(start, len(text), kind))  # type: ignore[arg-type]
        text += " and" * gap + " "
    cut = words(text)
    found = spans(cut, gold_labels(cut, names))
    assert [(one.start, one.end, one.type) for one in found] == [(one.start, one.end, one.type) for one in names]
