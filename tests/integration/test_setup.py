"""``newswire setup`` as a person watches it."""

from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import CliRunner

from newswire.cli import group
from services.index import schema


def test_each_step_is_told_when_it_is_done_and_a_ctrl_c_says_what_is_left(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    declare = schema.declare

    def interrupted(*arguments: Any, **how: Any) -> list[str]:
        if [family.alias for family in how["families"]] == ["newswire-dead"]:
            raise KeyboardInterrupt
        return declare(*arguments, **how)

    monkeypatch.setattr(schema, "declare", interrupted)
    answer = CliRunner().invoke(group, ["setup"], env=dict(environ))
    assert "topic newswire.raw.v1 is there, settings up to date" in answer.stdout
    assert "alias newswire → newswire-v1" in answer.stdout
    assert "newswire-dead" not in answer.stdout
    assert answer.stderr.startswith("Done: topics, newswire. Not done: newswire-dead.")
    assert "`newswire setup` goes on" in answer.stderr
    assert answer.exit_code != 0
