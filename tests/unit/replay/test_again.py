import pytest

from newswire.replay.run import again


@pytest.mark.parametrize(("before", "after"), [(b"1", b"2"), (b"999998", b"999999"), (b"999999", b"999999")])
def test_a_message_that_is_sent_again_counts_one_attempt_more_and_keeps_the_rest(before: bytes, after: bytes) -> None:
    pairs = [("schema", b"article/1"), ("attempts", before), ("of somebody else", b"\xff")]
    assert again(pairs) == [("schema", b"article/1"), ("of somebody else", b"\xff"), ("attempts", after)]


def test_a_message_without_a_number_was_the_first_attempt() -> None:
    assert again([]) == [("attempts", b"2")]
