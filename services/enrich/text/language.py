"""The language of a text, told by its script and by its commonest words (``languages.toml``).

What the source said is believed unless a text long enough says otherwise, clearly:
a feed labels everything alike, an agency's bulletin in another language comes down
the same line. Lists of names and tables have none of the words and decide nothing.
"""

import re
import tomllib
from bisect import bisect_right
from collections import Counter, defaultdict
from importlib.resources import files
from itertools import repeat
from struct import Struct
from typing import Any, Final, NamedTuple

_DATA: Final[dict[str, Any]] = tomllib.loads(files(__package__).joinpath("languages.toml").read_text("utf-8"))

# Code points looked at: the beginning, and as much from the middle, where a foreign quotation does not reach.
_SAMPLE: Final = 500
# Words below which a text says nothing against its source.
LONG: Final = 24
# The share of little words in running text is a fifth to a half; a list of names has hardly any.
_ENOUGH: Final = 0.12
# By how many of its words a language must be ahead: of the next (also as a share of all), and of what the source says.
_AHEAD, _SHARE, _AGAINST = 2.0, 0.025, 6.0
# What a word counts, and a letter that few languages have.
_WORD, _LETTER = 10, 3

_subtag: Final = re.compile(r"[a-z]{2,3}(?=$|[-_])|[a-z]{4,8}$")
_unsaid: Final = frozenset(("und", "mul", "zxx", "mis"))


class _Profile:
    """The languages of one script: for each word, and each letter, a number that holds 16 bits for each language.

    Adding up the numbers of a text's words counts for all languages at once.
    """

    def __init__(self, script: str) -> None:
        self.codes = list(_DATA[script])
        self.words: dict[str, int] = {}
        self.letters: dict[str, int] = {}
        for at, told in enumerate(_DATA[script].values()):
            for word in set(told["words"].split()):
                self.words[word] = self.words.get(word, 0) + (_WORD << 16 * at)
            for letter in set(told["letters"]):
                self.letters[letter] = self.letters.get(letter, 0) + (_LETTER << 16 * at)
        self._unpack = Struct(f"<{len(self.codes)}H")

    def scores(self, words: list[str], letters: dict[str, int]) -> dict[str, float]:
        """How many words speak for each language, letters counted with them."""
        total = sum(map(self.words.get, words, repeat(0)))
        for letter, count in letters.items():
            total += self.letters.get(letter.lower(), 0) * count
        return {
            code: score / _WORD
            for code, score in zip(
                self.codes, self._unpack.unpack(total.to_bytes(self._unpack.size, "little")), strict=True
            )
        }


_PROFILES: Final = {script: _Profile(script) for script in ("latin", "cyrillic", "arabic", "devanagari")}
_ranges: Final = sorted(
    (ord(first), ord(last), name)
    for name, letters in {**_DATA["alone"], **_DATA["shared"]}.items()
    for first, last in re.findall("(.)-(.)", letters)
)
_starts: Final = [first for first, _, _ in _ranges]
_beyond: Final = re.compile(r"[^\x00-\x7f]")


def _script_of_letter(letter: str) -> str:
    at = bisect_right(_starts, ord(letter)) - 1
    return _ranges[at][2] if at >= 0 and ord(letter) <= _ranges[at][1] else ""


_KNOWN: Final = frozenset((*_DATA["alone"], "ja", "zh", *(code for script in _PROFILES for code in _DATA[script])))
_KIN: Final = {code: frozenset((code, *kin.split())) for code, kin in _DATA["kin"].items()}


def language(text: str, said: str | None) -> str | None:
    """The BCP 47 primary subtag of ``text``'s language; None where neither the text nor its source tells.

    ``said`` is the source's own word in any of the usual ways of writing it
    ("en-GB", "eng", "DE"). Never raises.
    """
    source = primary(said)
    found = _told(text)
    if found is None or (source is not None and source in _KIN.get(found.language, (found.language,))):
        return source
    if source is None:
        return found.language
    # A source may name a language that is not among those known here; it is not for this text to say otherwise.
    clearly = found.scores[found.language] - found.scores.get(source, 0) >= _AGAINST
    return found.language if source in _KNOWN and found.words >= LONG and clearly else source


def primary(said: str | None) -> str | None:
    """The primary subtag of what a source says its language is; None where it says nothing that can be one."""
    m = _subtag.match((said or "").strip().lower())
    if m is None:
        return None
    code = _DATA["written"].get(m[0], m[0])
    return None if code in _unsaid or len(code) > 3 else code


class _Told(NamedTuple):
    """What a text tells: its language, how many words it has, and how many of them speak for each language."""

    language: str
    words: int
    scores: dict[str, float]


def _told(text: str) -> _Told | None:
    sample = text[: 2 * _SAMPLE]
    if len(text) > 2 * _SAMPLE:
        middle = len(text) // 2
        sample = f"{text[:_SAMPLE]} {text[middle : middle + _SAMPLE]}"
    if sample.isascii():
        return _by_words("latin", sample.lower(), {})
    letters = Counter(_beyond.findall(sample))
    scripts: defaultdict[str, int] = defaultdict(int)
    for letter, count in letters.items():
        scripts[_script_of_letter(letter)] += count
    scripts.pop("", None)
    # Of what is ASCII about every fourth is a space, a digit or a sign.
    scripts["latin"] += (len(sample) - letters.total()) * 3 // 4
    scripts["han"] += scripts["kana"]
    script = max(scripts, key=lambda name: scripts[name])
    if script in _PROFILES:
        return _by_words(script, sample.lower(), letters)
    # Scripts without spaces have few words: two characters of theirs count as one.
    score = scripts[script] / 2
    if script == "han":
        script = "ja" if scripts["kana"] * 8 > scripts["han"] else "zh"
    return _Told(script, int(score), {script: score}) if score - scripts["latin"] / 2 >= _AHEAD else None


def _by_words(script: str, lower: str, letters: dict[str, int]) -> _Told | None:
    # An apostrophe ends a word, as in "l'eau". What has other signs on it is no word of the lists, and never mind.
    words = lower.replace("’", "'").replace("'", "' ").split()
    scores = _PROFILES[script].scores(words, letters)
    best = max(scores, key=lambda code: scores[code])
    kin = _KIN.get(best, ())
    lead = scores[best] - max(score for code, score in scores.items() if code not in kin and code != best)
    enough = scores[best] >= _ENOUGH * len(words) and lead >= max(_AHEAD, _SHARE * len(words))
    return _Told(best, len(words), scores) if enough else None
