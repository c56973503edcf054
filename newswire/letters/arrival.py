"""How it is known that a letter's input got through after it was sent back, or another one in its place.

A letter of enrich or index: its article was indexed since, or a newer revision of it
is there. A letter of ingest: an article of the very file that was put back (its
SHA-256) was indexed since. Wrong only where another message of the same article was
indexed in between while this one failed again, and then the new failure reopens the
letter: an attempt outweighs every state of the attempts before it.

A file that was mended by hand has other bytes. That it stands for the one that was
refused, only its name says, and some sources give one name to many files: so this is
told where somebody asks for it, and by itself nowhere.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from newswire.elastic import INDEX_ALIAS
from newswire.letters.filed import FiledLetter
from newswire.reasons import Stage

# One request; each of its searches stops at its first hit.
BATCH = 200


def sign(letter: FiledLetter) -> dict[str, Any] | None:
    """The query that finds a document only where the input of ``letter`` (replayed) got through; None: none could."""
    if letter.state_at is None:
        return None
    since = {"range": {"indexed_at": {"gte": letter.state_at.isoformat()}}}
    if letter.stage is Stage.INGEST:
        if letter.sha256 is None:
            return None
        record = letter.source.record if letter.source else None
        which = [] if record is None else [{"term": {"source.record": record}}]
        return {"bool": {"filter": [{"term": {"source.sha256": letter.sha256}}, *which, since]}}
    # Where the message could not be read, its key is the article's id, if anything is.
    article = letter.article_id or letter.key
    if not re.fullmatch("[0-9a-f]{32}", article):
        return None
    either: list[dict[str, Any]] = [since]
    if letter.revision is not None:
        either.append({"range": {"revision": {"gt": letter.revision}}})
    return {"bool": {"filter": [{"term": {"id": article}}], "should": either, "minimum_should_match": 1}}


def sign_of_mended(letter: FiledLetter) -> dict[str, Any] | None:
    """The query that finds a document only of a later file of the same path; of a bad record, the same record of it."""
    if letter.stage is not Stage.INGEST or letter.source is None:
        return None
    record = letter.source.record
    which = [] if record is None else [{"term": {"source.record": record}}]
    since = {"range": {"indexed_at": {"gte": letter.last_at.isoformat()}}}
    return {"bool": {"filter": [{"term": {"source.path": letter.source.path}}, *which, since]}}


def mended(client: Elasticsearch, letters: Iterable[FiledLetter]) -> list[FiledLetter]:
    """Those of ``letters`` of whose name another file got through since."""
    return _found(client, [(one, query) for one in letters if (query := sign_of_mended(one))])


def arrived(client: Elasticsearch, letters: Sequence[FiledLetter]) -> list[FiledLetter]:
    """Those of ``letters`` whose input got through."""
    return _found(client, [(one, query) for one in letters if (query := sign(one))])


def _found(client: Elasticsearch, signs: Sequence[tuple[FiledLetter, dict[str, Any]]]) -> list[FiledLetter]:
    # Behind the alias's filter: a withdrawal that got through has arrived, too.
    indices = list(client.indices.get_alias(name=INDEX_ALIAS))
    found: list[FiledLetter] = []
    for start in range(0, len(signs), BATCH):
        batch = signs[start : start + BATCH]
        searches: list[dict[str, Any]] = []
        for _, query in batch:
            first: dict[str, Any] = {"query": query, "size": 0, "terminate_after": 1}
            searches += [{"index": indices}, first]
        answers = client.msearch(searches=searches)["responses"]
        found += [
            letter
            for (letter, _), answer in zip(batch, answers, strict=True)
            if answer.get("hits", {}).get("total", {}).get("value", 0)
        ]
    return found
