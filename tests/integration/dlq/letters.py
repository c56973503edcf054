"""Letters of a test's own, posted as a stage would."""

from datetime import UTC, datetime
from typing import Any

from newswire import dead_letter
from newswire.dead_letter import DeadLetter, LetterSource
from newswire.reasons import Reason, Stage
from tests.integration.commands import Commands
from tests.integration.conftest import Until


def letter(tag: str, **fields: Any) -> DeadLetter:
    """A letter of this test's own: its key and its path carry ``tag``."""
    given: dict[str, Any] = {
        "stage": Stage.INGEST,
        "reason": Reason.BAD_FORMAT,
        "message": f"{tag}.txt: it cannot be read.",
        "key": f"{tag}.txt",
        "now": datetime.now(UTC),
        "original": tag.encode(),
        "source": LetterSource(path=f"{tag}.txt"),
    }
    return dead_letter.letter(**given | fields)


def filed_letter(newswire: Commands, until: Until, tag: str, **fields: Any) -> str:
    """Post a letter and wait until it is in the register; its id."""
    letter_id = newswire.post(letter(tag, **fields))
    until(lambda: newswire.letter(letter_id))
    return letter_id
