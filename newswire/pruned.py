"""What ``newswire prune`` took out of the index, noted in the index itself, so that nobody takes it for lost.

The notes stand in ``_meta`` of the mapping of the index behind the alias. They are
written before the first article goes, come along into a new generation, and go with
the index.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from elasticsearch import Elasticsearch

from newswire.elastic import INDEX_ALIAS

# The member of ``_meta``.
PRUNED: Final = "pruned"


class Pruned(msgspec.Struct, frozen=True):
    """One run: of what the index had ``at`` an instant, the articles dated before ``before``."""

    before: datetime
    at: datetime

    def covers(self, other: "Pruned") -> bool:
        """Whether it took everything that ``other`` took."""
        return self.before >= other.before and self.at >= other.at


def pruned_by(runs: Sequence[Pruned], *, dated: datetime, acknowledged: datetime) -> Pruned | None:
    """The run that deleted an article which Kafka had since ``acknowledged``; of several, the first that is noted."""
    return next((run for run in runs if dated < run.before and acknowledged < run.at), None)


def noted(meta: Mapping[str, Any]) -> list[Pruned]:
    """The runs that a ``_meta`` tells of; with a limit that moves on from day to day, it is the last one."""
    return msgspec.convert(meta.get(PRUNED, []), list[Pruned])


def with_note(meta: Mapping[str, Any], run: Pruned) -> dict[str, Any]:
    """``meta`` that tells of ``run``, too; equal to ``meta`` where it does already."""
    known = noted(meta)
    if any(one.covers(run) for one in known):
        return dict(meta)
    kept = [one for one in known if not run.covers(one)]
    return {**meta, PRUNED: msgspec.to_builtins([*kept, run])}


def read(client: Elasticsearch) -> list[Pruned]:
    """The runs on the index behind the alias. Raises ApiError and TransportError."""
    found = client.indices.get_mapping(index=INDEX_ALIAS)
    return [run for index in found.values() for run in noted(index["mappings"].get("_meta") or {})]
