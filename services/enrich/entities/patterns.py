"""Names that a form gives away: numbered units, ministries of a state."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from newswire.enriched import EntityType
from services.enrich.lexicon.countries import countries
from services.enrich.text.fold import plain

# "1st" to "999th", "First" to "Tenth" and two more. It and ``_BODY`` begin with a set of characters and look for
# the boundary of the word after it: the engine then skips to what may begin one.
_ORDINAL: Final = (
    r"[\dEFNST](?<!\w.)(?:(?<=\d)\d{0,2}(?:st|nd|rd|th)|(?<=E)ighth|(?<=F)(?:irst|ourth|ifth|ourteenth)|"
    r"(?<=N)inth|(?<=S)(?:econd|ixth|eventh)|(?<=T)(?:hird|enth|welfth))"
)
_UNIT: Final = re.compile(
    rf"{_ORDINAL}(?:[ ](?:[A-Z][\w-]+|(?:separate|mechani[sz]ed|motori[sz]ed|motor|rifle|assault|airborne|air|tank|"
    rf"armou?red|artillery|infantry|marine|mountain|naval|guards|special|territorial|defen[cs]e|rocket|combat|"
    rf"engineer|drone))){{0,4}}[ ](?:brigade|regiment|battalion|division|corps|army|fleet|squadron|platoon|company|"
    rf"legion|Brigade|Regiment|Battalion|Division|Corps|Army|Fleet|Squadron|Platoon|Legion)\b"
)
_AREA: Final = (
    r"foreign affairs|foreign|defen[cs]e|interior|internal affairs|home|justice|finance|economy|economic|trade|health|"
    r"education|energy|oil|environment|agriculture|transport|transportation|culture|labou?r|tourism|information|"
    r"intelligence|emergency|emergencies|industry|planning|water|electricity|migration|religious affairs|"
    r"communications|digital|science|sports?|state security|security|treasury"
)
_BODY: Final = re.compile(r"[DMdm](?<!\w.)(?:(?<=[Mm])inistry|(?<=[Dd])epartment)\b")
# What stands before the word: "Ukraine's foreign ministry"; after it: "ministry of defence of Ukraine".
_BEFORE: Final = rf"(?:'s|')?[ ](?P<area>(?i:{_AREA}))[ ]$"
_AFTER: Final = rf"[ ]of[ ](?:the[ ])?(?P<area>(?i:{_AREA}))[ ](?:of|in)[ ](?:the[ ])?(?P<of>%s)\b"
_REACH: Final = 72  # code points; the longest name of a state and the longest area
_SAME: Final = {"defense": "defence", "labor": "labour", "foreign affairs": "foreign", "internal affairs": "interior"}


class Formed(NamedTuple):
    """A name found by its form."""

    start: int
    end: int
    type: EntityType
    canonical: str
    id: str | None
    country: str | None


def formed(text: str) -> Iterator[Formed]:
    """Ministries, then units in ``text`` (``plain``)."""
    for word in _BODY.finditer(text):
        ministry = _ministry(text, word)
        if ministry:
            yield ministry
    for match in _UNIT.finditer(text):
        yield Formed(*match.span(), "group", match.group(), None, None)


def _ministry(text: str, word: re.Match[str]) -> Formed | None:
    """The ministry of a state whose word for itself is ``word``; None where no state is named beside it."""
    before, after, owners = _ministries()
    left = before.search(text, max(0, word.start() - _REACH), word.start())
    right = None if left else after.match(text, word.end())
    found = left or right
    if found is None:
        return None
    iso = owners[found["of"]]
    area = found["area"].lower()
    area, body = _SAME.get(area, area), word.group().lower()
    return Formed(
        left.start() if left else word.start(),
        word.end() if left else found.end(),
        "organization",
        f"{countries()[iso].name}'s {area} {body}",
        f"org:{iso.lower()}-{area.replace(' ', '-')}-{body}",
        iso,
    )


@cache
def _ministries() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """The patterns before and after the word, and which state each way to name it means."""
    owners: dict[str, str] = {}
    for iso, country in countries().items():
        capital = (country.capital,) if country.capital else ()
        for name in (country.name, *country.aliases, *country.adjectives, *capital):
            owners.setdefault(plain(name), iso)
    owners.update({"Kiev": "UA", "Tel Aviv": "IL", "The Hague": "NL"})
    names = _any_of(owners)
    return re.compile(rf"\b(?P<of>{names}){_BEFORE}"), re.compile(_AFTER.replace("%s", names)), owners


def _any_of(names: Iterable[str]) -> str:
    """An expression for the longest of ``names``, sorted by first letter, so that most are never looked at."""
    by_letter: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        by_letter.setdefault(name[0], []).append(re.escape(name[1:]))
    within = "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return f"(?=[{''.join(by_letter)}])(?:{within})"
