import pytest

from newswire.cli.progress import bar


def test_the_way_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as if it were one
    monkeypatch.setenv("COLUMNS", "120")
    with bar("sending back", 4) as advance:
        advance(3)
    shown = capsys.readouterr()
    assert "sending back" in shown.err
    assert "3/4" in shown.err
    assert shown.out == ""


def test_where_nobody_watches_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("sending back", 4) as advance:
        advance(4)
    assert capsys.readouterr() == ("", "")
