"""Numbers as news writes them: digits with separators, words, and scale words.

``read`` is the one public function; ``WORDS`` is the fragment other grammars put
into their own expressions. British and American spelling, with or without "and".
"""

import re
from typing import Final

UNITS: Final = dict(
    zero=0, one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10, eleven=11, twelve=12,
    thirteen=13, fourteen=14, fifteen=15, sixteen=16, seventeen=17, eighteen=18, nineteen=19,
)  # fmt: skip
TENS: Final = dict(twenty=20, thirty=30, forty=40, fifty=50, sixty=60, seventy=70, eighty=80, ninety=90)
SCALES: Final = dict(dozen=12, score=20, hundred=100, thousand=1_000, million=1_000_000, billion=1_000_000_000)
ARTICLES: Final = dict(a=1, an=1, half=0)

_small = "|".join([*(f"{ten}(?:[- ](?:{'|'.join(list(UNITS)[1:10])}))?" for ten in TENS), *sorted(UNITS, reverse=True)])
_scale = "|".join(SCALES)
_digits = r"\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,2})?"
# A number in digits or words; no bare scale word, no article. Every repetition is bounded, so no input makes it slow.
WORDS: Final = (
    rf"(?:(?:{_digits})(?: (?:{_scale}))?(?![\d])"
    rf"|(?:(?:an? )?(?:{_scale})|(?:{_small}))(?:(?: and)? (?:(?:{_scale})|(?:{_small}))){{0,4}})"
)

_token = re.compile(r"\d[\d,]*(?:\.\d+)?|[a-z]+")


def read(text: str) -> int | None:
    """The whole number that ``text`` (lower case) spells, or None where it holds a word that is no number.

    "1,200" is 1200, "2.5 million" 2500000, "two hundred and fifty" 250, "a dozen" 12.
    """
    total, current, seen = 0.0, 0.0, False
    for token in _token.findall(text):
        if token[0].isdigit():
            digits = token.replace(",", "")
            if len(digits) > 15:
                return None
            current += float(digits)
        elif token in UNITS:
            current += UNITS[token]
        elif token in TENS:
            current += TENS[token]
        elif token in SCALES:
            scale = SCALES[token]
            current = (current or 1) * scale
            if scale >= 1000:
                total, current = total + current, 0.0
        elif token in ARTICLES:
            current += ARTICLES[token] if text == token else 0
        elif token != "and":
            return None
        seen = True
    return round(total + current) if seen else None
