from hypothesis import given
from hypothesis import strategies as st

from newswire.plain import is_tidy
from services.ingest.readers.paragraphs import of_lines, paragraphs

LONG = "The committee met for a third time and put the decision off until the spring, as it had done before."
PIECES = ("\n", "\n", "\n\n", " ", LONG, "One.", "Two.", "A short line")


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join).filter(is_tidy))
def test_a_tidy_text_has_the_paragraphs_that_a_closer_look_would_find(text: str) -> None:
    assert paragraphs(text, tidy=True) == paragraphs(text, tidy=False)
    assert of_lines(text.split("\n"), tidy=True) == paragraphs(text, tidy=False)
