"""One request for one stretch of hits: pure, a dict."""

from collections.abc import Sequence
from typing import Any, Final

from newswire.search.answer import SOURCE_FIELDS
from newswire.search.clause import Clause
from newswire.search.clauses import Compiler
from newswire.search.filters import filters
from newswire.search.highlight import highlight
from newswire.search.language import parse
from newswire.search.nodes import Node
from newswire.search.question import Order, Question
from newswire.search.relevance import scored
from newswire.search.vocabulary import Vocabulary

# Elasticsearch stops there and says so; an answer that takes longer is not wanted any more.
TIME_LIMIT: Final = "10s"
# Counting on costs a look at every match; "more than 10,000" is all that a person takes from the number.
COUNTED_UP_TO: Final = 10_000
# The newest or oldest first are the same to the last: an id is unique.
SORTS: Final[dict[Order, list[dict[str, Any]]]] = {
    "relevance": [{"_score": "desc"}, {"@timestamp": "desc"}, {"id": "asc"}],
    "newest": [{"@timestamp": "desc"}, {"id": "asc"}],
    "oldest": [{"@timestamp": "asc"}, {"id": "asc"}],
}


class Asked:
    """A question made ready: parsed and compiled once, asked as often as its pages want.

    ``relaxed``: some of a question's words are enough. ``notes`` say how it was read.
    """

    def __init__(self, question: Question, vocabulary: Vocabulary, *, relaxed: bool = False) -> None:
        parsed = parse(question.text)
        compiler = Compiler(vocabulary, question.now, relaxed)
        self.question = question
        self.vocabulary = vocabulary
        self._node: Node | None = parsed.node
        self._recall: Clause = compiler.clause(parsed.node) if parsed.node else {"match_all": {}}
        self.notes = [*parsed.notes, *compiler.notes]

    @property
    def query(self) -> Clause:
        """What matches, in the question's order of relevance."""
        recall = self._recall
        if self.question.sorting == "relevance":
            recall = scored(recall, self._node, self.question.now, self.vocabulary)
        return {"bool": {"must": [recall], "filter": filters(self.question, self.vocabulary)}}

    def matching(self, question: Question) -> Clause:
        """What matches the words with the filters of ``question``, without an order."""
        return {"bool": {"filter": [self._recall, *filters(question, self.vocabulary)]}}

    def body(self, size: int, after: Sequence[Any] | None = None, without: Sequence[Clause] = ()) -> dict[str, Any]:
        """A request for ``size`` hits behind the sort values ``after``, ``without`` what holds for any of these."""
        query = self.query
        if without:
            query["bool"]["must_not"] = list(without)
        body = {
            "size": size,
            "query": query,
            "sort": SORTS[self.question.sorting],
            "track_total_hits": COUNTED_UP_TO,
            "timeout": TIME_LIMIT,
            "source_includes": list(SOURCE_FIELDS),
            "highlight": highlight(self._node),
        }
        return body | ({"search_after": list(after)} if after else {})

    def leaders(self, clusters: Sequence[str]) -> dict[str, Any]:
        """A request for the first hit of each cluster and how many there are."""
        query = self.query
        # Without a say in the scores, and a look at a few articles instead of all that match.
        query["bool"]["filter"].append({"terms": {"cluster": list(clusters)}})
        first = {
            "top_hits": {"size": 1, "sort": SORTS[self.question.sorting], "_source": ["id"]},
        }
        terms = {"field": "cluster", "include": list(clusters), "size": len(clusters)}
        return {
            "size": 0,
            "query": query,
            "timeout": TIME_LIMIT,
            "track_total_hits": False,
            "aggregations": {"clusters": {"terms": terms, "aggregations": {"first": first}}},
        }
