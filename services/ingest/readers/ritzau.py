"""The XML of Ritzau, Denmark's news agency: one ``RBNews`` element with the text as escaped HTML.

``HistID`` stays the same in every version of a story, ``NewsID`` does not;
``Annuleret`` takes the story back. Dates have no zone: they are in the inbox's.
"""

from collections.abc import Iterable
from datetime import tzinfo

from services.ingest.readers import iptc, xml
from services.ingest.readers.format import Context
from services.ingest.readers.markup import flatten
from services.ingest.readers.record import Record, Refused
from services.ingest.readers.tree import Element, child, line, text_at

recognises = xml.has_root("RBNews")

AGENCY = "Ritzau"


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``."""
    root = xml.parse(data, context)
    return [root] if isinstance(root, Refused) else [_article(root, context.zone)]


def _article(root: Element, zone: tzinfo) -> Record:
    published = iptc.when(text_at(root, "PublishDate"), zone)
    identifier, uri = iptc.name(text_at(root, "HistID") or text_at(root, "NewsID"), AGENCY)
    canceled = (text_at(root, "Annuleret") or "").lower() == "true"
    described = iptc.Described(
        release=iptc.Release("canceled" if canceled else "usable"),
        title=text_at(root, "headline") or text_at(root, "strapline"),
        byline=text_at(root, "byLine"),
        agency=(line(text_at(root, "origin")) or "").strip("/ ").title() or AGENCY,
        located=text_at(root, "town"),
        published_at=published,
        updated_at=published,
        identifier=identifier,
        uri=uri,
    )
    content = child(root, "content")
    return iptc.article(described, flatten("" if content is None else "".join(map(str, content.itertext()))), zone)
