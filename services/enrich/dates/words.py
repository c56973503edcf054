"""The word lists of ``words.toml``."""

import tomllib
from importlib.resources import files
from typing import Final

_lists: Final[dict[str, str]] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def words(name: str) -> frozenset[str]:
    """The words of one list; KeyError where there is none such."""
    return frozenset(_lists[name].split())
