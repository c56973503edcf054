"""NITF, NewsML, NewsML-G2 and ninjs with the habits of the agencies that ship them."""

from datetime import UTC, datetime

import pytest

from newswire.reasons import Reason
from services.ingest.readers.record import Identifier, RawArticle
from tests.unit.ingest.readers.reading import guid
from tests.unit.ingest.readers.shipped.stories import BODY, LEAD, MORE, WHOLE, article, fields, records, refused

PARAGRAPHS = f"<p>{LEAD}</p><p>{MORE}</p>"
LATER = datetime(2025, 2, 7, 11, 15, tzinfo=UTC)


def urn(value: str) -> Identifier:
    return Identifier(scheme="uri", issuer="", value=value)


def nitf(docdata: str = "", head: str = "", content: str = PARAGRAPHS, end: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><nitf><head><title>Ferry late</title>'
        f"<docdata>{docdata}</docdata></head>"
        f"<body><body.head>{head}</body.head><body.content>{content}</body.content>{end}</body></nitf>"
    )


NITF: dict[str, tuple[str, dict[str, object]]] = {
    "AP": (
        nitf(
            '<doc-id regsrc="AP" id-string="D8AB12"/><date.issue norm="20250207T101500Z"/>'
            '<du-key generation="1" part="0" version="2" key="BC-EU--Ferry"/><doc.rights owner="AP"/>',
            "<hedline><hl1>Ferry late</hl1></hedline>"
            "<byline>By KARI NORDMANN<byttl>Associated Press Writer</byttl></byline>"
            "<distributor>The Associated Press</distributor><dateline><location>OSLO, Norway</location></dateline>",
            f'<block id="Main">{PARAGRAPHS}</block>',
        ),
        {
            "title": "Ferry late", "byline": "KARI NORDMANN, Associated Press Writer", "agency": "The Associated Press",
            "dateline": "OSLO, Norway", "body": BODY, "published_at": WHOLE, "identifier": guid("D8AB12", "AP"),
        },
    ),
    "AP with its dateline in the text": (
        nitf('<doc-id regsrc="AP" id-string="1"/>', "", f"<p>OSLO, Norway (AP) — {LEAD}</p><p>{MORE}</p>"),
        {"dateline": "OSLO, Norway", "body": BODY, "agency": "AP"},
    ),
    "NTB": (
        nitf(
            '<evloc county-dist="Oslo"/><doc-id regsrc="NTB" id-string="NTB9f2"/><urgency ed-urg="6"/>'
            '<date.issue norm="2025-02-07T11:15:00"/><ed-msg info=""/><du-key version="1" key="ferge"/>'
            '<doc.copyright year="2025" holder="NTB"/>',
            "<hedline><hl1>Ferry late</hl1></hedline><byline><person>Kari Nordmann</person></byline>"
            "<distributor><org>NTB</org></distributor>",
            f'<p lede="true" class="lead">{LEAD}</p><hl2>On the quay</hl2><p class="txt-ind">{MORE}</p>'
            '<media media-type="image"><media-reference mime-type="image/jpeg" source="x"/>'
            "<media-caption>The ferry. Photo: Ola Hansen / NTB</media-caption></media>",
            "<body.end><tagline><a href='mailto:kari@ntb.example'>kari@ntb.example</a></tagline></body.end>",
        ),
        {"byline": "Kari Nordmann", "agency": "NTB", "body": BODY, "identifier": guid("NTB9f2", "NTB")},
    ),
    "EFE": (
        nitf(
            '<doc-id id-string="22751910"/><date.issue norm="20250207T101500+0000"/>',
            "<hedline><hl1>Otra vez tarde</hl1><hl2>NORUEGA FERRY</hl2></hedline><byline>kn/oh</byline>"
            "<distributor>Agencia EFE</distributor>",
            f"<p>Oslo, 7 feb (EFE).- {LEAD}</p><p>{MORE}</p><p>EFE kn/oh</p>",
        ),
        {"dateline": "Oslo", "byline": None, "agency": "Agencia EFE", "body": BODY, "published_at": WHOLE},
    ),
    "AAP": (
        nitf(
            '<doc-id id-string="AAP.1.2"/><date.issue norm="20250207T211500+1100"/>'
            '<date.release norm="20250207T211500+1100"/><doc.copyright holder="Australian Associated Press"/>',
            "<byline>By Kari Nordmann</byline><dateline><location><city>Oslo</city></location></dateline>",
            f"<p>   {LEAD}</p><p/><p>   {MORE}</p><p>   AAP kn/oh</p>",
        ),
        {"body": BODY, "byline": "Kari Nordmann", "dateline": "Oslo", "published_at": WHOLE, "embargo": None},
    ),
    "PA, a correction of another item": (
        nitf(
            '<correction info="figure" id-string="PA-1" regsrc="PA"/><doc-id regsrc="PA" id-string="PA-2"/>'
            '<date.issue norm="20250207T101500Z"/>'
        ),
        {"identifier": guid("PA-1", "PA"), "body": BODY},
    ),
    "an embargo": (
        nitf(
            '<doc-id regsrc="APA" id-string="1"/><date.issue norm="20250207T101500Z"/>'
            '<date.release norm="20250207T111500Z"/>'
        ),
        {"embargo": LATER, "published_at": WHOLE},
    ),
    "STT, without any namespace or declaration, in capitals of its own": (
        f'<NITF><HEAD/><body><body.head><hedline><hl1>Ferry late</hl1></hedline></body.head><body.content>{PARAGRAPHS}'
        "</body.content></body></NITF>",
        {"title": "Ferry late"},
    ),
}  # fmt: skip


def newsml(management: str, component: str, attributes: str = "") -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE NewsML SYSTEM "NewsML_1.2.dtd" []><NewsML Version="1.2"><Catalog Href="x"/>'
        "<NewsEnvelope><DateAndTime>20250207T101600Z</DateAndTime></NewsEnvelope><NewsItem><Identification>"
        "<NewsIdentifier>"
        "<ProviderId>belga.example</ProviderId><DateId>20250207</DateId><NewsItemId>B1</NewsItemId>"
        '<RevisionId PreviousRevision="0" Update="N">1</RevisionId>'
        "<PublicIdentifier>urn:newsml:belga.example:20250207:B1:1"
        "</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName='News'/>"
        f"<FirstCreated>20250207T111500+0100</FirstCreated>{management}</NewsManagement>{component}</NewsItem></NewsML>"
    )


def text_part(lines: str, data: str, attributes: str = "") -> str:
    return (
        f"<NewsComponent {attributes}><Role FormalName='Main'/><NewsLines>{lines}</NewsLines><ContentItem>"
        f"<MediaType FormalName='Text'/><DataContent>{data}</DataContent></ContentItem></NewsComponent>"
    )


REVISED = "<ThisRevisionCreated>20250207T111500Z</ThisRevisionCreated><Status FormalName='Usable'/>"
LINES = "<HeadLine>Ferry late</HeadLine><ByLine>By Kari Nordmann</ByLine><DateLine>OSLO, 07/02/2025 (BELGA)</DateLine>"

NEWSML: dict[str, tuple[str, dict[str, object]]] = {
    "Belga, one language in a component of components": (
        newsml(
            REVISED,
            "<NewsComponent xml:lang='en'><NewsComponent><Role FormalName='Main'/><DescriptiveMetadata>"
            f"<Language FormalName='en'/></DescriptiveMetadata>{text_part(LINES, PARAGRAPHS)}"
            "<NewsComponent><Role FormalName='Caption'/><ContentItem><DataContent>The quay.</DataContent></ContentItem>"
            "</NewsComponent></NewsComponent></NewsComponent>",
        ),
        {
            "title": "Ferry late", "byline": "Kari Nordmann", "body": BODY, "dateline": "OSLO", "language": "en",
            "caption": "The quay.", "published_at": WHOLE, "updated_at": LATER,
            "identifier": urn("urn:newsml:belga.example:20250207:B1"),
        },
    ),
    "AFP, paragraphs in the item": (
        newsml(
            REVISED,
            text_part("<HeadLine>Ferry late</HeadLine><DateLine>Oslo, 7 fév 2025 (AFP) -</DateLine>", PARAGRAPHS),
        ),
        {"title": "Ferry late", "dateline": "Oslo", "body": BODY},
    ),
    "plain text in CDATA": (
        newsml(REVISED, text_part(LINES, f"<![CDATA[   {LEAD}\n   {MORE}\n]]>")),
        {"body": BODY},
    ),
    "XHTML in CDATA": (
        newsml(REVISED, text_part(LINES, f"<![CDATA[<html><body>{PARAGRAPHS}</body></html>]]>")),
        {"body": BODY},
    ),
    "embargoed until": (
        newsml(
            "<ThisRevisionCreated>20250207T101500Z</ThisRevisionCreated><Status FormalName='Embargoed'/>"
            "<StatusWillChange>"
            "<FutureStatus FormalName='Usable'/><DateAndTime>20250207T111500Z</DateAndTime></StatusWillChange>",
            text_part(LINES, PARAGRAPHS),
        ),
        {"embargo": LATER, "pubstatus": "usable"},
    ),
    "canceled": (
        newsml("<ThisRevisionCreated>20250207T111500Z</ThisRevisionCreated><Status FormalName='Canceled'/>", ""),
        {"pubstatus": "canceled", "identifier": urn("urn:newsml:belga.example:20250207:B1"), "updated_at": LATER},
    ),
}  # fmt: skip


def g2(meta: str = "", content_meta: str = "", content: str = "", attributes: str = "") -> str:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:a.example:1" version="2" {attributes}>'
        f'<itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:AFP"/>'
        f"<versionCreated>2025-02-07T11:15:00Z</versionCreated>"
        f"<firstCreated>2025-02-07T11:15:00+01:00</firstCreated>{meta}"
        f"</itemMeta><contentMeta>{content_meta}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def inline(text: str, kind: str = "application/xhtml+xml") -> str:
    return (
        f'<inlineXML contenttype="{kind}"><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f"<body>{text}</body></html></inlineXML>"
    )


G2: dict[str, tuple[str, dict[str, object]]] = {
    "Reuters": (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>2025-02-07T11:16:00Z</sent>'
        '</header><itemSet>'
        + g2(
            '<pubStatus qcode="stat:usable"/><role qcode="itemRole:N"/>',
            "<urgency>3</urgency><by>By Kari Nordmann</by><creditline>Reuters</creditline>"
            "<headline>Ferry late</headline>"
            '<located type="cptype:city"><name>Oslo</name></located>',
            inline(
                "<p>(Adds quotes)</p><p>* Third time in a week</p><p>By Kari Nordmann</p>"
                f"<p>Feb 7 (Reuters) - {LEAD}</p><p>{MORE}</p>"
            ),
            'xml:lang="en"',
        )
        + "</itemSet></newsMessage>",
        {
            "title": "Ferry late", "body": f"* Third time in a week\n\n{BODY}", "byline": "Kari Nordmann",
            "agency": "Reuters", "dateline": "Oslo", "language": "en", "published_at": WHOLE, "updated_at": LATER,
        },
    ),
    "ANSA": (
        g2(
            '<pubStatus qcode="stat:usable"/>', "<headline>Ferry late</headline><language tag='it'/>",
            "<inlineData contenttype='text/plain'><![CDATA["
            f"<p>\n  (ANSA) - OSLO, 7 FEB - {LEAD[:39]}\n{LEAD[40:]}\n"
            f"   {MORE[:46]}\n{MORE[47:]} (ANSA).\n</p>]]></inlineData>",
        )
        .replace('provider qcode="nprov:AFP"', 'provider literal="ansa.it"')
        .replace("<itemMeta>", '<rightsInfo><copyrightHolder literal="ANSA"/></rightsInfo><itemMeta>'),
        {"body": BODY, "dateline": "OSLO", "agency": "ANSA", "language": "it"},
    ),
    "dpa": (
        g2(
            '<pubStatus qcode="stat:usable"/>',
            '<headline>Fähre zu spät</headline><headline role="dpatextgenre:dachzeile">Verkehr</headline>'
            "<creditline>dpa</creditline><by>Von Kari Nordmann, dpa</by><dateline>Oslo (dpa) - </dateline>",
            inline(f"<section class='main'>{PARAGRAPHS}</section>"),
        ),
        {"title": "Fähre zu spät", "byline": "Kari Nordmann", "dateline": "Oslo", "agency": "dpa", "body": BODY},
    ),
    "embargoed": (
        g2('<embargoed>2025-02-07T11:15:00Z</embargoed><pubStatus qcode="stat:usable"/>', "", inline(PARAGRAPHS)),
        {"embargo": LATER, "pubstatus": "usable", "body": BODY},
    ),
    "withheld": (
        g2('<pubStatus qcode="stat:withheld"/>', "", inline(PARAGRAPHS)),
        {"pubstatus": "withheld", "embargo": None},
    ),
    "killed": (
        g2('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>'),
        {"pubstatus": "canceled", "identifier": urn("urn:newsml:a.example:1"), "updated_at": LATER},
    ),
}  # fmt: skip

NINJS: dict[str, tuple[object, dict[str, object]]] = {
    "Superdesk": (
        {
            "guid": "urn:newsml:localhost:1", "type": "text", "version": "3", "headline": "Ferry late",
            "slugline": "ferry",
            "pubstatus": "usable", "versioncreated": "2025-02-07T11:15:00+0000",
            "firstcreated": "2025-02-07T10:15:00+0000",
            "source": "AAP", "byline": "By Kari Nordmann", "located": "Oslo", "language": "en",
            "body_html": f"<p>OSLO, Feb 7 AAP - {LEAD}</p><p>{MORE}</p>", "description_html": "<p>Late.</p>",
            "associations": {
                "featuremedia": {"type": "picture", "headline": "F", "description_text": "The quay.",
                "byline": "Ola / AAP"}
            },
        },
        {
            "title": "Ferry late", "body": BODY, "byline": "Kari Nordmann", "agency": "AAP", "dateline": "OSLO",
            "caption": "The quay.", "published_at": WHOLE, "updated_at": LATER,
        },
    ),
    "Superdesk's own export": (
        {
            "_id": "1", "guid": "urn:newsml:localhost:2", "type": "text", "state": "published",
            "headline": "Ferry late",
            "body_html": PARAGRAPHS, "dateline": {"text": "OSLO, Feb 7 AAP -", "source": "AAP"}, "source": "AAP",
            "versioncreated": "2025-02-07T11:15:00+0000", "pubstatus": "usable", "authors": [],
        },
        {"dateline": "OSLO", "body": BODY},
    ),
    "ninjs 3, camel case": (
        {
            "uri": "urn:x:3", "standard": {"name": "ninjs", "version": "3.0"}, "type": "text", "pubStatus": "usable",
            "versionCreated": "2025-02-07T11:15:00Z", "firstCreated": "2025-02-07T10:15:00Z",
            "headlines": [{"role": "main", "value": "Ferry late"}], "infoSources": [{"name": "CP", "role": "source"}],
            "bodies": [{"role": "main", "contentType": "text/html", "value": PARAGRAPHS}],
        },
        {"title": "Ferry late", "body": BODY, "agency": "CP", "published_at": WHOLE},
    ),
    "embargoed, and killed": (
        {"uri": "urn:x:4", "type": "text", "pubstatus": "canceled", "embargoed": "2025-02-07T11:15:00Z",
        "body_text": ""},
        {"pubstatus": "canceled", "embargo": None, "identifier": urn("urn:x:4")},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("family", "maker"), [
    *(("nitf", maker) for maker in NITF),
    *(("newsml", maker) for maker in NEWSML),
    *(("g2", maker) for maker in G2),
    *(("ninjs", maker) for maker in NINJS),
])  # fmt: skip
def test_a_wire_is_read_with_its_habits(family: str, maker: str) -> None:
    data, expected = {"nitf": NITF, "newsml": NEWSML, "g2": G2, "ninjs": NINJS}[family][maker]  # type: ignore[index]
    assert fields(article(data, "a.json" if family == "ninjs" else "a.xml"), **expected) == expected


def test_a_kill_in_nitf_takes_back_what_it_names_and_keeps_its_own_notice() -> None:
    data = nitf(
        '<doc-id regsrc="AP" id-string="K"/><date.issue norm="20250207T101500Z"/>',
    ).replace("<docdata>", '<docdata management-doc-idref="D8AB12" management-idref-status="canceled">')
    killed, notice = records(data, "a.xml")
    assert isinstance(killed, RawArticle)
    assert isinstance(notice, RawArticle)
    assert (killed.pubstatus, killed.identifier, killed.body) == ("canceled", guid("D8AB12", "AP"), "")
    assert notice.pubstatus == "usable"


@pytest.mark.parametrize(
    "item",
    [
        g2(content_meta="<headline>A ferry</headline>").replace("ninat:text", "ninat:picture"),
        g2().replace("ninat:text", "ninat:video"),
        g2().replace("newsItem", "packageItem").replace("ninat:text", "ninat:composite"),
        g2().replace("newsItem", "conceptItem"),
    ],
)
def test_what_has_no_text_is_unsupported(item: str) -> None:
    found = refused(item, "a.xml")
    assert found.reason is Reason.UNSUPPORTED
