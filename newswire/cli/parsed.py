"""Values on the command line that are read as settings are, and refused in the same words."""

import re
from collections.abc import Callable
from typing import Any

import click

# More articles than anybody has; what Elasticsearch and Kafka count with ends a little further on.
MOST = 1_000_000_000


class Parsed(click.ParamType):
    """What ``parse`` makes of a word; it raises ValueError with the end of a sentence (``newswire.settings``)."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value; defaults that are values already stay as they are."""
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}.", param, ctx)


def rate(raw: str) -> float:
    """So many a second: a number above 0."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", raw, re.ASCII) or not float(raw):
        raise ValueError("is not a number above 0, with nine digits at most")
    return float(raw)
