from hypothesis import given
from hypothesis import strategies as st

from services.enrich.tagger.words import Form, form, words


def test_words_are_cut_where_a_name_may_begin_or_end() -> None:
    text = "The U.S. envoy's plan, drawn up in Abidjan's Plateau, costs 1,200.50 euros (so far)."
    assert words(text).texts[:-1] == [
        *("The", "U.S.", "envoy", "'s", "plan", ",", "drawn", "up", "in", "Abidjan", "'s", "Plateau", ","),
        *("costs", "1,200.50", "euros", "(", "so", "far", ")", "."),
    ]


@given(st.text(alphabet=st.sampled_from("aZé'’s.\n -1𝔸"), max_size=60))
def test_every_word_stands_where_its_offsets_say_and_nothing_but_space_is_left_out(text: str) -> None:
    cut = words(text)
    for word, start, end in zip(cut.texts[:-1], cut.starts, cut.ends, strict=False):
        assert text[start:end] == word
    covered = "".join(cut.texts[:-1])
    assert covered == "".join(letter for letter in text if letter == "\n" or not letter.isspace())
    assert len(cut.texts) == len(cut.starts) == len(cut.ends) == len(cut.forms)


def test_a_line_in_capitals_and_a_headline_are_told_from_a_paragraph() -> None:
    assert form("MINISTER RESIGNS AFTER FLOOD") is Form.SHOUTED
    assert form("Minister Resigns After Flood in Capital") is Form.TITLED
    assert form("The minister resigned after the flood.") is Form.USUAL
    assert form("Amina Bello, Chidi Obi and Ngozi Eze spoke.") is Form.USUAL  # a sentence ends with a full stop
    assert form("UN") is Form.USUAL
    assert form("") is Form.USUAL
