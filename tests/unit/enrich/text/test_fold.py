from hypothesis import given
from hypothesis import strategies as st

from services.enrich.text.fold import matching, plain


@given(st.text())
def test_every_form_is_as_long_as_the_text(text: str) -> None:
    assert len(plain(text)) == len(matching(text)) == len(text)


def test_accents_and_typography_do_not_tell_names_apart() -> None:
    assert plain("Zürich’s Łódź, São Paulo, İzmir") == "Zurich's Lodz, Sao Paulo, Izmir"


def test_capitals_stay_at_the_start_of_words_only() -> None:
    assert matching("KYIV, McAllen and the U.S.") == "Kyiv, Mcallen and the U.S."


def test_half_a_surrogate_pair_becomes_a_character() -> None:
    assert plain("a\ud800b").encode()
