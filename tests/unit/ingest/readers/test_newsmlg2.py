import base64

import pytest
from hypothesis import given

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import at, guid, never_the_net, uri
from tests.unit.ingest.readers.wires import PIECES, article, damaged, records, refused

LIGHTHOUSE = """<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/" xmlns:h="http://www.w3.org/1999/xhtml">
<header><sent>2026-04-02T09:00:00Z</sent></header>
<itemSet>
<newsItem guid="urn:newsml:nna.example:20260402:light" version="3" standard="NewsML-G2" xml:lang="en">
  <catalogRef href="http://catalog.invalid/c.xml"/>
  <rightsInfo><copyrightHolder><name>Northern News Agency Ltd</name></copyrightHolder></rightsInfo>
  <itemMeta>
    <itemClass qcode="ninat:text"/>
    <provider qcode="nprov:NNA"/>
    <versionCreated>2026-04-02T09:30:00+01:00</versionCreated>
    <firstCreated>2026-04-01T20:00:00Z</firstCreated>
    <pubStatus qcode="stat:usable"/>
  </itemMeta>
  <contentMeta>
    <located qcode="city:1"><name>Skagen</name></located>
    <creator qcode="staff:kf"><name>kf.desk</name></creator>
    <language tag="en-GB"/>
    <headline role="hld:sub">For the first time since 1941</headline>
    <headline xml:lang="da">Fyret er mørkt</headline>
    <headline xml:lang="en-GB">Lighthouse <h:i>goes</h:i> dark</headline>
    <by>By Karl Friis</by>
    <dateline>SKAGEN, Denmark (NNA) -</dateline>
  </contentMeta>
  <contentSet>
    <remoteContent href="l.jpg"/>
    <inlineXML contenttype="application/xhtml+xml">
      <html xmlns="http://www.w3.org/1999/xhtml"><head><title>Not this</title></head><body>
        <header><p>Nor this</p></header>
        <section><p>SKAGEN (NNA) - The lamp was switched off.</p><h2>A last beam</h2><p>It turned once more.</p>
        <figure><img src="l.jpg"/><figcaption>The tower by day.</figcaption></figure></section>
        <footer>Nor that</footer>
      </body></html>
    </inlineXML>
    <inlineData contenttype="text/plain">The same as plain text.</inlineData>
  </contentSet>
</newsItem>
</itemSet>
</newsMessage>
"""
BODY = "The lamp was switched off.\n\nIt turned once more."


def item(
    content: str = "<inlineData>Some text.</inlineData>", *, meta: str = "", about: str = "", name: str = "urn:nna:1"
) -> str:
    return (
        f'<newsItem guid="{name}" version="1"><itemMeta>{meta}</itemMeta><contentMeta>{about}</contentMeta>'
        f"<contentSet>{content}</contentSet></newsItem>"
    )


def message(*items: str) -> str:
    return f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>"


def test_every_part_has_its_field() -> None:
    assert article(LIGHTHOUSE) == RawArticle(
        title="Lighthouse goes dark",
        body=BODY,
        subheads=[Subhead(text="A last beam", at=BODY.index("It turned"))],
        caption="The tower by day.",
        byline="Karl Friis",
        agency="NNA",
        dateline="SKAGEN, Denmark",
        language="en-GB",
        published_at=at("2026-04-01T20:00"),
        updated_at=at("2026-04-02T08:30"),
        identifier=uri("urn:newsml:nna.example:20260402:light"),
    )


def test_an_item_alone_is_read_as_one_in_a_message() -> None:
    start, end = LIGHTHOUSE.index("<newsItem"), LIGHTHOUSE.index("</newsItem>") + len("</newsItem>")
    alone = LIGHTHOUSE[start:end].replace("<newsItem", '<newsItem xmlns:h="h"', 1)
    assert article(alone) == article(LIGHTHOUSE)


def test_the_place_is_the_dateline_for_want_of_one() -> None:
    assert article(item(about="<located><name>Skagen</name></located>")).dateline == "Skagen"
    assert (
        article(item("<inlineData>BERGEN (NNA) - Text.</inlineData>", about="<located literal='Oslo'/>")).dateline
        == "BERGEN"
    )


@pytest.mark.parametrize(
    ("about", "byline"),
    [
        ("<by>Karl Friis</by>", "Karl Friis"),
        ("<creator><name>Karl Friis</name></creator><creator literal='Ida Holm'/>", "Karl Friis, Ida Holm"),
        ("<creator qcode='staff:kf'/>", None),
        ("<creator literal='Reuters'/>", None),
    ],
)
def test_a_byline_is_a_persons_name(about: str, byline: str | None) -> None:
    assert article(item(about=about)).byline == byline


@pytest.mark.parametrize(
    ("meta", "about", "agency"),
    [
        ("<provider qcode='nprov:NNA'/>", "", "NNA"),
        ("<provider literal='nna.example'/>", "", "nna.example"),
        ("<provider qcode='nprov:NNA'><name>Northern News</name></provider>", "", "Northern News"),
        ("<provider qcode='nprov:NNA'/>", "<creditline>NNA/Local</creditline>", "NNA/Local"),
        ("", "<infoSource literal='NNA'/>", "NNA"),
    ],
)
def test_the_agency_is_who_is_credited(meta: str, about: str, agency: str) -> None:
    assert article(item(meta=meta, about=about)).agency == agency


@pytest.mark.parametrize(
    ("meta", "pubstatus", "embargo"),
    [
        ('<pubStatus qcode="stat:usable"/>', "usable", None),
        ('<pubStatus qcode="x:canceled"/>', "canceled", None),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled", None),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"/>', "withheld", None),
        ("<embargoed>2026-04-03T06:00:00+02:00</embargoed>", "usable", "2026-04-03T04:00"),
        ("<embargoed/>", "withheld", None),
        ("<embargoed>until noon</embargoed>", "withheld", None),
        (
            '<embargoed>2026-04-03T06:00:00Z</embargoed><pubStatus qcode="stat:withheld"/>',
            "withheld",
            "2026-04-03T06:00",
        ),
        ('<embargoed/><pubStatus qcode="stat:canceled"/>', "canceled", None),
    ],
)
def test_a_status_is_kept(meta: str, pubstatus: str, embargo: str | None) -> None:
    found = article(item(meta=meta))
    assert (found.pubstatus, found.embargo) == (pubstatus, at(embargo) if embargo else None)


def test_a_kill_needs_no_text_and_no_class() -> None:
    found = article(item("", meta='<itemClass qcode="ninat:picture"/><pubStatus qcode="stat:canceled"/>'))
    assert (found.pubstatus, found.body, found.identifier) == ("canceled", "", uri("urn:nna:1"))


def test_a_kill_that_names_nothing_is_unmatched() -> None:
    assert refused(item(meta='<pubStatus qcode="stat:canceled"/>', name="")).reason is Reason.KILL_UNMATCHED


@pytest.mark.parametrize(
    ("name", "identifier", "address"),
    [
        ("tag:nna.example,2026:1", uri("tag:nna.example,2026:1"), None),
        ("https://nna.example/news/1", None, "https://nna.example/news/1"),
        ("https://nna.example/", guid("https://nna.example/", "NNA"), "https://nna.example/"),
        ("http://[", guid("http://[", "NNA"), None),
        ("A-1", guid("A-1", "NNA"), None),
    ],
)
def test_a_name_that_is_unique_by_itself_needs_no_issuer(name: str, identifier: object, address: str | None) -> None:
    found = article(item(meta="<provider qcode='nprov:NNA'/>", name=name))
    assert (found.identifier, found.uri) == (identifier, address)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<inlineXML><nitf><body><body.content><p>One.</p></body.content></body></nitf></inlineXML>", "One."),
        ("<inlineXML><html><body>One.<br/>Two.</body></html></inlineXML>", "One.\nTwo."),
        ("<inlineXML/><inlineData contenttype='text/html'>&lt;p&gt;One &amp;amp; two.</inlineData>", "One & two."),
        ("<inlineData contenttype='text/plain'>1 &lt; 2 &amp; 3</inlineData>", "1 < 2 & 3"),
    ],
)
def test_a_text_is_read_in_whatever_form_it_is(content: str, body: str) -> None:
    assert " ".join(article(item(content)).body.split()) == " ".join(body.split())


@pytest.mark.parametrize("kind", ["picture", "video", "graphic", "audio", "animated"])
def test_an_item_of_another_class_is_unsupported_and_named(kind: str) -> None:
    found = refused(item("<remoteContent/>", meta=f'<itemClass uri="http://cv.iptc.org/newscodes/ninature/{kind}"/>'))
    assert found.reason is Reason.UNSUPPORTED
    assert kind in found.message


@pytest.mark.parametrize("name", ["packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"])
def test_items_that_are_no_news_are_unsupported(name: str) -> None:
    assert refused(f'<{name} guid="urn:1"><itemMeta/></{name}>').reason is Reason.UNSUPPORTED


def test_content_that_lies_elsewhere_is_unsupported() -> None:
    assert refused(item("<remoteContent href='t.xml'/>")).reason is Reason.UNSUPPORTED


def test_a_text_item_without_a_text_has_no_body() -> None:
    assert refused(item("<inlineXML> </inlineXML>")).reason is Reason.NO_BODY
    assert refused(message()).reason is Reason.UNSUPPORTED


def test_each_item_of_a_message_is_a_record_with_a_fate_of_its_own() -> None:
    held = item(meta="<embargoed/>", name="urn:2")
    picture = item(
        "<remoteContent/>", meta='<itemClass qcode="ninat:picture"/>', name="urn:3", about="<headline>P</headline>"
    )
    secret = item(
        "<remoteContent/>",
        meta='<itemClass qcode="ninat:video"/><embargoed>2099-01-01</embargoed>',
        name="urn:4",
        about="<headline>S</headline>",
    )
    first, second, third, fourth = records(message(item(), held, picture, secret))
    assert isinstance(first, RawArticle)
    assert isinstance(second, RawArticle)
    assert second.pubstatus == "withheld"
    assert isinstance(third, Refused)
    assert b"<headline>P</headline>" in (third.original or b"")
    assert isinstance(fourth, Refused)
    assert b"urn:4" in (fourth.original or b"")
    assert b"headline" not in (fourth.original or b"")


@given(damaged(LIGHTHOUSE, [*PIECES, "canceled", "<embargoed>", "<newsItem>", "picture", "<nitf>"]))
def test_no_damage_is_too_strange(data: bytes) -> None:
    never_the_net(records(data))


def test_of_headlines_in_several_languages_the_nearest_to_the_item_counts() -> None:
    headlines = '<headline xml:lang="uk">Маяк</headline><headline xml:lang="en">Lighthouse</headline>'
    assert article(item(about=f'<language tag="en-GB"/>{headlines}')).title == "Lighthouse"
    assert article(item(about=f'<language tag="fr"/>{headlines}')).title == "Маяк"


@pytest.mark.parametrize("notation", ["Base64", "http://cv.iptc.org/newscodes/encoding/base64"])
def test_what_was_packed_for_its_way_is_unpacked(notation: str) -> None:
    packed = base64.b64encode("Frost in Skåne.\n\nNobody slept.".encode()).decode()
    found = article(item(f'<inlineData contenttype="text/plain" encoding="{notation}">{packed}</inlineData>'))
    assert found.body == "Frost in Skåne.\n\nNobody slept."


def test_what_cannot_be_unpacked_is_no_text() -> None:
    assert refused(item('<inlineData encoding="Base64">no such thing!</inlineData>')).reason is Reason.NO_BODY
    picture = base64.b64encode(bytes(range(256))).decode()
    assert refused(item(f'<inlineData encoding="Base64">{picture}</inlineData>')).reason is Reason.NO_BODY


def test_the_headline_above_the_text_is_not_said_again_as_a_sub_heading() -> None:
    page = "<html><body><h1>Lighthouse</h1><p>Dark.</p><h2>Lighthouse</h2><p>Light.</p></body></html>"
    found = article(item(f"<inlineXML>{page}</inlineXML>", about="<headline>Lighthouse</headline>"))
    assert found.subheads == [Subhead(text="Lighthouse", at=len("Dark.\n\n"))]


@pytest.mark.parametrize("end", ["</p><p>(NNA)", " (NNA)", " - NNA", " ©NNA", " /NNA/"])
def test_what_the_agency_signs_with_is_no_text_whoever_it_is(end: str) -> None:
    page = f"<inlineXML><html><body><p>It is dark.{end}</p></body></html></inlineXML>"
    assert article(item(page, meta='<provider literal="NNA"/>')).body == "It is dark."


def test_an_agency_that_a_text_ends_with_is_a_word_of_it() -> None:
    page = "<inlineXML><html><body><p>She works for NNA</p></body></html></inlineXML>"
    assert article(item(page, meta='<provider literal="NNA"/>')).body == "She works for NNA"
