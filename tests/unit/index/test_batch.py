from kafka import TopicPartition

from newswire.topics import ENRICHED
from services.index.batch import Batch, Waiting
from services.index.item import Record
from tests.unit.index.records import PARTITION, item, record

OTHER = TopicPartition(ENRICHED.name, 1)


def records(count: int, size: int = 10) -> list[Record]:
    return [record(b"x" * size, offset) for offset in range(count)]


def waiting(taken: list[Record], *, articles: int = 3, size: int = 1000, linger: float = 0.0) -> Waiting:
    made = Waiting(articles=articles, size=size, linger=linger)
    for one in taken:
        made.add(one, now=100.0)
    return made


def cuts(queue: Waiting, now: float = 100.0) -> list[int]:
    """How many records the batches have that may be taken now."""
    sizes = []
    while batch := queue.take(now, fresh=True):
        sizes.append(len(batch))
    return sizes


def test_batches_are_bounded_in_count_and_the_rest_follows() -> None:
    assert cuts(waiting(records(7))) == [3, 3, 1]


def test_batches_are_bounded_in_bytes_and_one_large_record_goes_alone() -> None:
    queue = waiting([*records(2, 40), *records(1, 500), *records(1, 40)], size=100)
    assert cuts(queue) == [2, 1, 1]
    assert queue.size == 0


def test_an_article_waits_for_company_as_long_as_it_may() -> None:
    queue = waiting(records(2), linger=0.5)
    assert queue.take(100.4, fresh=True) is None
    assert queue.idle(100.4, fresh=True) == 100.5 - 100.4
    assert cuts(queue, 100.5) == [2]


def test_a_full_batch_does_not_wait() -> None:
    assert cuts(waiting(records(4), linger=0.5)) == [3]
    assert cuts(waiting(records(3, 400), linger=0.5, articles=10)) == [2]


def test_what_is_due_again_goes_first_and_only_when_it_is_due() -> None:
    queue = waiting(records(1))
    late, soon = Batch(items=[item(1)]), Batch(items=[item(2)])
    queue.add_again(late, due=103.0)
    queue.add_again(soon, due=102.0)
    assert queue.backing_off
    assert queue.take(101.0, fresh=False) is None
    assert queue.idle(101.0, fresh=False) == 1.0
    assert queue.take(104.0, fresh=True) is soon
    assert queue.take(104.0, fresh=True) is late
    assert not queue.backing_off
    assert cuts(queue) == [1]


def test_nothing_waits_any_longer_once_elasticsearch_takes_requests_again() -> None:
    queue = waiting([])
    queue.add_again(Batch(items=[item(1)]), due=105.0)
    queue.hurry(101.0)
    assert queue.idle(101.0, fresh=False) == 0.0
    assert queue.take(101.0, fresh=False) == Batch(items=[item(1)])


def test_nothing_new_goes_while_it_may_not() -> None:
    queue = waiting(records(3))
    assert queue.take(100.0, fresh=False) is None
    assert queue.idle(100.0, fresh=False) is None
    assert queue.idle(100.0, fresh=True) == 0.0


def test_the_size_counts_what_waits_to_be_sent_again() -> None:
    queue = waiting(records(2))
    queue.add_again(Batch(items=[item(1)]), due=0.0)
    assert queue.size == 20 + len(item(1).record.value)


def test_what_belongs_to_another_member_is_forgotten() -> None:
    theirs = item(1)._replace(record=record(b"x")._replace(partition=OTHER))
    queue = waiting([*records(1), records(1)[0]._replace(partition=OTHER)])
    queue.add_again(Batch(items=[item(2), theirs], attempt=3), due=0.0)
    queue.add_again(Batch(items=[theirs]), due=0.0)
    queue.keep({PARTITION})
    kept = queue.take(100.0, fresh=True)
    assert kept == Batch(items=[item(2)], attempt=3)
    assert cuts(queue) == [1]
    assert queue.size == 0
