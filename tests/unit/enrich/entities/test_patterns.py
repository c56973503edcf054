import pytest

from services.enrich.entities.patterns import formed


@pytest.mark.parametrize(
    ("text", "mention", "canonical"),
    [
        ("said France's foreign ministry on", "France's foreign ministry", "France's foreign ministry"),
        ("the German defense ministry", "German defense ministry", "Germany's defence ministry"),
        ("Moscow's Interior Ministry", "Moscow's Interior Ministry", "Russia's interior ministry"),
        ("the Ministry of Health of Peru", "Ministry of Health of Peru", "Peru's health ministry"),
    ],
)
def test_a_ministry_belongs_to_its_state_however_it_is_written(text: str, mention: str, canonical: str) -> None:
    found = next(formed(text))
    assert (text[found.start : found.end], found.canonical) == (mention, canonical)


@pytest.mark.parametrize("unit", ["41st brigade", "3rd Assault Brigade", "110th Mechanized Brigade", "Fifth Fleet"])
def test_a_numbered_unit_is_a_group(unit: str) -> None:
    text = f"men of the {unit} said"
    found = next(formed(text))
    assert (text[found.start : found.end], found.type) == (unit, "group")


@pytest.mark.parametrize("text", ["a foreign ministry", "the first army of ants", "his 3rd goal"])
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert list(formed(text)) == []
