"""One attempt of one batch, against a scripted Elasticsearch and a broker that takes letters or does not."""

from datetime import datetime, timedelta

import pytest
from elastic_transport import ConnectionError as NoConnection
from kafka import TopicPartition

from newswire import dead_letter, enriched
from newswire.dead_letter import DeadLetter
from newswire.metrics import IndexMetrics
from newswire.reasons import Reason, RetryReason, Stage
from newswire.topics import DEAD, Trail
from services.index.batch import Batch
from services.index.blame import LIMIT
from services.index.item import Item, Record, action
from services.index.writer import Writer, Written
from tests.unit.index.records import NOW, document, record
from tests.unit.index.scripted import Answer, Scripted, disliking, each, failing, refused


class Post:
    """Takes letters, or is told to stop before they are acknowledged."""

    def __init__(self, *, acknowledges: bool = True) -> None:
        self.acknowledges = acknowledges
        self.taken: list[DeadLetter] = []

    def send(self, letters: list[tuple[DeadLetter, Trail]]) -> bool:
        if not self.acknowledges and letters:
            return False
        self.taken += [letter for letter, _ in letters]
        return True


class Desk:
    """A writer with everything it tells somebody."""

    def __init__(self, *answers: Answer, post: Post | None = None) -> None:
        self.client = Scripted(*answers)
        self.post = post or Post()
        self.metrics = IndexMetrics()
        self.settled = 0
        self.written: list[datetime] = []
        self.retries: list[tuple[RetryReason, int]] = []
        self.writer = Writer(
            self.client,
            self.post,  # type: ignore[arg-type]
            metrics=self.metrics,
            now=lambda: NOW,
            on_settled=self._on_settled,
            on_written=self.written.extend,
            on_retry=lambda reason, count, message: self.retries.append((reason, count)),
        )

    def _on_settled(self) -> None:
        self.settled += 1

    def write(self, *records: Record) -> Written:
        return self.writer.write(Batch(fresh=list(records)))

    def out(self, outcome: str) -> float:
        return self.metrics.out[outcome]._value.get()


def article(number: int, **trail: object) -> Record:
    taken = record(enriched.encode(document(number)), number)
    return taken._replace(trail=taken.trail._replace(**trail))


def letter(key: str) -> Record:
    made = dead_letter.letter(
        stage=Stage.INGEST, reason=Reason.EMPTY, message="Nothing in it.", key=key, now=NOW, original=b"\xff"
    )
    return record(dead_letter.encode(made), schema="dead/1")._replace(partition=TopicPartition(DEAD.name, 1))


def again(written: Written) -> Batch:
    assert written.again is not None
    return written.again


def ids(batch: Batch) -> list[int]:
    return [int(one.id, 16) for one in batch.items]


def test_only_what_was_refused_is_sent_again() -> None:
    desk = Desk(each(n2=(429, "es_rejected_execution_exception")), each())
    written = desk.write(*map(article, range(1, 5)))
    assert [one.offset for one in written.finished] == [1, 3, 4]
    assert ids(again(written)) == [2]
    assert again(written).attempt == 2
    assert written.pushed_back
    last = desk.writer.write(again(written))
    assert [one.offset for one in last.finished] == [2]
    assert last == Written(last.finished, None, False)
    assert desk.retries == [(RetryReason.TOO_MANY_REQUESTS, 1)]
    assert desk.out("ok") == 4


def test_stale_and_dead_are_finished_each_in_its_own_way() -> None:
    desk = Desk(each(n1=(409, "version_conflict_engine_exception"), n2=(400, "document_parsing_exception")))
    written = desk.write(article(1), article(2), record(b"no article", 3))
    assert sorted(one.offset for one in written.finished) == [1, 2, 3]
    assert written.again is None
    assert (desk.out("ok"), desk.out("stale"), desk.out("dead")) == (0, 1, 2)
    assert {one.reason for one in desk.post.taken} == {Reason.MAPPING_REJECTED, Reason.BAD_MESSAGE}


def test_what_is_dead_is_not_finished_before_its_letter_is_acknowledged() -> None:
    desk = Desk(each(n2=(400, "document_parsing_exception")), post=Post(acknowledges=False))
    written = desk.write(article(1), article(2), record(b"no article", 3))
    assert [one.offset for one in written.finished] == [1]
    assert desk.out("dead") == 0


def test_an_item_that_keeps_breaking_a_sound_server_is_dead_in_the_end_and_pushes_nobody_back() -> None:
    desk = Desk(each(n2=(500, "null_pointer_exception")))
    written = desk.write(article(1), article(2))
    attempts = 1
    while written.again:
        assert not written.pushed_back
        desk.write(article(3))
        written = desk.writer.write(written.again)
        attempts += 1
    assert attempts == LIMIT
    assert [(one.article_id, one.reason) for one in desk.post.taken] == [(f"{2:032x}", Reason.REFUSED)]


def test_a_server_that_fails_on_everything_kills_nothing_however_often() -> None:
    broken = (500, "i_o_exception")
    desk = Desk(*[each(n1=broken, n2=broken)] * 3 * LIMIT, each())
    written = desk.write(article(1), article(2))
    while written.again:
        written = desk.writer.write(written.again)
    assert (desk.out("ok"), desk.out("dead")) == (2, 0)


def test_an_item_that_fails_while_nobody_else_goes_anywhere_is_not_blamed() -> None:
    desk = Desk(each(n2=(500, "null_pointer_exception")))
    written = desk.write(article(2))
    for _ in range(3 * LIMIT):
        assert written.again
        written = desk.writer.write(written.again)
    assert desk.post.taken == []


def test_a_server_in_trouble_kills_no_article_however_long_it_takes() -> None:
    desk = Desk(*[failing(NoConnection("c"))] * 12, *[refused(500)] * 30, each())
    written = desk.write(article(1))
    while written.again:
        assert written.pushed_back
        assert desk.settled == 0
        written = desk.writer.write(written.again)
    assert desk.out("ok") == 1
    assert desk.settled == 1


def test_an_article_that_something_between_dislikes_is_found_among_others_and_dead_in_the_end() -> None:
    desk = Desk(disliking(2, 5))
    written = desk.write(*map(article, range(1, 7)))
    requests = 0
    while written.again:
        requests += 1
        assert not written.pushed_back
        assert desk.post.taken == []
        desk.write(article(7))
        written = desk.writer.write(written.again)
        # Together twice; from the third time on nobody but the culprits has to wait.
        assert ids(written.again or Batch()) == ([] if requests > LIMIT else [2, 5] if requests > 1 else [*range(1, 7)])
    assert {(one.article_id, one.reason) for one in desk.post.taken} == {
        (f"{2:032x}", Reason.REFUSED),
        (f"{5:032x}", Reason.REFUSED),
    }
    assert "status 403: <html> (20 attempts)" in desk.post.taken[0].message


def test_where_something_between_refuses_everything_nobody_is_dead_and_everything_goes_well_afterwards() -> None:
    desk = Desk(*[refused(403, "<html>")] * 3 * LIMIT, each())
    written = desk.write(*map(article, range(1, 7)))
    other = desk.write(article(7))
    while written.again and other.again:
        assert desk.settled == 0
        written, other = desk.writer.write(written.again), desk.writer.write(other.again)
    while written.again:
        written = desk.writer.write(written.again)
    assert (desk.out("ok"), desk.out("dead")) == (7, 0)


@pytest.mark.parametrize(("attempts", "counted"), [(1, 1), (2, 0)])
def test_a_replay_is_no_latency(attempts: int, counted: int) -> None:
    desk = Desk(each())
    desk.write(article(1, attempts=attempts, available_at=NOW - timedelta(days=20)))
    assert len(desk.written) == counted
    assert desk.out("ok") == 1


def test_a_letter_that_is_refused_is_stored_with_its_metadata_alone_and_then_left_to_the_topic() -> None:
    desk = Desk(lambda sent: {"items": [{"index": {"_id": one, "status": 400, "error": {}}} for one in sent]})
    whole = letter("a.txt")
    assert isinstance(action(whole, now=NOW), Item)
    first = desk.write(whole)
    assert first.finished == []
    (bare,) = again(first).items
    assert b'"original":""' in bare.lines
    assert not first.pushed_back
    assert desk.writer.write(again(first)) == Written([whole], None, False)
    assert desk.post.taken == []  # a letter about a letter would go round for ever
    assert desk.out("dead") == 0
