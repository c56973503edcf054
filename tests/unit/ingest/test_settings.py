from pathlib import Path

import pytest

from newswire.settings import SettingsError, load
from services.ingest.settings import IngestSettings, check_places


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = load(IngestSettings, {})
    assert (settings.inboxes, settings.port, settings.settle, settings.rescan) == ((Path("inbox"),), 9101, 2.0, 10.0)
    assert settings.document_bytes == 20 * 1024 * 1024
    assert settings.zones == ("UTC",)


def test_several_inboxes_are_separated_as_in_path() -> None:
    assert load(IngestSettings, {"NEWSWIRE_INBOX": "/a:/b"}).inboxes == (Path("/a"), Path("/b"))


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load(IngestSettings, {"NEWSWIRE_ZONE": "Mars/Base", "NEWSWIRE_SETTLE": "soon", "NEWSWIRE_INGEST_BATCH": "0"})
    assert len(caught.value.mistakes) == 3
    mistake = "NEWSWIRE_ZONE: 'Mars/Base' names Mars/Base, which is not a time zone such as UTC or Europe/Paris."
    assert mistake in caught.value.mistakes


@pytest.mark.parametrize("zone", ["/etc/passwd", "../UTC", "x\0y", ""])
def test_a_zone_is_a_name_not_a_path(zone: str) -> None:
    if zone == "":
        assert load(IngestSettings, {"NEWSWIRE_ZONE": zone}).zones == ("UTC",)
    else:
        with pytest.raises(SettingsError):
            load(IngestSettings, {"NEWSWIRE_ZONE": zone})


@pytest.mark.parametrize(
    ("inboxes", "data", "word"),
    [
        (["in"], "in/data", "inside the inbox"),
        (["in"], "in", "inside the inbox"),
        (["data/processed"], "data", "keeps its own files"),
        (["data/rejected/in"], "data", "keeps its own files"),
        (["in", "in"], "data", "one inside the other"),
        (["in", "in/sport"], "data", "one inside the other"),
        (["link/sport", "in"], "data", "one inside the other"),
        ([], "data", "no directory"),
    ],
)
def test_directories_may_not_lie_inside_one_another(tmp_path: Path, inboxes: list[str], data: str, word: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to("in")
    with pytest.raises(SettingsError, match=word):
        check_places(tuple(tmp_path / inbox for inbox in inboxes), tmp_path / data)


@pytest.mark.parametrize("inbox", ["data/inbox", "in", "data-in"])
def test_an_inbox_beside_the_put_away_files_is_fine(tmp_path: Path, inbox: str) -> None:
    check_places((tmp_path / inbox,), tmp_path / "data")
