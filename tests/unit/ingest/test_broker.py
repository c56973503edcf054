import errno
import gc
import threading
import weakref
from collections.abc import Callable, Sequence

import pytest
from kafka.errors import KafkaTimeoutError, MessageSizeTooLargeError, NotLeaderForPartitionError
from kafka.future import Future
from prometheus_client import CollectorRegistry

from newswire.health import Health
from newswire.kafka_many import Together
from newswire.kafka_record import Record
from newswire.metrics import IngestMetrics
from newswire.reasons import Stage
from newswire.topics import RAW, Headers
from services.ingest.broker import NEED, KafkaPublisher, Limits, Producer
from services.ingest.patience import Patience, Stopped
from services.ingest.publish import Message, publish

ROOMY = Limits(100, 1_000_000)


class ScriptedProducer:
    """Answers each send by what ``answer`` says of its key: an error for its future, one to raise, or None."""

    def __init__(self, answer: Callable[[bytes], Exception | None] = lambda key: None) -> None:
        self.answer = answer
        self.sent: list[bytes] = []
        self.unanswered: list[Future] = []
        self.most_unanswered = 0
        self.closed = False
        self.hold = False

    def send(self, topic: str, value: bytes, key: bytes, headers: Headers) -> Future:
        error = self.answer(key)
        if isinstance(error, KafkaTimeoutError | MessageSizeTooLargeError) and not self.hold:
            raise error
        self.sent.append(key)
        future = Future()
        if self.hold:
            self.unanswered.append(future)
            self.most_unanswered = max(self.most_unanswered, len(self.unanswered))
        elif error:
            future.failure(error)
        else:
            future.success(None)
        return future

    def send_many(self, topic: str, records: Sequence[Record]) -> list[Together]:
        """As the real one, it raises before it takes anything."""
        for record in records:
            error = self.answer(record.key)
            if isinstance(error, KafkaTimeoutError | MessageSizeTooLargeError) and not self.hold:
                raise error
        return [
            Together(self.send(topic, record.value, record.key, record.headers), (at,))
            for at, record in enumerate(records)
        ]

    def partitions_for(self, topic: str) -> set[int]:
        return {0}

    def close(self, timeout: float | None = None) -> None:
        self.closed = True


class Bench:
    def __init__(self, *producers: ScriptedProducer, limits: Limits = ROOMY) -> None:
        self.stop = threading.Event()
        self.health = Health(Stage.INGEST, (NEED,))
        self.metrics = IngestMetrics(CollectorRegistry())
        left = list(producers)
        self.publisher = KafkaPublisher(
            lambda: left.pop(0), limits, stop=self.stop, health=self.health, metrics=self.metrics
        )

    @property
    def retries(self) -> float:
        labels = {"stage": "ingest", "reason": "broker"}
        return self.metrics.registry.get_sample_value("newswire_retries_total", labels) or 0.0


def messages(*keys: bytes) -> list[Message]:
    return [Message(RAW.name, key, b"value", []) for key in keys]


def test_all_are_sent_in_order_and_readiness_is_green() -> None:
    producer = ScriptedProducer()
    bench = Bench(producer)
    assert publish(bench.publisher, messages(b"a", b"b")) == [None, None]
    assert producer.sent == [b"a", b"b"]
    assert bench.health.ready()[0]


def test_only_what_failed_is_sent_again_through_a_new_producer() -> None:
    first = ScriptedProducer(lambda key: NotLeaderForPartitionError() if key == b"b" else None)
    second = ScriptedProducer()
    bench = Bench(first, second)
    assert publish(bench.publisher, messages(b"a", b"b", b"c")) == [None, None, None]
    assert (first.sent, second.sent) == ([b"a", b"b", b"c"], [b"b"])
    assert first.closed
    assert bench.retries == 1
    assert bench.health.ready()[0]


def test_when_there_is_nothing_to_send_to_the_rest_is_not_even_tried() -> None:
    first = ScriptedProducer(lambda key: KafkaTimeoutError("no metadata") if key != b"a" else None)
    second = ScriptedProducer()
    bench = Bench(first, second)
    assert publish(bench.publisher, messages(b"a", b"b", b"c")) == [None, None, None]
    assert (first.sent, second.sent) == ([], [b"a", b"b", b"c"])


def test_readiness_says_why_while_the_broker_is_away() -> None:
    seen: list[object] = []

    def answer(key: bytes) -> Exception | None:
        seen.append(bench.health.ready()[1]["causes"])
        return None

    bench = Bench(ScriptedProducer(lambda key: NotLeaderForPartitionError("moved")), ScriptedProducer(answer))
    publish(bench.publisher, messages(b"a"))
    assert "NotLeaderForPartitionError" in str(seen)


@pytest.mark.parametrize("raised", [True, False])
def test_what_is_too_large_for_the_topic_is_handed_back(raised: bool) -> None:
    def answer(key: bytes) -> Exception | None:
        return MessageSizeTooLargeError("4 MiB") if key == b"b" else None

    producer = ScriptedProducer(answer)
    bench = Bench(producer)
    if not raised:
        real = producer.send

        def send(topic: str, value: bytes, key: bytes, headers: Headers) -> Future:
            return Future().failure(answer(key)) if key == b"b" else real(topic, value, key, headers)

        producer.send = send  # type: ignore[method-assign]
    answers = publish(bench.publisher, messages(b"a", b"b", b"c"))
    assert (answers[0], answers[2]) == (None, None)
    assert "MessageSizeTooLargeError" in str(answers[1])
    assert bench.retries == 0


def test_of_a_batch_that_is_too_large_each_message_is_tried_alone() -> None:
    class Batches(ScriptedProducer):
        def send_many(self, topic: str, records: Sequence[Record]) -> list[Together]:
            self.sent.append(b" ".join(record.key for record in records))
            return [Together(Future().failure(MessageSizeTooLargeError("4 MiB")), range(len(records)))]

    def answer(key: bytes) -> Exception | None:
        return MessageSizeTooLargeError("4 MiB") if key == b"b" else None

    producer = Batches(answer)
    bench = Bench(producer)
    answers = publish(bench.publisher, messages(b"a", b"b", b"c"))
    assert (answers[0], answers[2]) == (None, None)
    assert "MessageSizeTooLargeError" in str(answers[1])
    assert producer.sent == [b"a b c", b"a", b"c"]
    assert (bench.retries, bench.publisher._count, bench.publisher._held) == (0, 0, 0)


def test_what_exceeds_the_limit_of_the_caller_is_not_sent() -> None:
    producer = ScriptedProducer()
    answers = publish(Bench(producer).publisher, messages(b"a"), most=4)
    assert answers == ["it has 5 bytes and the limit is 4"]
    assert producer.sent == []


@pytest.mark.parametrize("limits", [Limits(3, 1_000_000), Limits(100, 15)])
def test_what_is_in_flight_is_bounded_by_count_and_by_bytes(limits: Limits) -> None:
    producer = ScriptedProducer()
    producer.hold = True
    bench = Bench(producer, limits=limits)
    done = threading.Event()

    def work() -> None:
        publish(bench.publisher, messages(*(str(number).encode() for number in range(10))))
        done.set()

    threading.Thread(target=work, daemon=True).start()
    for _ in range(2000):
        if producer.unanswered:
            producer.unanswered.pop(0).success(None)
        if done.wait(0.005):
            break
    assert done.is_set()
    assert producer.most_unanswered <= 3


def test_a_stop_ends_the_wait_for_a_broker_that_is_away() -> None:
    bench = Bench(*(ScriptedProducer(lambda key: KafkaTimeoutError()) for _ in range(100)))
    timer = threading.Timer(0.3, bench.stop.set)
    timer.start()
    with pytest.raises(Stopped):
        publish(bench.publisher, messages(b"a"))
    timer.join()


def test_a_stop_does_not_wait_for_ever_for_an_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.broker.GRACE", 0.3)
    producer = ScriptedProducer()
    producer.hold = True
    bench = Bench(producer)
    bench.stop.set()
    with pytest.raises(Stopped):
        publish(bench.publisher, messages(b"a"))


def test_a_stop_lets_what_is_in_flight_arrive() -> None:
    producer = ScriptedProducer()
    producer.hold = True
    bench = Bench(producer)
    bench.publisher.connect()
    bench.stop.set()
    timer = threading.Timer(0.3, lambda: producer.unanswered[0].success(None))
    timer.start()
    assert publish(bench.publisher, messages(b"a")) == [None]
    timer.join()


class Client:
    """What a client is to the collector: a cycle."""

    def __init__(self) -> None:
        self.itself = self


def test_a_client_that_does_not_reach_the_broker_is_let_go_although_nobody_else_collects() -> None:
    seen: list[weakref.ref[Client]] = []
    there: list[int] = []

    def connect() -> Producer:
        there.append(sum(one() is not None for one in seen))
        seen.append(weakref.ref(client := Client()))
        if len(seen) < 4:
            raise KafkaTimeoutError(client)
        return ScriptedProducer()

    bench = Bench()
    bench.publisher._connect = connect
    gc.disable()
    try:
        assert publish(bench.publisher, messages(b"a")) == [None]
    finally:
        gc.enable()
    assert len(there) == 4
    assert max(there) <= 1


def test_a_client_that_cannot_be_made_is_no_reason_to_wait_for_ever() -> None:
    bench = Bench()

    def connect() -> Producer:
        raise OSError(errno.EMFILE, "too many open files")

    bench.publisher._connect = connect
    with pytest.raises(OSError, match="too many"):
        bench.publisher.connect()


# --- while two batches are in flight ----------------------------------------------------------------


def held() -> ScriptedProducer:
    producer = ScriptedProducer()
    producer.hold = True
    return producer


def soon(act: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(0.3, act)
    timer.start()
    return timer


def test_a_batch_that_follows_a_failed_one_is_sent_again_and_the_new_producer_stays() -> None:
    first, second = held(), ScriptedProducer()
    bench = Bench(first, second)
    one, two = bench.publisher.send(messages(b"a")), bench.publisher.send(messages(b"b", b"c"))
    first.unanswered[0].failure(NotLeaderForPartitionError())
    assert bench.publisher.settle(one) == [None]
    # As the service does: the next is on its way before this one is waited for.
    second.hold = True
    three = bench.publisher.send(messages(b"d"))
    second.hold = False
    assert bench.publisher.settle(two) == [None, None]
    second.unanswered[0].success(None)
    assert bench.publisher.settle(three) == [None]
    assert first.sent == [b"a", b"b", b"c"]
    assert second.sent == [b"a", b"d", b"b", b"c"]
    assert not second.closed
    assert bench.retries == 3
    assert (bench.publisher._count, bench.publisher._held) == (0, 0)


def test_what_arrived_before_its_producer_was_given_up_is_not_sent_again() -> None:
    first, second = held(), ScriptedProducer()
    bench = Bench(first, second)
    one, two = bench.publisher.send(messages(b"a")), bench.publisher.send(messages(b"b", b"c", b"d"))
    first.unanswered[0].failure(NotLeaderForPartitionError())
    first.unanswered[2].success(None)
    first.unanswered[3].failure(NotLeaderForPartitionError())
    assert bench.publisher.settle(one) == [None]
    assert bench.publisher.settle(two) == [None, None, None]
    assert second.sent == [b"a", b"b", b"d"]


def test_what_was_sent_and_lost_goes_before_what_was_not_sent_yet() -> None:
    first, second = held(), ScriptedProducer()
    bench = Bench(first, second, limits=Limits(3, 1_000_000))
    one, two = bench.publisher.send(messages(b"a")), bench.publisher.send(messages(b"b", b"c", b"d"))
    assert first.sent == [b"a", b"b", b"c"]
    first.unanswered[0].failure(NotLeaderForPartitionError())
    bench.publisher.settle(one)
    assert bench.publisher.settle(two) == [None, None, None]
    assert second.sent == [b"a", b"b", b"c", b"d"]


def test_where_one_message_may_be_in_flight_two_batches_do_not_wait_for_each_other() -> None:
    producer = ScriptedProducer()
    bench = Bench(producer, limits=Limits(1, 1))
    producer.hold = True
    one = bench.publisher.send(messages(b"a", b"b"))
    two = bench.publisher.send(messages(b"c", b"d"))
    assert producer.sent == [b"a", b"c"]
    producer.hold = False
    timer = soon(lambda: [future.success(None) for future in producer.unanswered])
    assert bench.publisher.settle(one) == [None, None]
    assert bench.publisher.settle(two) == [None, None]
    timer.join()
    assert producer.sent == [b"a", b"c", b"b", b"d"]


def test_handing_over_does_not_wait_for_a_broker_that_is_away() -> None:
    bench = Bench(ScriptedProducer(lambda key: KafkaTimeoutError("no metadata")), ScriptedProducer())
    sending = bench.publisher.send(messages(b"a", b"b"))
    assert bench.publisher.settle(sending) == [None, None]


def test_nothing_at_all_is_settled_at_once() -> None:
    bench = Bench()
    assert bench.publisher.settle(bench.publisher.send([])) == []


def test_pauses_grow_to_a_limit_and_differ_by_chance() -> None:
    waited: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0.0)
            return False

    patience = Patience(Stop(), chance=lambda: 1.0)
    for _ in range(9):
        patience.pause()
    assert waited == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]
    waited.clear()
    Patience(Stop(), chance=lambda: 0.0).pause()
    assert waited == [0.05]


def test_a_client_that_never_answers_is_given_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.broker.OVERDUE", 0.3)
    first, second = held(), ScriptedProducer()
    bench = Bench(first, second, limits=Limits(2, 1_000_000))
    assert publish(bench.publisher, messages(b"a", b"b", b"c", b"d")) == [None] * 4
    assert (first.sent, second.sent) == ([b"a", b"b"], [b"a", b"b", b"c", b"d"])


def test_a_client_that_never_answers_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.broker.OVERDUE", 0.3)
    first, second = ScriptedProducer(), ScriptedProducer()
    first.hold = True
    bench = Bench(first, second)
    assert publish(bench.publisher, messages(b"a", b"b")) == [None, None]
    assert (first.sent, second.sent, first.closed) == ([b"a", b"b"], [b"a", b"b"], True)
    assert bench.retries == 2
    assert bench.health.ready()[0]
