"""Where the words of a question stand in an article: the title, a caption, and the best sentences of the body."""

from collections.abc import Iterator
from typing import Any, Final

from newswire.search.answer import MARK_END, MARK_START
from newswire.search.clause import Clause
from newswire.search.clauses import UNASKED
from newswire.search.fields import FIELDS, Kind
from newswire.search.nodes import Like, Node, Pattern, Phrase, Word, wanted
from newswire.search.vocabulary import folded

SNIPPET: Final = 180  # characters; two lines of a terminal
# Field → how many stretches of it; 0 is the whole field.
SHOWN: Final = {"title": 0, "caption": 1, "body": 2}
# Past this nothing is marked; without it one very long article would fail the whole search.
ANALYZED: Final = 900_000


def highlight(node: Node | None) -> dict[str, Any]:
    """The highlight part of a request. Without a word to mark, a body is shown from its beginning."""
    return {
        "pre_tags": [MARK_START],
        "post_tags": [MARK_END],
        "order": "score",
        "boundary_scanner_locale": "en",
        "max_analyzed_offset": ANALYZED,
        "fields": {
            name: {
                "number_of_fragments": count,
                "fragment_size": SNIPPET,
                "no_match_size": SNIPPET if name == "body" else 0,
                "highlight_query": {"bool": {"should": list(_marked(node, name))}},
            }
            for name, count in SHOWN.items()
        },
    }


def _marked(node: Node | None, name: str) -> Iterator[Clause]:
    """What is marked in the field ``name``: words asked for anywhere, as names, or in just this field."""
    yield {"match_none": {}}
    for leaf in wanted(node):
        field = leaf.field
        elsewhere = field.path in SHOWN and field is not FIELDS[name]
        if field.kind not in (Kind.TEXT, Kind.NAME) or elsewhere:
            continue
        match leaf:
            case Word(text):
                if text.lower() not in UNASKED:
                    yield {"match": {name: {"query": text}}}
            case Phrase(text, slop):
                yield {"match_phrase": {name: {"query": text, "slop": slop}}}
            case Like(text, edits):
                yield {"match": {name: {"query": text, "fuzziness": edits, "prefix_length": 1, "max_expansions": 20}}}
            case Pattern(text):
                yield {"wildcard": {name: {"value": folded(text)}}}
            case _:
                pass
