import pytest

from newswire.reasons import Reason
from services.ingest.readers.record import RawArticle
from tests.unit.ingest.readers.reading import at, guid
from tests.unit.ingest.readers.wires import article, refused

BRIDGE = """<?xml version="1.0"?>
<RBNews xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
  <NewsID>0b9e</NewsID><PublishDate>2026-05-03T12:00:00.5</PublishDate><strapline>IND/BRO</strapline>
  <headline>Bro lukket</headline><town>Odense</town><origin>/ritzau/</origin><version>2</version>
  <content>&lt;p&gt;Broen er lukket.&lt;/p&gt;&lt;p&gt;Den &#xE5;bner i morgen.&lt;/p&gt;</content>
  <HistID>BRO-7</HistID><Annuleret>false</Annuleret><byLine>Bo Dahl</byLine>
</RBNews>
"""


def test_every_part_has_its_field() -> None:
    assert article(BRIDGE) == RawArticle(
        title="Bro lukket",
        body="Broen er lukket.\n\nDen åbner i morgen.",
        byline="Bo Dahl",
        agency="Ritzau",
        dateline="Odense",
        published_at=at("2026-05-03T12:00:00.5"),
        updated_at=at("2026-05-03T12:00:00.5"),
        identifier=guid("BRO-7", "Ritzau"),
    )


def test_an_annulment_takes_the_story_back() -> None:
    assert article(BRIDGE.replace(">false<", ">true<")).pubstatus == "canceled"


@pytest.mark.parametrize("content", ["", "<content/>", "<content> </content>"])
def test_a_flash_without_a_text_has_no_body(content: str) -> None:
    assert refused(f"<RBNews><headline>Kort</headline>{content}</RBNews>").reason is Reason.NO_BODY
