"""What the wire formats of the IPTC have in common: status, embargo, identity, and an article made of them.

NITF, NewsML 1.2, NewsML-G2 and ninjs write the same things in different places.
What they write about one item is a ``Described``; ``article`` adds the text.
"""

import re
from datetime import datetime, tzinfo
from typing import NamedTuple
from urllib.parse import urlsplit

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers.byline import names
from services.ingest.readers.dateline import AGENCIES, LONGEST, MONTH, dateline
from services.ingest.readers.instants import instant
from services.ingest.readers.markup import Flat
from services.ingest.readers.parts import marked_parts
from services.ingest.readers.record import Identifier, Pubstatus, RawArticle, Record, Refused
from services.ingest.readers.tree import Element, markup, shallow
from services.ingest.readers.wire.when import moment

# The last word of a status, however it is written: "Canceled", "stat:canceled", "http://cv.iptc.org/…/canceled".
STATUSES: dict[str, Pubstatus] = {
    "canceled": "canceled",
    "cancelled": "canceled",
    "killed": "canceled",
    "kill": "canceled",
    "withheld": "withheld",
}
EMBARGOED = "embargoed"

SIGN_OFF_CHARACTERS = 30

# A longer date in words is a sentence.
LONGEST_DATE = 60  # characters

# The initials of writer and editors, with or without their agency, or a mark, under the last paragraph: no text.
_SIGN_OFF = re.compile(
    rf"[a-z]{{1,4}}(?:[/-][a-z]{{1,4}})+|(?:{'|'.join(map(re.escape, AGENCIES))})(?: [A-Za-z0-9/-]{{1,8}}){{1,5}}|"
    r"\W*(?:ends|ENDS|30)?\W*"
)

_LAST_WORD = re.compile(r"[^:/#\s]*\Z")
_RULE = " \t-–—:"
_DASH = _RULE + "."
_SHORT = re.compile(r",\s*(?:[A-Z]\.)*[A-Z][a-z]{0,4}\.\Z")  # SPRINGFIELD, Ill.
_FROM_DAY = re.compile(rf"[\s,]+(?:(?:{MONTH})\.?\s+\d|\d{{1,2}}\.?\s+(?:{MONTH})\b)", re.IGNORECASE)
_BEFORE_DAY = re.compile(r"[\s,]*(?=[\d(])")  # in whatever language the day is written

NO_TEXT = "It has no text; send the whole article, not its headline alone."


class Release(NamedTuple):
    """Whether and from when an item may be published."""

    pubstatus: Pubstatus = "usable"
    embargo: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether its text must not be shown now, as far as one can say without a clock."""
        return self.pubstatus == "withheld" or self.embargo is not None

    @property
    def restricts(self) -> bool:
        """Whether it says anything but that the item may be published."""
        return self != Release()


class Described(NamedTuple):
    """What a format says about an item outside its text."""

    release: Release = Release()
    title: str | None = None
    caption: str | None = None
    credit: str | None = None
    byline: str | None = None
    agency: str | None = None
    dateline: str | None = None
    located: str | None = None  # where it happened, for want of a dateline
    language: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    uri: str | None = None
    identifier: Identifier | None = None


def release(status: str | None, embargo: str | None, zone: tzinfo) -> Release:
    """The status that a format calls ``status``, under an ``embargo``: None is none, a blank one has no end.

    What is held and does not say until when, or says it in a way that cannot be
    read, is withheld: to publish it would do the harm.
    """
    word = last_word(status)
    pubstatus = STATUSES.get(word, "usable")
    if pubstatus == "canceled" or (embargo is None and word != EMBARGOED):
        return Release(pubstatus)
    until = when(embargo, zone)
    return Release("withheld" if until is None else pubstatus, until)


def last_word(code: str | None) -> str:
    """``usable`` of ``stat:usable`` and of ``http://cv.iptc.org/newscodes/pubstatusg2/usable``, in small letters."""
    found = _LAST_WORD.search(code.strip()[-60:]) if code else None
    return found[0].lower() if found else ""


def when(text: str | None, zone: tzinfo) -> datetime | None:
    """The instant that ``text`` names; None where it names none: an article is not lost for a misspelled date."""
    try:
        return instant(text, zone) if text else None
    except ValueError:
        return moment(text, None, zone) if text and len(text) <= LONGEST_DATE else None


def name(value: str | None, issuer: str | None) -> tuple[Identifier | None, str | None]:
    """What the source calls an item, as identifier and as web address.

    ``urn:`` and ``tag:`` names are unique in the world, so they are the same
    whoever hands them on; others are unique only with their ``issuer``.
    """
    if not value:
        return None, None
    if value.lower().startswith(("urn:", "tag:")):
        return Identifier(scheme="uri", issuer="", value=value), None
    if value.lower().startswith(("http://", "https://")):
        try:
            parts = urlsplit(value)
        except ValueError:
            return Identifier(scheme="guid", issuer=issuer or "", value=value), None
        page = parts.hostname and parts.path not in ("", "/")
        return (None if page else Identifier(scheme="guid", issuer=issuer or "", value=value)), value
    return Identifier(scheme="guid", issuer=issuer or "", value=value), None


def letter(item: Element, *, held: bool, alone: bool) -> bytes | None:
    """What a letter may show of ``item``, should it be refused: nothing of what is held but which one it is.

    None stands for the whole file, where the item is alone in it.
    """
    if held:
        return markup(shallow(item)).encode()
    return None if alone else markup(item).encode()


def unsigned(byline: str | None) -> str | None:
    """The names in a byline; initials are nobody's."""
    return names(byline) if byline and not _SIGN_OFF.fullmatch(byline) else None


def article(described: Described, flat: Flat, zone: tzinfo, original: bytes | None = None) -> Record:
    """The article that ``described`` and its text make; ``original`` is for the letter, where there will be one."""
    pubstatus, embargo = described.release
    if pubstatus == "canceled" and not (described.identifier or described.uri):
        message = "It takes back an item and does not say which; withdraw the item by its id: newswire withdraw ID."
        return Refused(reason=Reason.KILL_UNMATCHED, message=message, original=original)
    parts = marked_parts(_unended(flat.body, described.agency), _untitled(flat, described.title))
    if not parts.body and pubstatus == "usable":
        return Refused(reason=Reason.NO_BODY, message=NO_TEXT, original=original)
    place = _place(described.dateline)
    captions = "\n\n".join(filter(None, (described.caption, *flat.captions)))
    return RawArticle(
        title=described.title,
        body=parts.body,
        subheads=parts.subheads,
        caption=captions or None,
        credit=described.credit,
        byline=unsigned(described.byline) or parts.byline,
        agency=described.agency or parts.agency,
        dateline=place or parts.dateline or described.located,
        language=described.language,
        published_at=described.published_at or parts.instant(zone),
        updated_at=described.updated_at,
        uri=described.uri,
        pubstatus=pubstatus,
        embargo=embargo,
        identifier=described.identifier,
    )


def _untitled(flat: Flat, title: str | None) -> list[Subhead]:
    """The sub-headings without one that says the headline once more above the text."""
    first = flat.subheads[0] if flat.subheads else None
    again = first and title and not first.at and first.text.casefold() == title.casefold()
    return flat.subheads[1:] if again else flat.subheads


def unsupported(what: str, original: bytes | None) -> Refused:
    """The refusal of an item that is ``what`` and has no text."""
    message = f"It is {what}, not an article with a text; pictures, video and calendars are not read."
    return Refused(reason=Reason.UNSUPPORTED, message=message, original=original)


def _place(written: str | None) -> str | None:
    """The place of a dateline that stands by itself: ``LONDON, Feb 7 (AFP) -`` is ``LONDON``."""
    if not written or not any(map(str.isalpha, written)):
        return None
    bare = written[:LONGEST].strip(_DASH)
    if _SHORT.search(written[: len(written[:LONGEST].rstrip(_RULE))]):
        bare += "."
    found = dateline(f"{bare} - ")
    place = found.place if found else _BEFORE_DAY.split(bare, maxsplit=1)[0] or None
    # An agency that nobody knows stands behind the day.
    return _FROM_DAY.split(place, maxsplit=1)[0] or None if place else None


def _unended(body: str, agency: str | None) -> str:
    """``body`` without a last paragraph that only signs it off, or what its ``agency`` signs the last one with."""
    text, _, last = body.rpartition("\n\n")
    if text and len(last) < SIGN_OFF_CHARACTERS and _SIGN_OFF.fullmatch(last):
        return text
    tail = body[-len(agency) - SIGN_OFF_CHARACTERS :] if agency else ""
    signed = re.search(rf"\s+(?:\(|[-–—]{{1,2}}\s*|/|©\s?){re.escape(agency)}[)/]?\.?\Z", tail) if agency else None
    return body[: len(body) - len(signed[0])].rstrip() if signed else body
