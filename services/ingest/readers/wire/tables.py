"""The data files of this package."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_DATA = files("services.ingest.readers.wire") / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """``data/<name>.toml``."""
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))
