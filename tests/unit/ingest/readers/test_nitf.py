import pytest
from hypothesis import given

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import at, guid, never_the_net, uri
from tests.unit.ingest.readers.wires import PIECES, article, damaged, records, refused

HARBOUR = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">
<nitf xml:lang="en">
  <head>
    <title>harbour-crane</title>
    <docdata management-status="usable">
      <doc-id regsrc="NNA" id-string="nna-77120"/>
      <date.issue norm="20260214T101500Z"/>
      <doc.copyright year="2026" holder="Northern News Agency"/>
    </docdata>
    <revision-history name="desk" norm="20260214T113000Z"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>Crane <em>topples</em> in harbour</hl1><hl2>Nobody was hurt</hl2></hedline>
      <note><body.content><p>Editors: photos to follow.</p></body.content></note>
      <byline>By <person>Ida Holm</person><byttl>Harbour Correspondent</byttl></byline>
      <distributor>NNA</distributor>
      <dateline><location><city>Aarhus</city><country>Denmark</country></location>
        <story.date norm="20260214T080000Z">Feb 14</story.date></dateline>
      <abstract><p>A crane fell.</p></abstract>
    </body.head>
    <body.content>
      <media media-type="image">
        <media-reference mime-type="image/jpeg" source="crane.jpg"/>
        <media-caption><p>The fallen crane on Saturday.</p></media-caption>
        <media-producer>Per Lund/NNA</media-producer>
      </media>
      <p>A crane fell across two empty quays on Saturday.</p>
      <hl2>“Like thunder”</hl2>
      <block><p>It had been <org>inspected</org> in January, the port&nbsp;said.</p></block>
      <ul><li>Height: 40 metres</li><li>Built: 1988</li></ul>
      <table><tr><th>Quay</th><th>Open</th></tr><tr><td>4</td><td>no</td></tr></table>
      <p>ih/pl/kk</p>
    </body.content>
    <body.end><tagline>Edited by the night desk</tagline></body.end>
  </body>
</nitf>
"""
BODY = (
    "A crane fell across two empty quays on Saturday.\n\n"
    "It had been inspected in January, the port said.\n\n"
    "Height: 40 metres\n\nBuilt: 1988\n\n"
    "Quay | Open\n4 | no"
)


def nitf(docdata: str = "", *, status: str = "", head: str = "", content: str = "<p>Some text.</p>") -> str:
    """An article with ``docdata``, the attributes ``status``, a ``head`` of its body, and its ``content``."""
    return (
        f"<nitf><head><docdata {status}>{docdata}</docdata></head>"
        f"<body><body.head>{head}</body.head><body.content>{content}</body.content></body></nitf>"
    )


ISSUED = '<doc-id regsrc="NNA" id-string="1"/><date.issue norm="20260214T100000Z"/>'


def test_every_part_has_its_field() -> None:
    assert article(HARBOUR) == RawArticle(
        title="Crane topples in harbour",
        body=BODY,
        subheads=[Subhead(text="“Like thunder”", at=BODY.index("It had"))],
        caption="The fallen crane on Saturday.",
        credit="Per Lund/NNA",
        byline="Ida Holm, Harbour Correspondent",
        agency="NNA",
        dateline="Aarhus, Denmark",
        language="en",
        published_at=at("2026-02-14T10:15"),
        updated_at=at("2026-02-14T11:30"),
        identifier=guid("nna-77120", "NNA"),
    )


def test_it_is_recognised_by_its_content_whatever_it_is_called() -> None:
    for name in ("a.xml", "a.txt", "a", "a.html"):
        assert article(HARBOUR, name).title == "Crane topples in harbour"


def test_a_namespace_changes_nothing() -> None:
    namespaced = HARBOUR.replace("<nitf ", '<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/" ')
    prefixed = HARBOUR.replace("<nitf ", '<n:nitf xmlns:n="u" ').replace("</nitf>", "</n:nitf>")
    assert article(namespaced) == article(HARBOUR) == article(prefixed)


def test_a_dateline_and_an_agency_at_the_head_of_the_text_leave_it() -> None:
    found = article(nitf(content="<p>AARHUS, Feb 14 (NNA) - A crane fell.</p>"))
    assert (found.dateline, found.agency, found.body) == ("AARHUS", "NNA", "A crane fell.")


def test_without_a_headline_the_title_is_that_of_the_head() -> None:
    text = (
        "<nitf><head><title>1 SPORT Rowing</title></head><body><body.content><p>Text.</p></body.content></body></nitf>"
    )
    assert article(text).title == "1 SPORT Rowing"


def test_without_a_text_the_abstract_is_one() -> None:
    assert article(nitf(head="<abstract><p>In brief.</p></abstract>", content="")).body == "In brief."


def test_a_page_of_lines_keeps_them() -> None:
    assert article(nitf(content="<pre>Oslo 2\nBergen 1\n</pre>")).body == "Oslo 2\nBergen 1"


def test_a_place_that_is_text_is_a_place() -> None:
    assert article(nitf(head="<dateline>LONDON, Feb 14 -</dateline>")).dateline == "LONDON"
    assert article(nitf(head="<dateline><location>NEW YORK</location></dateline>")).dateline == "NEW YORK"
    assert article(nitf(head="<dateline>ALBANY, N.Y. -</dateline>")).dateline == "ALBANY, N.Y."
    assert article(nitf(head="<dateline>PEORIA, Ill. (AP)</dateline>")).dateline == "PEORIA, Ill."
    assert article(nitf(head="<dateline>Oslo.</dateline>")).dateline == "Oslo"
    assert article(nitf(head="<dateline>OSLO, Feb 14 Nobody Knows -</dateline>")).dateline == "OSLO"
    assert article(nitf(head="<dateline><story.date>Feb 14</story.date></dateline>")).dateline is None


@pytest.mark.parametrize(
    ("docdata", "status", "pubstatus", "embargo"),
    [
        ("", "", "usable", None),
        ("", 'management-status="updated"', "usable", None),
        ("", 'management-status="withheld"', "withheld", None),
        ("", 'management-status="embargoed"', "withheld", None),
        ('<date.release norm="20260215T000000Z"/>', 'management-status="embargoed"', "usable", "2026-02-15T00:00"),
        ('<date.release norm="20260215T000000+0100"/>', "", "usable", "2026-02-14T23:00"),
        ('<date.release norm="20260214T100000Z"/>', "", "usable", None),
        ('<date.release norm="20260101T100000Z"/>', "", "usable", None),
        ('<date.release norm="at noon"/>', "", "withheld", None),
        ('<date.release norm="30000101T000000Z"/>', "", "withheld", None),
        ('<date.release norm="at noon"/>', 'management-status="embargoed"', "withheld", None),
    ],
)
def test_an_embargo_is_kept(docdata: str, status: str, pubstatus: str, embargo: str | None) -> None:
    found = article(nitf(ISSUED + docdata, status=status))
    assert found.pubstatus == pubstatus
    assert found.embargo == (at(embargo) if embargo else None)


@pytest.mark.parametrize("status", ["canceled", "cancelled", "Killed"])
def test_a_kill_takes_back_the_item_itself(status: str) -> None:
    found = article(nitf(ISSUED, status=f'management-status="{status}"', content=""))
    assert (found.pubstatus, found.identifier) == ("canceled", guid("1", "NNA"))


def test_a_kill_takes_back_the_item_that_it_names() -> None:
    order = 'management-doc-idref="0" management-idref-status="canceled"'
    found = article(nitf(ISSUED, status=order, content=""))
    assert (found.pubstatus, found.identifier) == ("canceled", guid("0", "NNA"))
    assert found.updated_at == at("2026-02-14T10:00")


def test_a_notice_with_a_text_that_kills_another_item_is_an_article_too() -> None:
    order = 'management-doc-idref="0" management-idref-status="canceled"'
    killed, notice = records(nitf(ISSUED, status=order))
    assert isinstance(killed, RawArticle)
    assert isinstance(notice, RawArticle)
    assert (killed.pubstatus, killed.identifier) == ("canceled", guid("0", "NNA"))
    assert (notice.pubstatus, notice.identifier) == ("usable", guid("1", "NNA"))


def test_a_kill_that_names_nothing_is_unmatched() -> None:
    assert refused(nitf(status='management-status="canceled"')).reason is Reason.KILL_UNMATCHED


def test_a_correction_is_a_revision_of_what_it_corrects() -> None:
    found = article(nitf(ISSUED + '<correction id-string="0" regsrc="NNA"/>'))
    assert found.identifier == guid("0", "NNA")


@pytest.mark.parametrize(
    ("docdata", "identifier"),
    [
        ('<doc-id id-string="urn:newsml:nna.example:20260214:1"/>', uri("urn:newsml:nna.example:20260214:1")),
        ('<doc-id id-string="7"/><doc.copyright holder="NNA"/>', guid("7", "NNA")),
        ('<du-key key="crane"/><date.issue norm="20260214T100000Z"/>', guid("20260214 crane", "")),
        ('<du-key key="crane"/>', None),
        ('<doc-id regsrc="NNA"/>', None),
    ],
)
def test_an_item_is_named_by_what_is_unique(docdata: str, identifier: object) -> None:
    assert article(nitf(docdata)).identifier == identifier


def test_a_picture_without_a_text_is_unsupported() -> None:
    content = "<media media-type='image'><media-caption>A crane.</media-caption></media>"
    assert refused(nitf(content=content)).reason is Reason.UNSUPPORTED


def test_a_headline_alone_is_no_article() -> None:
    assert refused(nitf(head="<hedline><hl1>Only this</hl1></hedline>", content="<p> </p>")).reason is Reason.NO_BODY


def test_the_refusal_of_what_is_held_shows_nothing_of_it() -> None:
    held = ISSUED + '<date.release norm="20260215T000000Z"/>'
    found = refused(nitf(held, head="<hedline><hl1>Secret</hl1></hedline>", content=""))
    assert found.original is not None
    assert b"Secret" not in found.original


@given(damaged(HARBOUR, [*PIECES, "<media>", "<hl2>", "canceled", "withheld", "embargoed", 'norm="']))
def test_no_damage_is_too_strange(data: bytes) -> None:
    found = records(data, "a.txt")
    never_the_net(found)
    assert found
    assert all(isinstance(record, RawArticle | Refused) for record in found)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    ["<note/>x", "<media/>x", "<p>a\nb\nc\n  d</p>", "<hl2>x</hl2>", "<p>x</p>", "<b>", "<hl1/>", "<table><tr><td>x"],
)
def test_no_number_of_pieces_takes_long(piece: str) -> None:
    never_the_net(records(nitf(content=piece * (100_000 // piece.count("<")))))


def test_no_dateline_takes_long() -> None:
    assert article(nitf(head=f"<dateline>a{',' * 1_000_000}</dateline>")).dateline == "a" + "," * 99


@pytest.mark.timeout(20)
def test_an_element_with_very_many_attributes_does_not_take_long() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(200_000))
    assert article(nitf(ISSUED).replace("<body>", f"<body {attributes}>")).body
