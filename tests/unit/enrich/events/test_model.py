"""What the linear model adds to the triggers, and that it is the one its files make."""

import numpy as np
import pytest

from services.enrich.events.model import COLUMN, MANY, Model, Vectors, class_bits, gathered, model, normal, stem
from services.enrich.events.model import read as arrays_of
from services.enrich.events.scan import Clause
from services.enrich.events.taxonomy import TAGS
from services.enrich.model import Sentence


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        (
            "Militiamen drove the teachers off in a lorry and nobody has heard of them since.",
            "conflict.civilians.abduction",
        ),
        ("The ferry keeled over off the cape and sank within minutes.", "disaster.manmade.accident"),
        ("Turnout was put at 41 per cent by the polling commission.", "politics.domestic.election"),
    ],
)
def test_a_tag_is_found_where_no_trigger_is(read, sentence, tag):
    assert tag in {event.type for event in read(sentence)}


def test_a_number_of_victims_is_borne_by_what_is_likeliest_to_have_befallen_them(read):
    (event,) = read("The attack left three dead.")
    assert event.fatalities.min == 3


def test_the_same_text_gives_the_same_events_whatever_was_read_before(read):
    text = "The ferry keeled over off the cape. Nine passengers drowned."
    first = read(text)
    letters = "abcdefghijklmnopqrst"
    read(" ".join(f"{one}{two}{three}" for one in letters for two in letters for three in letters) + ".")
    assert read(text) == first


@pytest.mark.parametrize("long", [COLUMN - 1, COLUMN, COLUMN + 1, 5 * COLUMN])
def test_a_sentence_is_scored_alike_in_whatever_company(long):
    rng = np.random.default_rng(long)
    words = ["troops", "flood", "the", "a", "fired", "on", "protesters", "market", "fell", "qzxvkw", "9"]
    words += [f"word{number}" for number in range(long)]
    several = [" ".join(rng.permutation(words)[:count].tolist()) for count in (5, 0, 1, len(words), 7)]
    none = np.zeros((len(several) + 1, len(TAGS)), np.float32)
    together = model().read([*map(clause, several), clause("")], none).scores
    for text, scores in zip(several, together, strict=False):
        assert np.allclose(model().read([clause(text), clause("")], none[:2]).scores[0], scores, atol=1e-3)


def test_the_head_of_a_tag_is_the_word_that_says_most_for_it():
    several = ["the nine passengers drowned", "", "the ferry of the nine keeled over and sank"]
    read = model().read([*map(clause, several), clause("")], np.zeros((4, len(TAGS)), np.float32))
    asked = [(2, TAGS.index("disaster.manmade.accident")), (1, 0)]
    (start, end), nowhere = read.heads(asked, list(map(clause, several)))
    assert several[2][start:end] in {"ferry", "keeled", "sank"}
    assert nowhere == (0, 0)


def clause(text):
    return Clause(0, Sentence(0, len(text), 0, 0), text, text)


def test_numbers_are_one_word_and_forms_share_a_stem():
    assert [normal(word) for word in ("3rd", "1", "third")] == ["0", "0", "third"]
    assert stem("shelling") == stem("shelled") == stem("shells") == "shell"


def test_classes_are_a_row_of_zeros_and_ones():
    assert class_bits([0b101, 0b10], 3).tolist() == [[1, 0, 1], [0, 1, 0]]


def test_of_an_article_count_headline_best_sentence_all_together_and_their_number():
    scores = np.array([[1.0], [3.0], [2.0]], np.float32)
    assert gathered(scores, titled=True).ravel() == pytest.approx([2, 3, np.log(np.exp([1, 3, 2]).sum()), np.log(2)])


def test_where_there_is_no_headline_the_sentences_count_alone():
    scores = np.array([[1.0], [3.0], [-9.0]], np.float32)
    assert gathered(scores, titled=False).ravel() == pytest.approx([0, 3, np.log(np.exp([1, 3]).sum()), np.log(2)])


def test_a_thousand_unlikely_lines_are_no_likelier_than_a_few():
    few, many = (gathered(np.full((count, 2), -4.0, np.float32), titled=True) for count in (MANY + 1, 1001))
    assert np.array_equal(few, many)


def test_what_headline_and_first_sentence_tell_comes_first(read):
    body = "Two ministers resigned on Monday. Police later arrested nine protesters, the prosecutor said."
    events = read(body, title="Two ministers quit")
    assert events[0].type == "politics.domestic.resignation"


def test_a_frequent_word_has_a_vector_and_no_word_has_none():
    vectors = Vectors(arrays_of("vectors.npz"))
    found = vectors.of(["kidnapped", "qzxvkw", "abducted", "orchestra"])
    lengths = np.linalg.norm(found, axis=1)
    assert (lengths > 0).tolist() == [True, False, True, True]
    one, other, third = found[[0, 2, 3]] / lengths[[0, 2, 3], None]
    assert one @ other > one @ third


def test_weights_of_another_taxonomy_are_refused():
    arrays = arrays_of("weights.npz")
    arrays["about"] = np.frombuffer(bytes(arrays["about"]).replace(TAGS[0].encode(), b"x"), np.uint8)
    with pytest.raises(ValueError, match="train-events"):
        Model(arrays, Vectors(arrays_of("vectors.npz")))
