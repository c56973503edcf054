"""The fields a person may name in a query: the whole list. Any other word before a colon is a word like the rest."""

from enum import Enum
from typing import Final, NamedTuple


class Kind(Enum):
    """How the value of a field is read."""

    TEXT = "text"  # words, stemmed; a quoted phrase as written
    NAME = "name"  # the words of a name, in any case, with or without accents
    WORD = "word"  # one value as a whole, in any case; may end in *
    TAG = "tag"  # of the closed set, or a branch of it
    COUNTRY = "country"  # ISO code or English name
    DATE = "date"  # a day or a span of them
    NUMBER = "number"  # a number or a span of them


class Field(NamedTuple):
    """A field of the index; ``exact`` is its unstemmed form, where it has one of its own."""

    path: str
    kind: Kind
    exact: str | None = None


# Title, sub-headings, body, caption, by-line, agency, credit and names: what a word without a field is looked for in.
BOX: Final = Field("text", Kind.TEXT, "text.exact")
FIELDS: Final[dict[str, Field]] = {
    "title": Field("title", Kind.TEXT, "title.exact"),
    "body": Field("body", Kind.TEXT),
    "caption": Field("caption", Kind.TEXT, "caption.exact"),
    "person": Field("people.text", Kind.NAME),
    "org": Field("organizations.text", Kind.NAME),
    "place": Field("place_names.text", Kind.NAME),
    "byline": Field("byline.text", Kind.NAME),
    "country": Field("countries", Kind.COUNTRY),
    "tag": Field("event_tags", Kind.TAG),
    "status": Field("event_statuses", Kind.WORD),
    "agency": Field("agency", Kind.WORD),
    "language": Field("language", Kind.WORD),
    "source": Field("source.path", Kind.WORD),
    "id": Field("id", Kind.WORD),
    "cluster": Field("cluster", Kind.WORD),
    "date": Field("@timestamp", Kind.DATE),
    "killed": Field("event_fatalities", Kind.NUMBER),
    "injured": Field("event_injured", Kind.NUMBER),
    "missing": Field("event_missing", Kind.NUMBER),
    "arrested": Field("event_arrested", Kind.NUMBER),
    "displaced": Field("event_displaced", Kind.NUMBER),
}
