"""Numbers as news writes them: digits with separators, words, and scale words.

``read`` is the one public function; ``WORDS`` is the fragment other grammars put
into their own expressions. British and American spelling, with or without "and".
"""

import re
from typing import Final

_UNITS: Final = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen"""
_TENS: Final = """
twenty thirty forty fifty sixty seventy eighty ninety"""
UNITS: Final = {word: number for number, word in enumerate(_UNITS.split())}
TENS: Final = {word: 20 + 10 * number for number, word in enumerate(_TENS.split())}
SCALES: Final = {
    "dozen": 12,
    "score": 20,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}
ARTICLES: Final = {"a": 1, "an": 1, "half": 0}

_small = "|".join([*(f"{ten}(?:[- ](?:{'|'.join(list(UNITS)[1:10])}))?" for ten in TENS), *sorted(UNITS, reverse=True)])
_scale = "|".join(SCALES)
_digits = r"\d{1,3}(?:,\d{3})++|\d{1,9}+(?:\.\d{1,2})?+"
# A number in digits or words; no bare scale word, no article. Every repetition is bounded, so no input makes it slow.
WORDS: Final = (
    rf"(?:(?:{_digits})(?: (?:{_scale}))?(?![\d])"
    rf"|(?:(?:an? )?(?:{_scale})|(?:{_small}))(?:(?: and)? (?:(?:{_scale})|(?:{_small}))){{0,4}})"
)

_word = re.compile(r"\d[\d,]*(?:\.\d+)?|[a-z]+")


def read(text: str) -> int | None:
    """The whole number that ``text`` (lower case) spells, or None where it holds a word that is no number.

    "1,200" is 1200, "2.5 million" 2500000, "two hundred and fifty" 250, "a dozen" 12.
    """
    total, current, seen = 0.0, 0.0, False
    for word in _word.findall(text):
        if word[0].isdigit():
            digits = word.replace(",", "")
            if len(digits) > 15:
                return None
            current += float(digits)
        elif word in UNITS:
            current += UNITS[word]
        elif word in TENS:
            current += TENS[word]
        elif word in SCALES:
            scale = SCALES[word]
            current = (current or 1) * scale
            if scale >= 1000:
                total, current = total + current, 0.0
        elif word in ARTICLES:
            current += ARTICLES[word] if text == word else 0
        elif word != "and":
            return None
        seen = True
    return round(total + current) if seen else None
