"""The few kinds of clauses that everything asked of Elasticsearch is made of."""

from typing import Any, Final

Clause = dict[str, Any]

# The words of a name may stand in another order, with a middle name between them.
_NAME_SLOP: Final = 2


def all_of(clauses: list[Clause]) -> Clause:
    """What holds where all hold."""
    return clauses[0] if len(clauses) == 1 else {"bool": {"must": clauses}}


def any_of(clauses: list[Clause]) -> Clause:
    """What holds where one holds."""
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def exactly(index_field: str, value: str) -> Clause:
    """One whole value, in any case."""
    return {"term": {index_field: {"value": value, "case_insensitive": True}}}


def name_clause(index_field: str, name: str) -> Clause:
    """A name in a field of names: its words beside each other, in either order, in any case."""
    return {"match_phrase": {index_field: {"query": name, "slop": _NAME_SLOP, "zero_terms_query": "none"}}}
