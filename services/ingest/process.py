"""The numbered steps that take files from the inbox to the topic, once.

1. read the bytes and their records (``intake`` has done it when a ``File`` gets here)
2. fix the revision of each article in the ledger
3. publish each article, and a letter for each record that was refused
4. await the broker's acknowledgement of every one of them
5. write to the ledger that the files are done
6. put the files away (``shelving``)
7. write to the ledger where they are

The order is the safety. Killed before 5, a file is read again: its articles get
the revisions of step 2 and go out a second time, which everyone downstream takes
for the same. Killed after 5, the ledger knows the file and it is only moved.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import assert_never

import msgspec

from newswire import article as articles
from newswire.dead_letter import DeadLetter
from newswire.logging import get_logger
from newswire.metrics import IngestMetrics
from newswire.reasons import Reason
from newswire.topics import ARTICLE_CAP, RAW, Trail, headers
from services.ingest.file import Duplicate, File, Outcome, Published, Refusal, Rejected
from services.ingest.identify import Draft
from services.ingest.ledger import LEDGER, Claim, FileRow, Fixed, Ledger
from services.ingest.letters import letter, notes, posted
from services.ingest.patience import Disk
from services.ingest.publish import Message, Publisher
from services.ingest.readers.record import Refused
from services.ingest.shelving import Shelving, Unmoved

log = get_logger()


class Steps:
    """Steps 2 to 7, for a batch of files at a time; used by one thread.

    ``clock`` gives Unix time, ``new_trace`` an id for each article's way.
    """

    def __init__(
        self,
        ledger: Ledger,
        publisher: Publisher,
        shelving: Shelving,
        *,
        disk: Disk,
        metrics: IngestMetrics,
        clock: Callable[[], float],
        new_trace: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._ledger = ledger
        self._publisher = publisher
        self._shelving = shelving
        self._disk = disk
        self._metrics = metrics
        self._clock = clock
        self._new_trace = new_trace

    def process(self, files: Sequence[File]) -> list[Outcome]:
        """Take ``files`` through steps 2 to 7; returns when all of it is durable.

        Blocks while the broker, the ledger or the disk is away. Raises Stopped when
        the service is to leave before step 5: then nothing is written about them.
        """
        self._metrics.in_flight.set(sum(len(file.drafts) for file in files))
        # 2: revisions, before anything is published.
        claims = [Claim(draft.article.id, draft.content, draft.wanted) for file in files for draft in file.drafts]
        fixed = self._disk.patiently(LEDGER, lambda: self._ledger.fix(claims, self._milliseconds())) if claims else []
        # 3 and 4: articles, then letters, all acknowledged.
        self._publish(files, fixed)
        self._write_letters([file for file in files if file.refusals])
        # 5: the files are done, whatever happens from here on.
        self._shelving.plan(files)
        outcomes = [file.outcome() for file in files]
        now = self._milliseconds()
        rows = [_row(file, outcome, now) for file, outcome in zip(files, outcomes, strict=True)]
        numbers = self._disk.patiently(LEDGER, lambda: self._ledger.finish(rows))
        self._count(files, outcomes)
        # 6 and 7: out of the inbox.
        self._shelving.move(
            {
                file.sighting.path: Unmoved(number, file.version, file.where, notes(file, self._now()))
                for file, number in zip(files, numbers, strict=True)
            }
        )
        self._metrics.in_flight.set(0)
        return outcomes

    def _publish(self, files: Sequence[File], fixed: Sequence[Fixed]) -> None:
        """Steps 3 and 4 for articles: what is new goes out, what was acknowledged before is a duplicate."""
        now = self._now()
        messages: list[Message] = []
        sent: dict[tuple[str, str], tuple[File, Draft]] = {}
        twins: list[tuple[File, Draft]] = []
        answers = iter(fixed)
        for file in files:
            available = file.available_at(now)
            for draft in file.drafts:
                answer = next(answers)
                if answer.acknowledged:
                    file.duplicates += 1
                elif draft.key in sent:
                    twins.append((file, draft))
                else:
                    sent[draft.key] = (file, draft)
                    value = articles.encode(msgspec.structs.replace(draft.article, revision=answer.revision))
                    trail = headers(articles.SCHEMA, Trail(self._new_trace(), available, now))
                    messages.append(Message(RAW.name, draft.article.id.encode(), value, trail))
        refusals = self._publisher.publish(messages, ARTICLE_CAP) if messages else []
        too_large = set()
        for (key, (file, draft)), refusal in zip(sent.items(), refusals, strict=True):
            if refusal is None:
                file.acknowledged.append(draft)
            else:
                too_large.add(key)
                file.refusals.append(_too_large(draft, refusal))
        # The same content twice in one batch: the second shares the fate of the first.
        for file, draft in twins:
            if draft.key in too_large:
                file.refusals.append(_too_large(draft, "as is another record of the same content"))
            else:
                file.duplicates += 1
        self._metrics.bytes_out.inc(sum(len(message.value) for message in messages))

    def _write_letters(self, files: Sequence[File]) -> None:
        """Steps 3 and 4 for what was refused."""
        self._shelving.plan(files)
        letters = [one for file in files for one in self._letters(file)]
        if not letters:
            return
        refusals = self._publisher.publish([posted(one, self._new_trace()) for one in letters])
        # The topic takes less than it was declared with: better a letter without its original than none.
        bare = [
            msgspec.structs.replace(one, original=b"", bytes_complete=False)
            for one, refusal in zip(letters, refusals, strict=True)
            if refusal
        ]
        if bare and any(self._publisher.publish([posted(one, self._new_trace()) for one in bare])):
            log.error("the dead letter topic takes no letters; the reasons stand beside the files", letters=len(bare))
        for one in letters:
            self._metrics.dead[one.reason].inc()
            log.warning("refused", path=one.key, reason=one.reason.value, message=one.message)

    def _letters(self, file: File) -> list[DeadLetter]:
        before = self._disk.patiently(LEDGER, lambda: self._ledger.refusals(file.path, file.sha256, file.version.size))
        return [letter(file, refusal, before, self._now()) for refusal in file.refusals]

    def _count(self, files: Sequence[File], outcomes: Sequence[Outcome]) -> None:
        ok = duplicate = dead = 0
        for file, outcome in zip(files, outcomes, strict=True):
            match outcome:
                case Published(articles, duplicates, refused):
                    ok, duplicate, dead = ok + articles, duplicate + duplicates, dead + refused
                case Duplicate(articles, refused):
                    duplicate, dead = duplicate + articles, dead + refused
                case Rejected(_, refused):
                    dead += refused
                case _:
                    assert_never(outcome)
            log.debug("finished", path=file.path, outcome=type(outcome).__name__, where=file.where)
        for name, count in (("ok", ok), ("duplicate", duplicate), ("dead", dead)):
            self._metrics.out[name].inc(count)
        if ok:
            self._metrics.last_success.set(self._clock())

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _milliseconds(self) -> int:
        return round(self._clock() * 1000)


def _too_large(draft: Draft, cause: str) -> Refusal:
    message = f"It is too large for the broker ({cause}); split it."
    original = articles.encode(draft.article)
    return Refusal(draft.article.source.record, Refused(reason=Reason.TOO_LARGE, message=message), original)


def _row(file: File, outcome: Outcome, now: int) -> FileRow:
    match outcome:
        case Published():
            state = "published"
        case Duplicate():
            state = "duplicate"
        case Rejected():
            state = "rejected"
        case _:
            assert_never(outcome)
    first = file.refusals[0].refused if file.refusals else None
    return FileRow(
        inbox=file.sighting.inbox.root,
        relative=file.relative,
        version=file.version,
        sha256=file.sha256,
        format=file.format,
        state=state,
        reason=first.reason.value if first else None,
        message=first.message if first else None,
        published=len(file.acknowledged),
        duplicates=file.duplicates,
        refused=len(file.refusals),
        articles=[draft.article.id for draft in file.drafts],
        acknowledged=[draft.key for draft in file.acknowledged],
        seen_at=round(file.sighting.seen_at * 1000),
        finished_at=now,
        put_away=file.where,
    )
