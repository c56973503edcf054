import logging

from newswire.logging import SAID_AGAIN, Repetitions


def record(name: str, line: int, text: str = "x") -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "module.py", line, text, None, None)


def test_a_library_that_says_the_same_all_the_time_is_heard_now_and_then() -> None:
    now = 0.0
    heard = Repetitions(lambda: now)
    assert heard.filter(record("kafka.net", 7, "node 1 is away"))
    assert not heard.filter(record("kafka.net", 7, "node 2 is away"))
    assert heard.filter(record("kafka.net", 8))
    now = SAID_AGAIN
    assert heard.filter(record("kafka.net", 7))


def test_what_we_say_ourselves_is_never_dropped() -> None:
    heard = Repetitions(lambda: 0.0)
    assert all(heard.filter(record("newswire", 7)) for _ in range(3))
