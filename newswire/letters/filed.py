"""A dead letter as Elasticsearch keeps it, and which of its states is the newest.

A letter is ``open`` when it arrives, ``replayed`` once it was sent back, ``resolved``
once it got through or somebody said so. Sent back and failed again, it is the same
letter (``identity.letter_id``) with one attempt more, and open again.

Messages and marks arrive in any order. The external version decides: an attempt
outweighs every state of the attempts before it, so a mark that comes late never
covers a newer failure, and a letter that is delivered twice never reopens itself.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from newswire import identity
from newswire.article import Instant
from newswire.dead_letter import DeadLetter, without_original


class State(StrEnum):
    """What became of a letter, in the order in which one follows the other."""

    OPEN = "open"
    REPLAYED = "replayed"
    RESOLVED = "resolved"


# Room for one state more than there are.
_STATES = 4
_RANK = {State.OPEN: 0, State.REPLAYED: 1, State.RESOLVED: 2}


# A longer original stays in the dead topic alone. Elasticsearch counts a document about five times over (itself, and
# four times what it will become) against a tenth of its heap, and refuses with 429 for ever what does not fit: with a
# heap of 512 MB, one letter of 8 MiB would stop the whole index service.
KEPT_ORIGINAL = 1024 * 1024  # bytes


class FiledLetter(DeadLetter, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A letter, its state and its place.

    ``state_at`` is when it got its state, for ``replayed`` the moment before it was
    sent. ``partition`` and ``offset`` say where the whole letter lies in the dead
    topic: ``original`` is empty here, and ``bytes_complete`` false, where it is too
    long for Elasticsearch.
    ``sha256`` is that of the file that was put back into an inbox. Documents of
    older versions lack what came later.
    """

    id: str
    state: State = State.OPEN
    state_at: Instant | None = None
    note: str | None = None
    partition: int | None = None
    offset: int | None = None
    sha256: str | None = None
    indexed_at: Instant | None = None

    @property
    def external_version(self) -> int:
        """What Elasticsearch compares (version type ``external``)."""
        return self.attempts * _STATES + _RANK[self.state]

    @property
    def path(self) -> str | None:
        """The file it came from, relative to its inbox."""
        return self.source.path if self.source else None


_encoder = msgspec.json.Encoder()


def id_of(letter: DeadLetter) -> str:
    """The ``_id`` of a letter: the same failure of the same input, however often it comes."""
    record = letter.source.record if letter.source else None
    return identity.letter_id(letter.stage, letter.key, letter.revision, letter.original, record)


def file(letter: DeadLetter, *, partition: int, offset: int, now: datetime) -> FiledLetter:
    """The document of a letter that was read from the dead topic just now."""
    made = FiledLetter(
        **msgspec.structs.asdict(letter),
        id=id_of(letter),
        state_at=letter.last_at,
        partition=partition,
        offset=offset,
        indexed_at=now,
    )
    return made if len(letter.original) <= KEPT_ORIGINAL else without_original(made)


def bare(letter: FiledLetter) -> FiledLetter:
    """The metadata alone, for when Elasticsearch refused the rest."""
    return msgspec.structs.replace(without_original(letter), detail=None)


def encode(letter: FiledLetter) -> bytes:
    """The document as Elasticsearch is sent it."""
    return _encoder.encode(letter)


def of_hit(hit: dict[str, Any]) -> FiledLetter:
    """The letter of a search hit, with or without its original; raises msgspec.ValidationError where it is none."""
    return msgspec.convert({**hit["_source"], "id": hit["_id"]}, FiledLetter)
