"""A well-formed file of every format, with a bit of everything that the format has."""

import bz2
import io
import json
import lzma
import tarfile
import zipfile

from tests.corpus import prose, story
from tests.corpus.archives import gzipped, zstd_compressed

_P = f"<p>{prose('the quay')}</p><p>{prose('the pier')}</p>"
_ITEM = (
    "<item><title>Quay</title><link>https://harbour.example/quay?id=7</link><guid isPermaLink='false'>quay-7</guid>"
    "<pubDate>Fri, 13 Feb 2026 10:00:00 +0100</pubDate><dc:creator>Kari Nordmann</dc:creator><category>Ports</category>"
    f"<description>&lt;p&gt;In short.&lt;/p&gt;</description><content:encoded><![CDATA[{_P}]]></content:encoded></item>"
)
_RSS = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour</title><link>https://harbour.example/</link>'
    f"<language>en-gb</language>{_ITEM}{_ITEM.replace('uay', 'ier')}</channel></rss>"
)
_ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://harbour.example/" xml:lang="en"><title>Harbour</title>'
    "<id>urn:harbour</id><entry><title type='html'>Qu&lt;b&gt;ay&lt;/b&gt;</title><id>urn:harbour:7</id>"
    "<link rel='alternate' href='quay'/><published>2026-02-13T10:00:00Z</published><updated>"
    "2026-02-13T11:00:00Z</updated>"
    "<author><name>Kari</name></author><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
    f"{_P}</div></content></entry></feed>"
)
_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    "<channel rdf:about='https://harbour.example/'><title>Harbour</title></channel>"
    "<item rdf:about='https://harbour.example/a'>"
    f"<title>Quay</title><link>https://harbour.example/a</link><description>{prose('rdf')}</description></item>"
    "</rdf:RDF>"
)
_WXR = (
    '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    "<title>Harbour</title><wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>"
    "https://harbour.example</wp:base_site_url>"
    "<wp:author><wp:author_login>kari</wp:author_login><wp:author_display_name>"
    "Kari Nordmann</wp:author_display_name></wp:author>"
    "<item><title>Quay</title><link>https://harbour.example/?p=7</link><dc:creator>kari</dc:creator>"
    "<guid isPermaLink='false'>https://harbour.example/?p=7</guid>"
    f"<content:encoded><![CDATA[<!-- wp:paragraph -->{_P}<!-- /wp:paragraph -->"
    "[caption id='1']<img src='a.jpg'/> The quay[/caption]]]></content:encoded>"
    "<wp:post_date_gmt>2026-02-13 10:00:00</wp:post_date_gmt><wp:post_type>post</wp:post_type><wp:status>"
    "publish</wp:status>"
    "</item></channel></rss>"
)
_NITF = (
    '<?xml version="1.0"?><nitf><head><docdata management-status="usable"><doc-id regsrc="NTB" id-string="7"/>'
    '<date.issue norm="20260213T100000Z"/><date.release norm="20260213T120000Z"/><urgency ed-urg="4"/>'
    "<doc.copyright holder='NTB'/></docdata></head><body><body.head><hedline><hl1>Quay</hl1><hl2>Pier</hl2></hedline>"
    "<byline>By <person>Kari Nordmann</person><byttl>Editor</byttl></byline><distributor>NTB</distributor>"
    "<dateline><location>Oslo</location> <story.date norm='20260213'>Feb 13</story.date></dateline><abstract>"
    "<p>Short.</p></abstract>"
    f"</body.head><body.content>{_P}<hl2>Below</hl2>{_P}<media media-type='image'><media-caption>Quay</media-caption>"
    "<media-producer>NTB</media-producer></media><table><tr><td>1</td></tr></table></body.content></body></nitf>"
)
_NEWSML = (
    '<?xml version="1.0"?><NewsML><NewsEnvelope><DateAndTime>20260213T100000Z</DateAndTime></NewsEnvelope><NewsItem>'
    "<Identification><NewsIdentifier><ProviderId>ntb.example</ProviderId><DateId>20260213</DateId><NewsItemId>"
    "7</NewsItemId>"
    "<RevisionId PreviousRevision='1' Update='U'>2</RevisionId><PublicIdentifier>"
    "urn:newsml:ntb.example:20260213:7:2</PublicIdentifier>"
    "</NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName='News'/><FirstCreated>"
    "20260213T100000Z</FirstCreated>"
    "<ThisRevisionCreated>20260213T110000Z</ThisRevisionCreated><Status FormalName='Embargoed'/><StatusWillChange>"
    "<FutureStatus FormalName='Usable'/><DateAndTime>20260213T120000Z</DateAndTime></StatusWillChange></NewsManagement>"
    "<NewsComponent xml:lang='en'><NewsLines><HeadLine>Quay</HeadLine><ByLine>By Kari</ByLine><DateLine>"
    "Oslo, Feb 13</DateLine>"
    "</NewsLines><NewsComponent><Role FormalName='Main'/><ContentItem><MediaType FormalName='Text'/><DataContent>"
    f"<html><body>{_P}</body></html></DataContent></ContentItem></NewsComponent></NewsComponent></NewsItem></NewsML>"
)
_G2_ITEM = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:ntb.example,2026:7" version="3" '
    'xml:lang="en"><itemMeta>'
    '<itemClass qcode="ninat:text"/><provider qcode="nprov:NTB"><name>NTB</name></provider><versionCreated>'
    "2026-02-13T10:00:00+01:00"
    '</versionCreated><embargoed>2026-02-13T12:00:00Z</embargoed><pubStatus qcode="stat:usable"/></itemMeta>'
    "<contentMeta>"
    "<contentCreated>2026-02-13</contentCreated><located><name>Oslo</name></located><creator><name>Kari</name>"
    "</creator>"
    "<headline>Quay</headline><by>By Kari</by><dateline>OSLO</dateline></contentMeta><contentSet>"
    "<inlineXML contenttype='application/xhtml+xml'><html xmlns='http://www.w3.org/1999/xhtml'><body>"
    f"{_P}</body></html></inlineXML>"
    "</contentSet></newsItem>"
)
_G2 = (
    '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>2026-02-13T10:00:00Z</sent>'
    "</header><itemSet>"
    f"{_G2_ITEM}{_G2_ITEM.replace(':7', ':8').replace('quay', 'ferry')}</itemSet></newsMessage>"
)
_HTML = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Quay | Harbour</title><link rel=canonical '
    'href="https://harbour.example/quay"><meta property="og:site_name" content="Harbour">'
    "<meta name=author content=Kari>"
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Quay",'
    '"datePublished":"2026-02-13T10:00:00Z","author":{"@type":"Person","name":"Kari"}}</script></head><body>'
    "<nav><a href=/>Home</a></nav>"
    f"<article><h1>Quay</h1>{_P}<h2>Below</h2>{_P}<figure><img src=a.jpg><figcaption>"
    "The quay. Photo: NTB</figcaption></figure></article>"
    "<footer>All rights reserved</footer></body></html>"
)
_OWN = {
    "id": "7",
    "title": "Quay",
    "body": prose("objects"),
    "date": "2026-02-13T10:00:00+01:00",
    "url": "https://harbour.example/q",
}
_NINJS = {
    "uri": "urn:ntb:7", "type": "text", "version": "2", "versioncreated": "2026-02-13T10:00:00Z", "pubstatus": "usable",
    "language": "en", "headline": "Quay", "byline": "By Kari", "located": "Oslo", "body_xhtml": _P, "embargoed": None,
    "associations": {"a": {"type": "picture", "description_text": "The quay", "byline": "NTB"}},
}  # fmt: skip
_NINJS3 = {
    "standard": {"name": "ninjs", "version": "3.0"}, "uri": "urn:ntb:8", "type": "text", "language": "en",
    "contentCreated": "2026-02-13T10:00:00Z", "headlines": [{"role": "main", "value": "Quay"}],
    "bodies": [{"role": "main", "contentType": "text/html", "value": _P}],
    "infoSources": [{"name": "NTB", "role": "creator"}],
}  # fmt: skip
_SCHEMA_ARTICLE = {
    "@type": "NewsArticle", "@id": "https://harbour.example/q", "headline": "Quay", "articleBody": prose("graphs"),
    "datePublished": "2026-02-13", "author": [{"@type": "Person", "name": "Kari"}],
}  # fmt: skip
_SCHEMA = {"@context": "https://schema.org", "@graph": [_SCHEMA_ARTICLE]}
_IPTC = (
    "\x16\x16\x01ntb0042 4 i 211 ntb   ntb 061\r\nPorts/Norway/\r\n\x02URGENT\r\nQuay opens =\r\nBy Kari "
    "Nordmann, ntb =\r\n"
    f"Oslo (ntb) - {prose('signals')}\r\n   {prose('lines')}\r\nntb kn ab\r\n\x03131000 GMT Feb 26\x04\r\n"
)
_ANPA = (
    "\x16\x16\x01a0042\x1fnational\r\nr i\x13 BC-NO--Quay 02-13 0211\r\n\x02^BC-NO--Quay, 1st Ld-Writethru,190<\r\n"
    "^Quay opens<\r\n^Eds: Adds quotes.<\r\n^By KARI NORDMANN=\r\n^Associated Press=\r\n\tOSLO, Norway (AP) _ "
    f"{prose('tapes')}\r\n"
    f"\t``{prose('quotes')}''\r\n\x03AP-NY-02-13-26 1032EST<\x04\r\n"
)
_RITZAU = (
    "<?xml version='1.0' encoding='utf-8'?><RBNews><NewsID>7</NewsID><HistID>6</HistID><Annuleret>false</Annuleret>"
    "<PublishDate>2026-02-13T10:00:00</PublishDate><headline>Quay</headline><subtitle>Pier</subtitle><origin>"
    "ritzau</origin>"
    f"<text>{_P.replace('<', '&lt;')}</text></RBNews>"
)
_WITHDRAWAL = json.dumps(
    {"schema": "withdraw/1", "article_id": "0123456789abcdef" * 2, "requested_at": "2026-02-13T10:00:00Z"}
)
_MAIL = (
    "From: =?utf-8?q?K=C3=A5ri?= <kari@harbour.example>"
    "\r\nTo: desk@harbour.example\r\nSubject: =?utf-8?b?UXVheQ==?=\r\n"
    "Date: Fri, 13 Feb 2026 10:00:00 +0100\r\nMessage-ID: <7@harbour.example>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\nContent-Type: multipart/alternative; '
    "boundary=b2\r\n\r\n--b2\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    f"quoted-printable\r\n\r\n{prose('mail=C3=B8')}\r\n--b2\r\n"
    f"Content-Type: text/html\r\n\r\n<html><body>{_P}</body></html>"
    "\r\n--b2--\r\n--b1\r\nContent-Type: text/plain; name=a.txt\r\n"
    "Content-Disposition: attachment; filename*=utf-8''a%C3%B8.txt\r\nContent-Transfer-Encoding: "
    "base64\r\n\r\nUXVheSBvcGVucw==\r\n--b1--\r\n"
)
_PAGE = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    f"{len(_HTML):x}\r\n{_HTML}\r\n0\r\n\r\n"
)
_WARC = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://harbour.example/quay\r\nWARC-Date: "
    "2026-02-13T10:00:00Z\r\n"
    f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(_PAGE)}\r\n\r\n{_PAGE}\r\n\r\n"
)
_CSV = f'id;title;body;date\r\n7;Quay;"{prose("rows")}\n\nMore.";2026-02-13\r\n8;Pier;"{prose("cells")}";13.02.2026\r\n'


def _zip(**members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.txt"), content)
    return made.getvalue()


def _tar(**members: str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(f"{name}.txt")
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
    return made.getvalue()


def good() -> list[bytes]:
    """Every one of them; of packed ones, one of each kind of packing."""
    texts = [
        _RSS,
        _ATOM,
        _RDF,
        _WXR,
        _NITF,
        _NEWSML,
        _G2,
        _G2_ITEM,
        _HTML,
        _IPTC,
        _ANPA,
        _RITZAU,
        _WITHDRAWAL,
        _MAIL,
        _WARC,
        _CSV,
        story("seeds"),
    ]
    texts += [json.dumps(one) for one in (_OWN, _NINJS, _NINJS3, _SCHEMA, [_OWN, _NINJS])]
    texts += [
        "\n".join(json.dumps(one) for one in (_OWN, _NINJS, _SCHEMA)),
        _CSV.replace(";", "\t"),
        _MAIL.replace("\r\n", "\n"),
    ]
    texts += [f"From kari@harbour.example Fri Feb 13 10:00:00 2026\n{_MAIL}\n" * 2]
    packed = [_zip(a=story("zips"), b=json.dumps(_OWN)), _tar(a=story("tars"), b=_HTML)]
    packed += [pack(_RSS.encode()) for pack in (gzipped, bz2.compress, lzma.compress, zstd_compressed)]
    return [*(text.encode() for text in texts), *packed, gzipped(_WARC.encode()) * 2]
