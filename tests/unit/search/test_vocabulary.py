import pytest

from newswire.cli.asked import vocabulary
from newswire.search.question import QuestionError
from newswire.search.vocabulary import folded, kinds
from services.enrich.events.taxonomy import TAGS


@pytest.mark.parametrize("pattern", ["law", "law.*", "LAW."])
def test_a_branch_stands_for_all_its_tags(pattern: str) -> None:
    assert set(vocabulary().tags_like(pattern)) == {tag for tag in TAGS if tag.startswith("law.")}


def test_a_leaf_and_a_pattern_are_found_wherever_they_stand() -> None:
    assert vocabulary().tags_like("verdict") == ("law.verdict",)
    assert vocabulary().tags_like("*.verdict") == ("law.verdict",)
    assert set(vocabulary().tags_like("*strike")) == {"conflict.remote.air_drone_strike", "unrest.protest.strike"}


@pytest.mark.parametrize(("wrong", "said"), [("law.verdct", "law.verdict"), ("eartquake", "earthquake"), ("", "law")])
def test_a_tag_that_does_not_exist_says_which_are_close(wrong: str, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        vocabulary().tags_like(wrong)


@pytest.mark.parametrize(
    ("name", "code"),
    [("ua", "UA"), ("Ukraine", "UA"), ("the Netherlands", "NL"), ("COTE D'IVOIRE", "CI"), ("U.S.", "US")],
)
def test_a_country_goes_by_code_or_name(name: str, code: str) -> None:
    assert vocabulary().country(name) == code


def test_a_country_that_does_not_exist_says_which_is_close() -> None:
    with pytest.raises(QuestionError, match="Ukraine"):
        vocabulary().country("Ukrane")


def test_an_acronym_counts_as_it_is_written() -> None:
    assert "United Nations" in vocabulary().forms("UN")
    assert vocabulary().forms("un") == ("un",)
    assert "World Health Organization" in vocabulary().forms("WHO")
    assert vocabulary().forms("who") == ("who",)


@pytest.mark.parametrize("word", ["in", "it", "no", "us", "IN"])
def test_a_word_that_is_also_a_code_names_no_country(word: str) -> None:
    assert vocabulary().country_called(word) is None


def test_every_word_for_a_kind_of_event_names_tags_that_exist() -> None:
    found = kinds(TAGS)
    assert "disaster.natural.flood" in found["flood"]
    assert all(tags and set(tags) <= set(TAGS) for tags in found.values())
    assert vocabulary().tags_called(["Floods?"]) == ("disaster.natural.flood",)


def test_accents_and_white_space_make_no_difference() -> None:
    assert folded("  São\tTomé ") == "sao tome"
