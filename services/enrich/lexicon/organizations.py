"""Organisations, companies, parties, media, armed groups known by name."""

from functools import cache
from typing import Final, NamedTuple

from newswire.enriched import EntityType
from services.enrich.lexicon.table import listed, rows

# What an organisation is; armed are also gangs, cartels and hackers.
KINDS: Final = frozenset(
    [
        *("armed", "central_bank", "company", "court", "government", "igo", "legislature", "media", "military"),
        *("movement", "ngo", "party", "religious", "security", "sports", "union", "university"),
    ]
)


class Organization(NamedTuple):
    """One line of ``organizations.tsv``.

    ``kind`` is one of ``KINDS``; ``country`` the ISO code of the state it belongs to or
    works in, None where it belongs to several. No name and no alias stands in two lines.
    ``cues`` are the words of which one must stand right before the name for it to
    count ("platform X"); empty where the name needs none.
    """

    id: str
    name: str
    type: EntityType
    kind: str
    country: str | None
    aliases: tuple[str, ...]
    cues: tuple[str, ...]


@cache
def organizations() -> tuple[Organization, ...]:
    """Everything in the list, in its order."""
    return tuple(
        Organization(
            row["id"],
            row["name"],
            "group" if row["type"] == "group" else "organization",
            row["kind"],
            row["country"] or None,
            listed(row["aliases"]),
            listed(row["cues"]),
        )
        for row in rows("organizations")
    )
