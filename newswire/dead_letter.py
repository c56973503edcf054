"""The message on ``newswire.dead.v1``: what failed, why, and the original bytes (CONTRACT.md, section 2)."""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from newswire import __version__
from newswire.article import Instant
from newswire.reasons import Reason, Stage

SCHEMA: Final = "dead/1"

# A letter with its base64 (4/3) must fit into the dead topic's 12 MiB: see topics.py.
ORIGINAL_CAP = 8 * 1024 * 1024  # bytes

# Six digits, as the header has them (topics.read_headers): the document's version is made of it and must stay positive.
MOST_ATTEMPTS = 999_999


class LetterSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file behind a letter: path relative to its inbox, and the record inside it."""

    path: str
    record: int | None = None


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One failure. ``message`` is a sentence for a person, ``detail`` what a developer needs beside it.

    ``original`` is the failed input, base64 on the wire; ``bytes_complete`` is
    false when it had to be cut or left out, and then ``put_away`` says where the
    file lies. ``attempts`` counts this failure and its replays.
    """

    schema: Literal["dead/1"] = SCHEMA
    stage: Stage
    reason: Reason
    message: str
    detail: str | None = None
    key: str
    article_id: str | None = None
    revision: int | None = None
    source: LetterSource | None = None
    original: bytes = b""
    bytes_complete: bool = True
    put_away: str | None = None
    attempts: Annotated[int, msgspec.Meta(ge=1, le=MOST_ATTEMPTS)] = 1
    first_at: Instant
    last_at: Instant
    version: str = __version__


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(DeadLetter)


def encode(letter: DeadLetter) -> bytes:
    """The bytes that go to Kafka."""
    return _encoder.encode(letter)


def decode(value: bytes) -> DeadLetter:
    """The letter in ``value``; raises msgspec.DecodeError or msgspec.ValidationError with the field's path."""
    return _decoder.decode(value)


def letter(
    *,
    stage: Stage,
    reason: Reason,
    message: str,
    key: str,
    now: datetime,
    original: bytes,
    original_complete: bool = True,
    detail: str | None = None,
    article_id: str | None = None,
    revision: int | None = None,
    source: LetterSource | None = None,
    put_away: str | None = None,
    attempts: int = 1,
    first_at: datetime | None = None,
) -> DeadLetter:
    """A letter that is sure to fit its topic and to be read: what is longer is cut, and the letter says so."""
    return DeadLetter(
        stage=stage,
        reason=reason,
        message=message[:1000],
        detail=detail[:8000] if detail else None,
        key=key,
        article_id=article_id,
        revision=revision,
        source=source,
        original=original[:ORIGINAL_CAP],
        bytes_complete=original_complete and len(original) <= ORIGINAL_CAP,
        put_away=put_away,
        attempts=min(max(attempts, 1), MOST_ATTEMPTS),
        first_at=first_at or now,
        last_at=now,
    )
