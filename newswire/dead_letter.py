"""The message on ``newswire.dead.v1``: what failed, why, and the original bytes (CONTRACT.md, section 2)."""

import hashlib
from datetime import datetime
from typing import Annotated, Final, Literal, TypeVar

import msgspec

from newswire import __version__
from newswire.article import Instant
from newswire.reasons import Reason, Stage
from newswire.topics import MOST_ATTEMPTS

SCHEMA: Final = "dead/1"

# A letter with its base64 (4/3) must fit into the dead topic's 12 MiB: see topics.py. That leaves 1,398,100 bytes for
# all else. The strings below have 58,552 characters at most, and JSON makes six bytes of one at worst (\u0001), so
# 351,312; the key goes beside the value once more, at four bytes each 49,152. The rest is headers and field names.
ORIGINAL_CAP = 8 * 1024 * 1024  # bytes
LONGEST_MESSAGE = 1_000  # characters; a sentence
LONGEST_DETAIL = 8_000  # characters; a traceback
# The longest path that Linux takes, 4,096 bytes, with every byte as %XX; a key is a path, an id or a place in a topic.
LONGEST_PATH = 3 * 4096  # characters
LONGEST_NAME = 200  # characters; ids have 32, versions fewer

PathName = Annotated[str, msgspec.Meta(max_length=LONGEST_PATH)]
Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]


class LetterSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file behind a letter: path relative to its inbox, the record inside it, and the archive member it is in."""

    path: PathName
    record: int | None = None
    member: PathName | None = None


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One failure. ``message`` is a sentence for a person, ``detail`` what a developer needs beside it.

    ``original`` is the failed input, base64 on the wire; ``bytes_complete`` is
    false when it had to be cut or left out, and then ``put_away`` says where the
    file lies. ``attempts`` counts this failure and its replays. What is longer than
    its limit is no letter: everybody reads letters, many at once.
    """

    schema: Literal["dead/1"] = SCHEMA
    stage: Stage
    reason: Reason
    message: Annotated[str, msgspec.Meta(max_length=LONGEST_MESSAGE)]
    detail: Annotated[str, msgspec.Meta(max_length=LONGEST_DETAIL)] | None = None
    key: PathName
    article_id: Name | None = None
    revision: int | None = None
    source: LetterSource | None = None
    original: bytes = b""
    bytes_complete: bool = True
    put_away: PathName | None = None
    attempts: Annotated[int, msgspec.Meta(ge=1, le=MOST_ATTEMPTS)] = 1
    first_at: Instant
    last_at: Instant
    version: Name = __version__


L = TypeVar("L", bound=DeadLetter)

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
    """A letter that is sure to fit its topic and to be read: what is longer is cut.

    The original at its end, and the letter says so; names so that two of them stay
    two (``cut``). A path that was cut is still longer than any file's.
    """
    return DeadLetter(
        stage=stage,
        reason=reason,
        message=message[:LONGEST_MESSAGE],
        detail=detail[:LONGEST_DETAIL] if detail else None,
        key=cut(key, LONGEST_PATH),
        article_id=cut(article_id, LONGEST_NAME) if article_id else None,
        revision=revision,
        source=_fitting(source) if source else None,
        original=original[:ORIGINAL_CAP],
        bytes_complete=original_complete and len(original) <= ORIGINAL_CAP,
        put_away=cut(put_away, LONGEST_PATH) if put_away else None,
        attempts=min(max(attempts, 1), MOST_ATTEMPTS),
        first_at=first_at or now,
        last_at=now,
    )


def _fitting(source: LetterSource) -> LetterSource:
    member = cut(source.member, LONGEST_PATH) if source.member else None
    return msgspec.structs.replace(source, path=cut(source.path, LONGEST_PATH), member=member)


def cut(name: str, longest: int) -> str:
    """``name``, or its beginning and the hash of all of it: two that differ anywhere stay two, and cut stays cut."""
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name[: longest - len(digest) - 1]}…{digest}"


def without_original(letter: L) -> L:
    """The letter for a place that has no room for its original."""
    return msgspec.structs.replace(letter, original=b"", bytes_complete=False)
