import json

import msgspec
import pytest

from newswire.cli import json_output

# A C1 control that begins a colour, a mark that turns a line round, a separator, an escape, DEL, an emoji.
HOSTILE = "a\x9b31m \u202eb\u2028 \x1b]0;c\x07 \x7f \U0001f4f0"


class Found(msgspec.Struct):
    """A struct as the commands print it."""

    title: str
    parts: list[tuple[int, int]]


FOUND = Found(HOSTILE, [(1, 2)])
AS_DATA = {"title": HOSTILE, "parts": [[1, 2]]}


def test_nothing_that_a_terminal_obeys_is_in_a_line() -> None:
    line = json_output.line(FOUND)
    assert line.endswith(b"\n")
    assert all(0x20 <= byte < 0x7F for byte in line[:-1])
    assert json.loads(line) == AS_DATA


def test_nothing_that_a_terminal_obeys_is_in_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    json_output.echo([FOUND])
    text = capsys.readouterr().out
    assert all(char == "\n" or " " <= char <= "~" for char in text)
    assert json.loads(text) == [AS_DATA]
