"""What a reader hands on: articles as their source wrote them, and records it had to refuse."""

from datetime import datetime
from typing import Literal

import msgspec

from newswire.article import Subhead
from newswire.reasons import Reason

# As in IPTC ninjs and NewsML-G2: canceled takes the item back, withheld keeps it until a revision releases it.
Pubstatus = Literal["usable", "canceled", "withheld"]


# The scheme of an identifier that is an id of ours: what `newswire withdraw` names.
OWN_ID = "newswire"


class Identifier(msgspec.Struct, frozen=True, kw_only=True):
    """The source's own name for an article; ``issuer`` is the agency, feed or host within which it is unique."""

    scheme: str
    issuer: str
    value: str


class RawArticle(msgspec.Struct, frozen=True, kw_only=True):
    """One article: text clean (NFC, no control characters, paragraphs separated by a blank line), instants zoned.

    ``identifier`` is None where the source names the article by its web address
    (``uri``) or not at all. A ``canceled`` one (a wire's kill) names the item it
    takes back and may have no text. Before ``embargo`` nothing of it may be
    published. The revision is the instant of ``updated_at``, else ``published_at``.
    ``tidy`` says that nothing in ``body`` is to be collapsed (`newswire.identity.collapse`),
    where the reader knows.
    """

    title: str | None = None
    body: str
    subheads: list[Subhead] = []
    caption: str | None = None
    credit: str | None = None
    byline: str | None = None
    agency: str | None = None
    dateline: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    uri: str | None = None
    pubstatus: Pubstatus = "usable"
    embargo: datetime | None = None
    identifier: Identifier | None = None
    tidy: bool = False


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A record, or a whole file, that cannot become an article.

    ``message`` is a sentence for a person, with the next thing to do;
    ``original`` the bytes of the record where they are not the whole file, b"" where
    they may not be shown: held text goes into no letter.
    """

    reason: Reason
    message: str
    detail: str | None = None
    original: bytes | None = None


Record = RawArticle | Refused


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """All records of one file, in order, and the name of its format."""

    format: str
    records: list[Record]

    @classmethod
    def refused(cls, form: str, reason: Reason, message: str, detail: str | None = None) -> "Records":
        """A file refused as a whole."""
        return cls(format=form, records=[Refused(reason=reason, message=message, detail=detail)])
