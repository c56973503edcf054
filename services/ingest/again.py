"""Articles published once more, from the files they came in, with the revisions the ledger has for them.

Nothing is written to the ledger and nothing depends on whether the service runs. An
article that goes out twice is one to everybody downstream: same id, same revision,
same version. What the ledger does not know was never published; it belongs into the
inbox.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from newswire import article as articles
from newswire.kafka import ACK_TIMEOUT, Pending, Producer
from newswire.pace import Pace
from newswire.topics import RAW, Trail, headers
from services.ingest.identify import Draft
from services.ingest.ledger.found import Identity
from services.ingest.ledger.reader import LedgerReader
from services.ingest.reader import Lost, Reader, Word
from services.ingest.reading import Moving, Portion, Request, Slow, Unread, is_last

# A message of a second attempt: its time from file to index says nothing about the system.
ATTEMPT = 2

# How long one look for answers of the reader takes, so that Ctrl-C is heard.
LOOK = 0.2  # seconds


class Unreadable(Exception):
    """A file that cannot be read again; the text is the end of a sentence about it."""


class Tally(NamedTuple):
    """Records of files that were read again: sent, not wanted, not in the ledger, refused by their reader."""

    sent: int = 0
    others: int = 0
    unknown: int = 0
    refused: int = 0

    def plus(self, more: "Tally") -> "Tally":
        """Both together."""
        return Tally(*(mine + theirs for mine, theirs in zip(self, more, strict=True)))


class Source(NamedTuple):
    """A file to be read: where it lies, its path as messages carry it, its time zone.

    Where the ledger has its row: its hash and the row's ``number``.
    """

    file: Path
    path: str
    zone: str
    sha256: str | None = None
    number: int | None = None


# Which contents are wanted of those that a file holds and the ledger knows.
Choice = Callable[[Sequence[Identity]], set[tuple[str, str]]]


class Again:
    """Sends articles again at a pace; used by one thread."""

    def __init__(self, ledger: LedgerReader, reader: Reader, producer: Producer, pace: Pace) -> None:
        self._ledger = ledger
        self._reader = reader
        self._producer = producer
        self._pace = pace
        self._number = 0

    def send(
        self, source: Source, wanted: Choice | None = None, *, advance: Callable[[int], None] = lambda _: None
    ) -> Tally | None:
        """Send what the ledger knows of ``source``, or what ``wanted`` chooses of it.

        Returns when the broker has acknowledged every article, None where the pace was
        stopped first; what was sent by then stays sent. Raises Unreadable or KafkaError.
        """
        tally = Tally()
        for portion in self._portions(source):
            if not self._pace.step(0):
                return None
            known = {
                (one.id, one.content): one
                for one in self._ledger.contents([draft.key for draft in portion.drafts])
                if one.acknowledged_at is not None
            }
            mine = [one for one in known.values() if self._is_of(one, source)]
            chosen = {(one.id, one.content) for one in mine} if wanted is None else wanted(list(known.values()))
            under_way: list[Pending] = []
            for draft in portion.drafts:
                if draft.key not in chosen:
                    is_known = draft.key in known
                    tally = tally.plus(Tally(others=is_known, unknown=not is_known))
                    continue
                if not self._pace.step():
                    _await(under_way)
                    return None
                under_way.append(self._post(draft, known[draft.key]))
                advance(1)
            _await(under_way)
            tally = tally.plus(Tally(sent=len(under_way), refused=len(portion.refusals)))
        return tally

    def _is_of(self, one: Identity, source: Source) -> bool:
        """Whether the article came with ``source``, not with another file, which is sent for itself."""
        if source.number is None or one.file in (None, source.number):
            return True
        return self._ledger.file(one.file) is None

    def _post(self, draft: Draft, known: Identity) -> Pending:
        value = articles.completed(draft.encoded, known.revision, known.cluster)
        now = datetime.now(UTC)
        trail = headers(articles.SCHEMA, Trail(uuid.uuid4().hex, now, now, ATTEMPT))
        return self._producer.send(RAW.name, key=draft.id.encode(), value=value, headers=trail)

    def _portions(self, source: Source) -> Iterator[Portion]:
        """What the file holds; another process reads it, as its bytes may be anything."""
        self._number += 1
        request = Request(
            number=self._number,
            path=str(source.file).encode(errors="surrogateescape"),
            shown=source.path,
            zone=source.zone,
            quick=False,
        )
        self._reader.submit([request])
        last = False
        while not last:
            for word in self._reader.take(LOOK):
                if word.number != request.number:
                    continue  # of a file that was left in the middle
                last = is_last(word)
                portion = _readable(word)
                if source.sha256 not in (None, portion.sha256):
                    raise Unreadable("was changed since it was put away")
                yield portion


def _readable(word: Word) -> Portion:
    match word:
        case Portion():
            return word
        case Unread():
            raise Unreadable(f"cannot be read again: {word.refusal.refused.message}")
        case Moving(version=None):
            raise Unreadable("is gone")
        case Moving():
            raise Unreadable("changed while it was read")
        case Lost():
            raise Unreadable("was too much for its reader")
        case Slow():
            raise AssertionError("asked for slowly")


def _await(under_way: Sequence[Pending]) -> None:
    for one in under_way:
        one.get(timeout=ACK_TIMEOUT)
