"""What ``newswire withdraw`` drops into the inbox: an article of ours, named by its id, is taken back.

{"schema": "withdraw/1", "article_id": "9f2c…", "requested_at": "2025-02-07T18:30:00Z"}
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from newswire.article import ArticleId
from newswire.reasons import Reason
from services.ingest.readers.format import Context, Head
from services.ingest.readers.record import OWN_ID, Identifier, RawArticle, Record, Refused

SCHEMA: Final = "withdraw/1"

_BEGINNING = re.compile(r'\{\s*"schema"\s*:\s*"withdraw/')


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The document. ``requested_at`` becomes the revision of the withdrawal: it beats what is older."""

    schema: Literal["withdraw/1"] = SCHEMA
    article_id: ArticleId
    requested_at: Annotated[datetime, msgspec.Meta(tz=True)]


def recognises(head: Head) -> bool:
    """By its first field."""
    return bool(_BEGINNING.match(head.text))


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``: one record."""
    try:
        found = msgspec.json.decode(data, type=Withdrawal)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        message = "It is no withdrawal as `newswire withdraw` writes it; let that command write it."
        # A document that merely ends too early may still be being written.
        reason = Reason.TRUNCATED if "truncated" in str(error) else Reason.BAD_FORMAT
        return [Refused(reason=reason, message=message, detail=str(error))]
    return [
        RawArticle(
            body="",
            pubstatus="canceled",
            identifier=Identifier(scheme=OWN_ID, issuer="", value=found.article_id),
            updated_at=found.requested_at,
        )
    ]
