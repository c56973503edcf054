"""Which article a record is, and which content of it: a raw article becomes a draft without its revision."""

from typing import NamedTuple

from newswire.article import Article, Source, content_hash
from newswire.identity import id_of_identifier, id_of_text, id_of_url
from newswire.reasons import Reason
from newswire.topics import BODY_CAP
from services.ingest.readers.instants import milliseconds
from services.ingest.readers.record import RawArticle, Refused


class Draft(NamedTuple):
    """An article that waits for its revision; ``wanted`` is the one its source names, in milliseconds."""

    article: Article
    content: str
    wanted: int | None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same as another: the article, and what it says."""
        return self.article.id, self.content


def draft(raw: RawArticle, source: Source) -> Draft | Refused:
    """Name ``raw``, which came from ``source``; refused as ``too_large`` where its text exceeds the cap."""
    # Four bytes a character at most: a text that cannot exceed the cap is not encoded to find out.
    if len(raw.body) * 4 > BODY_CAP and (size := len(raw.body.encode())) > BODY_CAP:
        message = f"Its text has {size:,} bytes and an article's limit is {BODY_CAP:,}; split it."
        return Refused(reason=Reason.TOO_LARGE, message=message)
    article = Article(
        id=_id(raw),
        revision=0,
        pubstatus="canceled" if raw.pubstatus == "canceled" else "usable",
        title=raw.title,
        body=raw.body,
        subheads=raw.subheads,
        caption=raw.caption,
        credit=raw.credit,
        byline=raw.byline,
        agency=raw.agency,
        dateline=raw.dateline,
        language=raw.language,
        published_at=raw.published_at,
        updated_at=raw.updated_at,
        uri=raw.uri,
        source=source,
    )
    version = raw.updated_at or raw.published_at
    return Draft(article, content_hash(article), milliseconds(version) if version else None)


def _id(raw: RawArticle) -> str:
    if raw.identifier:
        return id_of_identifier(raw.identifier.scheme, raw.identifier.issuer, raw.identifier.value)
    return (id_of_url(raw.uri) if raw.uri else None) or id_of_text(raw.title, raw.body)
