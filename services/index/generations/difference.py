"""What an index lacks of what is wanted, told from its mapping and settings alone: pure.

Elasticsearch prints a mapping in its own words: without what is its default,
numbers and booleans of settings as text, a list of one as it was given. Both
sides are put into one form before they are compared. Where that should not be
enough, an index that was just made would differ from what it was made of; a test
on the real engine sees to it that none does.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from services.index.generations.family import STRUCTURE, Wanted

# What makes Elasticsearch accept or refuse a value; everything else says how it is found or kept.
DECISIVE = frozenset({"type", "format", "dynamic", "ignore_malformed", "coerce"})
NAMED = 3  # so many are named in a sentence, the others counted


class Change(NamedTuple):
    """Something that is there and would have to be otherwise: of a field, or of the settings (``field`` empty)."""

    field: str
    attribute: str
    was: str
    wanted: str

    def __str__(self) -> str:
        """A few words for a person."""
        where = f"{self.field}'s {self.attribute}" if self.field else self.attribute
        return f"{where} is {self.was or 'nothing'} instead of {self.wanted or 'nothing'}"


class Difference(NamedTuple):
    """``added``: fields and sub-fields that can be had in place; ``changed``: what only a new generation can have.

    ``refused``: documents of this version would be turned away because of it.
    """

    added: list[str]
    changed: list[Change]
    refused: list[str]


class _Field(NamedTuple):
    attributes: dict[str, str]
    is_sub_field: bool


def difference(there_mappings: Mapping[str, Any], there_settings: Mapping[str, Any], wanted: Wanted) -> Difference:
    """Compare an index (settings flat, as ``flat_settings`` gives them) with ``wanted``.

    What the index has beyond that is no difference.
    """
    there = dict(_fields(there_mappings))
    needed = dict(_fields(wanted.mappings))
    added = [name for name in needed if name not in there]
    changed = [
        Change(name, attribute, was, to)
        for name, field in needed.items()
        if name in there
        for attribute, was, to in _unequal(there[name].attributes, field.attributes)
    ]
    structure = {name: _plain(value) for name, value in wanted.settings.items() if name.startswith(STRUCTURE)}
    changed += [
        Change("", name.removeprefix("index."), _plain(there_settings.get(name, "")), value)
        for name, value in structure.items()
        if _plain(there_settings.get(name, "")) != value
    ]
    refused = [f"lacks {name}" for name in added if not needed[name].is_sub_field]
    refused += [str(change) for change in changed if change.field and change.attribute in DECISIVE]
    return Difference(added, changed, refused)


def some(things: list[str]) -> str:
    """The first few of ``things``, and how many more there are."""
    more = len(things) - NAMED
    return ", ".join(things[:NAMED]) + (f" and {more} more" if more > 0 else "")


def fields(count: int) -> str:
    """``1 field``, ``2 fields``."""
    return f"{count} field{'' if count == 1 else 's'}"


def _fields(mappings: Mapping[str, Any]) -> Iterator[tuple[str, _Field]]:
    yield "", _Field(_attributes({"type": "root"} | dict(mappings)), False)
    yield from _below(mappings, "", is_sub_field=False)


def _below(mapping: Mapping[str, Any], prefix: str, *, is_sub_field: bool) -> Iterator[tuple[str, _Field]]:
    for group, sub in (("properties", is_sub_field), ("fields", True)):
        for name, field in mapping.get(group, {}).items():
            yield f"{prefix}{name}", _Field(_attributes(field), sub)
            yield from _below(field, f"{prefix}{name}.", is_sub_field=sub)


def _attributes(field: Mapping[str, Any]) -> dict[str, str]:
    own = {name: _plain(value) for name, value in field.items() if name not in ("properties", "fields", "_meta")}
    return {"type": "object"} | own


def _unequal(there: Mapping[str, str], needed: Mapping[str, str]) -> list[tuple[str, str, str]]:
    names = sorted(there.keys() | needed.keys())
    return [(name, there.get(name, ""), needed.get(name, "")) for name in names if there.get(name) != needed.get(name)]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_plain(value[name])}" for name in sorted(value))
    return str(value)
