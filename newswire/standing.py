"""How an article stands at the end of its way, in one word for a program and one sentence for a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from newswire.letters.filed import FiledLetter, State
from newswire.whereabouts import Indexed
from services.ingest.ledger.found import Identity

# From Kafka to the index it takes a second; after this, something is wrong or there is a backlog.
EXPECTED = timedelta(minutes=5)


class Standing(StrEnum):
    """Where an article is."""

    INDEXED = "indexed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    DEAD = "dead"
    WAITING = "waiting"
    UNDER_WAY = "under way"
    PRUNED = "pruned"
    MISSING = "missing"
    UNKNOWN = "unknown"


SENTENCES = {
    Standing.INDEXED: "In the index, and found by search.",
    Standing.REPLACED: "Replaced by a newer revision, which is in the index.",
    Standing.WITHDRAWN: "Withdrawn: no search finds it, and only a later revision brings it back.",
    Standing.DEAD: "It failed: `newswire dlq show` on its letter says why, `newswire dlq replay` sends it back.",
    Standing.WAITING: "Not published yet.",
    Standing.UNDER_WAY: "Published, and on its way to the index.",
    Standing.PRUNED: (
        "Pruned: deleted from the index for its age; `newswire replay` brings it back while Kafka still has it."
    ),
    Standing.MISSING: (
        "Published, but not in the index. `newswire status` shows whether a stage lags; where none does, it was lost "
        "(or pruned by a date that the ledger does not have), and `newswire reconcile --fix` sends it again."
    ),
    Standing.UNKNOWN: "Published; whether it is in the index is not known, as Elasticsearch does not answer.",
}


def standing(
    content: Identity | None,
    document: Indexed | None,
    letters: Sequence[FiledLetter],
    now: datetime,
    *,
    is_pruned: bool = False,
) -> Standing:
    """How ``content`` of an article stands, or (None) the article; ``letters`` are those of the article.

    ``is_pruned`` says that where it is not in the index, it was deleted for its age.
    """
    if document is not None and (content is None or document.revision >= content.revision):
        if document.is_withdrawn:
            return Standing.WITHDRAWN
        is_newer = content is not None and document.revision > content.revision
        return Standing.REPLACED if is_newer else Standing.INDEXED
    if any(one.state is State.OPEN for one in letters):
        return Standing.DEAD
    if content is None or content.acknowledged_at is None:
        return Standing.WAITING
    if is_pruned:
        return Standing.PRUNED
    return Standing.UNDER_WAY if now - content.acknowledged_at < EXPECTED else Standing.MISSING
