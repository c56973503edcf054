"""How many were killed, hurt, missing, arrested or displaced, as the sentence says.

"at least nine" is 9 to open, "three people" 3 to 3, "between 10 and 15" 10 to 15,
"more than 100" 101 to open, "up to 20" open to 20. Words without a number give the
least they can mean: "dozens" is two dozen or more, 24 to open; "scores" 40,
"hundreds" 200, "thousands" 2000, "several" and "a few" 3. Approximations ("about
30") are given as told.
"""

import re
from typing import Final

from newswire.enriched import Count
from services.enrich.dates.numbers import WORDS, read

_vague: Final = {
    "tens of thousands": 20_000, "hundreds of thousands": 200_000, "millions": 2_000_000, "thousands": 2_000, "hundreds": 200,
    "scores": 40, "dozens": 24, "several": 3, "a few": 3, "many": 3, "a couple": 2,
}  # fmt: skip
_least: Final = r"at least|a minimum of|no fewer than|not less than|no less than|some"
_more: Final = r"more than|over|upwards of|in excess of"
_most: Final = r"up to|as many as|at most|no more than|nearly|almost|fewer than|less than|close to"
_about: Final = (
    r"about|around|roughly|approximately|an estimated|estimated|another|a further|only|just|all|the|other|an additional"
)
_LONE: Final = r"(?:man|woman|child|boy|girl|soldier|policeman|police officer|civilian|person|teenager|protester|journalist|worker|villager|student|militant|rebel|toddler|baby|doctor|farmer|driver)\b"
_quantity: Final = re.compile(
    rf"(?<![\w$€£.,-])(?:(?:between|from) (?P<low>{WORDS}) (?:and|to) (?P<high>{WORDS})"
    rf"|(?:(?P<least>{_least})|(?P<more>{_more})|(?P<most>{_most})|(?:{_about}))?[ ]?(?:(?P<vague>{'|'.join(_vague)})(?: of)?|(?P<number>{WORDS}|an?(?= {_LONE}))(?P<ormore> or more)?))(?![\w%]|[.,]\d|-year| percent| per cent)"
)
_person: Final = (
    r"(?:people|persons|person|civilians?|men|man|women|woman|children|child|boys?|girls?|soldiers?|troops|servicemen|policemen|policeman|police officers?|officers?|"
    r"militants?|rebels?|insurgents?|fighters?|terrorists?|gunmen|gunman|villagers?|residents?|passengers?|workers?|students?|others?|members?|worshippers?|"
    r"protesters?|protestors?|demonstrators?|migrants?|refugees?|victims?|miners?|pilgrims?|tourists?|journalists?|farmers?|suspects?|activists?|inhabitants|"
    r"families|households|homes|bodies|personnel|guards?|jihadists?|bandits?|attackers?|supporters?|patients?|crew|employees|firefighters?|teenagers?|americans?|"
    r"russians?|ukrainians?|palestinians?|israelis?|afghans?|iraqis?|syrians?|fishermen|shiites?|sunnis?|christians?|muslims?|hostages?|prisoners?|pupils?|schoolgirls|schoolboys|lawmakers?)"
)
_AUX: Final = (
    r"(?:were|was|have|has|had|are|is|been|being|be|also|reportedly|already|left|feared|confirmed|found|who|believed|presumed|still|listed|as|reported|either|"
    r"including|of|whom|them|and|more|civilian|civilians|in|the)"
)
# Between a number and what befell those it counts: the people and a few small words ("nine people, including two children, were").
_between: Final = r"(?:(?:[ -]|, )[\w’'-]+){0,7}?(?: |, )"
_after: Final = {
    "fatalities": r"(?:killed|dead|died|slain|shot dead|massacred|gunned down|drowned|beheaded|executed|perished|murdered|deaths|fatalities|lost their lives|bodies|dying|stabbed to death)",
    "injured": r"(?:injured|wounded|hurt|hospitalised|hospitalized|injuries)",
    "missing": r"(?:missing|unaccounted for)",
    "arrested": r"(?:arrested|detained|apprehended|rounded up|taken into custody|captured|arrests|nabbed)",
    "displaced": r"(?:displaced|evacuated|homeless|uprooted|fled|forced to flee|fleeing|forced from their homes|driven from their homes|flee|forced to leave|left their homes)",
}
_before: Final = {
    "fatalities": r"(?:kill(?:ed|ing|s)?|claim(?:ed|ing|s) (?:the lives of|at least)?|executed|massacred|murdered|beheaded|bodies of|deaths? of|shot dead|gunned down|"
    r"death toll (?:\w+ ){0,4}?(?:to|of|at|reached|is|stands at|was)|toll (?:\w+ ){0,3}?(?:to|at))",
    "injured": r"(?:injur(?:ed|ing|es)|wound(?:ed|ing|s)|hurt(?:ing)?|maim(?:ed|ing))",
    "missing": r"(?:missing (?:were|are))",
    "arrested": r"(?:arrest(?:ed|ing|s)|detain(?:ed|ing|s)|apprehended|captured|rounded up|arrests? of|detention of)",
    "displaced": r"(?:displac(?:ed|ing|es)|evacuat(?:ed|ing|es|ion of)|uproot(?:ed|ing)|forc(?:ed|ing)|driv(?:en|ing)|drove)",
}
_any: Final = "|".join(f"(?P<{kind}>{words})" for kind, words in _after.items())
_what_follows: Final = re.compile(rf"(?:{_between})(?:{_any})\b")
_what_precedes: Final = re.compile(
    "(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _before.items()) + r")(?: [a-z]+)?,? $"
)
# Words that end the reach of a number: another clause begins.
_stop: Final = re.compile(
    r" (?:while|but|when|after|before|because|since|that|which|by|if|as well|and (?:kill|injur|wound|hurt|arrest|detain|displac))|[;:]"
)
_gate: Final = re.compile(
    r"kill|dead|died|death|slain|toll|bod(?:y|ies)|massacr|drown|perish|murder|injur|wound|hurt|missing|unaccounted|arrest|detain|custody|captur|rounded up|displac|evacuat|homeless|fled|flee|lives|shot|execut|behead|uproot|forced|population|residents"
)
_share: Final = re.compile(r"(\d{1,3}(?:\.\d+)?) ?(?:%|percent|per cent)")
_population: Final = re.compile(
    rf"population of (?:about|around|some|nearly|over|almost|roughly|more than)? ?(?P<a>{WORDS})|(?P<b>{WORDS})[ -](?:people|residents|inhabitants|population|citizens)"
)
_emptied: Final = re.compile(r"\b(?:fallen|fell|fled|left|flee|dropped|shrunk|evacuated|displaced|abandoned)\b")


def _range(m: re.Match[str]) -> Count | None:
    if m["low"]:
        low, high = read(m["low"]), read(m["high"])
        return None if low is None or high is None or low > high else Count(min=low, max=high)
    number = _vague[m["vague"]] if m["vague"] else read(m["number"])
    if number is None or number == 0:
        return None
    if m["more"]:
        return Count(min=number + (not m["vague"]), max=None)
    if m["most"]:
        return Count(min=None, max=number)
    if m["least"] and m["least"] != "some" or m["vague"] or m["ormore"]:
        return Count(min=number, max=None)
    return Count(min=number, max=number)


def find_counts(sentence: str) -> dict[str, Count]:
    """The counts of a sentence by the field of an event they belong to; the first of each kind."""
    lower = sentence.lower()
    if not _gate.search(lower):
        return {}
    found: dict[str, Count] = {}
    quantities = list(_quantity.finditer(lower))
    for at, m in enumerate(quantities):
        count = _range(m)
        if count is None:
            continue
        kind = None
        precedes = _what_precedes.search(lower[max(0, m.start() - 44) : m.start()].rstrip(" ") + " ")
        if precedes:
            kind = precedes.lastgroup
        else:
            reach = lower[m.end() : m.end() + 70]
            stop = _stop.search(reach)
            follows = _what_follows.match(reach[: stop.start()] if stop else reach)
            if follows:
                kind = follows.lastgroup
        if kind and kind not in found:
            found[kind] = count
    return found


def emptied(sentence: str, around: str) -> Count | None:
    """A share of a population that is gone: "fallen by 90%" of "about 30,000" is 27,000.

    The share stands in ``sentence``, the population there or in ``around``.
    """
    lower = sentence.lower()
    share = _share.search(lower)
    if not share or not _emptied.search(lower):
        return None
    population = _population.search(lower) or _population.search(around.lower())
    number = read(population["a"] or population["b"]) if population else None
    if not number or float(share[1]) > 100:
        return None
    people = round(number * float(share[1]) / 100)
    return Count(min=people, max=people)
