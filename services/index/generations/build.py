"""A new generation while it is being filled: whose it is, and how far it has come.

Several ``newswire setup`` may be started at once, be stopped, or be killed. One of
them holds the build. It writes to the new index through an alias that is named
after its own random token; whoever takes the build over replaces that alias in one
atomic request, and from then on every request of the former holder fails by
itself, however late it wakes up. The token is part of the final swap, too.

The holder notes its positions in the index every few seconds. That is also how
others see that it lives: they watch the note with their own clock and never
compare clocks.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from newswire import __version__
from newswire.pruned import PRUNED
from services.index.generations.family import Family, Wanted
from services.index.generations.generation import Generation, build_alias, look, name_of
from services.index.generations.scan import Positions

NOTE_INTERVAL = 2.0  # seconds
# Ten notes that did not come. Taking over from one that still lives costs it its work, and no article.
SILENCE = 20.0  # seconds
WATCH_INTERVAL = 0.5  # seconds


class Superseded(Exception):
    """Another setup has taken this build over, or somebody deleted it."""


class Build:
    """Held by one setup; ``note`` raises Superseded once it is not ours any more."""

    def __init__(self, client: Elasticsearch, family: Family, wanted: Wanted, source: Generation, name: str) -> None:
        self.name = name
        self.source = source
        self.positions: Positions = {}
        self.alias = build_alias(family, secrets.token_hex(8))
        self._client = client
        self._wanted = wanted
        self._noted = 0.0
        self._notes = 0

    def note(self, *, released: bool = False) -> None:
        """Keep the positions; ``released`` lets the next setup take over without waiting for our silence."""
        self._notes += 1
        self._noted = time.monotonic()
        progress = {
            "from": self.source.uuid,
            "positions": {str(shard): position for shard, position in self.positions.items()},
            "notes": self._notes,
            "released": released,
        }
        try:
            noted = meta(self._wanted, self.source) | {"build": progress}
            self._client.indices.put_mapping(index=self.alias, meta=noted)
        except NotFoundError as error:
            raise Superseded(self.name) from error

    def note_when_due(self) -> None:
        """``note``, if the last one is a while ago."""
        if time.monotonic() - self._noted > NOTE_INTERVAL:
            self.note()

    def held(self) -> bool:
        """Whether the build is still ours."""
        return bool(self._client.indices.exists_alias(index=self.name, name=self.alias))

    def let_go(self) -> dict[str, Any]:
        """The alias action that ends the build, and makes the request it is part of fail where it is ours no more."""
        return {"remove": {"index": self.name, "alias": self.alias, "must_exist": True}}


def meta(wanted: Wanted, former: Generation | None = None) -> dict[str, Any]:
    """What is noted in every index that is up to date, with what ``former`` knows of articles that were pruned."""
    kept = {PRUNED: former.meta[PRUNED]} if former and PRUNED in former.meta else {}
    return {"version": __version__, "fingerprint": wanted.fingerprint, **kept}


def begin(client: Elasticsearch, family: Family, wanted: Wanted, source: Generation, number: int) -> Build | None:
    """Make the next generation, empty; None when somebody else was faster."""
    build = Build(client, family, wanted, source, name_of(family, number))
    try:
        client.indices.create(
            index=build.name,
            # Nobody searches it before the swap: no refreshes until then.
            settings=wanted.settings | {"index.refresh_interval": "-1"},
            mappings=wanted.mappings | {"_meta": meta(wanted, source)},
            aliases={build.alias: {}},
        )
    except BadRequestError as error:
        if error.error == "resource_already_exists_exception":
            return None
        raise
    build.note()
    return build


def take_over(
    client: Elasticsearch, family: Family, wanted: Wanted, source: Generation, found: Generation
) -> Build | None:
    """Take ``found`` over from a holder that is gone; None when somebody else was faster.

    What was filled by another version, from another index or for another mapping
    is deleted, and None returned too: the next look finds nothing, and begins anew.
    """
    build = Build(client, family, wanted, source, found.name)
    if not fence(client, family, found, build.alias):
        return None
    progress = found.meta.get("build", {})
    same = {name: found.meta.get(name) for name in meta(wanted)} == meta(wanted)
    if not same or progress.get("from") != source.uuid:
        client.indices.delete(index=found.name)
        return None
    build.positions = {int(shard): position for shard, position in progress["positions"].items()}
    build.note()
    return build


def fence(client: Elasticsearch, family: Family, found: Generation, alias: str) -> bool:
    """Put ``alias`` in the place of the one its holder writes through; False when somebody else was faster."""
    theirs = [one for one in found.aliases if one.startswith(build_alias(family, ""))]
    removed = [{"remove": {"index": found.name, "alias": one, "must_exist": True}} for one in theirs]
    try:
        client.indices.update_aliases(actions=[*removed, {"add": {"index": found.name, "alias": alias}}])
    except NotFoundError:
        return False
    return True


def abandon(
    client: Elasticsearch, family: Family, found: Generation, source: Generation | None, say: Callable[[str], None]
) -> bool:
    """Delete a build whose holder is gone, and let writers go on; False when it is not gone, or somebody was faster."""
    if not wait_for_silence(client, family, found, say):
        return False
    if not fence(client, family, found, build_alias(family, secrets.token_hex(8))):
        return False
    if source is not None and not source.takes_writes:
        client.indices.put_settings(index=source.name, settings={"index.blocks.write": None})
    client.indices.delete(index=found.name)
    return True


def wait_for_silence(client: Elasticsearch, family: Family, found: Generation, say: Callable[[str], None]) -> bool:
    """Block while the holder of ``found`` shows signs of life; False when the build has ended meanwhile."""
    note = found.meta.get("build")
    if note and note.get("released"):
        return True
    say(f"another setup may be filling {found.name}; watching it …")
    seen_at = time.monotonic()
    while time.monotonic() - seen_at < SILENCE:
        time.sleep(WATCH_INTERVAL)
        now = look(client, family).build
        if now is None or now.uuid != found.uuid:
            return False
        if now.meta.get("build") != note:
            note = now.meta.get("build")
            seen_at = time.monotonic()
        if note and note.get("released"):
            return True
    return True
