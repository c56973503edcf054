"""Asking page by page: every hit once, versions of one article folded, whatever is indexed meanwhile.

All pages of a question look at one snapshot of the index (a point in time of
Elasticsearch's), so that neither new articles nor the scores they shift move a hit
from one page to another. Elasticsearch folds by itself (``collapse``) only on a first
page; here a hit is shown where it is the first of its cluster in the question's order,
which any page can find out without knowing the others. An article without a cluster
folds with nothing.

A snapshot costs the server the segments that it holds on to. It is given back with
the last page, and ends by itself `KEPT` after the last one asked for.
"""

from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError

from newswire.elastic import INDEX_ALIAS
from newswire.search import cursor as cursors
from newswire.search.answer import Answer, Hit, Total, hit
from newswire.search.cursor import Cursor
from newswire.search.empty import advice
from newswire.search.facets import facets
from newswire.search.question import Question, QuestionError
from newswire.search.request import Asked
from newswire.search.vocabulary import Vocabulary

# How long a person may look at a page before asking for the next.
KEPT: Final = "5m"
EXPIRED: Final = "The pages of this question have expired, as they do after five minutes; ask it again without --after."
# Hits asked for beyond a page: one tells whether another page follows, the others make up for copies.
SPARE: Final = 5
# A few show whether the words were too narrow; more would be another answer to another question.
RELATED: Final = 5


class CursorExpired(QuestionError):
    """The snapshot behind a cursor is gone: too much time has passed, or the server was started anew."""


def search(
    client: Elasticsearch,
    question: Question,
    vocabulary: Vocabulary,
    *,
    after: Cursor | None = None,
    with_facets: bool = False,
    index: str = INDEX_ALIAS,
) -> Answer:
    """One page of ``question``: the first, or the one ``after`` a cursor.

    Raises QuestionError for a cursor of another question, CursorExpired for one that is
    too old, and what the client raises when the server or the index is not there.
    """
    if after is not None:
        asked = Asked(cursors.follow(after, question), vocabulary)
        try:
            return _page(client, asked, after.pit, after.after, with_facets)
        except BadRequestError as error:
            # All else in the request is ours and good.
            raise QuestionError(cursors.NONE) from error
    pit = client.open_point_in_time(index=index, keep_alive=KEPT)["id"]
    return _page(client, Asked(question, vocabulary), pit, None, with_facets)


def pages(
    client: Elasticsearch, question: Question, vocabulary: Vocabulary, *, index: str = INDEX_ALIAS
) -> Generator[Answer, None, None]:
    """All pages of ``question``, one after the other; leaving early gives the snapshot back."""
    answer = search(client, question, vocabulary, index=index)
    try:
        yield answer
        while answer.next:
            answer = search(client, question, vocabulary, after=cursors.decode(answer.next), index=index)
            yield answer
    finally:
        if answer.next:
            _close(client, cursors.decode(answer.next).pit)


class _Stretch(NamedTuple):
    """The hits of a page and what is known of the whole; ``last`` are the sort values of the last one."""

    hits: list[Hit]
    last: list[Any] | None
    more: bool
    first: dict[str, Any]
    complete: bool
    pit: str


def _page(
    client: Elasticsearch,
    asked: Asked,
    pit: str,
    after: Sequence[Any] | None,
    with_facets: bool,
) -> Answer:
    found = None
    try:
        found = _stretch(client, asked, pit, after)
        counted, cut = facets(client, asked, found.pit) if with_facets else (None, [])
        total = found.first["hits"]["total"]
        nothing = not total["value"] and after is None
        question = asked.question
        following = None
        if found.more and found.last:
            following = cursors.encode(Cursor(found.pit, found.last, question.now, cursors.digest(question)))
        return Answer(
            total=Total(total["value"], total["relation"] == "eq"),
            milliseconds=found.first["took"],
            complete=found.complete,
            notes=asked.notes,
            advice=advice(client, asked, found.pit) if nothing else [],
            hits=found.hits,
            related=_related(client, asked, found) if after is None else [],
            facets=counted,
            facets_cut=cut,
            next=following,
        )
    finally:
        # Kept only where another page may be asked for.
        if found is None or not found.more:
            _close(client, found.pit if found else pit)


def _stretch(client: Elasticsearch, asked: Asked, pit: str, after: Sequence[Any] | None) -> _Stretch:
    wanted = asked.question.size
    hits: list[Hit] = []
    lasts: list[list[Any]] = []
    seen: dict[str, None] = {}
    first: dict[str, Any] | None = None
    without: list[dict[str, Any]] = []
    complete = True
    while True:
        size = wanted - len(hits) + 1 + (SPARE if asked.question.folded else 0)
        answer = _ask(client, pit, asked.body(size, after, without))
        pit = answer.get("pit_id", pit)
        first = first or answer
        complete = complete and _is_complete(answer)
        found = answer["hits"]["hits"]
        folded = _leaders(client, asked, pit, found) if asked.question.folded else {}
        for one in found:
            cluster = one["_source"].get("cluster") if asked.question.folded else None
            leader, others = folded.get(cluster, (one["_id"], 0)) if cluster else (one["_id"], 0)
            if cluster:
                seen[cluster] = None
            if leader == one["_id"]:
                hits.append(hit(one, others))
                lasts.append(one["sort"])
        if len(hits) > wanted or len(found) < size:
            break
        after, without = found[-1]["sort"], [{"terms": {"cluster": list(seen)}}]
    more = len(hits) > wanted
    shown = min(len(hits), wanted)
    return _Stretch(hits[:wanted], lasts[shown - 1] if shown else None, more, first, complete, pit)


def _related(client: Elasticsearch, asked: Asked, found: _Stretch) -> list[Hit]:
    """What has some of the words, to fill a page that is not full; of several versions each for itself."""
    room = min(asked.question.size - len(found.hits), RELATED)
    relaxed = Asked(asked.question, asked.vocabulary, relaxed=True)
    if room <= 0 or asked.question.sorting != "relevance" or relaxed.query == asked.query:
        return []
    answer = _ask(client, found.pit, relaxed.body(room, without=[asked.matching(asked.question)]))
    return [hit(one, 0) for one in answer["hits"]["hits"]]


def _leaders(
    client: Elasticsearch, asked: Asked, pit: str, found: Sequence[dict[str, Any]]
) -> dict[str, tuple[str, int]]:
    """For each cluster among ``found``: the id of its first hit, and how many others there are."""
    clusters = list(dict.fromkeys(c for one in found if (c := one["_source"].get("cluster"))))
    if not clusters:
        return {}
    answer = _ask(client, pit, asked.leaders(clusters))
    return {
        bucket["key"]: (bucket["first"]["hits"]["hits"][0]["_id"], bucket["doc_count"] - 1)
        for bucket in answer["aggregations"]["clusters"]["buckets"]
    }


def _ask(client: Elasticsearch, pit: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = client.search(pit={"id": pit, "keep_alive": KEPT}, **body).body
    except NotFoundError as error:
        raise CursorExpired(EXPIRED) from error
    return answer


def _is_complete(answer: dict[str, Any]) -> bool:
    return not answer["timed_out"] and not answer["_shards"]["failed"]


def _close(client: Elasticsearch, pit: str) -> None:
    """Give the snapshot back. Where that fails it ends by itself, and the answer is worth more than the failure."""
    with suppress(ApiError, TransportError):
        client.close_point_in_time(id=pit)
