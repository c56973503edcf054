from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrich.tagger import Span, Tagger
from services.enrich.tagger.features import LABELS, OUTSIDE, RULE_LABELS
from services.enrich.tagger.network import Network
from services.enrich.tagger.tagger import rule_labels
from services.enrich.tagger.weights import load
from services.enrich.tagger.words import words


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


def named(text: str, spans: Sequence[Span]) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.type) for span in spans]


def test_names_are_found_that_no_lexicon_has(tagger: Tagger) -> None:
    text = "Teodora Vuksanik, who runs the cannery in Lower Brindleford, met Osric Tambwell on Monday."
    found = named(text, tagger.tag(text, [0], []))
    assert ("Teodora Vuksanik", "person") in found
    assert ("Osric Tambwell", "person") in found
    assert not {"Monday"} & {name for name, _ in found}


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.sampled_from("AbC dé.\n'’-Ж中1,\ud800"), max_size=200))
def test_whatever_the_text_spans_are_in_order_within_it_and_begin_and_end_with_a_word(
    tagger: Tagger, text: str
) -> None:
    spans = tagger.tag(text, [0], [])
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert not text[span.start].isspace()
        assert not text[span.end - 1].isspace()
        assert "\n" not in text[span.start : span.end]
        end = span.end


def test_the_same_text_has_the_same_names_whatever_was_read_before(tagger: Tagger) -> None:
    text = "Ravi Menon left Kochi for a meeting of Veltrax in Basel."
    before = tagger.tag(text, [0], [])
    for number in range(30):
        tagger.tag(" ".join(f"Word{number}x{one}" for one in range(400)), [0], [])
    assert tagger.tag(text, [0], []) == before


def test_a_text_of_more_different_words_than_are_remembered_is_read(tagger: Tagger) -> None:
    text = " ".join(f"W{number}" for number in range(9000)) + ". Ravi Menon left Kochi."
    assert ("Ravi Menon", "person") in named(text, tagger.tag(text, [0], []))


def test_the_words_of_a_rule_carry_its_label() -> None:
    text = "In New York, say, the U.N.'s Ali."
    cut = words(text)
    labelled = rule_labels(cut, [Span(3, 11, "place"), Span(22, 26, "organization"), Span(29, 32, "person")])
    assert {cut.texts[number]: RULE_LABELS[label] for number, label in enumerate(labelled) if label != OUTSIDE} == {
        "New": "B-place",
        "York": "E-place",
        "U.N.": "S-organization",
        "Ali": "S-person",
    }


def test_scores_of_a_word_do_not_depend_on_which_others_are_wanted() -> None:
    network = Network(load())
    texts = words("Ravi Menon left Kochi for a meeting of Veltrax in Basel.").texts
    ids = network.ids(texts)
    contexts = np.zeros(len(ids), np.int64)
    everything = network.scores(ids, contexts, np.ones(len(texts), np.bool_))
    one = np.zeros(len(texts), np.bool_)
    one[3] = True
    assert everything.shape == (len(texts), len(LABELS))
    np.testing.assert_allclose(network.scores(ids, contexts, one)[0], everything[3], rtol=1e-4, atol=1e-4)
