"""The shapes of time expressions: one compiled expression, one named group a shape.

Written over lower-cased text. ``lastgroup`` of a match names its shape, the parts
of a shape are groups called ``shape_part``. Earlier shapes win at the same place,
so longer ones stand first. All repetition is bounded: no text makes it slow.
"""

import re
from typing import Final

from services.enrich.dates.numbers import SCALES, TENS, UNITS
from services.enrich.dates.numbers import WORDS as NUMBER

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first".split(),
        1,
    )
}
# Hours east of Greenwich, for the zones that news names.
ZONES: Final = {
    "gmt": "Z", "utc": "Z", "bst": "+01:00", "cet": "+01:00", "cest": "+02:00", "eet": "+02:00", "msk": "+03:00",
    "moscow time": "+03:00", "ist": "+05:30", "jst": "+09:00", "aest": "+10:00", "est": "-05:00", "edt": "-04:00",
    "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00",
    "et": "", "pt": "", "local time": "", "eastern time": "", "pacific time": "", "hours": "",
}  # fmt: skip

_month = (
    rf"(?:{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?:\.|(?= \d)|(?= ?,? ?(?:19|20)\d\d)))"
)
_weekday = rf"(?:{'|'.join(WEEKDAYS)})"
_day = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th)?(?![\w%]|,\d|\.\d|:\d)"
_year = r"(?:1[5-9]\d\d|20\d\d)(?![\w%]|,\d|\.\d)"
_unit = r"(?:second|minute|hour|day|night|week|weekend|fortnight|month|quarter|year|decade|century|centurie)"
_part = r"(?:morning|afternoon|evening|night)"
_mod = (
    r"(?:early|earlier|late|later|mid|middle of|"
    r"(?:the )?(?:very )?(?:beginning|start|end|middle|first half|second half) of)"
)
_about = (
    r"(?:about|around|almost|nearly|roughly|approximately|some|more than|less than|fewer than|at least|"
    r"at most|up to|over|under|just over|just under|close to|only)"
)
_vague = r"(?:several|a few|few|a couple of|couple of|many|some)"
_zone = rf"(?:{'|'.join(sorted(ZONES, key=len, reverse=True))})"
_through = r"(?: ?[-–—] ?| to | until | till | through )"

SHAPES: Final = {
    "iso": r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d\d)(?P=SEP)(?P<d>\d\d)(?!\d)(?:[t ](?P<h>[012]\d):(?P<mi>[0-5]\d)(?::\d\d)?(?P<z>z|[+-]\d\d:?\d\d)?)?",
    "slash": r"(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P=SEP)(?P<y>(?:19|20)\d\d)(?!\d)",
    "dmy": rf"(?:(?P<wd>{_weekday}),? )?(?:the )?(?P<d>{_day})(?:{_through}(?P<to>{_day}))?(?: day)?(?: of)? (?P<m>{_month})(?:,? (?P<y>{_year}))?",
    "mdy": rf"(?:(?P<wd>{_weekday}),? )?(?P<m>{_month}) (?:the )?(?P<d>{_day})(?:{_through}(?P<to>{_day}))?(?:,? (?P<y>{_year}))?",
    "my": rf"(?:(?P<mod>{_mod})[ -])?(?P<m>{_month})(?:,? (?:of )?(?P<y>{_year})|,? (?:of )?(?P<rel>last|this|next) year)",
    "month": rf"(?:(?P<mod>{_mod})[ -])?(?:(?P<rel>last|this past|past|this coming|coming|this|next) )?(?P<m>{_month})",
    "weekday": (
        rf"(?:(?P<every>every|each) |(?:(?P<mod>early|late|later)(?: on)? )?(?:(?P<rel>last|this past|past|this coming|coming|this|next) )?)"
        rf"(?P<d>{_weekday})(?P<s>s)?(?: (?P<part>{_part}))?(?: (?P<week>last|this|next) week)?"
    ),
    "deictic": (
        rf"(?:(?P<mod>early|earlier|late|later) )?(?:(?P<d>the day before yesterday|the day after tomorrow|yesterday|today|"
        rf"tomorrow|tonight|overnight)(?: (?P<part>{_part}))?|(?P<rel>this|last) (?P<part2>{_part}))"
    ),
    "anaphor": (
        rf"(?P<same>the same day|that day|that same day)|the (?P<rel>following|next|previous) (?P<u>day|morning|night|week|month|year)"
    ),
    "season": (
        rf"(?:(?P<mod>{_mod})[ -])?(?:(?P<rel>last|this past|past|this coming|coming|this|next) (?P<s>spring|summer|autumn|fall|winter)"
        rf"|(?:the )?(?P<s2>spring|summer|autumn|fall|winter)(?: of|,)? (?:(?P<y>{_year})|(?P<ry>last|this|next) year))"
    ),
    "unit": (
        rf"(?:(?P<mod>{_mod})[ -])?(?P<rel>this past|this coming|last|this|next|the (?:past|last|previous|coming|current)|past|previous|coming|the) "
        rf"(?P<u>week|weekend|month|quarter|year|decade|century)(?![\w-])"
    ),
    "stretch": (
        rf"(?:the )?(?P<rel>past|last|next|coming|previous) (?:{_about} )?(?P<n>{NUMBER}|{_vague})[ -](?P<u>{_unit})s?(?![\w])"
    ),
    "set": (
        rf"(?P<adv>daily|nightly|weekly|fortnightly|monthly|quarterly|yearly|annually|annual|hourly)"
        rf"|(?:every|each) (?:(?P<n>{NUMBER}|other) )?(?P<u>{_unit})s?(?![\w])"
        rf"|(?:once|twice|three times|four times|several times) (?:a|an|per|every|each) (?P<per>day|week|month|year|hour)"
    ),
    "decade": (
        r"(?:the )?(?:(?P<mod>early|mid|late)[ -])?(?:(?P<y>(?:1[5-9]|20)\d0)['’]?s|['’](?P<yy>[1-9]0)s|"
        r"(?P<w>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))"
    ),
    "century": rf"(?:the )?(?:(?P<mod>early|mid|late)[ -])?(?P<n>\d\d?(?:st|nd|rd|th)|{'|'.join(sorted(ORDINALS, reverse=True))})[ -]century",
    "quarter": rf"(?:the )?(?P<q>first|second|third|fourth)[ -]quarter(?:(?: of)? (?P<y>{_year})| of (?P<rel>last|this|next) year)?|q(?P<n>[1-4]) (?P<y2>{_year})",
    "clock": (
        rf"(?:(?P<h>\d{{1,2}})(?:[:.](?P<mi>[0-5]\d))? ?(?P<ap>[ap])\.?m(?:\.|\b)|(?P<h2>[01]?\d|2[0-3])[:.](?P<mi2>[0-5]\d)(?= (?:{_zone})\b)"
        rf"|(?P<h3>[01]?\d|2[0-3]):(?P<mi3>[0-5]\d)(?![\d.:])|(?P<h4>[01]\d|2[0-3])(?P<mi4>[0-5]\d)(?= (?:{_zone})\b)"
        rf"|(?P<h5>\d{{1,2}}|{'|'.join('one two three four five six seven eight nine ten eleven twelve'.split())}) o['’]clock|(?P<w>noon|midnight|midday))"
        rf"(?: (?P<z>{_zone})\b)?"
    ),
    "ago": (
        rf"(?:{_about} )?(?P<n>{NUMBER}|an?|{_vague}|half an?)(?P<half> and a half)?[ -](?P<u>{_unit})s?"
        rf"(?:[ ](?P<dir>ago|earlier|later|before|from now|hence))?(?![\w]|-old| old| of age)"
    ),
    "year": rf"(?:(?P<mod>{_mod})[ -])?(?P<y>{_year})(?:[-–/](?P<to>(?:19|20)\d\d|\d\d)(?!\d))?",
}  # fmt: skip


def _named(shape: str, pattern: str) -> str:
    named = pattern.replace("(?P<", f"(?P<{shape}_").replace("(?P=SEP)", f"(?P={shape}_sep)")
    return f"(?P<{shape}>{named})"


# Every word an expression may begin with. One look at it spares the shapes at most words of a text.
FIRST_WORDS: Final = (
    *MONTHS, *(month[:3] for month in MONTHS), "sept", *WEEKDAYS, *UNITS, *TENS, *SCALES, *ORDINALS,
    *"early earlier late later mid middle the beginning start end first second last this past coming next previous every "
    "each yesterday today tomorrow tonight overnight that spring summer autumn fall winter a an half about around almost "
    "nearly roughly approximately some more less fewer at up over under just close only several few couple many daily "
    "nightly weekly fortnightly monthly quarterly yearly annually annual hourly once twice noon midnight midday "
    "twenties thirties forties fifties sixties seventies eighties nineties".split(),
)  # fmt: skip


def _tree(words: set[str]) -> str:
    """An expression for any of ``words`` that looks at each character once."""
    branches = []
    for letter in sorted({word[0] for word in words if word}):
        rest = {word[1:] for word in words if word.startswith(letter)}
        branches.append(letter + (_tree(rest) if rest != {""} else ""))
    tree = f"(?:{'|'.join(branches)})" if len(branches) > 1 else branches[0]
    return f"(?:{tree})?" if "" in words else tree


def _expression() -> "re.Pattern[str]":
    shapes = "|".join(_named(*item) for item in SHAPES.items())
    return re.compile(rf"(?<![\w$€£#])(?=\d|['’q]|{_tree(set(FIRST_WORDS))}(?![a-z]))(?:{shapes})(?!\w)")


EXPRESSION: Final = _expression()

# What an expression cannot do without. A text without any of these is never looked at more closely.
TRIGGERS: Final = (
    *(month[:3] for month in MONTHS if month != "may"), "may ", "may,", "may.", "may-", "may\n", "may'", "may’", "may)",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "today", "tomorrow", "yesterday", "tonight", "overnight", "morning", "afternoon", "evening", "night",
    "noon", "midnight", "midday", "o'clock", "o’clock", "gmt", "utc", " a.m", " p.m", "0am", "0pm", " am", " pm",
    "second", "minute", "hour", " day", "-day", "week", "fortnight", "month", "quarter", "year", "decade", "centur",
    "spring", "summer", "autumn", " fall", "winter", "daily", "hourly", "annual",
    "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties", "'90s", "’90s", "0s",
    *(f"{digit}{kind}" for digit in range(10) for kind in ("am", "pm")),
    *(f":{digit}" for digit in range(6)),
    *(f"{century}{digit}" for century in (15, 16, 17, 18, 19, 20) for digit in range(10)), *(f"q{n} " for n in range(1, 5)),
)  # fmt: skip
