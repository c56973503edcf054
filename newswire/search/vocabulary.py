"""The words that stand for something in the index: tags, countries, and names that go by another name.

Filled by whoever knows them (the command line takes them from the enrich service's
taxonomy and lexicon), so that this package needs neither.
"""

import difflib
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Final

from newswire.search.question import QuestionError

# Up to here an alias is an acronym, and counts only as it is written: "US" is not "us", "WHO" not "who".
ACRONYM: Final = 4
_CODE: Final = 2  # letters of an ISO code, which as a word is somebody's: "in", "it", "no"


def folded(name: str) -> str:
    """``name`` in lower case, without accents, its white space collapsed."""
    parts = unicodedata.normalize("NFKD", name)
    return " ".join("".join(part for part in parts if not unicodedata.combining(part)).lower().split())


def alias_key(name: str) -> str:
    """What an alias is looked up by: acronyms as written, longer names in any case."""
    return name if len(name) <= ACRONYM and name.isupper() else folded(name)


def kind_key(word: str) -> str:
    """What a word for a kind of event is looked up by: one floods, two flood."""
    key = folded(word).strip("?!.,;:'")
    return key.removesuffix("s") if len(key) > ACRONYM else key


def kinds(tags: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The words of ``kinds.toml``, each with those of ``tags`` it is a word for."""
    data: dict[str, list[str]] = tomllib.loads(files(__package__).joinpath("kinds.toml").read_text("utf-8"))
    known = Vocabulary(tags=tags)
    return {
        kind_key(word): tuple(tag for pattern in patterns for tag in known.tags_like(pattern))
        for word, patterns in data.items()
    }


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the words of a question stand for.

    ``tags``: the closed set. ``kinds``: a word (`kind_key`) → the tags it is a word for.
    ``countries``: `folded` name → ISO code. ``country_names``: ISO code → the usual name.
    ``names``: `alias_key` → the usual name.
    """

    tags: tuple[str, ...] = ()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    country_names: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def tags_like(self, pattern: str) -> tuple[str, ...]:
        """The tags meant by a tag, a branch (``conflict``, ``conflict.*``), a leaf or a pattern (``*.verdict``).

        Raises QuestionError, which says what is close, where there is none.
        """
        wanted = pattern.strip().lower()
        branch = wanted.removesuffix(".*").removesuffix(".")
        found = tuple(tag for tag in self.tags if tag == branch or tag.startswith(f"{branch}."))
        found = found or tuple(tag for tag in self.tags if tag.endswith(f".{branch}"))
        if wanted and not found and any(sign in wanted for sign in "*?"):
            found = tuple(tag for tag in self.tags if fnmatchcase(tag, wanted.replace("[", "[[]")))
        if found:
            return found
        raise QuestionError(f"There is no tag {pattern!r}. {self._close_tags(branch)}")

    def country(self, name: str) -> str:
        """The ISO code of a country named by code or in English; raises QuestionError."""
        key = folded(name)
        code = self.countries.get(key.removeprefix("the "))
        if code is None:
            near = difflib.get_close_matches(key, self.countries, n=1)
            advice = f"Did you mean {near[0].title()!r}?" if near else "Give its English name or its ISO code, as UA."
            raise QuestionError(f"There is no country {name!r}. {advice}")
        return code

    def country_called(self, word: str) -> str | None:
        """The ISO code of the country that ``word`` names, if it names one; a code in capitals names none."""
        return self.countries.get(folded(word)) if len(word) > _CODE else None

    def tags_called(self, words: Iterable[str]) -> tuple[str, ...]:
        """The tags that ``words`` are words for."""
        return tuple(dict.fromkeys(tag for word in words for tag in self.kinds.get(kind_key(word), ())))

    def forms(self, name: str) -> tuple[str, ...]:
        """``name`` and, where it is an alias, the usual name it stands for."""
        usual = self.names.get(alias_key(name.strip()))
        return (name, usual) if usual and folded(usual) != folded(name) else (name,)

    def _close_tags(self, wanted: str) -> str:
        parts = dict.fromkeys(part for tag in self.tags for part in (tag, *_branches(tag), tag.rpartition(".")[2]))
        near = [part for part in parts if wanted and wanted in part]
        near += difflib.get_close_matches(wanted, parts, n=3)
        if near:
            return f"Close to it: {', '.join(dict.fromkeys(near[:6]))}."
        return f"The branches are {', '.join(dict.fromkeys(tag.split('.')[0] for tag in self.tags))}."


def _branches(tag: str) -> Iterable[str]:
    parts = tag.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts))) if len(parts) > 1 else ()
