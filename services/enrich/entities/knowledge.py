"""The lexicon as one automaton: every name we know by heart, with what it stands for."""

from typing import Final

import msgspec
from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick
from msgspec import structs

from newswire.enriched import EntityType
from services.enrich.lexicon.countries import countries
from services.enrich.lexicon.organizations import organizations
from services.enrich.lexicon.people import people
from services.enrich.lexicon.table import words
from services.enrich.text import whole_words
from services.enrich.text.fold import lower_inside, plain

# Kinds of organisations that speak for their state.
_STATE: Final = "government"
_PLACEHOLDERS: Final = frozenset({"kremlin", "white-house", "pentagon", "downing-street", "state-department", "elysee"})
_ALSO: Final = frozenset({"quai-d-orsay", "whitehall", "foreign-office", "blue-house", "defense-department"})


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What a known name stands for; fields as in ``model.Name``.

    ``surfaces`` are the only ways to write it (acronyms); empty: any. ``cues``: see
    ``lexicon.organizations``.
    """

    type: EntityType
    canonical: str
    id: str
    country: str | None
    state_actor: bool = False
    surfaces: frozenset[str] = frozenset()
    cues: tuple[str, ...] = ()


class Known(msgspec.Struct, frozen=True, gc=False):
    """A known name in a text."""

    start: int
    end: int
    entry: Entry


class Knowledge:
    """All names of the lexicon; finding is thread-safe."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        for country in countries().values():
            for word in (*country.adjectives, *country.people):
                canonical = country.adjectives[0] if country.adjectives else word
                self._add(word, Entry("nationality", canonical, f"nationality:{country.iso}", country.iso, True))
        for known in organizations():
            state = known.id in _PLACEHOLDERS or known.id in _ALSO
            for name in (known.name, *known.aliases):
                self._add(
                    name,
                    Entry(known.type, known.name, f"org:{known.id}", known.country, state, cues=known.cues),
                )
        for person in people():
            identity = "person:" + plain(person.name).lower().replace(" ", "-")
            for name in (person.name, *person.aliases):
                self._add(name, Entry("person", person.name, identity, person.country))
        self._names = sorted(self._entries)
        self._automaton = CharwiseDoubleArrayAhoCorasick(self._names, MATCH_KIND_LEFTMOST_LONGEST)
        self._common = words("common_words")

    def _add(self, name: str, entry: Entry) -> None:
        """The first to claim a name keeps it; an acronym counts only as written, unless another form is listed too."""
        surface = plain(name)
        key = lower_inside(surface)
        letters = surface.replace(".", "")
        acronym = len(letters) > 1 and letters.upper() == letters and letters.isalnum()
        known = self._entries.get(key)
        if known is None:
            self._entries[key] = structs.replace(entry, surfaces=frozenset({surface}) if acronym else frozenset())
        elif known.id == entry.id:
            joined = known.surfaces | {surface} if acronym and known.surfaces else frozenset()
            self._entries[key] = structs.replace(known, surfaces=joined)

    def find(self, folded: str, text: str, *, shouted: bool = False) -> list[Known]:
        """Known names in ``folded``; ``text`` is the same text ``plain``.

        With ``shouted`` the text is in capitals throughout: acronyms that are words
        ("WHO", "ICE") are then left alone.
        """
        found = []
        for start, end, number in whole_words.find(self._automaton, folded):
            name = self._names[number]
            entry = self._entries[name]
            if entry.surfaces and (text[start:end] not in entry.surfaces or (shouted and name.lower() in self._common)):
                continue
            if entry.cues and not text[max(0, start - 24) : start].rstrip().endswith(entry.cues):
                continue
            found.append(Known(start, end, entry))
        return found
