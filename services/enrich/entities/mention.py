"""One place in the text that may be a name, while it is being decided."""

import msgspec

from newswire.enriched import EntityType, Field
from services.enrich.entities.knowledge import Entry
from services.enrich.places.toponym import Toponym


class Mention(msgspec.Struct, gc=False):
    """A stretch of ``field`` that may be a name.

    ``surface`` is how it is compared with others of its document (folded).
    ``type`` is set once it is decided; until then ``person``, ``organization`` and
    ``place`` add up what speaks for each. ``toponym`` holds what the gazetteer knows.
    ``words`` counts its capitalised words; ``noun`` is
    the word for a division right after it ("region"); ``shy`` marks what only its place at the
    head of a sentence made a capital, perhaps. ``certain`` marks a name of the lexicon or one
    that its form gives away.
    """

    start: int
    end: int
    field: Field
    text: str
    surface: str
    words: int
    type: EntityType | None = None
    canonical: str | None = None
    identity: str | None = None
    entry: Entry | None = None
    toponym: Toponym | None = None
    country: str | None = None
    person: float = 0.0
    organization: float = 0.0
    place: float = 0.0
    shy: bool = False
    noun: str = ""
    certain: bool = False
