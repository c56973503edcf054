import base64

import pytest
from hypothesis import given

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import at, guid, never_the_net, uri
from tests.unit.ingest.readers.wires import PIECES, article, damaged, records, refused

ORCHARD = """<?xml version="1.0" encoding="UTF-8"?>
<NewsML Version="1.2">
<Catalog Href="http://catalog.invalid/c.xml"/>
<NewsEnvelope>
  <SentFrom><Party FormalName="Sender"/></SentFrom><DateAndTime>20260301T070000Z</DateAndTime>
</NewsEnvelope>
<NewsItem xml:lang="en">
  <Identification>
    <NewsIdentifier>
      <ProviderId>nna.example</ProviderId><DateId>20260301</DateId><NewsItemId>orchard</NewsItemId>
      <RevisionId PreviousRevision="1" Update="N">2</RevisionId>
      <PublicIdentifier>urn:newsml:nna.example:20260301:orchard:2</PublicIdentifier>
    </NewsIdentifier>
  </Identification>
  <NewsManagement>
    <NewsItemType FormalName="News"/>
    <FirstCreated>20260301T060000+0000</FirstCreated>
    <ThisRevisionCreated>20260301T090000+0200</ThisRevisionCreated>
    <Status FormalName="Usable"/>
  </NewsManagement>
  <NewsComponent>
    <NewsLines>
      <HeadLine>Frost spares the orchards</HeadLine>
      <ByLine>By Eva Brandt</ByLine>
      <DateLine>LEIRIA, Mar 1, 2026 (NNA) -</DateLine>
    </NewsLines>
    <AdministrativeMetadata><Provider><Party FormalName="NNA"/></Provider></AdministrativeMetadata>
    <DescriptiveMetadata><Language FormalName="en-GB"/></DescriptiveMetadata>
    <NewsComponent>
      <Role FormalName="Main"/>
      <ContentItem>
        <MediaType FormalName="Text"/>
        <DataContent><nitf><body><body.content>
          <p>The blossom survived the night.</p><hl2>Fires at dawn</hl2><p>Growers lit fires all the same.</p>
        </body.content></body></nitf></DataContent>
      </ContentItem>
    </NewsComponent>
    <NewsComponent>
      <Role FormalName="Photo"/>
      <NewsLines><CreditLine>Rui Sousa/NNA</CreditLine></NewsLines>
      <ContentItem Href="p.jpg"><MediaType FormalName="Photo"/></ContentItem>
      <NewsComponent>
        <Role FormalName="Caption"/>
        <ContentItem><MediaType FormalName="Text"/><DataContent>Apple trees in bloom.</DataContent></ContentItem>
      </NewsComponent>
    </NewsComponent>
    <NewsComponent>
      <Role FormalName="Sidebar"/>
      <NewsLines><HeadLine>Frost in figures</HeadLine></NewsLines>
      <ContentItem><MediaType FormalName="Text"/><DataContent><p>Minus two degrees.</p></DataContent></ContentItem>
    </NewsComponent>
  </NewsComponent>
</NewsItem>
</NewsML>
"""
BODY = "The blossom survived the night.\n\nGrowers lit fires all the same.\n\nMinus two degrees."


def item(
    content: str = "Some text.",
    *,
    management: str = '<Status FormalName="Usable"/>',
    number: int = 1,
    form: str = "Text",
) -> str:
    return (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>nna.example</ProviderId><DateId>20260301</DateId>"
        f"<NewsItemId>{number}</NewsItemId><RevisionId>1</RevisionId></NewsIdentifier></Identification>"
        f"<NewsManagement>{management}</NewsManagement><NewsComponent><ContentItem><MediaType FormalName='Text'/>"
        f"<Format FormalName='{form}'/><DataContent>{content}</DataContent></ContentItem></NewsComponent></NewsItem>"
    )


def newsml(*items: str) -> str:
    return f"<NewsML>{''.join(items)}</NewsML>"


def test_every_part_has_its_field() -> None:
    assert article(ORCHARD) == RawArticle(
        title="Frost spares the orchards",
        body=BODY,
        subheads=[
            Subhead(text="Fires at dawn", at=BODY.index("Growers")),
            Subhead(text="Frost in figures", at=BODY.index("Minus")),
        ],
        caption="Apple trees in bloom.",
        credit="Rui Sousa/NNA",
        byline="Eva Brandt",
        agency="NNA",
        dateline="LEIRIA",
        language="en-GB",
        published_at=at("2026-03-01T06:00"),
        updated_at=at("2026-03-01T07:00"),
        identifier=uri("urn:newsml:nna.example:20260301:orchard"),
    )


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        (
            "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>T</title></head><body><p>One.</p></body></html>",
            "One.",
        ),
        ("<![CDATA[<P>One &amp; two.</P>\n<P> </P><P>Three.</P>]]>", "One & two.\n\nThree."),
        ("&lt;p&gt;One.&lt;/p&gt;", "One."),
        ("One &lt; two.\n\nThree &amp; four.", "One < two.\n\nThree & four."),
        (
            "One, which goes on\nin a second line.\n   Two, which also\ngoes on.",
            "One, which goes on\nin a second line.\n\nTwo, which also\ngoes on.",
        ),
        ("<nitf><body><body.content><p>One.</p></body.content></body></nitf>", "One."),
    ],
)
def test_a_text_is_read_in_whatever_form_it_is(content: str, body: str) -> None:
    assert article(newsml(item(content))).body == body


def test_paragraphs_that_are_only_indented_are_told_apart_in_markup_too() -> None:
    text = "First line of it\nsecond line.\n   Another one\nwith a second.\n   A third one\nand its end."
    for content in (f"<p>{text}</p>", f"<![CDATA[<p>\n{text}</p>]]>"):
        body = article(newsml(item(content))).body
        assert body == "First line of it second line.\n\nAnother one with a second.\n\nA third one and its end."


def test_of_alternatives_the_first_with_a_text_is_read() -> None:
    part = "<ContentItem><MediaType FormalName='Text'/><DataContent>{}</DataContent></ContentItem>"
    inner = "".join(f"<NewsComponent>{part.format(text)}</NewsComponent>" for text in (" ", "English.", "Deutsch."))
    data = f"<NewsML><NewsItem><NewsComponent EquivalentsList='yes'>{inner}</NewsComponent></NewsItem></NewsML>"
    assert article(data).body == "English."


WILL = "<StatusWillChange><FutureStatus FormalName='Usable'/><DateAndTime>{}</DateAndTime></StatusWillChange>"


@pytest.mark.parametrize(
    ("management", "pubstatus", "embargo"),
    [
        ("<Status FormalName='Usable'/>", "usable", None),
        ("<Status FormalName='Embargoed'/>", "withheld", None),
        ("<Status FormalName='Withheld'/>", "withheld", None),
        ("<Status FormalName='Embargoed'/>" + WILL.format("20260302T060000Z"), "usable", "2026-03-02T06:00"),
        ("<Status FormalName='Withheld'/>" + WILL.format("20260302T060000Z"), "usable", "2026-03-02T06:00"),
        ("<Status FormalName='Embargoed'/>" + WILL.format("tomorrow"), "withheld", None),
        ("<Status FormalName='Embargoed'/>" + WILL.format("20260302").replace("Usable", "Canceled"), "withheld", None),
        ("<Status FormalName='Usable'/>" + WILL.format("20260302").replace("Usable", "Canceled"), "usable", None),
        ("<Status FormalName='Canceled'/>", "canceled", None),
        ("<Status FormalName='Usable'/><Instruction FormalName='Delete'/>", "canceled", None),
    ],
)
def test_a_status_is_kept(management: str, pubstatus: str, embargo: str | None) -> None:
    found = article(newsml(item(management=management)))
    assert (found.pubstatus, found.embargo) == (pubstatus, at(embargo) if embargo else None)


def test_an_embargo_inside_its_nitf_counts() -> None:
    inner = (
        "<nitf><head><docdata management-status='embargoed'/></head><body><body.content>T.</body.content></body></nitf>"
    )
    assert article(newsml(item(inner))).pubstatus == "withheld"


def test_a_kill_needs_no_text() -> None:
    found = article(newsml(item("", management="<Status FormalName='Canceled'/>")))
    assert (found.pubstatus, found.identifier) == ("canceled", uri("urn:newsml:nna.example:20260301:1"))


def test_a_public_name_counts_without_its_revision() -> None:
    name = "<Identification><NewsIdentifier><PublicIdentifier>{}</PublicIdentifier></NewsIdentifier></Identification>"
    text = "<NewsComponent><ContentItem><DataContent>Text.</DataContent></ContentItem></NewsComponent>"

    def named(value: str) -> object:
        return article(f"<NewsML><NewsItem>{name.format(value)}{text}</NewsItem></NewsML>").identifier

    assert named("urn:newsml:nna.example:20260301:1:4") == named("urn:newsml:nna.example:20260301:1:5N")
    assert named("nna-5") == guid("nna-5", "")


def test_each_item_is_a_record() -> None:
    first, second, third = records(
        newsml(
            item("One.", number=1),
            item("Secret.", number=2, management="<Status FormalName='Withheld'/>"),
            item("<media><media-caption>Secret.</media-caption></media>", number=3),
        )
    )
    assert isinstance(first, RawArticle)
    assert isinstance(second, RawArticle)
    assert isinstance(third, Refused)
    assert third.original is not None
    assert b"<NewsItemId>3<" in third.original


def test_the_refusal_of_what_is_held_shows_nothing_of_it() -> None:
    data = ORCHARD.replace("Main", "Caption").replace("Sidebar", "Caption")
    held = data.replace('"Usable"/>', '"Embargoed"/>' + WILL.format("20260302T060000Z"))
    found = refused(held)
    assert found.reason is Reason.UNSUPPORTED
    assert found.original is not None
    assert b"blossom" not in found.original


@pytest.mark.parametrize("data", [newsml(), newsml("<NewsItem/>"), newsml("<NewsItem><TopicSet/></NewsItem>")])
def test_what_has_no_text_is_unsupported(data: str) -> None:
    assert refused(data).reason is Reason.UNSUPPORTED


def test_a_picture_with_its_caption_is_unsupported() -> None:
    data = ORCHARD.replace("Main", "Caption").replace("Sidebar", "Caption")
    assert "picture" in refused(data).message


@given(damaged(ORCHARD, [*PIECES, "Caption", "Canceled", "Embargoed", "<nitf>", "<NewsComponent>"]))
def test_no_damage_is_too_strange(data: bytes) -> None:
    never_the_net(records(data))


@pytest.mark.timeout(20)
def test_no_number_of_parts_takes_long() -> None:
    parts = "<ContentItem><DataContent>x</DataContent></ContentItem>" * 50_000
    data = f"<NewsML><NewsItem><NewsComponent>{parts}</NewsComponent></NewsItem></NewsML>"
    assert len(article(data).body) == 3 * 50_000 - 2


def test_a_component_that_holds_the_headline_is_no_text() -> None:
    def component(role: str, text: str) -> str:
        return (
            f'<NewsComponent><Role FormalName="{role}"/><ContentItem><DataContent>{text}</DataContent></ContentItem>'
            "</NewsComponent>"
        )

    several = component("Title", "Frost") + component("Lead", "It froze.") + component("Body", "Growers lit fires.")
    found = article(f"<NewsML><NewsItem><NewsComponent>{several}</NewsComponent></NewsItem></NewsML>")
    assert (found.title, found.body) == ("Frost", "It froze.\n\nGrowers lit fires.")
    flash = article(
        f"<NewsML><NewsItem><NewsComponent>{component('Title', 'Frost')}</NewsComponent></NewsItem></NewsML>"
    )
    assert (flash.title, flash.body) == ("Frost", "Frost")


def test_what_was_packed_for_its_way_is_unpacked() -> None:
    packed = base64.b64encode(b"Frost spared the trees.").decode()
    content = f'<Encoding Notation="Base64"><DataContent>{packed}</DataContent></Encoding>'
    found = article(
        f"<NewsML><NewsItem><NewsComponent><ContentItem>{content}</ContentItem></NewsComponent></NewsItem></NewsML>"
    )
    assert found.body == "Frost spared the trees."
