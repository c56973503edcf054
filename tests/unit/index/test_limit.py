from hypothesis import given
from hypothesis import strategies as st

from services.index.limit import Limit


def refuse(limit: Limit) -> None:
    limit.refused(limit.round)


def test_it_starts_with_all_that_is_allowed() -> None:
    assert Limit(8).allowed == 8


def test_a_refusal_halves_it_down_to_one() -> None:
    limit = Limit(8)
    seen = []
    for _ in range(5):
        refuse(limit)
        seen.append(limit.allowed)
    assert seen == [4, 2, 1, 1, 1]


def test_a_burst_of_refusals_of_one_round_counts_once() -> None:
    limit = Limit(8)
    sent_in = limit.round
    for _ in range(8):
        limit.refused(sent_in)
    assert limit.allowed == 4


def test_each_round_of_successes_allows_one_more_up_to_the_most() -> None:
    limit = Limit(4)
    for _ in range(3):
        refuse(limit)
    rounds = []
    for _ in range(5):
        for _ in range(limit.allowed):
            limit.accepted()
        rounds.append(limit.allowed)
    assert rounds == [2, 3, 4, 4, 4]


def test_it_is_pushed_back_until_something_is_accepted() -> None:
    limit = Limit(2)
    assert not limit.pushed_back
    refuse(limit)
    assert limit.pushed_back
    assert limit.accepted()
    assert not limit.pushed_back
    assert not limit.accepted()


@given(st.integers(1, 64), st.lists(st.sampled_from(["accepted", "refused", "late"])))
def test_whatever_happens_something_may_be_sent_and_never_too_much(most: int, events: list[str]) -> None:
    limit = Limit(most)
    for event in events:
        if event == "accepted":
            limit.accepted()
        else:
            limit.refused(limit.round - (event == "late"))
        assert 1 <= limit.allowed <= most
