import click
import pytest

from newswire.cli.parsed import Parsed, rate
from newswire.settings import whole


@pytest.mark.parametrize(("written", "read"), [("20", 20.0), ("0.5", 0.5)])
def test_a_rate_is_a_number_above_nothing(written: str, read: float) -> None:
    assert Parsed("number", rate).convert(written, None, None) == read


@pytest.mark.parametrize("written", ["0", "0.0", "-1", "inf", "nan", "1e3", "many", ""])
def test_what_is_no_rate_is_told_what_is(written: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a number above 0"):
        Parsed("number", rate).convert(written, None, None)


@pytest.mark.parametrize("written", ["0", "1001", "ten", "1.5"])
def test_a_number_out_of_bounds_is_told_the_bounds(written: str) -> None:
    with pytest.raises(click.BadParameter, match=f"'{written}' is not a whole number from 1 to 1000"):
        Parsed("number", whole(1, 1000)).convert(written, None, None)


def test_a_default_stays_as_it_is() -> None:
    assert Parsed("number", rate).convert(20.0, None, None) == 20.0
