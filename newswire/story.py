"""What became of a file or an article, told in order: a pure function of what ledger, index and letters know.

The ledger knows the way to Kafka, a document the way from there, a letter where it
ended. A step without a time happened between its neighbours.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from newswire.letters.filed import FiledLetter
from newswire.pruned import Pruned
from newswire.standing import SENTENCES, Standing, standing
from newswire.topics import rfc3339
from newswire.whereabouts import Indexed
from newswire.wording import counted
from services.ingest.answers import ArticleAnswer, Version
from services.ingest.ledger.found import FileFound, Identity
from services.ingest.put_away import DELETED
from services.ingest.reconcile import newest_of


class Step(msgspec.Struct, frozen=True):
    """Something that happened; ``what`` is one word for a program, ``text`` the rest of the sentence."""

    at: datetime | None
    what: str
    text: str


class LetterTold(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter, in brief."""

    id: str
    stage: str
    reason: str
    state: str
    attempts: int
    message: str


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One file version, or one article: ``verdict`` is how it stands, in a sentence with the next step if any."""

    kind: str
    name: str
    state: str
    verdict: str
    steps: list[Step]
    letters: list[LetterTold] = []
    file: FileFound | None = None
    put_away_is_there: bool | None = None
    articles: list[str] = []


class Known(msgspec.Struct, frozen=True):
    """What was found out: of articles by id, and the letters of the file or article."""

    articles: Mapping[str, ArticleAnswer]
    indexed: Mapping[str, Indexed] | None  # None: Elasticsearch was not to be asked
    letters: Sequence[FiledLetter]
    now: datetime
    prunings: Sequence[Pruned] = ()  # of the index


def of_file(version: Version, known: Known) -> Story:
    """The story of one version of a file."""
    file = version.file
    letters = [one for one in known.letters if _concerns(one, file)]
    steps = [Step(file.seen_at, "seen", f"in {file.inbox}, {file.size:,} bytes"), _read(file)]
    for article in file.articles:
        if answer := known.articles.get(article):
            steps += _article(article, answer, known, file)
    steps += [_failed(one) for one in letters]
    if file.reason and not letters:
        steps.append(Step(file.finished_at, "refused", f"{file.reason}: {file.message or ''}"))
    if file.put_away_at is not None:
        steps.append(_put_away(version, file.put_away_at))
    elif file.state in ("published", "duplicate", "rejected"):
        steps.append(Step(None, "waiting", "it is done and not moved yet; if it stays, `newswire status` says why"))
    return Story(
        kind="file",
        name=file.path,
        state=file.state,
        verdict=_verdict(file, known),
        steps=_in_order(steps),
        letters=[_told(one) for one in letters],
        file=file,
        put_away_is_there=version.there,
        articles=file.articles,
    )


def of_article(article: str, known: Known) -> Story:
    """The story of one article through all its revisions."""
    answer = known.articles.get(article)
    letters = [one for one in known.letters if article in (one.article_id, one.key)]
    steps = _article(article, answer, known, None) if answer else []
    document = known.indexed.get(article) if known.indexed is not None else None
    if not steps and document:
        steps = list(_in_index(document))
    end = _standing(article, _newest(article, known), known)
    return Story(
        kind="article",
        name=article,
        state=end.value,
        verdict=SENTENCES[end],
        steps=_in_order([*steps, *(_failed(one) for one in letters)]),
        letters=[_told(one) for one in letters],
        articles=[article],
    )


def _article(article: str, answer: ArticleAnswer, known: Known, file: FileFound | None) -> list[Step]:
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
        steps.append(Step(one.acknowledged_at, what, f"{article}, {revision(one.revision)}{came}"))
    if not mine and not steps and contents and file is not None:
        first = min((one for one in contents if one.acknowledged_at), key=_acknowledged, default=None)
        if first is not None:
            source = paths.get(first.file or 0, "a file that the ledger has let go")
            text = f"{article} came before with {source}, {rfc3339(_acknowledged(first))}"
            steps.append(Step(file.finished_at, "duplicate", text))
    if (mine or file is None) and (run := _pruned_by(article, known)):
        text = f"{article}, with all that was in the index from before {rfc3339(run.before)}"
        steps.append(Step(run.at, "pruned", text))
    if document and (mine or file is None):
        newest = max((one.revision for one in mine), default=document.revision)
        steps += _in_index(document) if document.revision == newest else _other(document, newest)
    return steps


def _in_index(document: Indexed) -> Iterator[Step]:
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


def _read(file: FileFound) -> Step:
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


def _put_away(version: Version, at: datetime) -> Step:
    where = version.file.put_away
    if not where:
        # Nothing of it was refused, and yet there is something to be said: it went before its last record was through.
        told = version.file.message if not version.file.reason else None
        return Step(at, "gone", told or "it was changed or taken away before it could be moved")
    if where == DELETED:
        return Step(at, "deleted", "as NEWSWIRE_FINISHED says of what is through")
    there = {True: "still there", False: "no longer there", None: ""}[version.there]
    return Step(at, "kept" if os.path.isabs(where) else "put away", f"{where}, {there}")


def _failed(letter: FiledLetter) -> Step:
    text = f"in {letter.stage.value}, {letter.reason.value}: {letter.message} (letter {letter.id[:10]}, {letter.state})"
    return Step(letter.last_at, "letter", text)


def _verdict(file: FileFound, known: Known) -> str:
    """How a file stands."""
    match file.state:
        case "rejected":
            return f"Rejected, {file.reason}: {file.message}"
        case "embargoed":
            return f"It stays in the inbox: {counted(file.held, 'record')} under embargo."
        case "reading":
            return "It is being read; what was read so far is published."
        case "duplicate":
            ends = [_standing(article, _newest(article, known), known) for article in file.articles]
            return f"Nothing new: all of it had come before. {_told_ends(ends)}".rstrip()
    ends = [end for article in file.articles if (end := _end(article, file, known))]
    several = "" if len(ends) == 1 and file.published == 1 else f"{counted(file.published, 'article')} published. "
    first = f"Of the first {len(ends):,}: " if several and file.published > len(ends) > 0 else ""
    refused = f" {counted(file.refused, 'record')} refused." if file.refused else ""
    return f"{several}{first}{_told_ends(ends)}".rstrip() + refused


def _told_ends(ends: Sequence[Standing]) -> str:
    """How some articles stand."""
    if len(ends) == 1:
        return SENTENCES[ends[0]]
    told = ", ".join(f"{ends.count(end):,} {end.value}" for end in dict.fromkeys(ends))
    return f"{told}." if told else ""


def _newest(article: str, known: Known) -> Identity | None:
    answer = known.articles.get(article)
    contents = [one for one in answer.contents if one.id == article] if answer else []
    return max(contents, key=lambda one: (one.revision, one.canceled), default=None)


def _end(article: str, file: FileFound, known: Known) -> Standing | None:
    """How an article stands as ``file`` brought it; None where another file did."""
    answer = known.articles.get(article)
    mine = [one for one in answer.contents if one.id == article and one.file == file.number] if answer else []
    return _standing(article, mine[-1], known) if mine else None


def _standing(article: str, content: Identity | None, known: Known) -> Standing:
    if known.indexed is None:
        return Standing.UNKNOWN
    letters = [one for one in known.letters if article in (one.article_id, one.key)]
    is_pruned = _pruned_by(article, known) is not None
    return standing(content, known.indexed.get(article), letters, known.now, is_pruned=is_pruned)


def _pruned_by(article: str, known: Known) -> Pruned | None:
    """The run that deleted the article, where the index knows nothing of it any more."""
    answer = known.articles.get(article)
    if answer is None or known.indexed is None or article in known.indexed:
        return None
    contents = [one for one in answer.contents if one.id == article and one.acknowledged_at]
    return newest_of(contents).pruned_by(known.prunings) if contents else None


def _concerns(letter: FiledLetter, file: FileFound) -> bool:
    if letter.article_id is not None:
        return letter.article_id in file.articles
    return letter.path == file.path and letter.put_away == file.put_away


def _told(letter: FiledLetter) -> LetterTold:
    return LetterTold(
        id=letter.id,
        stage=letter.stage.value,
        reason=letter.reason.value,
        state=letter.state.value,
        attempts=letter.attempts,
        message=letter.message,
    )


def _in_order(steps: Iterable[Step]) -> list[Step]:
    """By time; a step without one stays behind the step before it."""
    placed, last = [], datetime.min.replace(tzinfo=UTC)
    for step in steps:
        last = step.at or last
        placed.append((last, step))
    return [step for _, step in sorted(placed, key=lambda one: one[0])]


def _acknowledged(one: Identity) -> datetime:
    return one.acknowledged_at or datetime.max.replace(tzinfo=UTC)


# From here on a revision is taken for an instant; those that ingest counts by itself begin at 1.
_INSTANTS = 100_000_000_000  # milliseconds: 1973


def revision(number: int) -> str:
    """A revision as a person reads it."""
    if not _INSTANTS <= number < 253_402_300_800_000:
        return f"revision {number}"
    return f"revision {number} ({rfc3339(datetime.fromtimestamp(number / 1000, UTC))})"
