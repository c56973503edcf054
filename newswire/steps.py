"""The steps of a story: what ledger, index and letters tell, each as something that happened.

The ledger knows the way to Kafka, a document the way from there, a letter where it
ended. A step without a time happened between its neighbours.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from newswire.letters.filed import FiledLetter
from newswire.pruned import Pruned
from newswire.topics import rfc3339
from newswire.whereabouts import Indexed
from services.ingest.answers import ArticleAnswer, Version
from services.ingest.ledger.found import FileFound, Identity
from services.ingest.put_away import DELETED
from services.ingest.reconcile import newest_of


class Step(msgspec.Struct, frozen=True):
    """Something that happened; ``what`` is one word for a program, ``text`` the rest of the sentence."""

    at: datetime | None
    what: str
    text: str


class Known(msgspec.Struct, frozen=True):
    """What was found out: of articles by id, and the letters of the file or article."""

    articles: Mapping[str, ArticleAnswer]
    indexed: Mapping[str, Indexed] | None  # None: Elasticsearch was not to be asked
    letters: Sequence[FiledLetter]
    now: datetime
    prunings: Sequence[Pruned] = ()  # of the index

    def pruned_by(self, article: str) -> Pruned | None:
        """The run that deleted the article, where the index knows nothing of it any more."""
        answer = self.articles.get(article)
        if answer is None or self.indexed is None or article in self.indexed:
            return None
        contents = [one for one in answer.contents if one.id == article and one.acknowledged_at]
        return newest_of(contents).pruned_by(self.prunings) if contents else None


def reading(file: FileFound) -> Step:
    """What its reader found in the file."""
    counts = [
        (file.published, "published"),
        (file.duplicates, "known before"),
        (file.refused, "refused"),
        (file.held, "under embargo"),
    ]
    told = ", ".join(f"{count:,} {what}" for count, what in counts if count)
    form = f"as {file.format}" if file.format else "no further than its first look"
    rest = f"; record {file.done:,} was the last so far" if file.state == "reading" else ""
    return Step(None, "read", f"{form}: {told or 'no records'}{rest}")


def of_content(article: str, answer: ArticleAnswer, known: Known, file: FileFound | None) -> list[Step]:
    """The steps of one article, as far as they are those of ``file`` (None: all of them)."""
    contents = [one for one in answer.contents if one.id == article]
    mine = [one for one in contents if file is None or one.file == file.number]
    paths = {one.number: one.path for one in answer.files}
    document = known.indexed.get(article) if known.indexed is not None else None
    steps = []
    for held in answer.held:
        if held.id == article and (file is None or held.file == file.number):
            until = f"until {rfc3339(held.until)}" if held.until else "until another revision releases it"
            steps.append(Step(None, "embargoed", f"{article}, {until}"))
    for one in mine:
        if one.acknowledged_at is None:
            continue
        source = paths.get(one.file or 0, "a file that the ledger has let go")
        came = "" if file else f", from {source}"
        what = "withdrawal" if one.canceled else "published"
        steps.append(Step(_published(one, document), what, f"{article}, {revision(one.revision)}{came}"))
    if not mine and not steps and contents and file is not None:
        first = min((one for one in contents if one.acknowledged_at), key=_acknowledged, default=None)
        if first is not None:
            source = paths.get(first.file or 0, "a file that the ledger has let go")
            text = f"{article} came before with {source}, {rfc3339(_acknowledged(first))}"
            steps.append(Step(file.finished_at, "duplicate", text))
    if (mine or file is None) and (run := known.pruned_by(article)):
        text = f"{article}, with all that was in the index from before {rfc3339(run.before)}"
        steps.append(Step(run.at, "pruned", text))
    if document and (mine or file is None):
        newest = max((one.revision for one in mine), default=document.revision)
        steps += in_index(document) if document.revision == newest else _other(document, newest)
    return steps


def in_index(document: Indexed) -> Iterator[Step]:
    """The way of a document from the raw topic into the index."""
    enrichment = document.enrichment
    if enrichment and document.enriched_at:
        errors = f" ({', '.join(enrichment.errors)})" if enrichment.errors else ""
        yield Step(document.enriched_at, "enriched", f"{document.id}, {enrichment.status}{errors}")
    if document.is_withdrawn:
        yield Step(document.indexed_at, "withdrawn", f"{document.id}: a tombstone keeps it out of search")
    else:
        title = f" “{document.title}”" if document.title else ""
        yield Step(document.indexed_at, "indexed", f"{document.id}{title}, version {document.version}")


def _other(document: Indexed, mine: int) -> Iterator[Step]:
    """What the index has instead of the revision ``mine``."""
    if document.revision < mine:
        yield Step(None, "missing", f"{document.id}: the index has an older one, {revision(document.revision)}")
    elif document.is_withdrawn:
        yield Step(document.indexed_at, "withdrawn", f"{document.id}, by {revision(document.revision)}")
    else:
        source = f" of {document.source.path}" if document.source else ""
        yield Step(document.indexed_at, "replaced", f"{document.id}, by {revision(document.revision)}{source}")


def putting_away(version: Version, at: datetime) -> Step:
    """Where the file went when it was through."""
    where = version.file.put_away
    if not where:
        # Nothing of it was refused, and yet there is something to be said: it went before its last record was through.
        told = version.file.message if not version.file.reason else None
        return Step(at, "gone", told or "it was changed or taken away before it could be moved")
    if where == DELETED:
        # What was refused is kept, if there is anything to keep of it.
        nothing = "a socket or device holds nothing that could be kept"
        return Step(at, "deleted", nothing if version.file.reason else "as NEWSWIRE_FINISHED says of what is through")
    there = {True: "still there", False: "no longer there", None: ""}[version.there]
    return Step(at, "kept" if os.path.isabs(where) else "put away", f"{where}, {there}")


def failing(letter: FiledLetter) -> Step:
    """The end of a way, as its letter has it."""
    text = f"in {letter.stage.value}, {letter.reason.value}: {letter.message} (letter {letter.id[:10]}, {letter.state})"
    return Step(letter.last_at, "letter", text)


def in_order(steps: Iterable[Step]) -> list[Step]:
    """By time; a step without one stays behind the step before it."""
    placed, last = [], datetime.min.replace(tzinfo=UTC)
    for step in steps:
        last = step.at or last
        placed.append((last, step))
    return [step for _, step in sorted(placed, key=lambda one: one[0])]


def _published(one: Identity, document: Indexed | None) -> datetime:
    """When a content was with the broker at the latest: acknowledged, or enriched where that was sooner."""
    known = _acknowledged(one)
    if document and document.enriched_at and document.revision == one.revision:
        return min(known, document.enriched_at)
    return known


def _acknowledged(one: Identity) -> datetime:
    return one.acknowledged_at or datetime.max.replace(tzinfo=UTC)


# From here on a revision is taken for an instant; those that ingest counts by itself begin at 1.
_INSTANTS = 100_000_000_000  # milliseconds: 1973


def revision(number: int) -> str:
    """A revision as a person reads it."""
    if not _INSTANTS <= number < 253_402_300_800_000:
        return f"revision {number}"
    return f"revision {number} ({rfc3339(datetime.fromtimestamp(number / 1000, UTC))})"
