"""What becomes of a letter that the broker does not take, by a broker that answers by script."""

from typing import Any

import pytest
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError, RecordListTooLargeError
from structlog.testing import capture_logs

from newswire import dead_letter
from newswire.dead_letter import DeadLetter
from newswire.logging import SAID_AGAIN, get_logger
from newswire.reasons import Reason, Stage
from newswire.topics import Headers, Trail
from services.index import letters
from services.index.letters import Letters
from tests.unit.index.records import NOW

TRAIL = Trail("trace", NOW, NOW)


class Answer:
    """What the broker says of one record: an error, or that it has it."""

    def __init__(self, error: KafkaError | None) -> None:
        self.error = error

    def get(self, timeout: float) -> object:
        if self.error is not None:
            raise self.error
        return None


class Broker:
    """Answers with ``errors``, then acknowledges; ``at_once`` is where the client finds out without asking."""

    def __init__(self, *errors: KafkaError, at_once: bool = False) -> None:
        self.errors = list(errors)
        self.at_once = at_once
        self.sent: list[DeadLetter] = []

    def send(self, topic: str, *, key: bytes, value: bytes, headers: Headers) -> Answer:
        self.sent.append(dead_letter.decode(value))
        answer = Answer(self.errors.pop(0) if self.errors else None)
        if self.at_once:
            answer.get(0)
        return answer


class Desk:
    """``Letters`` over ``broker``, on a clock that goes on by ``pause`` seconds with every attempt."""

    def __init__(self, broker: Broker, *, pause: float = 0.0, attempts: int = 1000) -> None:
        self.now = 0.0
        self.pause = pause
        self.left = attempts
        self.causes: list[str] = []
        self.letters = Letters(
            broker, wait=self._wait, uniform=lambda _a, b: b, on_failure=self.causes.append, clock=lambda: self.now
        )

    def _wait(self, _seconds: float) -> bool:
        self.now += self.pause
        self.left -= 1
        return self.left <= 0

    def send(self, *keys: str) -> tuple[bool, list[str]]:
        """Whether all were acknowledged, and the events that were logged."""
        with pytest.MonkeyPatch.context() as patch, capture_logs() as entries:
            # A logger that was used before keeps the processors it had then.
            patch.setattr(letters, "log", get_logger())
            done = self.letters.send([(letter(key), TRAIL) for key in keys])
        return done, [str(entry["event"]) for entry in entries]


def letter(key: str, **fields: Any) -> DeadLetter:
    given: dict[str, Any] = {"stage": Stage.INDEX, "reason": Reason.BAD_MESSAGE, "message": "m", "now": NOW}
    return dead_letter.letter(key=key, original=b"what failed", **given | fields)


@pytest.mark.parametrize("error", [MessageSizeTooLargeError, RecordListTooLargeError])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_letter_too_large_for_its_topic_goes_without_its_original(error: type[KafkaError], at_once: bool) -> None:
    broker = Broker(error(), at_once=at_once)
    done, logged = Desk(broker).send("large", "other")
    assert done
    assert [(one.key, one.original, one.bytes_complete) for one in broker.sent] == [
        ("large", b"what failed", True),
        ("other", b"what failed", True),
        ("large", b"", False),
    ]
    assert "dead letter too large for its topic, sent without the original" in logged


def test_a_letter_that_would_fit_is_sent_again_as_it_is() -> None:
    broker = Broker(KafkaTimeoutError(), KafkaTimeoutError())
    done, _ = Desk(broker).send("k")
    assert done
    assert [one.original for one in broker.sent] == [b"what failed"] * 3


def test_a_broker_that_stays_away_is_heard_of_now_and_then() -> None:
    desk = Desk(Broker(*(KafkaTimeoutError() for _ in range(100))), pause=SAID_AGAIN / 10)
    done, logged = desk.send("k")
    assert done
    assert len(desk.causes) == 100
    assert logged == ["dead letter not acknowledged"] * 10


def test_a_stop_ends_the_waiting() -> None:
    broker = Broker(*(MessageSizeTooLargeError() for _ in range(9)))
    done, _ = Desk(broker, attempts=3).send("k")
    assert not done
    assert [one.original for one in broker.sent] == [b"what failed", b"", b""]
