import random

from hypothesis import given
from hypothesis import strategies as st
from kafka import TopicPartition

from services.index.offsets import Offsets

P = TopicPartition("t", 0)
Q = TopicPartition("t", 1)


def taken(*offsets: int) -> Offsets:
    tracker = Offsets()
    for offset in offsets:
        tracker.taken(P, offset, at=100.0 + offset)
    return tracker


def test_nothing_is_committed_past_an_unfinished_message() -> None:
    tracker = taken(5, 6, 7)
    tracker.finished(P, 6)
    tracker.finished(P, 7)
    assert tracker.committable() == {}
    tracker.finished(P, 5)
    assert tracker.committable() == {P: 8}


def test_gaps_left_by_kafka_are_no_unfinished_messages() -> None:
    tracker = taken(5, 9)
    tracker.finished(P, 5)
    tracker.finished(P, 9)
    assert tracker.committable() == {P: 10}


def test_an_offset_is_committed_once() -> None:
    tracker = taken(5)
    tracker.finished(P, 5)
    tracker.committed(tracker.committable())
    assert tracker.committable() == {}


def test_a_lost_partition_is_forgotten_and_its_late_results_change_nothing() -> None:
    tracker = taken(5, 6)
    tracker.taken(Q, 1, at=1.0)
    tracker.forget([P])
    tracker.finished(P, 5)
    tracker.finished(Q, 1)
    assert tracker.committable() == {Q: 2}
    assert tracker.in_flight == 0


def test_the_oldest_unfinished_message_tells_the_age() -> None:
    tracker = taken(5, 6)
    assert tracker.oldest == 105.0
    tracker.finished(P, 5)
    assert tracker.oldest == 106.0
    tracker.finished(P, 6)
    assert tracker.oldest == 0.0


@given(st.integers(1, 60), st.randoms(use_true_random=False))
def test_in_whatever_order_messages_finish_the_commit_is_the_unbroken_run(count: int, rng: random.Random) -> None:
    tracker = taken(*range(count))
    order = list(range(count))
    rng.shuffle(order)
    done: set[int] = set()
    for offset in order:
        tracker.finished(P, offset)
        done.add(offset)
        run = next(i for i in range(count + 1) if i not in done)
        assert tracker.committable() == ({P: run} if run else {})
