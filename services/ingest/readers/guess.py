"""Which of the old encodings some bytes are in, told by what they would say.

Other scripts than the Latin one give themselves away, and ``charset-normalizer``
knows them. Latin ones hardly differ: their accented letters are held against the
alphabets of the languages that used them. A guess that is not sure is none.
"""

import re
from collections import Counter
from functools import lru_cache

from charset_normalizer import from_bytes

# A sample tells; the whole must still decode without an error.
SAMPLE = 16 * 1024  # bytes

# Of the bytes that are no blanks: Czech and Vietnamese have fewer than this beyond ASCII, Greek and Chinese far more.
LATIN_SHARE = 0.3

# Two in a hundred letters may be of a name from elsewhere.
LEAST_SHARE = 0.98
OTHER_SCRIPTS = (
    "cp1251",
    "koi8_r",
    "koi8_u",
    "cp866",
    "iso8859_5",
    "cp1253",
    "cp1255",
    "cp1256",
    "iso8859_6",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
)
# The names under which a later edition with more characters is known; everything else in them is the same.
LATER = {"shift_jis": "cp932", "euc_kr": "cp949"}
# Fewer bytes of another script than this are read in too many ways.
LEAST_BYTES = 60
MOST_CHAOS = 0.1

# The letters beyond ASCII of each language, in the order in which encodings are preferred where both would do.
LATIN: dict[str, tuple[str, ...]] = {
    "cp1252": (
        "àâæçéèêëîïôœùûüÿ",  # French
        "äöüßéà",  # German
        "áéíñóúüºª",  # Spanish
        "áâãàçéêíóôõúüºª",  # Portuguese
        "àèéìíòóùúî",  # Italian
        "áèéëïíóöúü",  # Dutch
        "æøåéèêòóôüäö",  # Danish and Norwegian
        "åäöéüàšž",  # Swedish and Finnish
        "áéíóúýðþæö",  # Icelandic
        "àáçèéíïòóúü",  # Catalan
        "àâäôùûêëîïéöü",  # Welsh, Luxembourgish
        "äõöüšž",  # Estonian
    ),
    "iso8859_15": ("àâæçéèêëîïôœùûüÿ", "äõöüšž"),
    "cp1250": (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "ăâîşţ",  # Romanian
        "čćđšž",  # Croatian, Slovenian
    ),
    "iso8859_2": (
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "áéíóöőúüű",
        "ăâîşţ",
        "čćđšž",
    ),
    "cp1254": ("çğıöşüâîû",),  # Turkish
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž"),  # Latvian, Lithuanian
}

# What may stand beside letters without being one.
_PUNCTUATION = frozenset("‘’“”„‚‹›«»–—…·•€£°§ \xa0\xad¿¡ºª½¼¾™®©†‡‰²³")
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][^\w\s\x00-\x7f‘’\xad·‑–—…“”«»\xa0][^\W\d_]")


def guess(data: bytes) -> str | None:
    """The name of the codec for ``data``, which is not UTF-8; None where no guess is sure.

    The guess may still not decode all of ``data``.
    """
    sample = _sample(data)
    beyond = sum(len(run) for run in re.findall(rb"[\x80-\xff]+", sample))
    visible = len(b"".join(sample.split()))
    if beyond < max(LATIN_SHARE * visible, LEAST_BYTES):
        return _latin(sample)
    best = from_bytes(sample, cp_isolation=list(OTHER_SCRIPTS)).best()
    return LATER.get(best.encoding, best.encoding) if best and best.chaos <= MOST_CHAOS else None


def _sample(data: bytes) -> bytes:
    """The beginning of ``data``, up to a byte that is a character in every encoding."""
    if len(data) <= SAMPLE:
        return data
    cut = max(data.rfind(b"\n", 0, SAMPLE), data.rfind(b" ", 0, SAMPLE))
    return data[: cut if cut > 0 else SAMPLE]


def _latin(sample: bytes) -> str | None:
    scores: dict[str, float] = {}
    for encoding in LATIN:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x80-\x9f]", text):
            scores[encoding] = _score(text, encoding)
    best = max(scores, key=scores.__getitem__, default=None)
    return best if best and scores[best] >= LEAST_SHARE else None


def _score(text: str, encoding: str) -> float:
    """The share of characters beyond ASCII that the likeliest language of ``encoding`` would have there."""
    counted = Counter(character for character in text if character >= "\x80")
    letters = {character: number for character, number in counted.items() if character.isalpha()}
    strange = sum(number for one, number in counted.items() if one not in letters and one not in _PUNCTUATION)
    fitting = max(
        sum(number for letter, number in letters.items() if letter in alphabet) for alphabet in _alphabets(encoding)
    )
    misfits = sum(letters.values()) - fitting + strange + len(_SYMBOL_IN_WORD.findall(text))
    return 1 - misfits / max(1, sum(counted.values()))


@lru_cache
def _alphabets(encoding: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(letters + letters.upper() + "ß") for letters in LATIN[encoding])
