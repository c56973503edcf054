"""The way back: a letter's input sent again into the stage where it failed, once, and marked.

1. read the letter as it is now, and its original bytes
2. send them: to the topic that the stage reads, or as a file into the inbox
3. await the broker's acknowledgement (a file is synced)
4. mark the letter ``replayed``

Killed before 4, the letter is still open and may be sent a second time, which
everyone downstream takes for the same. The message carries ``attempts`` of the letter
plus one; ingest counts for itself. So what fails again is the same letter, one
attempt further.

    Outcome = Sent | LeftOut | Refused
"""

import contextlib
import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from newswire import article, dead_letter, enriched
from newswire.kafka import ACK_TIMEOUT, TOO_LARGE, Producer
from newswire.letters.filed import FiledLetter, State
from newswire.letters.original import DeadTopic, Original
from newswire.letters.places import Places
from newswire.letters.put_back import NoPath, NotSafe, Occupied, put_back, read_below
from newswire.letters.register import Register
from newswire.reasons import Stage
from newswire.topics import DEAD, ENRICHED, RAW, Headers, headers, one_more

# A put-away file that is larger than this was never read, and will not be.
LARGEST_FILE = 1024 * 1024 * 1024  # bytes
# What a message may say that it is, of whatever version; anything else is nobody's word.
_SCHEMA = re.compile("[a-z]{1,20}/[0-9]{1,4}")


class Sent(NamedTuple):
    """The broker or the inbox has it, or would in a dry run; ``to`` is the topic, or the path in the inbox.

    ``marked`` is False where it had failed again before it could be marked.
    """

    letter: FiledLetter
    to: str
    marked: bool = True


class LeftOut(NamedTuple):
    """Not sent, as it would help nobody: one of the counted sentences."""

    letter_id: str
    why: str


class Refused(NamedTuple):
    """It cannot be sent; why, and what to do."""

    letter_id: str
    why: str


Outcome = Sent | LeftOut | Refused


class Message(NamedTuple):
    """What goes to a topic."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers

    @property
    def to(self) -> str:
        """Where it goes, for a person."""
        return self.topic


class Drop(NamedTuple):
    """What goes into an inbox."""

    inbox: Path
    path: str
    data: bytes

    @property
    def to(self) -> str:
        """Where it goes, for a person."""
        return f"{self.inbox}/{self.path}"


class _Named(msgspec.Struct):
    """A message's own word on what it is."""

    schema: str | None = None


class WayBack:
    """Sends letters back, one at a time. Raises KafkaError, ApiError or TransportError; then nothing was marked."""

    def __init__(
        self,
        register: Register,
        topic: DeadTopic,
        producer: Producer,
        places: Places,
        *,
        max_attempts: int | None,
        now: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._topic = topic
        self._producer = producer
        self._places = places
        self._max_attempts = max_attempts
        self._now = now

    def send(self, found: FiledLetter, *, dry_run: bool = False) -> Outcome:
        """Send ``found`` (its metadata) back, if it is still what it was; a dry run only finds out whether it could."""
        # 1
        letter = self._register.whole(found.id)
        if letter is None or (letter.attempts, letter.state) != (found.attempts, found.state):
            return LeftOut(found.id, "changed meanwhile")
        if self._max_attempts is not None and letter.attempts >= self._max_attempts:
            return LeftOut(letter.id, f"failed {self._max_attempts} times or more")
        way = self._way(letter, self._topic.original(letter))
        if isinstance(way, Refused) or dry_run:
            return way if isinstance(way, Refused) else Sent(letter, way.to)
        at = self._now()
        # 2 and 3
        sha256 = None
        if isinstance(way, Drop):
            try:
                put_back(way.inbox, way.path, way.data)
            except (NoPath, NotSafe, Occupied, OSError) as error:
                return Refused(letter.id, _why_not(error, way))
            sha256 = hashlib.sha256(way.data).hexdigest()
        else:
            try:
                sent = self._producer.send(way.topic, key=way.key, value=way.value, headers=way.headers)
                sent.get(timeout=ACK_TIMEOUT)
            except TOO_LARGE:
                return Refused(letter.id, f"it has {len(way.value):,} bytes, more than {way.topic} takes")
        # 4
        marked = self._register.mark(letter, State.REPLAYED, at, sha256=sha256)
        return Sent(msgspec.structs.replace(letter, state=State.REPLAYED, state_at=at, sha256=sha256), way.to, marked)

    def _way(self, letter: FiledLetter, original: Original) -> Message | Drop | Refused:
        if letter.stage is Stage.INGEST:
            return self._drop(letter, original)
        if not original.complete:
            return Refused(letter.id, "its bytes were cut or are gone from the dead topic; drop the source again")
        return _message(letter, original)

    def _drop(self, letter: FiledLetter, original: Original) -> Drop | Refused:
        """The file as it came; of one record the whole file, as ingest knows its other records and its place in it."""
        if letter.source is None:
            return Refused(letter.id, "it names no file")
        inbox = self._places.inbox_of(letter.source.path)
        if inbox is None:
            return Refused(letter.id, "it is not known which inbox it came to; name it with --inbox")
        alone = letter.source.record is None
        if alone and original.complete:
            return Drop(inbox, letter.source.path, original.data)
        put_away = put_away_file(letter, self._places, original.data if alone else b"")
        if isinstance(put_away, bytes):
            return Drop(inbox, letter.source.path, put_away)
        if alone:
            return put_away._replace(why=f"the letter has not all of its bytes, and {put_away.why}")
        # Its bytes alone would be another file: failing again it would be another letter, and getting through no sign.
        start = letter.id[:10]
        return put_away._replace(
            why=f"a record goes back with its whole file, and {put_away.why}; to send it as a file of its own: "
            f"`newswire dlq show {start} --original > NAME`, drop that, then `newswire dlq resolve {start}`"
        )


def put_away_file(letter: FiledLetter, places: Places, start: bytes) -> bytes | Refused:
    """The put-away file of ``letter``, if it begins with ``start`` and is what the ledger says was put away."""
    if letter.put_away is None:
        return Refused(letter.id, "the letter names no put-away file")
    where = places.data / letter.put_away
    try:
        data = read_below(places.data, letter.put_away, LARGEST_FILE)
    except (NoPath, NotSafe) as error:
        return Refused(letter.id, f"the put-away file cannot be trusted: {error}")
    except OSError as error:
        cause = error.strerror or type(error).__name__
        return Refused(letter.id, f"{where} cannot be read ({cause})")
    known = places.sha256_of(letter.path or "", letter.put_away)
    if not data.startswith(start) or (known is not None and hashlib.sha256(data).hexdigest() != known):
        return Refused(letter.id, f"{where} was changed since it was put away")
    return data


def _message(letter: FiledLetter, original: Original) -> Message:
    topic, schema = (RAW, article.SCHEMA) if letter.stage is Stage.ENRICH else (ENRICHED, enriched.SCHEMA)
    # A letter that the index service could not read goes back to where letters are read.
    if letter.stage is Stage.INDEX and (letter.detail or "").startswith(f"{DEAD.name}["):
        topic, schema = DEAD, dead_letter.SCHEMA
    # RecursionError: brackets a thousand deep.
    with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        named = msgspec.json.decode(original.data, type=_Named).schema
        schema = named if named and _SCHEMA.fullmatch(named) else schema
    trail = original.trail._replace(attempts=one_more(letter.attempts), first_failed_at=letter.first_at)
    return Message(topic.name, letter.key.encode(), original.data, headers(schema, trail))


def _why_not(error: Exception, way: Drop) -> str:
    match error:
        case Occupied():
            return f"a file named {way.path} lies in {way.inbox}; wait until ingest has taken it"
        case NoPath():
            return f"no file can be put there: {error}"
        case NotSafe():
            return f"it would not stay inside the inbox: {error}"
        case OSError():
            return f"{way.path} cannot be written into {way.inbox} ({error.strerror or error})"
    raise AssertionError("every way a file is refused is named above") from error
