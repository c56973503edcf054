"""The numbered steps that take files from the inbox to the topic, once.

1. read the bytes and their records (``intake`` has had it done when a ``Part`` gets here)
2. fix the revision of each article in the ledger
3. publish each article, and a letter for each record that was refused
4. await the broker's acknowledgement of every one of them
5. write to the ledger what is done of the files
6. put the files away that are done (``shelving``)
7. write to the ledger where they are

``Steps.begin`` does 2 and 3 for articles, ``Steps.finish`` the rest, so that the next
batch is on its way while the broker is waited for. The order of each batch is the
safety. Killed before 5, the records are read again: their articles
get the revisions of step 2 and go out a second time, which everyone downstream takes
for the same. Killed after 5, the ledger knows the file and it is only moved, or read
on from where it was.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, assert_never

import msgspec

from newswire import article as articles
from newswire.dead_letter import DeadLetter
from newswire.logging import get_logger
from newswire.metrics import IngestMetrics
from newswire.reasons import Reason
from newswire.topics import ARTICLE_CAP, RAW, Trail, headers
from services.ingest.file import Duplicate, Embargoed, Outcome, Part, Published, Reading, Rejected, is_final
from services.ingest.identify import Draft, taken_back
from services.ingest.ledger import LEDGER, Claim, FileRow, Fixed, HeldRow, Ledger
from services.ingest.letters import letter, notes, posted
from services.ingest.patience import Disk
from services.ingest.publish import Message, Publisher, Sending, publish
from services.ingest.readers.record import Refused
from services.ingest.reading import Refusal
from services.ingest.shelving import Shelving, Unmoved
from services.ingest.unfinished import Unfinished

TRACES = 100

log = get_logger()


def _traces() -> Iterator[str]:
    """Ids of 32 hex digits; the kernel is asked for many of them at a time."""
    while True:
        drawn = secrets.token_hex(16 * TRACES)
        yield from (drawn[at : at + 32] for at in range(0, len(drawn), 32))


class _Sent(NamedTuple):
    """An article that goes out, the part it is of, and what the ledger said of it."""

    part: Part
    draft: Draft
    fixed: Fixed


class Begun(NamedTuple):
    """A batch after step 3: its parts, the articles that go out, and those that are the same as one of them."""

    parts: Sequence[Part]
    sent: Sequence[_Sent]
    twins: Sequence[_Sent]
    sending: Sending

    def holds(self, parts: Sequence[Part]) -> bool:
        """Whether one of its articles is in ``parts``: what the ledger says of it may change with the next steps."""
        articles = {draft.id for part in self.parts for draft in part.drafts}
        return any(draft.id in articles for part in parts for draft in part.drafts)


class Steps:
    """Steps 2 to 7, for a batch of parts of files at a time; used by one thread.

    ``clock`` gives Unix time, ``new_trace`` an id for each article's way.
    """

    def __init__(
        self,
        ledger: Ledger,
        publisher: Publisher,
        shelving: Shelving,
        unfinished: Unfinished,
        *,
        disk: Disk,
        metrics: IngestMetrics,
        clock: Callable[[], float],
        new_trace: Callable[[], str] | None = None,
    ) -> None:
        self._ledger = ledger
        self._publisher = publisher
        self._shelving = shelving
        self._unfinished = unfinished
        self._disk = disk
        self._metrics = metrics
        self._clock = clock
        self._new_trace = new_trace or _traces().__next__

    def move_again(self) -> None:
        """Try once more to move what could not be moved; raises Stopped."""
        self._shelving.move_again()

    def begin(self, parts: Sequence[Part]) -> Begun:
        """Take ``parts``, each of another file, through step 2 and, for articles, 3.

        No article of theirs is in another batch that was begun and is not finished.
        Blocks while the ledger is away; raises Stopped.
        """
        # 2: revisions, before anything is published.
        free = list(self._free(parts))
        claims = [_claim(draft) for _, draft in free]
        fixed = self._disk.patiently(LEDGER, lambda: self._ledger.fix(claims, self._milliseconds())) if claims else []
        # 3
        return self._send(
            parts, [_Sent(part, draft, answer) for (part, draft), answer in zip(free, fixed, strict=True)]
        )

    def finish(self, begun: Begun) -> list[Outcome]:
        """Take what was begun to its end; returns when all of it is durable. In the order in which it was begun.

        Blocks while the broker, the ledger or the disk is away. Raises Stopped when
        the service is to leave: before step 5, and nothing is written about them, or in 6,
        which the next start finishes.
        """
        parts = begun.parts
        # 4, and 3 and 4 for letters.
        self._settle(begun)
        self._write_letters([part for part in parts if part.refusals])
        # 5: this much of the files is done, whatever happens from here on.
        for part in parts:
            part.add()
        outcomes = [part.outcome() for part in parts]
        self._shelving.plan([part for part, outcome in zip(parts, outcomes, strict=True) if is_final(outcome)])
        now = self._milliseconds()
        rows = [_row(part, outcome, now) for part, outcome in zip(parts, outcomes, strict=True)]
        numbers = self._disk.patiently(LEDGER, lambda: self._ledger.finish(rows))
        for part, number in zip(parts, numbers, strict=True):
            part.file.number = number
        self._count(parts, outcomes)
        self._remember(parts, outcomes)
        # 6 and 7: out of the inbox.
        self._shelving.move(
            {
                part.file.sighting.path: Unmoved(
                    number, part.file.version, part.file.where, notes(part.file, self._now()) if part.file.noted else []
                )
                for part, outcome, number in zip(parts, outcomes, numbers, strict=True)
                if is_final(outcome)
            }
        )
        return outcomes

    def _free(self, parts: Sequence[Part]) -> Iterator[tuple[Part, Draft]]:
        """What may be published now; what may not is noted with its part."""
        now = self._milliseconds()
        for part in parts:
            for draft in part.drafts:
                if not draft.is_held(now):
                    yield part, draft
                    continue
                record, name, wanted = draft.record, draft.id, draft.wanted
                newest = self._ledger.published(name) if draft.withheld else None
                # Withheld until further notice, after it was published: it goes out of search until something releases
                # it that is newer than that.
                if newest is not None and (wanted is None or wanted >= newest):
                    wanted = None
                    yield part, taken_back(draft)
                part.holds.append(HeldRow(record, name, None if draft.withheld else draft.until, wanted))

    def _send(self, parts: Sequence[Part], wanted: Sequence[_Sent]) -> Begun:
        """Step 3 for articles: what is new goes out, what was acknowledged before is a duplicate."""
        now = self._now()
        messages: list[Message] = []
        sent: dict[tuple[str, str], _Sent] = {}
        twins: list[_Sent] = []
        for one in wanted:
            part, draft, fixed = one
            if fixed.acknowledged:
                part.duplicates += 1
            elif draft.key in sent:
                twins.append(one)
            else:
                sent[draft.key] = one
                trail = headers(
                    articles.SCHEMA, Trail(self._new_trace(), part.file.available_at(now, draft.until), now)
                )
                value = articles.completed(draft.encoded, fixed.revision, fixed.cluster)
                messages.append(Message(RAW.name, draft.id.encode(), value, trail))
        self._metrics.bytes_out.inc(sum(len(message.value) for message in messages))
        return Begun(parts, list(sent.values()), twins, self._publisher.send(messages, ARTICLE_CAP))

    def _settle(self, begun: Begun) -> None:
        """Step 4 for articles."""
        refusals = self._publisher.settle(begun.sending) if begun.sent else []
        too_large = set()
        for one, refusal in zip(begun.sent, refusals, strict=True):
            if refusal is not None:
                too_large.add(one.draft.key)
                one.part.refusals.append(_too_large(one.draft, refusal))
                continue
            one.part.acknowledged.append(one.draft)
            if one.draft.canceled and not one.fixed.known:
                one.part.refusals.append(_unmatched(one.draft))
        # The same content twice in one batch: the second shares the fate of the first.
        for one in begun.twins:
            if one.draft.key in too_large:
                one.part.refusals.append(_too_large(one.draft, "as is another record of the same content"))
            else:
                one.part.duplicates += 1

    def _write_letters(self, parts: Sequence[Part]) -> None:
        """Steps 3 and 4 for what was refused."""
        if not parts:
            return
        self._shelving.plan(parts)
        letters = [one for part in parts for one in self._letters(part)]
        refusals = publish(self._publisher, [posted(one, self._new_trace()) for one in letters])
        # The topic takes less than it was declared with: better a letter without its original than none.
        bare = [
            msgspec.structs.replace(one, original=b"", bytes_complete=False)
            for one, refusal in zip(letters, refusals, strict=True)
            if refusal
        ]
        if bare and any(publish(self._publisher, [posted(one, self._new_trace()) for one in bare])):
            log.error("the dead letter topic takes no letters; the reasons stand beside the files", letters=len(bare))
        for one in letters:
            self._metrics.dead[one.reason].inc()
            log.warning("refused", path=one.key, reason=one.reason.value, message=one.message)

    def _letters(self, part: Part) -> list[DeadLetter]:
        file = part.file
        same = self._disk.patiently(LEDGER, lambda: self._ledger.refusals(file.path, file.sha256, file.version.size))
        # Without all of its bytes a letter is known by its path alone: a link and a pipe of one name are one letter.
        alike = self._disk.patiently(LEDGER, lambda: self._ledger.refusals_at(file.path))
        return [
            letter(file, one, same if one.complete and one.original else alike, self._now()) for one in part.refusals
        ]

    def _count(self, parts: Sequence[Part], outcomes: Sequence[Outcome]) -> None:
        ok = sum(len(part.acknowledged) for part in parts)
        counts = (
            ("ok", ok),
            ("duplicate", sum(part.duplicates for part in parts)),
            ("dead", sum(len(part.refusals) for part in parts)),
        )
        for name, count in counts:
            self._metrics.out[name].inc(count)
        if ok:
            self._metrics.last_success.set(self._clock())
        for part, outcome in zip(parts, outcomes, strict=True):
            log.debug("done", path=part.file.path, outcome=type(outcome).__name__, where=part.file.where)

    def _remember(self, parts: Sequence[Part], outcomes: Sequence[Outcome]) -> None:
        """Which files are done, and which wait for their rest or for an embargo's end."""
        for part, outcome in zip(parts, outcomes, strict=True):
            if is_final(outcome):
                self._unfinished.done(part.file.sighting.path)
            else:
                self._unfinished.keep(part.file, reading=isinstance(outcome, Reading))
            self._unfinished.release(draft.id for draft in part.acknowledged)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _milliseconds(self) -> int:
        return round(self._clock() * 1000)


def _claim(draft: Draft) -> Claim:
    return Claim(draft.id, draft.content, draft.wanted, draft.canceled, draft.agency, draft.sketch)


def _too_large(draft: Draft, cause: str) -> Refusal:
    refused = Refused(
        reason=Reason.TOO_LARGE, message=f"As a message {cause}; split it, or leave out what is not text."
    )
    secret = draft.until is not None
    original = b"" if secret else draft.encoded
    return Refusal(draft.record, refused, original, complete=False, member=draft.member)


def _unmatched(draft: Draft) -> Refusal:
    refused = Refused(
        reason=Reason.KILL_UNMATCHED,
        message=f"It takes back {draft.id}, an article that has not come; should it come, it stays withdrawn.",
    )
    return Refusal(draft.record, refused, draft.encoded, complete=False, member=draft.member)


def _row(part: Part, outcome: Outcome, now: int) -> FileRow:
    match outcome:
        case Published():
            state = "published"
        case Duplicate():
            state = "duplicate"
        case Rejected():
            state = "rejected"
        case Embargoed():
            state = "embargoed"
        case Reading():
            state = "reading"
        case _:
            assert_never(outcome)
    file = part.file
    return FileRow(
        inbox=file.sighting.inbox.root,
        relative=file.relative,
        version=file.version,
        sha256=file.sha256,
        format=file.format,
        state=state,
        reason=file.reason,
        message=file.message,
        published=file.published,
        duplicates=file.duplicates,
        refused=file.refused,
        articles=file.ids,
        acknowledged=[draft.key for draft in part.acknowledged],
        seen_at=round(file.sighting.seen_at * 1000),
        finished_at=now,
        put_away=file.where,
        held=len(file.held),
        done=file.done,
        number=file.number,
        holds=part.holds,
        released=part.released,
    )
