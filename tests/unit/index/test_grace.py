from services.index.grace import LEAST, Grace


def test_all_who_have_to_end_share_one_grace() -> None:
    times = iter([100.0, 102.0, 104.0, 109.0])
    grace = Grace(6.0, clock=lambda: next(times))
    assert grace.left(reserve=1.5) == 4.5
    assert grace.left() == 4.0
    assert grace.left(reserve=1.5) == 0.5
    assert grace.left() == LEAST
