"""NITF, the IPTC's News Industry Text Format, 2.5 to 3.6; also as the content of a NewsML item.

::

    <nitf>
      <head><docdata management-status="usable">           -> pubstatus
        <doc-id regsrc="AFP" id-string="…"/>               -> identifier; <correction> names the item it corrects
        <date.issue norm="20250207T101500Z"/>              -> published_at
        <date.release norm="20250208T000000Z"/>            -> embargo, where it is after the issue
      </docdata></head>
      <body>
        <body.head><hedline><hl1>…</hl1></hedline><byline/><distributor/><dateline/></body.head>
        <body.content><p/><hl2/><media/>…</body.content>   -> body, subheads, caption, credit
      </body>
    </nitf>

``management-doc-idref`` with ``management-idref-status`` speaks about another
item: that one is withdrawn, whatever becomes of this one.
"""

from collections.abc import Iterable
from datetime import tzinfo

from services.ingest.readers import iptc, xml
from services.ingest.readers.content import content
from services.ingest.readers.format import Context
from services.ingest.readers.markup import flatten
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused
from services.ingest.readers.tree import Element, attribute, child, children, empty, markup, name, text_at, text_of

recognises = xml.has_root("nitf", "NITF")


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``."""
    root = xml.parse(data, context)
    return [root] if isinstance(root, Refused) else read_nitf(root, context.zone)


def read_nitf(root: Element, zone: tzinfo) -> list[Record]:
    """The article in ``root`` and the withdrawal of another one, if it orders that."""
    docdata, head = child(root, "head", "docdata"), child(root, "body", "body.head")
    described = describe(root, zone)
    text = content(list(children(root, "body", "body.content")))
    original = iptc.letter(root, held=described.release.held, alone=True)
    killed = _killed(docdata, described, zone)
    if killed and not text.flat.body:
        return [killed]
    if not text.flat.body and text.media and described.release.pubstatus == "usable":
        return [iptc.unsupported("a picture, sound or film", original)]
    if not text.flat.body and (abstract := child(head, "abstract")) is not None:
        text = text._replace(flat=flatten(markup(abstract)))
    described = described._replace(caption=text.caption, credit=text.credit)
    if not described.byline and (tagline := text_at(root, "body", "body.end", "tagline")):
        described = described._replace(byline=tagline)
    record = iptc.article(described, text.flat, zone, original)
    return [killed, record] if killed else [record]


def describe(root: Element, zone: tzinfo) -> iptc.Described:
    """What a ``nitf`` element says of its article outside its content; also where it stands inside another format."""
    docdata, head = child(root, "head", "docdata"), child(root, "body", "body.head")
    issued = _norm(docdata, "date.issue") or attribute(child(root, "head", "pubdata"), "date.publication")
    published = iptc.when(issued or _norm(child(head, "dateline"), "story.date"), zone)
    agency = _agency(docdata, head)
    identifier, uri = _name(docdata, issued, agency)
    revisions = [iptc.when(attribute(one, "norm"), zone) for one in children(root, "head", "revision-history")]
    return iptc.Described(
        release=_release(docdata, issued, zone),
        title=text_at(head, "hedline", "hl1") or text_at(head, "hedline", "hl2") or text_at(root, "head", "title"),
        byline=", ".join(filter(None, map(_byline, children(head, "byline")))) or None,
        agency=agency,
        dateline=_dateline(child(head, "dateline")),
        language=attribute(root, "lang", "baselang") or attribute(child(root, "body"), "lang"),
        published_at=published,
        updated_at=max(filter(None, revisions), default=None),
        uri=uri,
        identifier=identifier,
    )


def _release(docdata: Element | None, issued: str | None, zone: tzinfo) -> iptc.Release:
    """A release time is an embargo only after the time of issue: many agencies write the same into both.

    One that cannot be read may be any, so it is an embargo too, unless the time of issue says the same.
    """
    status, until = attribute(docdata, "management-status"), _norm(docdata, "date.release")
    start, end = iptc.when(issued, zone), iptc.when(until, zone)
    held = iptc.last_word(status) == iptc.EMBARGOED
    later = not start or end > start if end else until != issued
    return iptc.release(status, until if held or later else None, zone)


def _agency(docdata: Element | None, head: Element | None) -> str | None:
    return (
        text_at(head, "distributor")
        or attribute(child(docdata, "doc-id"), "regsrc")
        or attribute(child(docdata, "doc.copyright"), "holder")
        or text_at(head, "rights", "rights.owner")
        or attribute(child(docdata, "doc.rights"), "owner")
        or attribute(child(docdata, "del-list", "from-src"), "src-name")
    )


def _name(docdata: Element | None, issued: str | None, agency: str | None) -> tuple[Identifier | None, str | None]:
    """A correction has the name of what it corrects; without any, the key that is unique for its day."""
    doc_id, correction = child(docdata, "doc-id"), child(docdata, "correction")
    issuer = attribute(doc_id, "regsrc") or agency
    if value := attribute(correction, "id-string") or attribute(doc_id, "id-string"):
        return iptc.name(value, attribute(correction, "regsrc") or issuer)
    key = attribute(child(docdata, "du-key"), "key")
    return iptc.name(f"{issued[:8]} {key}" if key and issued else None, issuer)


def _killed(docdata: Element | None, described: iptc.Described, zone: tzinfo) -> RawArticle | None:
    """The withdrawal that this item orders of another one."""
    value = attribute(docdata, "management-doc-idref")
    status = attribute(docdata, "management-idref-status")
    if not value or iptc.release(status, None, zone).pubstatus != "canceled":
        return None
    identifier, uri = iptc.name(value, attribute(child(docdata, "doc-id"), "regsrc") or described.agency)
    return RawArticle(
        body="",
        agency=described.agency,
        updated_at=described.updated_at or described.published_at,
        uri=uri,
        identifier=identifier,
        pubstatus="canceled",
    )


def _norm(above: Element | None, kind: str) -> str | None:
    found = child(above, kind)
    return attribute(found, "norm") or text_of(found)


def _dateline(dateline: Element | None) -> str | None:
    """The place, which may be text, or split into town, state and country without a mark between them."""
    if dateline is None:
        return None
    location = child(dateline, "location")
    if location is not None:
        return ", ".join(filter(None, (text.strip(" ,\n\t") for text in location.itertext()))) or None
    day = child(dateline, "story.date")
    if day is not None:
        empty(day)
    return text_of(dateline)


def _byline(byline: Element) -> str | None:
    """``By Jane Doe, Science Writer``: the title stands in an element of its own, without a comma."""
    titles = [one for one in byline.iter() if name(one) == "byttl"]
    texts = [text_of(one) for one in titles]
    for one in titles:
        empty(one)
    return ", ".join(filter(None, (text_of(byline), *texts))) or None
