"""NewsML 1.0 to 1.2: an envelope, and items of components in components.

::

    <NewsML>
      <NewsEnvelope><SentFrom>…</SentFrom></NewsEnvelope>
      <NewsItem>
        <Identification><NewsIdentifier>                     -> identifier: all but the revision
          <ProviderId/><DateId/><NewsItemId/><RevisionId/>
        </NewsIdentifier></Identification>
        <NewsManagement>
          <FirstCreated/><ThisRevisionCreated/>              -> published_at, updated_at
          <Status FormalName="Embargoed"/>                   -> pubstatus
          <StatusWillChange>…<DateAndTime/></StatusWillChange>  -> embargo
        </NewsManagement>
        <NewsComponent><Role FormalName="Main"/>
          <NewsLines><HeadLine/><ByLine/><DateLine/></NewsLines>
          <ContentItem><DataContent>NITF, XHTML or text</DataContent></ContentItem>
        </NewsComponent>
      </NewsItem>
    </NewsML>

A component that accompanies the main one (``Caption``, a sidebar) becomes its
caption, or the end of its text under a sub-heading of its own.
"""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import NamedTuple

from newswire.article import Subhead
from services.ingest.readers import iptc, nitf, xml
from services.ingest.readers.content import Content, inside
from services.ingest.readers.format import Context
from services.ingest.readers.markup import Flat
from services.ingest.readers.record import Identifier, Record, Refused
from services.ingest.readers.tree import Element, attribute, child, children, name, text_at

recognises = xml.has_root("NewsML")

# Roles whose text belongs to a picture, and media that have no text of an article, in small letters.
_CAPTIONS = frozenset(("caption", "photocaption", "picturecaption", "legend"))
_TITLES = frozenset(("title", "headline", "maintitle"))
_MEDIA = frozenset(("photo", "picture", "image", "graphic", "video", "audio", "animation", "complexdata"))
_KILLS = frozenset(("delete", "kill"))


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``: one record for each item."""
    root = xml.parse(data, context)
    if isinstance(root, Refused):
        return [root]
    items = list(children(root, "NewsItem"))
    if not items:
        return [iptc.unsupported("a NewsML message without an item", None)]
    envelope = child(root, "NewsEnvelope")
    return [_item(item, envelope, context.zone, alone=len(items) == 1) for item in items]


class _Part(NamedTuple):
    """The text of one content item, and the component it stands in."""

    component: Element
    role: str
    text: Content


def _item(item: Element, envelope: Element | None, zone: tzinfo, *, alone: bool) -> Record:
    component = child(item, "NewsComponent")
    parts = list(_parts(component, "")) if component is not None else []
    captions = [part.text.flat.body for part in parts if part.role in _CAPTIONS]
    titles = [part for part in parts if part.role in _TITLES]
    # A flash is a headline that nothing follows yet.
    texts = [part for part in parts if part.role not in _CAPTIONS | _TITLES] or titles
    described = _described(item, envelope, zone)
    if texts:
        described = _with_lines(described, texts[0].component, item, zone, [part.text.flat.body for part in titles])
    original = iptc.letter(item, held=described.release.held, alone=alone)
    if not texts and described.release.pubstatus == "usable":
        what = "a NewsML item without a text (an update, a catalogue, references or topics)"
        return iptc.unsupported("a picture, graphic, sound or film" if captions or _media(item) else what, original)
    for text in (part.text for part in texts[:1]):
        captions += filter(None, [text.caption])
        described = described._replace(credit=text.credit or _credit(item), caption="\n\n".join(captions) or None)
    return iptc.article(described, _joined(texts), zone, original)


def _described(item: Element, envelope: Element | None, zone: tzinfo) -> iptc.Described:
    management = child(item, "NewsManagement")
    revised = iptc.when(text_at(management, "ThisRevisionCreated"), zone)
    first = iptc.when(text_at(management, "FirstCreated"), zone)
    sent = iptc.when(text_at(envelope, "DateAndTime"), zone)
    identifier, uri = _name(child(item, "Identification", "NewsIdentifier"))
    return iptc.Described(
        release=_release(management, zone),
        agency=_party(item) or _party(envelope),
        language=attribute(item, "lang"),
        published_at=first or revised or sent,
        updated_at=revised,
        identifier=identifier,
        uri=uri,
    )


def _release(management: Element | None, zone: tzinfo) -> iptc.Release:
    """``Embargoed`` and ``Withheld`` end when the status will change to usable, if the item says when."""
    status = attribute(child(management, "Status"), "FormalName")
    orders = [attribute(one, "FormalName") for one in children(management, "Instruction") if not len(one)]
    if any(iptc.last_word(order) in _KILLS for order in orders):
        return iptc.Release("canceled")
    if iptc.last_word(status) not in (iptc.EMBARGOED, "withheld"):
        return iptc.release(status, None, zone)
    change = child(management, "StatusWillChange")
    future = iptc.last_word(attribute(child(change, "FutureStatus"), "FormalName"))
    return iptc.release(iptc.EMBARGOED, text_at(change, "DateAndTime") if future in ("", "usable") else None, zone)


def _name(identification: Element | None) -> tuple[Identifier | None, str | None]:
    """The name of the item in all its revisions, as the standard builds it: provider, date, item."""
    provider, date, item = (text_at(identification, kind) for kind in ("ProviderId", "DateId", "NewsItemId"))
    if provider and item:
        return iptc.name(f"urn:newsml:{provider}:{date or ''}:{item}", provider)
    public = text_at(identification, "PublicIdentifier")
    if public and public.lower().startswith("urn:newsml:") and public.count(":") >= 5:
        public = public.rpartition(":")[0]
    return iptc.name(public or item, provider)


def _party(element: Element | None) -> str | None:
    """The first who provides, sends or is the source of what is in ``element``; by the name it goes by."""
    if element is None:
        return None
    for kind in ("Provider", "Source", "SentFrom", "Creator"):
        for one in element.iter("{*}" + kind):
            if party := attribute(child(one, "Party"), "FormalName"):
                return party
    return None


def _parts(component: Element, role: str) -> Iterator[_Part]:
    """Every text in ``component``, in order; of alternatives only the first that has any."""
    role = iptc.last_word(attribute(child(component, "Role"), "FormalName")).replace(" ", "") or role
    only_one = attribute(component, "EquivalentsList") == "yes"
    for inner in component:
        found: Iterable[_Part] = ()
        if name(inner) == "NewsComponent":
            found = _parts(inner, role)
        elif name(inner) == "ContentItem" and iptc.last_word(_formal(inner, "MediaType")) not in _MEDIA:
            found = _text(component, role, inner)
        for part in found:
            yield part
            if only_one:
                return


def _text(component: Element, role: str, item: Element) -> Iterator[_Part]:
    for data in item.iter("{*}DataContent"):
        packed = next(data.iterancestors("{*}Encoding"), None)
        text = inside(data, _formal(item, "Format") or _formal(item, "MimeType"), attribute(packed, "Notation"))
        if text.flat.body:
            yield _Part(component, role, text)


def _formal(item: Element, kind: str) -> str | None:
    return attribute(child(item, kind), "FormalName")


def _with_lines(
    described: iptc.Described, component: Element, item: Element, zone: tzinfo, titles: list[str]
) -> iptc.Described:
    """``described`` with the lines of the component that has the text, or of those around it; else the ``titles``."""
    around = [one for one in (component, *component.iterancestors()) if name(one) == "NewsComponent"]

    def line(*kinds: str) -> str | None:
        return next((text for kind in kinds for one in around if (text := text_at(one, "NewsLines", kind))), None)

    language = (attribute(child(one, "DescriptiveMetadata", "Language"), "FormalName") for one in around)
    inner = next(item.iter("{*}nitf"), None)
    nested = nitf.describe(inner, zone) if inner is not None else iptc.Described()
    return described._replace(
        release=described.release if described.release.restricts else nested.release,
        title=line("HeadLine")
        or nested.title
        or next(iter(titles), None)
        or line("SlugLine")
        or text_at(item, "Identification", "NameLabel"),
        byline=line("ByLine") or nested.byline,
        dateline=line("DateLine") or nested.dateline,
        agency=described.agency or line("CreditLine") or nested.agency,
        language=next(filter(None, language), None) or described.language or nested.language,
    )


def _credit(item: Element) -> str | None:
    """Whose the pictures are that accompany the text."""
    for photo in item.iter("{*}ContentItem"):
        if iptc.last_word(_formal(photo, "MediaType")) in _MEDIA:
            lines = child(photo.getparent(), "NewsLines")
            return text_at(lines, "CreditLine") or text_at(lines, "ByLine")
    return None


def _media(item: Element) -> bool:
    return any(iptc.last_word(_formal(one, "MediaType")) in _MEDIA for one in item.iter("{*}ContentItem"))


def _joined(parts: list[_Part]) -> Flat:
    """One text: the first, then each other one under its headline."""
    bodies: list[str] = []
    subheads = []
    at = 0
    before: Element | None = None
    for part in parts:
        begins = bodies and part.component is not before
        if begins and (headline := text_at(part.component, "NewsLines", "HeadLine")):
            subheads.append(Subhead(text=headline, at=at))
        before = part.component
        subheads += [Subhead(text=one.text, at=one.at + at) for one in part.text.flat.subheads]
        bodies.append(part.text.flat.body)
        at += len(bodies[-1]) + 2
    return Flat("\n\n".join(bodies), subheads)
