"""The part of Kibana's query language that the saved objects use: to its fields, and to an Elasticsearch query.

    or      = and {"or" and}
    and     = not {"and" not}
    not     = ["not"] (group | clause)
    clause  = field ":" (value | "(" value {"or" value} ")") | field (">" | ">=" | "<" | "<=") value

Everything else is refused with ValueError, so that no query is understood by halves.
How each clause is asked follows kbn-es-query, src/kuery/functions of elastic/kibana.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

TOKEN = re.compile(r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<sign>>=|<=|[():<>])|(?P<word>[^\s"():<>]+))')
RANGES = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
WORDS = {"and", "or", "not"}


class Clause(NamedTuple):
    """One field and what is asked of it; ``sign`` is ``:`` or a comparison."""

    field: str
    sign: str
    values: tuple[str, ...]


class Node(NamedTuple):
    """``and``, ``or`` or ``not`` over others."""

    word: str
    parts: tuple["Node | Clause", ...]


def parse(text: str) -> Node | Clause | None:
    """The tree of a query; None for the empty one, which is everything. Raises ValueError where it is none."""
    tokens = _tokens(text)
    if not tokens:
        return None
    parsed, rest = _or(tokens)
    if rest:
        raise ValueError(f"{rest[0]!r} is not expected in {text!r}")
    return parsed


def clauses(tree: Node | Clause | None) -> Iterator[Clause]:
    """Every clause of a query."""
    if isinstance(tree, Clause):
        yield tree
    elif tree is not None:
        for part in tree.parts:
            yield from clauses(part)


def to_query(tree: Node | Clause | None) -> dict[str, Any]:
    """The query that Elasticsearch is asked."""
    if tree is None:
        return {"match_all": {}}
    if isinstance(tree, Clause):
        return {"bool": {"should": [_asked(tree.field, tree.sign, value) for value in tree.values]}}
    name = {"and": "filter", "or": "should", "not": "must_not"}[tree.word]
    return {"bool": {name: [to_query(part) for part in tree.parts]}}


def _asked(field: str, sign: str, value: str) -> dict[str, Any]:
    if sign != ":":
        return {"range": {field: {RANGES[sign]: value}}}
    if value == "*":
        return {"exists": {"field": field}}
    return {"wildcard": {field: {"value": value}}} if "*" in value else {"term": {field: {"value": value}}}


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no token at {text[at:]!r}")
        found.append(match[0].strip())
        at = match.end()
    return found


def _or(tokens: list[str]) -> tuple[Node | Clause, list[str]]:
    return _joined("or", _and, tokens)


def _and(tokens: list[str]) -> tuple[Node | Clause, list[str]]:
    return _joined("and", _not, tokens)


def _joined(word: str, part: Any, tokens: list[str]) -> tuple[Node | Clause, list[str]]:
    first, rest = part(tokens)
    parts = [first]
    while rest and rest[0] == word:
        following, rest = part(rest[1:])
        parts.append(following)
    return (first if len(parts) == 1 else Node(word, tuple(parts))), rest


def _not(tokens: list[str]) -> tuple[Node | Clause, list[str]]:
    if tokens[:1] == ["not"]:
        inner, rest = _not(tokens[1:])
        return Node("not", (inner,)), rest
    if tokens[:1] == ["("]:
        inner, rest = _or(tokens[1:])
        if rest[:1] != [")"]:
            raise ValueError("a bracket is not closed")
        return inner, rest[1:]
    return _clause(tokens)


def _clause(tokens: list[str]) -> tuple[Clause, list[str]]:
    if len(tokens) < 3 or not _is_value(tokens[0]) or tokens[1] not in {":", *RANGES}:
        raise ValueError(f"no field with a sign and a value in {' '.join(tokens)!r}")
    field, sign, first, *rest = tokens
    if sign != ":" or first != "(":
        return Clause(field, sign, (_value(first),)), rest
    values = [_value(rest[0] if rest else "")]
    rest = rest[1:]
    while rest[:1] == ["or"]:
        values.append(_value(rest[1] if len(rest) > 1 else ""))
        rest = rest[2:]
    if rest[:1] != [")"]:
        raise ValueError("a list of values is not closed")
    return Clause(field, sign, tuple(values)), rest[1:]


def _is_value(token: str) -> bool:
    return bool(token) and token not in {"(", ")", ":", *RANGES, *WORDS}


def _value(token: str) -> str:
    if not _is_value(token):
        raise ValueError(f"a value is expected, not {token!r}")
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token
