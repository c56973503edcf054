"""The wire formats: items without text, kills of nothing, embargoes, and what is lost on a bad line."""

from newswire.reasons import Reason
from tests.corpus.case import UNTOLD, Case, prose

_G2 = (
    '<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:ntb.example,2026:{guid}"'
    ' version="1"><catalogRef href="http://127.0.0.1:9/catalog.xml"/><itemMeta><itemClass qcode="ninat:{kind}"/>'
    '<provider qcode="nprov:NTB"/><versionCreated>2026-02-13T10:00:00Z</versionCreated>{meta}</itemMeta>'
    "<contentMeta><headline>Report on {guid}</headline></contentMeta><contentSet>{content}</contentSet></newsItem>"
)
_PACKAGE = (
    '<packageItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:ntb.example,2026:package" version="1">'
    '<itemMeta><itemClass qcode="ninat:composite"/></itemMeta><groupSet root="g"><group id="g">'
    '<itemRef residref="tag:ntb.example,2026:a"/></group></groupSet></packageItem>'
)
_CONCEPT = (
    '<conceptItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:ntb.example,2026:event" version="1"><itemMeta>'
    '<itemClass qcode="cinat:event"/></itemMeta><concept><conceptId qcode="e:1"/><name>Launch of the ferry</name>'
    "</concept></conceptItem>"
)
_NEWSML = (
    '<?xml version="1.0"?><NewsML><NewsEnvelope><DateAndTime>20260213T100000Z</DateAndTime></NewsEnvelope><NewsItem>'
    "<Identification><NewsIdentifier><ProviderId>ntb.example</ProviderId><DateId>20260213</DateId>"
    '<NewsItemId>{name}</NewsItemId><RevisionId PreviousRevision="0" Update="N">1</RevisionId>'
    "<PublicIdentifier>urn:newsml:ntb.example:20260213:{name}:1</PublicIdentifier></NewsIdentifier></Identification>"
    "<NewsManagement><NewsItemType FormalName='News'/><FirstCreated>20260213T100000Z</FirstCreated>"
    "<ThisRevisionCreated>20260213T100000Z</ThisRevisionCreated><Status FormalName='{status}'/></NewsManagement>"
    "<NewsComponent><NewsLines><HeadLine>Report on {name}</HeadLine></NewsLines><ContentItem>"
    "<DataContent>{text}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
)
_NITF = (
    '<nitf><head><docdata management-status="{status}"><doc-id regsrc="NTB" id-string="{name}"/>'
    '<date.issue norm="20260213T100000Z"/>{release}</docdata></head><body><body.head><hedline>'
    "<hl1>Report on {name}</hl1></hedline></body.head><body.content>{text}</body.content></body></nitf>"
)


def _g2(guid: str, *, kind: str = "text", meta: str = "", content: str | None = None) -> bytes:
    text = f"<inlineData contenttype='text/plain'>{prose(guid)}</inlineData>" if content is None else content
    return _G2.format(guid=guid, kind=kind, meta=meta, content=text).encode()


def _newsml(name: str, status: str = "Usable", text: str | None = None) -> bytes:
    text = f"<p>{prose(name)}</p>" if text is None else text
    return _NEWSML.format(name=name, status=status, text=text).encode()


def _nitf(name: str, *, status: str = "usable", release: str = "", text: str | None = None) -> bytes:
    text = f"<p>{prose(name)}</p>" if text is None else text
    return _NITF.format(name=name, status=status, release=release, text=text).encode()


def _message(topic: str, *, number: str = "0042", urgency: str = "4", text: str | None = None) -> bytes:
    """IPTC 7901: header, text and end between control characters."""
    body = prose(topic) if text is None else text
    return f"\x01NTB{number} {urgency} POL 30 Report\x02\r\n{body}\r\n\x03131000 FEB 26\x04".encode()


_KILL = "<pubStatus qcode='stat:canceled'/>"

CASES = (
    Case(
        "picture.g2",
        "a picture in NewsML-G2",
        _g2("g2 pictures", kind="picture", content="<remoteContent href='http://127.0.0.1:9/p.jpg'/>"),
        (Reason.UNSUPPORTED,),
    ),
    Case(
        "video.g2",
        "a film in NewsML-G2",
        _g2("g2 films", kind="video", content="<remoteContent href='http://127.0.0.1:9/f.mp4'/>"),
        (Reason.UNSUPPORTED,),
    ),
    Case("package.g2", "a package of references", _PACKAGE.encode(), (Reason.UNSUPPORTED,)),
    Case("event.g2", "an entry of a calendar", _CONCEPT.encode(), (Reason.UNSUPPORTED,)),
    Case("no-content.g2", "a text item without its text", _g2("g2 voids", content=""), (Reason.NO_BODY,)),
    Case(
        "elsewhere.g2",
        "a text item whose text lies elsewhere",
        _g2("g2 distances", content="<remoteContent href='http://127.0.0.1:9/t.txt'/>"),
        (Reason.UNSUPPORTED,),
    ),
    Case(
        "kill-nothing.g2",
        "a kill of an item nobody knows",
        _g2("g2 ghosts", meta=_KILL, content=""),
        (Reason.KILL_UNMATCHED,),
        1,
    ),
    Case(
        "withheld.g2",
        "an item that waits for its release",
        _g2(f"g2 {UNTOLD}", meta="<pubStatus qcode='stat:withheld'/>"),
        held=True,
    ),
    Case(
        "embargo-3000.g2",
        "an embargo of a thousand years",
        _g2(f"g2 patience, {UNTOLD}", meta="<embargoed>3000-01-01T00:00:00Z</embargoed>"),
        held=True,
    ),
    Case("embargo-open.g2", "an embargo without an end", _g2(f"g2 eternity, {UNTOLD}", meta="<embargoed/>"), held=True),
    Case(
        "embargo-word.g2",
        "an embargo nobody understands",
        _g2(f"g2 riddles, {UNTOLD}", meta="<embargoed>at noon</embargoed>"),
        held=True,
    ),
    Case("cut.g2", "NewsML-G2 that ends in the middle", _g2("g2 cuts")[:-100], (Reason.TRUNCATED,)),
    Case(
        "cut-embargo.g2",
        "an embargoed item that ends in the middle",
        _g2(f"g2 cut {UNTOLD}", meta="<embargoed>3000-01-01T00:00:00Z</embargoed>")[:-60],
        (Reason.TRUNCATED,),
    ),
    Case(
        "no-items.g2",
        "a message without items",
        b'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet/></newsMessage>',
        (Reason.UNSUPPORTED,),
    ),
    Case("no-text.newsml", "NewsML 1 without a text", _newsml("blank items", text=""), (Reason.UNSUPPORTED,)),
    Case(
        "kill-nothing.newsml",
        "a NewsML 1 kill of an item nobody knows",
        _newsml("newsml-ghosts", "Canceled", ""),
        (Reason.KILL_UNMATCHED,),
        1,
    ),
    Case("embargoed.newsml", "a NewsML 1 embargo without an end", _newsml(f"newsml, {UNTOLD}", "Embargoed"), held=True),
    Case(
        "no-items.newsml",
        "NewsML 1 without items",
        b'<?xml version="1.0"?><NewsML><NewsEnvelope/></NewsML>',
        (Reason.UNSUPPORTED,),
    ),
    Case("cut.newsml", "NewsML 1 that ends in the middle", _newsml("newsml cuts")[:-100], (Reason.TRUNCATED,)),
    Case(
        "kill-nothing.nitf",
        "a kill in NITF of an item nobody knows",
        _nitf("nitf-ghosts", status="killed", text=""),
        (Reason.KILL_UNMATCHED,),
        1,
    ),
    Case(
        "embargo-3000.nitf",
        "an embargo of a thousand years in NITF",
        _nitf(f"nitf, {UNTOLD}", release='<date.release norm="30000101T000000Z"/>'),
        held=True,
    ),
    Case(
        "embargo-word.nitf",
        "an embargo in NITF nobody understands",
        _nitf(f"nitf riddles, {UNTOLD}", status="embargoed", release='<date.release norm="soon"/>'),
        held=True,
    ),
    Case(
        "picture.nitf",
        "NITF with a picture and no text",
        _nitf("nitf pictures", text='<media media-type="image"><media-reference source="p.jpg"/></media>'),
        (Reason.UNSUPPORTED,),
    ),
    Case("no-text.iptc", "a message of IPTC 7901 without a text", _message("quiet", text=""), (Reason.NO_BODY,)),
    Case("cut.iptc", "a message of IPTC 7901 without its end", _message("lost lines")[:-30], (Reason.TRUNCATED,)),
    Case(
        "noise.iptc",
        "a message of IPTC 7901 and the noise of the line",
        b"\x16\x16\x16" + _message("loud lines") + b"\x16\x16#####\x16",
        articles=1,
    ),
    Case(
        "two.iptc",
        "two messages of IPTC 7901 of which the second is cut",
        _message("first lines") + _message("second lines", number="0043")[:-40],
        (Reason.TRUNCATED,),
        1,
    ),
    Case("header.anpa", "a header of ANPA 1312 and no more", b"\x16\x16\x01a0042\x1f", (Reason.NOT_TEXT,)),
    Case("noise.anpa", "the marks of a wire message and noise", b"\x01\x02\x03\x04" * 50, (Reason.NOT_TEXT,)),
)
