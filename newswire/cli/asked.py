"""From the options of ``newswire search`` to a question: every word of them resolved, or a sentence why not."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, get_args

from newswire.cli import places
from newswire.enriched import EventStatus
from newswire.search import Area, Question, QuestionError, Vocabulary
from newswire.search.question import Order
from newswire.search.vocabulary import alias_key, folded, kinds
from newswire.search.when import span
from services.enrich.events.taxonomy import TAGS
from services.enrich.lexicon.countries import countries
from services.enrich.lexicon.organizations import organizations

STATUSES: Final[tuple[str, ...]] = get_args(EventStatus)
# Halves of characters, as the shell hands over bytes that are no UTF-8, and what ends a C string.
_UNSENDABLE: Final = re.compile("[\0\ud800-\udfff]")
NEARBY: Final = "50km"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What stood on the command line, as it stood there."""

    text: str = ""
    tags: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    near: str | None = None
    within: str | None = None
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    fatalities: int | None = None
    first: str | None = None
    last: str | None = None
    during: str | None = None
    order: Order | None = None
    size: int = 10
    folded: bool = True


@cache
def vocabulary() -> Vocabulary:
    """What the enrich service knows tags, countries and organisations by."""
    named: dict[str, str] = {}
    for country in countries().values():
        for name in (country.iso, country.name, *country.aliases):
            named.setdefault(folded(name), country.iso)
    usual: dict[str, str] = {}
    for organization in organizations():
        # A name that needs a word before it ("platform X") is too common to stand for anything by itself.
        for alias in () if organization.cues else organization.aliases:
            usual.setdefault(alias_key(alias), organization.name)
    for country in countries().values():
        for alias in country.aliases:
            usual.setdefault(alias_key(alias), country.name)
    called = {country.iso: country.name for country in countries().values()}
    return Vocabulary(tags=TAGS, kinds=kinds(TAGS), countries=named, country_names=called, names=usual)


def question(options: Options, now: datetime | None = None) -> tuple[Question, list[str]]:
    """The question, and notes on what was taken for what. Raises QuestionError.

    ``now`` is what "7d" counts back from: for a later page, the moment of the first.
    """
    now = now or datetime.now(UTC)
    known = vocabulary()
    found, notes = _areas(options)
    first, end = _dates(options, now)
    made = Question(
        text=_text(options.text),
        tags=tuple(dict.fromkeys(tag for pattern in options.tags for tag in known.tags_like(_text(pattern)))),
        statuses=options.statuses,
        fatalities=options.fatalities,
        places=found,
        people=_named("--person", options.people),
        organizations=_named("--org", options.organizations),
        quoted=_named("--quoted", options.quoted),
        countries=tuple(dict.fromkeys(known.country(_text(name)) for name in options.countries)),
        agencies=_named("--agency", options.agencies),
        languages=_named("--language", options.languages),
        sources=_named("--source", options.sources),
        first=first,
        end=end,
        order=options.order,
        size=options.size,
        folded=options.folded,
        now=now,
    )
    return made, notes


def _areas(options: Options) -> tuple[tuple[Area, ...], list[str]]:
    if options.within and not options.near:
        raise QuestionError("--within needs --near: the place or position that the distance is measured from.")
    found: list[tuple[Area, str | None]] = [places.area(name) for name in _named("--place", options.places)]
    if options.near is not None:
        (name,) = _named("--near", (options.near,))
        found.append(places.near(name, options.within or NEARBY))
    return tuple(area for area, _ in found), [note for _, note in found if note]


def _dates(options: Options, now: datetime) -> tuple[datetime | None, datetime | None]:
    if options.during is not None:
        if options.first or options.last:
            raise QuestionError("--during stands for --from and --to; give one or the other.")
        return span(options.during, now)
    first = span(options.first, now).start if options.first else None
    end = span(options.last, now).end if options.last else None
    if first and end and first >= end:
        raise QuestionError("--from lies after --to, so nothing can be found; exchange them.")
    return first, end


def _named(option: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """``values`` as text; a name without a letter or digit would silently match nothing."""
    for value in values:
        if not any(map(str.isalnum, value)):
            raise QuestionError(f"{option} is empty; give a name.")
    return tuple(map(_text, values))


def _text(given: Any) -> str:
    """What stood on the command line as text that can be sent: bytes that were no UTF-8 become a sign."""
    return _UNSENDABLE.sub("\ufffd", str(given))
