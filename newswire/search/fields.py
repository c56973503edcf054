"""The fields a person may name in a query: the whole list. Any other word before a colon is a word like the rest."""

import difflib
import re
from collections.abc import Iterator
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
    "quoted": Field("quoted.text", Kind.NAME),
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

# How alike a word before a colon is to the name of a field that was mistyped; less alike are other words.
_ALIKE: Final = 0.75
# A value stands right behind the colon; an address has a slash there.
_NAMED: Final = re.compile(r"(?:^|[\s(+-])([a-z_]+):(?=[^\s:/])", re.IGNORECASE)


def mistyped(text: str) -> Iterator[tuple[str, str]]:
    """What stands in ``text`` as a field does and is none, each with the field that was probably meant."""
    for written in _NAMED.findall(text):
        name = written.lower()
        if name not in FIELDS and (near := difflib.get_close_matches(name, FIELDS, n=1, cutoff=_ALIKE)):
            yield written, near[0]
