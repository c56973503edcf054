from collections.abc import Sequence

import pytest

from newswire.enriched import EntityType
from services.enrich.entities import Finder
from services.enrich.model import Text
from services.enrich.places.gazetteer import Gazetteer
from services.enrich.tagger import Span
from tests.unit.enrich.places import little


class Telling:
    """A tagger that is told what to see: the words of each name, as often as they stand there in that order."""

    def __init__(self, *names: tuple[str, EntityType]) -> None:
        self._names = names

    def tag(self, text: str, starts: Sequence[int], rules: Sequence[Span]) -> list[Span]:
        spans, at = [], 0
        for name, kind in self._names:
            at = text.index(name, at)
            spans.append(Span(at, at + len(name), kind))
            at += len(name)
        return spans


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return little.gazetteer(tmp_path_factory.mktemp("gazetteer"))


def names(gazetteer: Gazetteer, body: str, *told: tuple[str, EntityType]) -> list[tuple[str, str]]:
    found, _ = Finder(gazetteer, Telling(*told)).find(Text(body, None, None, None, [], None))
    return [(name.text, name.type) for name in found]


def test_what_only_the_tagger_sees_is_a_name(gazetteer: Gazetteer) -> None:
    body = "Yesterday the mayor and osric tambwell signed it."
    assert names(gazetteer, body, ("osric tambwell", "person")) == [("osric tambwell", "person")]


def test_what_only_the_rules_see_is_none_unless_it_is_known_by_heart(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "He said that Reuters and the Halvorsen Company were there.") == [
        ("Reuters", "organization")
    ]


def test_a_name_known_by_heart_keeps_its_type(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "It was first told by Reuters.", ("Reuters", "person")) == [("Reuters", "organization")]


def test_known_names_that_the_tagger_takes_together_stay_several(gazetteer: Gazetteer) -> None:
    body = "It was told by Reuters and Greenpeace first."
    assert names(gazetteer, body, ("Reuters and Greenpeace", "organization")) == [
        ("Reuters", "organization"),
        ("Greenpeace", "organization"),
    ]


def test_a_part_of_a_name_that_its_form_gives_away_is_no_name(gazetteer: Gazetteer) -> None:
    body = "Then Ukraine's foreign ministry spoke."
    assert names(gazetteer, body, ("Ukraine", "place")) == [("Ukraine's foreign ministry", "organization")]


def test_a_name_has_the_type_that_rules_and_tagger_agree_on_more_often(gazetteer: Gazetteer) -> None:
    body = "The road to Kyiv is long. In Kyiv it rained. Aid reached Kyiv."
    told: list[tuple[str, EntityType]] = [("Kyiv", "place"), ("Kyiv", "place"), ("Kyiv", "organization")]
    assert names(gazetteer, body, *told) == [("Kyiv", "place")] * 3
    assert names(gazetteer, body, *told[:2]) == [("Kyiv", "place")] * 3  # not seen at all the third time
    once: list[tuple[str, EntityType]] = [("Kyiv", "organization"), ("Kyiv", "organization"), ("Kyiv", "place")]
    assert names(gazetteer, body, *once) == [("Kyiv", "organization"), ("Kyiv", "organization"), ("Kyiv", "place")]
