"""What the tests of migrations share."""

import pytest

from services.index.generations import build


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setup that shows no sign of life for this long is taken for dead."""
    monkeypatch.setattr(build, "SILENCE", 0.5)
    monkeypatch.setattr(build, "WATCH_INTERVAL", 0.05)
