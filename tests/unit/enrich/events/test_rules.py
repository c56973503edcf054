"""The data files are whole, and what they are compiled to means what they say."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.enrich.events import counts, domain
from services.enrich.events.phrases import NAME_CLASSES, expand, lexicon, normalised, with_infinitives, within
from services.enrich.events.rules import book, read_lines


def test_every_class_of_the_lexicon_is_used():
    used = {"figurative", "whole", "nouns", *domain.DOMAINS, *domain.GRAVE, *domain.SERIOUS, *counts._GATE}
    for line in read_lines():
        used |= {head[1:] for head in line.heads if head.startswith("@")}
        used |= {name for condition in line.conditions for name in re.sub(r"^!?[<>&]*", "", condition).split("+")}
    assert set(lexicon()) <= used
    assert used <= {*lexicon(), *NAME_CLASSES}


def test_weights_are_sure_and_unsure_within_reason():
    assert all(0.3 <= line.weight <= 0.97 for line in read_lines())


def test_groups_expand_to_every_choice():
    assert sorted(expand("air strike(s|)")) == ["air strike", "air strikes"]
    assert sorted(expand("(a|the|) (bill|law)")) == ["a bill", "a law", "bill", "law", "the bill", "the law"]


def test_what_a_phrase_contains():
    assert set(within("opened fire on")) == {"opened", "fire", "on", "opened fire", "fire on"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Air-strikes hit", ["air strikes", "hit"]),
        ("a striker", ["striker"]),
        ("strikers’ pay", ["strikers", "pay"]),
        ("an arms dumper", ["arms"]),
    ],
)
def test_phrases_are_found_as_whole_words_the_longest_first(text, found):
    hits = book().phrases.find(normalised(text))
    assert [normalised(text)[hit.start : hit.end] for hit in hits if len(text[hit.start : hit.end]) > 2] == found


def test_a_longer_trigger_keeps_the_classes_of_what_it_is_made_of():
    phrases = book().phrases
    (hit,) = phrases.find("opened fire on")
    assert hit.classes & phrases.bit["live_fire"]


_SPOKEN = ("Russia", "in Kyiv", "Kyiv said", "on Friday", "last month", "at least nine", "90%", ".\n\n", "İ", "“")
_pieces = st.sampled_from([*_SPOKEN, *book().phrases.texts[::40]])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.lists(_pieces, max_size=30).map(" ".join) | st.text(max_size=200))
def test_any_text_is_read_without_error(read, body):
    for event in read(body):
        assert 0 <= event.score <= 1
        assert event.evidence == sorted(set(event.evidence))
        assert all(0 <= start < end <= len(body) for start, end in event.evidence)


def test_verbs_listed_in_two_forms_have_their_infinitive():
    made = with_infinitives(
        frozenset({"freed", "freeing", "bombed", "bombing", "shelled", "shelling"}), frozenset({"shell"})
    )
    assert {"free", "bomb"} <= made
    assert "shell" not in made
