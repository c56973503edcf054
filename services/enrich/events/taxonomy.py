"""The closed set of event tags with their definitions and crosswalks (CONTRACT.md, section 8).

``TAGS`` is what metrics and dashboards may use as labels. The data is
``taxonomy.toml``; a tag is added there and in ``triggers/``, never in code.
"""

import tomllib
from importlib.resources import files
from typing import Final

import msgspec


class Tag(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of event; the fields are explained at the head of ``taxonomy.toml``."""

    id: str
    label: str
    definition: str
    acled: str | None = None
    plover: str | None = None
    cameo: str | None = None
    absorbs: frozenset[str] = frozenset()
    traits: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    matches: list[str] = []
    misses: list[str] = []


# What may befall people that a sentence counts; an event has a field for each.
KINDS: Final = frozenset({"fatalities", "injured", "missing", "arrested", "displaced"})


def _load() -> dict[str, Tag]:
    data = tomllib.loads(files(__package__).joinpath("taxonomy.toml").read_text("utf-8"))
    return {tag.id: tag for tag in msgspec.convert(data["tag"], list[Tag])}


TAXONOMY: Final[dict[str, Tag]] = _load()
TAGS: Final[tuple[str, ...]] = tuple(TAXONOMY)


# The kinds of people each tag takes the numbers of.
BEARS: Final[dict[str, frozenset[str]]] = {
    tag.id: KINDS if "casualties" in tag.traits else tag.numbers for tag in TAXONOMY.values()
}


def has(tag: str, trait: str) -> bool:
    """Whether events of this kind have a trait."""
    return trait in TAXONOMY[tag].traits
