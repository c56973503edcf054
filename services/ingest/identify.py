"""Which article a record is, and which content of it: a raw article becomes a draft without its revision."""

import re

import msgspec

from newswire.article import Article, Source, content_hash, decode, encode
from newswire.identity import id_of_identifier, id_of_text, id_of_url
from newswire.reasons import Reason
from newswire.topics import BODY_CAP
from services.ingest.cluster import sketch
from services.ingest.readers.instants import milliseconds
from services.ingest.readers.record import OWN_ID, RawArticle, Refused

_ID = re.compile("[0-9a-f]{32}")


class Draft(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An article that waits for its revision; instants are milliseconds.

    ``encoded`` is the article without revision and cluster, as those who only pass it
    on need it; ``id``, ``agency`` and where it came from are said again beside it.
    ``wanted`` is the revision its source names; before ``until`` nothing of it may
    be published; ``withheld`` (without such an end): not until another revision
    releases it. ``canceled``: it takes the article back. ``sketch`` is what
    near-duplicates are found by.
    """

    id: str
    content: str
    encoded: bytes
    record: int
    member: str | None
    agency: str | None
    wanted: int | None
    until: int | None = None
    withheld: bool = False
    canceled: bool = False
    sketch: bytes = b""

    @property
    def article(self) -> Article:
        """The article, decoded."""
        return decode(self.encoded)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same as another: the article, and what it says."""
        return self.id, self.content

    def is_held(self, now: int) -> bool:
        """Whether it may not be published yet, at ``now`` (Unix time in milliseconds)."""
        return self.withheld or (self.until is not None and self.until > now)


def draft(raw: RawArticle, source: Source, *, sketched: bool = True) -> Draft | Refused:
    """Name ``raw``, which came from ``source``.

    Without ``sketched`` it has no sketch. Refused as ``too_large`` where its text exceeds the cap, as
    ``kill_unmatched`` where it takes back what it does not name.
    """
    canceled = raw.pubstatus == "canceled"
    # Four bytes a character at most: a text that cannot exceed the cap is not encoded to find out.
    if len(raw.body) * 4 > BODY_CAP and (size := len(raw.body.encode())) > BODY_CAP:
        message = f"Its text has {size:,} bytes and an article's limit is {BODY_CAP:,}; split it."
        return Refused(reason=Reason.TOO_LARGE, message=message)
    name = _id(raw)
    if name is None:
        message = "It takes an article back and does not say which; withdraw the article by its id."
        return Refused(reason=Reason.KILL_UNMATCHED, message=message)
    article = Article(
        id=name,
        revision=0,
        pubstatus="canceled" if canceled else "usable",
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
    # A withdrawal repeats when the article was published; that is not when it was taken back.
    version = raw.updated_at or (None if canceled else raw.published_at)
    return _draft(
        article,
        milliseconds(version) if version else None,
        until=milliseconds(raw.embargo) if raw.embargo and not canceled else None,
        withheld=raw.pubstatus == "withheld" and raw.embargo is None,
        sketch=b"" if canceled or not sketched else sketch(raw.body),
    )


def taken_back(draft: Draft) -> Draft:
    """The withdrawal of the item that ``draft`` withholds, without a word of it."""
    article = draft.article
    bare = Article(
        id=article.id, revision=0, pubstatus="canceled", body="", agency=article.agency, source=article.source
    )
    return _draft(bare, draft.wanted)


def _draft(
    article: Article, wanted: int | None, *, until: int | None = None, withheld: bool = False, sketch: bytes = b""
) -> Draft:
    return Draft(
        id=article.id,
        content=content_hash(article),
        encoded=encode(article),
        record=article.source.record,
        member=article.source.member,
        agency=article.agency,
        wanted=wanted,
        until=until,
        withheld=withheld,
        canceled=article.pubstatus == "canceled",
        sketch=sketch,
    )


def _id(raw: RawArticle) -> str | None:
    named = raw.identifier
    if named and named.scheme == OWN_ID:
        return named.value if raw.pubstatus == "canceled" and _ID.fullmatch(named.value) else None
    if named:
        return id_of_identifier(named.scheme, named.issuer, named.value)
    if raw.uri and (found := id_of_url(raw.uri)):
        return found
    # The words of a withdrawal are never those of the article.
    return None if raw.pubstatus == "canceled" else id_of_text(raw.title, raw.body, tidy=raw.tidy)
