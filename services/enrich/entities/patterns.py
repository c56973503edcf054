"""Names that a form gives away: numbered units, ministries of a state."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from newswire.enriched import EntityType
from services.enrich.lexicon.countries import countries
from services.enrich.text.fold import plain

_ORDINAL: Final = (
    r"(?:\d{1,3}(?:st|nd|rd|th)|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Twelfth|Fourteenth)"
)
_UNIT: Final = re.compile(
    rf"\b{_ORDINAL}(?:[ ](?:[A-Z][\w-]+|(?:separate|mechani[sz]ed|motori[sz]ed|motor|rifle|assault|airborne|air|tank|"
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
_MINISTRY: Final = re.compile(
    rf"(?P<of>%s)(?:'s|')?[ ](?P<area>(?i:{_AREA}))[ ](?P<body>[Mm]inistry|[Dd]epartment)\b(?!s)"
    rf"|(?P<body2>[Mm]inistry)[ ]of[ ](?:the[ ])?(?P<area2>(?i:{_AREA}))[ ](?:of|in)[ ](?P<of2>%s)"
)
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
    """Units and ministries in ``text`` (``plain``), in the order of their kinds."""
    lowered = text.lower()
    if "ministry" in lowered or "department" in lowered:
        pattern, owners = _ministries()
        for match in pattern.finditer(text):
            owner = owners[match["of"] or match["of2"]]
            area = (match["area"] or match["area2"]).lower()
            area = _SAME.get(area, area)
            body = (match["body"] or match["body2"]).lower()
            iso = owner
            yield Formed(
                *match.span(),
                "organization",
                f"{countries()[iso].name}'s {area} {body}",
                f"org:{iso.lower()}-{area.replace(' ', '-')}-{body}",
                iso,
            )
    if any(mark in lowered for mark in ("th ", "st ", "nd ", "rd ", "fth", "irst", "econd", "ird", "nth")):
        for match in _UNIT.finditer(text):
            yield Formed(*match.span(), "group", match.group(), None, None)


@cache
def _ministries() -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of a state's ministry, and which state each way to name it means."""
    owners: dict[str, str] = {}
    for iso, country in countries().items():
        names = (country.name, *country.aliases, *country.adjectives)
        capital = (country.capital,) if country.capital else ()
        for name in (*names, *capital):
            owners.setdefault(plain(name), iso)
    owners.update({"Kiev": "UA", "Tel Aviv": "IL", "The Hague": "NL"})
    names_pattern = "|".join(re.escape(name) for name in sorted(owners, key=lambda name: (-len(name), name)))
    return re.compile(_MINISTRY.pattern.replace("%s", rf"\b(?:{names_pattern})", 2)), owners
