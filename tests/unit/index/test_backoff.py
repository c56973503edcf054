from services.index.backoff import BASE, CAP, pause


def test_pauses_double_up_to_the_cap() -> None:
    longest = [pause(attempt, lambda _low, high: high) for attempt in (1, 2, 3, 50, 5000)]
    assert longest == [BASE, 2 * BASE, 4 * BASE, CAP, CAP]


def test_pauses_are_jittered_from_zero() -> None:
    assert pause(4, lambda low, _high: low) == 0
