"""What comes first: the articles about it, in its own words, and the newer of two that are equal.

The weights were chosen on the questions of ``bench/search/judged.toml`` that are not
held out; ``make eval-search`` says what they are worth.
"""

from datetime import datetime
from typing import Any, Final

from newswire.search.clause import Clause
from newswire.search.clauses import UNASKED
from newswire.search.fields import Kind
from newswire.search.nodes import Like, Node, Phrase, Word, wanted
from newswire.search.vocabulary import Vocabulary

# A title says what an article is about. Captions, by-lines and names count through the one box that recall looks in.
TITLE: Final = 3.0
BODY: Final = 0.5
# Words that stand together in the question and in the article.
TITLE_PHRASE: Final = 2.0
BODY_PHRASE: Final = 1.0
PHRASE_SLOP: Final = 2
# The words as written count for more than another form of them: "attacks" is not quite "attack".
AS_WRITTEN: Final = 0.3
# An event of the kind that is asked for, rather than the word for it: a flood, not a flood of complaints.
KIND: Final = 2.0
# An article of today is worth so much more than one of long ago; half of it after a week, half of the rest in a year.
NEW: Final = ((0.15, "7d"), (0.3, "180d"))


def words(node: Node | None) -> list[str]:
    """What articles are to be about: the words, phrases and names that are asked for, in their order."""
    return [
        leaf.text
        for leaf in wanted(node)
        if isinstance(leaf, Word | Phrase | Like) and leaf.field.kind in (Kind.TEXT, Kind.NAME)
    ]


def scored(recall: Clause, node: Node | None, now: datetime, vocabulary: Vocabulary) -> Clause:
    """``recall`` with an opinion on what comes first."""
    asked = words(node)
    text = " ".join([word for word in asked if word.lower() not in UNASKED] or asked)
    should: list[Clause] = []
    if text:
        should += [
            {"match": {"title": {"query": text, "boost": TITLE}}},
            {"match": {"body": {"query": text, "boost": BODY}}},
            {"match": {"text.exact": {"query": text, "boost": AS_WRITTEN}}},
        ]
    if kinds := vocabulary.tags_called(text.split()):
        should.append({"constant_score": {"filter": {"terms": {"event_tags": list(kinds)}}, "boost": KIND}})
    if " " in text:
        should += [
            {"match_phrase": {"title": {"query": text, "slop": PHRASE_SLOP, "boost": TITLE_PHRASE}}},
            {"match_phrase": {"body": {"query": text, "slop": PHRASE_SLOP, "boost": BODY_PHRASE}}},
        ]
    return {
        "function_score": {
            "query": {"bool": {"must": [recall], "should": should}},
            "functions": [{"weight": 1.0}, *(_recent(weight, scale, now) for weight, scale in NEW)],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def _recent(weight: float, scale: str, now: datetime) -> dict[str, Any]:
    decay = {"@timestamp": {"origin": now.isoformat(), "scale": scale, "decay": 0.5}}
    return {"exp": decay, "weight": weight}
