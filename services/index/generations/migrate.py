"""A new generation, filled from the one in use while that is read and written as ever.

Order is safety:

1. copy pass after pass (``scan``, ``copying``) until little is left;
2. let the old generation take no more writes: Elasticsearch finishes those under
   way, and whoever comes after is refused and tries again, as the index service
   does by itself;
3. copy the rest;
4. refresh, and count: the new one has at least as many documents as the old one;
5. move the alias, in one request that fails unless the build is still ours;
6. look at the old one once more, in case somebody lifted the block behind our back.

Readers use the alias and see all of the old one, then all of the new one. Writers
wait from 2 to 5, about a second. Stopped before 5, the old generation is in use
as before; killed between 2 and 5, it is in use but takes no writes until the next
``newswire setup``, which goes on from there, and articles wait in Kafka.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError

from services.index.generations.build import Build, Superseded, meta
from services.index.generations.copying import Copying
from services.index.generations.family import Family, Wanted
from services.index.generations.generation import Generation, SchemaError, look
from services.index.generations.report import Report
from services.index.patience import Patience

# What is left is copied while writers wait: so many operations take about half a second.
LITTLE = 1000  # operations
# Where articles come about as fast as they are copied, passes get no shorter; then writers wait longer.
MOST_PASSES = 8
# The same trouble is told again only after this.
SAY_AGAIN = 10.0  # seconds


class DoesNotFit(SchemaError):
    """Documents that the new mapping refuses; the old generation stays in use."""


class Moved(NamedTuple):
    """What a migration came to: ``paused`` is how many seconds writers waited."""

    source: str
    name: str
    documents: int
    seconds: float
    paused: float


def migrate(client: Elasticsearch, family: Family, wanted: Wanted, build: Build, report: Report) -> Moved:
    """Fill ``build`` and put it behind the alias; blocks until that is done.

    Raises DoesNotFit, with nothing changed for readers and writers; Superseded when
    another setup took the build over; whatever else Elasticsearch refuses, after
    having opened the old generation for writes again.
    """
    started = time.monotonic()
    source = build.source
    patience = Patience(client, waiting=_waiting(report, build.note_when_due))
    copying = Copying(patience, family, source, build.alias, build.positions, after_page=build.note_when_due)
    try:
        _copy_in_passes(copying, build, report)  # 1
        _ready(patience, wanted, build)
        blocked = time.monotonic()
        _block(patience, source)  # 2
        copying.run(copying.upto(complete=True))  # 3
        _refuse_misfits(copying, build)
        documents = _count(patience, build)  # 4
        _swap(patience, family, build)  # 5
        paused = time.monotonic() - blocked
    except BaseException as error:
        ours = True
        with suppress(ApiError, TransportError, Superseded):
            ours = _retreat(client, build, keep=not isinstance(error, SchemaError))
        if isinstance(error, NotFoundError) and not ours:
            raise Superseded(build.name) from error
        raise
    _look_again(client, family, build, report)  # 6
    # A prune may have noted itself in the old one at the moment when the new one was made.
    former = next((one for one in look(client, family).old if one.uuid == source.uuid), source)
    client.indices.put_mapping(index=build.name, meta=meta(wanted, former))
    return Moved(source.name, build.name, documents, time.monotonic() - started, paused)


def _copy_in_passes(copying: Copying, build: Build, report: Report) -> None:
    for number in range(1, MOST_PASSES + 1):
        upto = copying.upto()
        what = f"{build.source.name} → {build.name}" + (f", catching up ({number})" if number > 1 else "")
        with report.bar(what, copying.documents(upto)) as advance:
            copying.run(upto, advance)
        build.note()
        _refuse_misfits(copying, build)
        if copying.left() <= LITTLE:
            return
    report.say(f"articles come faster than they are copied; writers wait while the rest goes into {build.name}")


def _refuse_misfits(copying: Copying, build: Build) -> None:
    misfits = copying.misfits
    if misfits.count:
        raise DoesNotFit(
            f"{build.source.name} stays in use, because {misfits.count:,} of its documents do not fit the new mapping: "
            f"{'; '.join(misfits.first)}{' …' if misfits.count > len(misfits.first) else ''}. "
            "Correct or withdraw them, then run `newswire setup` again."
        )


def _block(patience: Patience, source: Generation) -> None:
    """Returns when no write is under way any more; the block stays when the setup ends."""
    while True:
        answer = patience.ask(lambda: patience.client.indices.add_block(index=source.name, block="write"))
        if all(index["blocked"] for index in answer["indices"]):
            return
        patience.wait(f"{source.name} has writes under way that do not end")


def _ready(patience: Patience, wanted: Wanted, build: Build) -> None:
    """What can be done before writers wait: the first refresh of a full index takes as long as everything after it."""
    indices = patience.client.indices
    interval = wanted.settings["index.refresh_interval"]
    patience.ask(lambda: indices.put_settings(index=build.alias, settings={"index.refresh_interval": interval}))
    patience.ask(lambda: indices.refresh(index=build.alias))


def _count(patience: Patience, build: Build) -> int:
    client = patience.client
    patience.ask(lambda: client.indices.refresh(index=build.alias))
    there = patience.ask(lambda: client.count(index=build.source.name))["count"]
    here = patience.ask(lambda: client.count(index=build.alias))["count"]
    if here < there:
        raise SchemaError(
            f"{build.name} came to {here:,} documents where {build.source.name} has {there:,}, which should not be; "
            f"{build.source.name} stays in use. `newswire setup` begins anew."
        )
    return int(here)


def alias_of(family: Family, index: str) -> dict[str, Any]:
    """The alias action that puts ``index`` into use."""
    alias: dict[str, Any] = {"index": index, "alias": family.alias, "is_write_index": True}
    return {"add": alias | ({"filter": family.alias_filter} if family.alias_filter else {})}


def _swap(patience: Patience, family: Family, build: Build) -> None:
    source = build.source
    out = {"remove": {"index": source.name, "alias": family.alias, "must_exist": True}}
    actions = [
        *([out] if family.alias in source.aliases else []),
        alias_of(family, build.name),
        build.let_go(),
    ]
    try:
        patience.ask(lambda: patience.client.indices.update_aliases(actions=actions))
    except NotFoundError as error:
        if not patience.client.indices.exists_alias(index=build.name, name=family.alias):
            raise Superseded(build.name) from error
        # An answer was lost on the way, and the request sent again.


def _look_again(client: Elasticsearch, family: Family, build: Build, report: Report) -> None:
    patience = Patience(client, waiting=_waiting(report, lambda: None))
    late = Copying(patience, family, build.source, family.alias, build.positions)
    late.run(late.upto())
    if late.misfits.count:
        raise SchemaError(
            f"{build.name} is in use, but {late.misfits.count:,} documents that came past the block at the last moment "
            f"do not fit it and are only in {build.source.name}: {'; '.join(late.misfits.first)}."
        )


def _retreat(client: Elasticsearch, build: Build, *, keep: bool) -> bool:
    """Leave things as they were, and ``keep`` what was copied for the next try; False, and nothing, if not ours."""
    if not build.held():
        return False
    client.indices.put_settings(index=build.source.name, settings={"index.blocks.write": None})
    if keep:
        build.note(released=True)
    else:
        client.indices.delete(index=build.name)
    return True


def _waiting(report: Report, show_life: Callable[[], None]) -> Callable[[str], None]:
    """What is done before each pause: tell the cause, not too often, and show that we live."""
    told: dict[str, float] = {}

    def waiting(cause: str) -> None:
        now = time.monotonic()
        if now - told.get(cause, -SAY_AGAIN) >= SAY_AGAIN:
            told.clear()
            told[cause] = now
            report.say(f"waiting for Elasticsearch: {cause}")
        with suppress(ApiError, TransportError):
            show_life()

    return waiting
