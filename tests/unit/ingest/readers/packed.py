"""What tests of compressed files and archives share: a text to pack, and what was found."""

import io
from datetime import UTC

from newswire.reasons import Reason
from services.ingest.readers import read
from services.ingest.readers.format import Context, Found, Limits
from services.ingest.readers.record import RawArticle, Refused

STORY = b"Lighthouse lit again\n\nThe lamp on the northern cape was lit on Friday after eleven dark years, he said.\n"
OTHER = b"Harbour dredged\n\nThe harbour is two metres deeper than it was in the spring, the port authority said.\n"

# One article and nothing but blanks after it, which are read on and on.
BOMB = b'{"title": "1", "body": "One."}\n' + b" " * (16 * 1024 * 1024)


def found(data: bytes, name: str = "a", limits: Limits | None = None) -> list[Found]:
    """Everything in ``data``."""
    return list(read(io.BytesIO(data), Context(name, UTC, limits or Limits())))


def outcomes(data: bytes, name: str = "a", limits: Limits | None = None) -> list[str | Reason | None]:
    """The titles of the articles in ``data`` and the reasons of what was refused; no reader has failed on it."""
    told: list[str | Reason | None] = []
    for one in found(data, name, limits):
        if isinstance(one.record, Refused):
            assert "Traceback" not in (one.record.detail or ""), one.record.detail
            told.append(one.record.reason)
        else:
            told.append(one.record.title)
    return told


def members(data: bytes, name: str = "a") -> list[str | None]:
    """The names of the members that the articles in ``data`` came from."""
    return [one.member for one in found(data, name) if isinstance(one.record, RawArticle)]
