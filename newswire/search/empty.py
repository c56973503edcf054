"""When nothing was found: which part of the question left nothing, and which word nobody writes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

from elasticsearch import Elasticsearch

from newswire.search.language import parse
from newswire.search.question import Question
from newswire.search.relevance import words
from newswire.search.request import TIME_LIMIT, Asked
from newswire.wording import counted

NARROW: Final = "Fewer or other words, or a word without its quotation marks, may find more."
TOGETHER: Final = "No filter is it alone; leave two of them out."
# How alike a word has to be to one that is written: less alike are other words, not other spellings.
_ALIKE: Final = 0.75
# Words looked up in the dictionary of the index; a question has three.
_SPELLED: Final = 8


class Part(NamedTuple):
    """A part of a question, what asks for it, and the question without it."""

    named: str
    asked: Callable[[Question], Any]
    without: Callable[[Question], Question]


PARTS: Final = (
    Part("--tag", lambda q: q.tags, lambda q: replace(q, tags=())),
    Part("--status", lambda q: q.statuses, lambda q: replace(q, statuses=())),
    Part("--min-fatalities", lambda q: q.fatalities is not None, lambda q: replace(q, fatalities=None)),
    Part("the place", lambda q: q.places, lambda q: replace(q, places=())),
    Part("--person", lambda q: q.people, lambda q: replace(q, people=())),
    Part("--org", lambda q: q.organizations, lambda q: replace(q, organizations=())),
    Part("--quoted", lambda q: q.quoted, lambda q: replace(q, quoted=())),
    Part("--country", lambda q: q.countries, lambda q: replace(q, countries=())),
    Part("--agency", lambda q: q.agencies, lambda q: replace(q, agencies=())),
    Part("--language", lambda q: q.languages, lambda q: replace(q, languages=())),
    Part("--source", lambda q: q.sources, lambda q: replace(q, sources=())),
    Part("the dates", lambda q: q.first or q.end, lambda q: replace(q, first=None, end=None)),
)


def advice(client: Elasticsearch, asked: Asked, pit: str) -> list[str]:
    """Sentences with the next step, most useful first; none where there is nothing to say."""
    question = asked.question
    parts = [part for part in PARTS if part.asked(question)]
    text = " ".join(words(parse(question.text).node))
    held = {part.named: asked.matching(part.without(question)) for part in parts}
    if parts and text:
        held["the words"] = Asked(replace(question, text=""), asked.vocabulary).matching(question)
    # The query says nothing, but without one Elasticsearch answers the spelling alone and counts nothing.
    everything: dict[str, Any] = {"match_all": {}}
    body: dict[str, Any] = {"size": 0, "query": everything, "timeout": TIME_LIMIT, "track_total_hits": True}
    if held:
        body["aggregations"] = {"without": {"filters": {"filters": held}}}
    if text:
        term = {"field": "text.exact", "suggest_mode": "missing", "size": 1, "max_edits": 2, "prefix_length": 1}
        body["suggest"] = {"spelling": {"text": text, "term": term}}
    answer = client.search(pit={"id": pit}, **body).body
    if not answer["hits"]["total"]["value"]:
        return ["The index is empty. `newswire up` or `newswire ingest` fills it."]
    said = _spelling(answer, text)
    counts = answer.get("aggregations", {}).get("without", {}).get("buckets", {})
    for named, bucket in sorted(counts.items(), key=lambda pair: -pair[1]["doc_count"]):
        if count := bucket["doc_count"]:
            said.append(f"Without {named} there would be {counted(count, 'article')}.")
    return said or [NARROW if text else TOGETHER]


def _spelling(answer: dict[str, Any], text: str) -> list[str]:
    better = text.lower()
    for entry in answer.get("suggest", {}).get("spelling", [])[:_SPELLED]:
        option = next(iter(entry["options"]), None)
        # One that only ends otherwise, as floods does, was found all the same.
        if option and option["score"] >= _ALIKE and not option["text"].startswith(entry["text"]):
            better = better.replace(entry["text"], option["text"])
    return [f"Did you mean: {better}?"] if better.lower() != text.lower() else []
