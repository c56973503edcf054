"""What is told about a refused file or record: the letter to the broker, and the note beside the file."""

from datetime import UTC, datetime

from newswire import dead_letter
from newswire.dead_letter import DeadLetter, LetterSource
from newswire.reasons import Stage
from newswire.topics import DEAD, Trail, headers, rfc3339
from services.ingest.file import File
from services.ingest.inbox import shown
from services.ingest.ledger import Refusals
from services.ingest.publish import Message
from services.ingest.put_away import Note
from services.ingest.reading import Refusal

# A name may have 4,096 bytes; what tells it apart is its end.
LONGEST_NAME = 200  # characters


def letter(file: File, refusal: Refusal, before: Refusals, now: datetime) -> DeadLetter:
    """The dead letter for one refusal; ``file.where`` is planned already.

    ``before`` are the refusals of the same file: put back and refused again, it is
    the same letter with one attempt more.
    """
    name = file.path if len(file.path) <= LONGEST_NAME else f"…{file.path[-LONGEST_NAME:]}"
    # People count from one.
    record = f", record {refusal.record + 1}" if refusal.record is not None else ""
    member = f", {shown(refusal.member)[-LONGEST_NAME:]}" if refusal.member else ""
    return dead_letter.letter(
        stage=Stage.INGEST,
        reason=refusal.refused.reason,
        message=f"{name}{member}{record}: {refusal.refused.message}",
        detail=refusal.refused.detail,
        key=file.path,
        now=now,
        original=refusal.original,
        original_complete=refusal.complete,
        source=LetterSource(path=file.path, record=refusal.record, member=refusal.member),
        put_away=file.where,
        attempts=before.times + 1,
        first_at=datetime.fromtimestamp(before.first_at / 1000, UTC) if before.first_at is not None else None,
    )


def posted(found: DeadLetter, trace: str) -> Message:
    """A letter as a message."""
    trail = Trail(trace, found.first_at, found.last_at, found.attempts)
    return Message(DEAD.name, found.key.encode(), dead_letter.encode(found), headers(dead_letter.SCHEMA, trail))


def notes(file: File, now: datetime) -> list[Note]:
    """What ``<name>.reason.json`` says of the file: one note for each refusal."""
    return [
        Note(
            reason=refusal.refused.reason,
            message=refusal.refused.message,
            path=file.path,
            record=refusal.record,
            member=refusal.member,
            at=rfc3339(now),
            detail=refusal.refused.detail,
        )
        for refusal in file.noted
    ]
