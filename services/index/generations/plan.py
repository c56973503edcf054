"""What ``newswire setup`` has to do for a family, decided from what is there and what is wanted: pure.

Step = Create | Keep | Extend | Move
"""

from typing import Any

import msgspec

from newswire.wording import counted
from services.index.generations.difference import difference, some
from services.index.generations.family import FIXED, Family, Wanted
from services.index.generations.generation import Generation, Generations, name_of


class Create(msgspec.Struct, frozen=True, tag=True):
    """Nothing is there: make the first generation."""

    name: str


class Keep(msgspec.Struct, frozen=True, tag=True):
    """The generation in use has the mapping; ``settings`` are those to be changed."""

    current: Generation
    settings: dict[str, Any]


class Extend(msgspec.Struct, frozen=True, tag=True):
    """The generation in use lacks only fields, which can be ``added`` in place."""

    current: Generation
    settings: dict[str, Any]
    added: list[str]


class Move(msgspec.Struct, frozen=True, tag=True):
    """A new generation is needed, ``because``."""

    current: Generation
    number: int
    because: list[str]


Step = Create | Keep | Extend | Move


def plan(family: Family, there: Generations, wanted: Wanted, *, rebuild: bool = False) -> Step:
    """The step that brings ``family`` to ``wanted``; ``rebuild`` asks for a new generation in any case."""
    current = there.current
    if current is None:
        return Create(name_of(family, there.next_number))
    number = there.build.number if there.build else there.next_number
    if there.build and not current.takes_writes:
        # Killed at the worst moment: only finishing it lets writers go on, whatever was asked for now.
        return Move(current, number, ["another setup ended while writers waited for it"])
    if current.fingerprint != wanted.fingerprint:
        found = difference(current.mappings, current.settings, wanted)
        if found.changed:
            return Move(current, number, [str(change) for change in found.changed])
        if found.added and not rebuild:
            return Extend(current, changeable(current, wanted), found.added)
    if rebuild:
        return Move(current, number, ["it was asked for"])
    return Keep(current, changeable(current, wanted))


def unfinished(build: Generation) -> str:
    """What somebody has to know of a generation that is being filled, or was."""
    return (
        f"{build.name} is being filled, or was begun and not finished: `newswire setup --rebuild` goes on with it, "
        "`newswire setup --drop-old` removes it"
    )


def changeable(current: Generation, wanted: Wanted) -> dict[str, Any]:
    """The settings that differ and can be changed while the index is in use."""
    return {
        name: value
        for name, value in wanted.settings.items()
        if not name.startswith(FIXED) and _text(current.settings.get(name)) != _text(value)
    }


def _text(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def notes(step: Step, there: Generations, wanted: Wanted) -> list[str]:
    """What somebody should know beside the step: a sentence each."""
    said: list[str] = []
    if isinstance(step, Keep | Extend):
        shards = int(wanted.settings["index.number_of_shards"])
        if step.current.shards != shards:
            said.append(
                f"{step.current.name} has {counted(step.current.shards, 'shard')} where NEWSWIRE_SHARDS is {shards}: "
                "`newswire setup --rebuild` moves the documents into as many"
            )
        if there.build:
            said.append(unfinished(there.build))
        elif not step.current.takes_writes:
            said.append(
                f"{step.current.name} takes no writes, because somebody has set index.blocks.write; "
                "articles wait in Kafka until that is lifted or `newswire setup --rebuild` makes another"
            )
    if there.old:
        names = some([one.name for one in there.old])
        said.append(f"no longer in use: {names}; `newswire setup --drop-old` removes what you are sure not to need")
    return said
