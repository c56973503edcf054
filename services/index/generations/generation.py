"""The generations of a family as Elasticsearch has them: which is in use, which are old, which is being filled."""

import re
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from newswire.told import Told
from services.index.generations.family import Family


class SchemaError(Told):
    """The indices are in a state that somebody has to look at; the message says what to do."""


class Generation(NamedTuple):
    """One index; ``settings`` are flat. ``number`` is 0 for one that was named by somebody else."""

    name: str
    number: int
    mappings: dict[str, Any]
    settings: dict[str, Any]
    aliases: dict[str, Any]

    @property
    def uuid(self) -> str:
        """Tells it from an index of the same name that was deleted before."""
        return str(self.settings["index.uuid"])

    @property
    def meta(self) -> dict[str, Any]:
        """What ``newswire setup`` has noted in it."""
        return self.mappings.get("_meta") or {}

    @property
    def fingerprint(self) -> str | None:
        """Of the mapping it was given last."""
        return self.meta.get("fingerprint")

    @property
    def shards(self) -> int:
        """Primary shards."""
        return int(self.settings["index.number_of_shards"])

    @property
    def takes_writes(self) -> bool:
        """Whether nothing blocks them."""
        return str(self.settings.get("index.blocks.write", "false")).lower() != "true"


class Generations(NamedTuple):
    """``current`` is the one in use, ``build`` the one being filled, if any; ``old`` all others, oldest first."""

    current: Generation | None
    build: Generation | None
    old: list[Generation]

    @property
    def next_number(self) -> int:
        """The number of the next one."""
        every = [*self.old, *filter(None, (self.current, self.build))]
        return max((one.number for one in every), default=0) + 1


def name_of(family: Family, number: int) -> str:
    """The index of one generation."""
    return f"{family.alias}-v{number}"


def build_alias(family: Family, token: str) -> str:
    """The alias through which the holder of ``token``, and nobody else, fills a new generation."""
    return f"{family.alias}-build-{token}"


def look(client: Elasticsearch, family: Family) -> Generations:
    """Read what is there. Raises SchemaError when the alias stands for several indices.

    Where the alias is missing, as after a hand's slip, the newest generation that
    is not being filled counts as the one in use.
    """
    answer = client.indices.get(
        index=[family.alias, f"{family.alias}-v*"],
        ignore_unavailable=True,
        allow_no_indices=True,
        expand_wildcards="all",
        flat_settings=True,
    )
    ours = re.compile(re.escape(family.alias) + r"-v(\d+)")
    every: list[Generation] = []
    for name, found in answer.items():
        number = ours.fullmatch(name)
        if number or family.alias in found["aliases"]:
            every.append(
                Generation(
                    name, int(number[1]) if number else 0, found["mappings"], found["settings"], found["aliases"]
                )
            )
    every.sort(key=lambda one: one.number)
    builds = [one for one in every if any(alias.startswith(build_alias(family, "")) for alias in one.aliases)]
    behind = [one for one in every if family.alias in one.aliases]
    if len(behind) > 1:
        names = " and ".join(one.name for one in behind)
        raise SchemaError(
            f"The alias {family.alias} stands for {names}, so articles may be found twice. "
            "Take it away from all but the newest by Elasticsearch's _aliases request, then run `newswire setup` again."
        )
    idle = [one for one in every if one not in builds]
    current = behind[0] if behind else idle[-1] if idle else None
    return Generations(current, builds[-1] if builds else None, [one for one in idle if one is not current])
