from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from newswire import dead_letter
from newswire.letters import filed
from newswire.letters.filed import FiledLetter, State
from newswire.pruned import Pruned
from newswire.reasons import Reason, Stage
from newswire.standing import Standing
from newswire.steps import Known, revision
from newswire.story import Story, of_article, of_file
from newswire.whereabouts import Enrichment, Indexed, Origin
from services.ingest.answers import ArticleAnswer, Version
from services.ingest.ledger.found import FileFound, Held, Identity

AT = datetime(2025, 2, 7, 12, 0, tzinfo=UTC)
NOW = AT + timedelta(hours=1)
ID = "ab" * 16


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


FILE = FileFound(
    number=7,
    inbox="/inbox",
    path="a.json",
    size=345,
    modified_at=AT,
    sha256="0" * 64,
    format="json",
    state="put_away",
    reason=None,
    message=None,
    published=1,
    duplicates=0,
    refused=0,
    held=0,
    done=1,
    articles=[ID],
    seen_at=AT,
    finished_at=later(1),
    put_away="processed/2025-02-07/a.json",
    put_away_at=later(2),
)
CONTENT = Identity(
    id=ID, content="11" * 32, revision=1_738_886_400_000, canceled=False, acknowledged_at=later(1), file=7, cluster=None
)
DOCUMENT = Indexed(
    id=ID,
    version=9,
    revision=CONTENT.revision,
    title="A title",
    enriched_at=later(3),
    indexed_at=later(4),
    source=Origin("a.json"),
    enrichment=Enrichment("ok"),
)


def letter(state: State = State.OPEN, **differently: object) -> FiledLetter:
    made = dead_letter.letter(
        stage=Stage.INDEX,
        reason=Reason.MAPPING_REJECTED,
        message="It does not fit.",
        key=ID,
        now=later(5),
        original=b"x",
        article_id=ID,
    )
    one = filed.file(made, partition=0, offset=0, now=AT)
    return msgspec.structs.replace(one, state=state, **differently)


def known(
    *,
    contents: list[Identity] = [CONTENT],  # noqa: B006 - not changed
    document: Indexed | None = DOCUMENT,
    letters: list[FiledLetter] | None = None,
    held: list[Held] | None = None,
    files: list[FileFound] = [FILE],  # noqa: B006 - not changed
    now: datetime = NOW,
) -> Known:
    answer = ArticleAnswer(contents=contents, files=files, held=held or [], more=False)
    return Known({ID: answer}, {ID: document} if document else {}, letters or [], now)


def happened(story: Story) -> list[str]:
    return [step.what for step in story.steps]


def test_the_story_of_a_file_is_told_in_order() -> None:
    story = of_file(Version(file=FILE, there=True), known())
    assert happened(story) == ["seen", "read", "published", "put away", "enriched", "indexed"]
    assert story.verdict == "In the index, and found by search."
    assert [step.at for step in story.steps] == [AT, None, later(1), later(2), later(3), later(4)]


def test_an_article_that_was_enriched_before_its_acknowledgement_was_heard_was_published_before() -> None:
    quick = msgspec.structs.replace(DOCUMENT, enriched_at=later(0.9))
    story = of_article(ID, known(document=quick))
    assert happened(story) == ["published", "enriched", "indexed"]
    assert story.steps[0].at == later(0.9)


def test_a_newer_revision_of_another_file_has_replaced_it() -> None:
    newer = msgspec.structs.replace(DOCUMENT, revision=DOCUMENT.revision + 5, source=Origin("b.json"))
    story = of_file(Version(file=FILE, there=True), known(document=newer))
    assert happened(story)[-1] == "replaced"
    assert "of b.json" in story.steps[-1].text
    assert story.verdict.startswith("Replaced")


def test_a_tombstone_says_that_it_was_withdrawn() -> None:
    gone = msgspec.structs.replace(DOCUMENT, revision=DOCUMENT.revision + 5, pubstatus="canceled")
    story = of_file(Version(file=FILE, there=True), known(document=gone))
    assert happened(story)[-1] == "withdrawn"
    assert story.verdict.startswith("Withdrawn")


def test_a_duplicate_names_the_file_that_came_first() -> None:
    copy = msgspec.structs.replace(FILE, number=8, path="copy.json", state="duplicate", published=0, duplicates=1)
    story = of_file(Version(file=copy, there=True), known())
    assert happened(story) == ["seen", "read", "duplicate", "put away"]
    assert "came before with a.json" in story.steps[2].text


def test_a_duplicate_of_a_file_that_was_let_go_of_says_so() -> None:
    copy = msgspec.structs.replace(FILE, number=8, state="duplicate")
    story = of_file(Version(file=copy, there=None), known(files=[]))
    assert "a file that the ledger has let go" in story.steps[2].text


def test_a_socket_that_was_removed_has_its_letter_and_is_told_as_that() -> None:
    file = msgspec.structs.replace(FILE, state="rejected", reason="not_regular", articles=[], put_away="deleted")
    source = dead_letter.LetterSource(path="a.json")
    told = letter(reason=Reason.NOT_REGULAR, article_id=None, source=source, put_away="rejected/2025-02-07/a.json")
    other = msgspec.structs.replace(told, reason=Reason.EMPTY)
    story = of_file(Version(file=file, there=None), known(contents=[], document=None, letters=[told, other]))
    assert [one.reason for one in story.letters] == ["not_regular"]
    (step,) = [one for one in story.steps if one.what == "deleted"]
    assert step.text == "a socket or device holds nothing that could be kept"


@pytest.mark.parametrize(
    ("put_away", "there", "told"),
    [
        ("processed/2025-02-07/a.json", False, "put away processed/2025-02-07/a.json, no longer there"),
        ("/inbox/a.json", True, "kept /inbox/a.json, still there"),
        ("deleted", None, "deleted as NEWSWIRE_FINISHED says"),
        ("", None, "gone it was changed or taken away"),
    ],
)
def test_where_a_file_went_is_told(put_away: str, there: bool | None, told: str) -> None:
    file = msgspec.structs.replace(FILE, put_away=put_away)
    story = of_file(Version(file=file, there=there), known())
    (step,) = [one for one in story.steps if one.at == later(2)]
    assert f"{step.what} {step.text}".startswith(told)


def test_an_embargo_is_told_with_its_end() -> None:
    file = msgspec.structs.replace(FILE, state="embargoed", published=0, held=1, put_away_at=None)
    held = [Held(id=ID, file=7, record=0, until=later(3600))]
    story = of_file(Version(file=file, there=None), known(contents=[], document=None, held=held))
    assert happened(story) == ["seen", "read", "embargoed"]
    assert "until 2025-02-07T13:00:00.000Z" in story.steps[2].text


@pytest.mark.parametrize(
    ("document", "letters", "age", "expected"),
    [
        (DOCUMENT, [], 3600, Standing.INDEXED),
        (None, [], 10, Standing.UNDER_WAY),
        (None, [], 3600, Standing.MISSING),
        (None, [letter()], 3600, Standing.DEAD),
        (None, [letter(State.REPLAYED)], 3600, Standing.MISSING),
        (msgspec.structs.replace(DOCUMENT, revision=1), [], 3600, Standing.MISSING),
    ],
)
def test_how_an_article_stands(
    document: Indexed | None, letters: list[FiledLetter], age: float, expected: Standing
) -> None:
    story = of_article(ID, known(document=document, letters=letters, now=later(1 + age)))
    assert story.state == expected
    assert bool(story.letters) == bool(letters)


PRUNING = Pruned(before=AT, at=later(60))


def test_what_was_pruned_is_told_from_what_is_missing() -> None:
    pruned = msgspec.structs.replace(known(document=None), prunings=[PRUNING])
    story = of_article(ID, pruned)
    assert (happened(story), story.state) == (["published", "pruned"], "pruned")
    assert "`newswire replay`" in story.verdict
    assert story.steps[-1].at == PRUNING.at
    assert "from before 2025-02-07T12:00:00.000Z" in story.steps[-1].text
    file = of_file(Version(file=FILE, there=True), pruned)
    assert (happened(file)[-1], file.verdict) == ("pruned", story.verdict)


@pytest.mark.parametrize(
    "content",
    [
        msgspec.structs.replace(CONTENT, acknowledged_at=later(61)),  # it came after the pruning
        msgspec.structs.replace(CONTENT, revision=3),  # nobody knows of which day it is
        msgspec.structs.replace(CONTENT, canceled=True),  # a tombstone is never pruned
    ],
)
def test_what_no_pruning_explains_is_missing(content: Identity) -> None:
    asked = known(contents=[content], document=None, now=later(7200))
    story = of_article(ID, msgspec.structs.replace(asked, prunings=[PRUNING]))
    assert story.state == "missing"
    assert "pruned" not in happened(story)


def test_what_is_in_the_index_again_after_a_pruning_is_indexed() -> None:
    story = of_article(ID, msgspec.structs.replace(known(), prunings=[PRUNING]))
    assert (story.state, "pruned" in happened(story)) == ("indexed", False)


def test_a_file_that_went_before_its_last_record_was_through_says_so() -> None:
    message = "It was changed, or taken away, before all of its records were through."
    gone = msgspec.structs.replace(FILE, put_away="", message=message)
    story = of_file(Version(file=gone, there=None), known())
    assert [step.text for step in story.steps if step.what == "gone"] == [message]


def test_without_elasticsearch_nothing_is_said_of_the_index() -> None:
    answer = ArticleAnswer(contents=[CONTENT], files=[FILE], held=[], more=False)
    story = of_file(Version(file=FILE, there=True), Known({ID: answer}, None, [], NOW))
    assert "Elasticsearch does not answer" in story.verdict


def test_an_article_that_only_the_index_knows_is_told_of() -> None:
    story = of_article(ID, known(contents=[], files=[]))
    assert (happened(story), story.state) == (["enriched", "indexed"], "indexed")
    assert of_article(ID, known(contents=[], files=[], document=None)).steps == []


def test_many_articles_are_counted_by_how_they_stand() -> None:
    other = "cd" * 16
    file = msgspec.structs.replace(FILE, published=5, articles=[ID, other])
    answers = {
        one: ArticleAnswer(contents=[msgspec.structs.replace(CONTENT, id=one)], files=[file], held=[], more=False)
        for one in file.articles
    }
    story = of_file(Version(file=file, there=True), Known(answers, {ID: DOCUMENT}, [], NOW))
    assert story.verdict == "5 articles published. Of the first 2: 1 indexed, 1 missing."


def test_a_revision_is_an_instant_where_it_is_one() -> None:
    assert revision(3) == "revision 3"
    assert revision(1_738_886_400_000) == "revision 1738886400000 (2025-02-07T00:00:00.000Z)"
    assert revision(10**18) == "revision 1000000000000000000"


def test_a_duplicate_says_how_its_article_stands() -> None:
    twin = msgspec.structs.replace(FILE, number=FILE.number + 1, state="duplicate", published=0, duplicates=1)
    story = of_file(Version(file=twin, there=True), known())
    assert story.verdict == "Nothing new: all of it had come before. In the index, and found by search."


def test_what_was_refused_of_a_file_is_said_beside_what_was_published() -> None:
    file = msgspec.structs.replace(FILE, refused=2, reason="bad_format", message="Its second line is cut.")
    story = of_file(Version(file=file, there=True), known(files=[file]))
    assert story.verdict == "In the index, and found by search. 2 records refused."
