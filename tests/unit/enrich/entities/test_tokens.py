from services.enrich.entities.tokens import tokens
from services.enrich.text.fold import plain


def words(text: str) -> list[tuple[str, str]]:
    return [(token.word, token.joined) for token in tokens(plain(text))]


def test_words_of_one_name_hang_together() -> None:
    assert words("when Ana Belén de la Cruz left") == [("Ana", ""), ("Belen", " "), ("Cruz", " de la ")]
    assert words("Jean-Luc O’Hara") == [("Jean", ""), ("Luc", "-"), ("O'Hara", " ")]


def test_a_possessive_and_a_comma_end_a_name() -> None:
    assert words("Latvia’s Riga, Oslo") == [("Latvia", ""), ("Riga", ""), ("Oslo", "")]


def test_abbreviations_keep_their_full_stop_and_sentences_do_not() -> None:
    assert words("Lt. Col. Ray of the U.S. and on X.") == [
        ("Lt.", ""),
        ("Col.", " "),
        ("Ray", " "),
        ("U.S.", ""),
        ("X", ""),
    ]


def test_arabic_articles_belong_to_the_name_and_prefixes_do_not() -> None:
    assert words("Nuri al-Hakim, a pro-Paris man") == [("Nuri", ""), ("al-Hakim", " "), ("Paris", "")]


def test_lower_case_syllables_of_korean_names_belong_to_them() -> None:
    assert words("Park Ji-young of a Seoul-based firm") == [("Park", ""), ("Ji-young", " "), ("Seoul", "")]


def test_amounts_and_model_numbers_are_no_names() -> None:
    assert words("US$5 for an AK-47") == []
