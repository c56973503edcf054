"""A text and what is to be found in it: the common form of all gold sets.

Offsets are code points, end exclusive, into the field they name.
"""

from typing import Literal, NamedTuple

Field = Literal["title", "body"]
NameType = Literal["PER", "ORG", "LOC"]
NAME_TYPES: tuple[NameType, ...] = ("PER", "ORG", "LOC")


class Span(NamedTuple):
    """A stretch of one field."""

    field: str
    start: int
    end: int


class Named(NamedTuple):
    """A name: where, and of what type. Exact span and type are what counts."""

    span: Span
    type: str


class Toponym(NamedTuple):
    """A place's name with where the place is: a point and how far off is still right, or a country.

    ``optional`` ones may be found or not.
    """

    span: Span
    lat: float | None = None
    lon: float | None = None
    within: float = 161.0  # kilometres: the 100 miles that the literature counts as right
    country: str | None = None  # ISO 3166-1 alpha-2; then the place itself is that country
    optional: bool = False


class Expression(NamedTuple):
    """A time expression of the body with its TIMEX3 value."""

    start: int
    end: int
    type: str | None
    value: str


class Sample(NamedTuple):
    """One text. What a set says nothing about is None, and is not scored."""

    id: str
    body: str
    title: str | None = None
    published_at: str | None = None  # RFC 3339
    names: frozenset[Named] | None = None
    toponyms: tuple[Toponym, ...] | None = None
    times: tuple[Expression, ...] | None = None
    label: str | None = None  # of its event, one of another classification's
    tag: str | None = None  # of its event, one of ours, or "none"

    def fields(self) -> list[tuple[str, str]]:
        """What there is to read, with its name."""
        return [("title", self.title or ""), ("body", self.body)]


class GoldSet(NamedTuple):
    """Samples measured together; ``name`` is what the tables call them."""

    name: str
    samples: list[Sample]
