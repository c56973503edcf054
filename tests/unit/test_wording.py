import pytest

from newswire.wording import counted


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 letters"), (1, "1 letter"), (2, "2 letters"), (1234, "1,234 letters")]
)
def test_one_is_not_several(number: int, told: str) -> None:
    assert counted(number, "letter") == told


def test_a_plural_that_is_no_s_is_given() -> None:
    assert [counted(number, "copy", "copies") for number in (1, 2)] == ["1 copy", "2 copies"]
