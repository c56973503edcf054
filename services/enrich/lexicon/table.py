"""Reading the lexicon's data files."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_DATA = files("services.enrich.lexicon") / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of ``data/<name>.tsv`` by column; ``#`` begins a comment line."""
    lines = (_DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    for line in lines[1:]:
        if line and not line.startswith("#"):
            yield dict(zip(header, line.split("\t"), strict=True))


def listed(value: str) -> tuple[str, ...]:
    """The parts of a cell that holds several."""
    return tuple(value.split("|")) if value else ()


@cache
def digest(*files_read: str) -> str:
    """A short hash of the named files of ``data/``, for what is made from them."""
    whole = hashlib.sha256()
    for name in sorted(files_read):
        whole.update((_DATA / name).read_bytes())
    return whole.hexdigest()[:8]


@cache
def words(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``, white space between them; ``#`` begins a comment line."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
