"""The place line at the head of a report: ``KYIV, Feb 7 (AFP) -``.

Ingest takes it off where its format knows it; a body that arrives undivided still
carries it. It is recognised by its form alone: capitals before a dash, or a name
with an agency in brackets before a dash.
"""

import re
from typing import Final, NamedTuple

_DASH: Final = r"\s*(?:--+|[-–—―])\s+"
_CAPITALS: Final = r"[^\W\d_a-z]{2}[^\d_a-z(),–—\n]{1,40}"
_NAME: Final = r"[^\W\d_a-z][^\d_(),–—\n]{2,40}"
_REGION: Final = r"(?:,\s+[^\W\d_a-z][^\d_()–—\n,]{1,30})?"
_DATE: Final = r"(?:,?\s+(?:\d{1,2}\s+)?[A-Z][a-z]{2,8}\.?(?:\s+\d{1,2})?(?:,?\s+\d{4})?)?"
_AGENCY: Final = r"\s+\([A-Za-z][^()\n]{1,40}\)"

# The capitals may not reach over the dash, hence the possessive-like exclusion of dashes from the name.
_FORMS: Final = (
    re.compile(rf"\s*(?P<place>{_CAPITALS}?)(?P<rest>{_REGION}{_DATE}(?:{_AGENCY})?){_DASH}"),
    re.compile(rf"\s*(?P<place>{_NAME}?)(?P<rest>{_REGION}{_DATE}{_AGENCY}){_DASH}"),
)
_REACH: Final = 160  # code points; a longer head is a sentence with a dash in it


class Head(NamedTuple):
    """A dateline inside a body: the place is ``body[start:end]``, the report begins at ``after``."""

    start: int
    end: int
    after: int


def find(body: str) -> Head | None:
    """The dateline at the head of ``body``, None where there is none."""
    for form in _FORMS:
        found = form.match(body, 0, _REACH)
        if found and any(letter.isalpha() for letter in found["place"]):
            start, end = found.span("place")
            return Head(start, start + len(body[start:end].rstrip()), found.end())
    return None
