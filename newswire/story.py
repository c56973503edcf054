"""What became of a file or an article: its steps in order, and how it stands; pure functions of what is known."""

from collections.abc import Sequence

import msgspec

from newswire.letters.filed import FiledLetter
from newswire.standing import SENTENCES, Standing, standing
from newswire.steps import Known, Step, failing, in_index, in_order, of_content, putting_away, reading
from newswire.wording import counted
from services.ingest.answers import Version
from services.ingest.ledger.found import FileFound, Identity
from services.ingest.put_away import DELETED


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


def of_file(version: Version, known: Known) -> Story:
    """The story of one version of a file."""
    file = version.file
    letters = [one for one in known.letters if _concerns(one, file)]
    steps = [Step(file.seen_at, "seen", f"in {file.inbox}, {file.size:,} bytes"), reading(file)]
    for article in file.articles:
        if answer := known.articles.get(article):
            steps += of_content(article, answer, known, file)
    steps += [failing(one) for one in letters]
    if file.reason and not letters:
        steps.append(Step(file.finished_at, "refused", f"{file.reason}: {file.message or ''}"))
    if file.put_away_at is not None:
        steps.append(putting_away(version, file.put_away_at))
    elif file.state in ("published", "duplicate", "rejected"):
        steps.append(Step(None, "waiting", "it is done and not moved yet; if it stays, `newswire status` says why"))
    return Story(
        kind="file",
        name=file.path,
        state=file.state,
        verdict=_verdict(file, known),
        steps=in_order(steps),
        letters=[_told(one) for one in letters],
        file=file,
        put_away_is_there=version.there,
        articles=file.articles,
    )


def of_article(article: str, known: Known) -> Story:
    """The story of one article through all its revisions."""
    answer = known.articles.get(article)
    letters = [one for one in known.letters if article in (one.article_id, one.key)]
    steps = of_content(article, answer, known, None) if answer else []
    document = known.indexed.get(article) if known.indexed is not None else None
    if not steps and document:
        steps = list(in_index(document))
    end = _standing(article, _newest(article, known), known)
    return Story(
        kind="article",
        name=article,
        state=end.value,
        verdict=SENTENCES[end],
        steps=in_order([*steps, *(failing(one) for one in letters)]),
        letters=[_told(one) for one in letters],
        articles=[article],
    )


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
    is_pruned = known.pruned_by(article) is not None
    return standing(content, known.indexed.get(article), letters, known.now, is_pruned=is_pruned)


def _concerns(letter: FiledLetter, file: FileFound) -> bool:
    if letter.article_id is not None:
        return letter.article_id in file.articles
    # Its place was promised to what then held nothing to put away.
    is_place = letter.put_away == file.put_away or (file.put_away == DELETED and letter.reason == file.reason)
    return letter.path == file.path and is_place


def _told(letter: FiledLetter) -> LetterTold:
    return LetterTold(
        id=letter.id,
        stage=letter.stage.value,
        reason=letter.reason.value,
        state=letter.state.value,
        attempts=letter.attempts,
        message=letter.message,
    )
