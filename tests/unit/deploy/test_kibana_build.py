"""deploy/kibana/build.py: readable objects to what Kibana imports, and back."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def build(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("deploy/kibana/build.py")


def test_json_that_kibana_wants_as_a_string_becomes_one_and_comes_back(build: ModuleType) -> None:
    plain = {"title": "é", "panelsJSON": [{"embeddableConfig": {}, "deeperJSON": {"a": [1]}}], "fieldFormatMap": {}}
    packed = build.pack(plain)
    assert packed == {
        "title": "é",
        "panelsJSON": '[{"embeddableConfig":{},"deeperJSON":"{\\"a\\":[1]}"}]',
        "fieldFormatMap": "{}",
    }
    assert build.unpack(packed) == plain


def test_an_export_of_what_was_built_unpacks_to_the_same_files(build: ModuleType, tmp_path: Path) -> None:
    export = tmp_path / "export.ndjson"
    noisy = [
        json.dumps(json.loads(line) | {"version": "WzEsMV0=", "updated_at": "2026-01-01T00:00:00Z", "managed": False})
        for line in build.build().splitlines()
    ]
    export.write_text("\n".join([*noisy, '{"exportedCount":17,"missingRefCount":0}', ""]), encoding="utf-8")
    objects = tmp_path / "objects"
    objects.mkdir()
    written = build.unpack_export(export, objects)
    assert {file.name for file in written} == {file.name for file in build.OBJECTS.glob("*.json")}
    for file in written:
        assert file.read_text(encoding="utf-8") == (build.OBJECTS / file.name).read_text(encoding="utf-8")


def test_a_type_whose_format_is_not_known_is_refused(build: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"type": "canvas-workpad", "id": "a", "attributes": {}}', encoding="utf-8")
    with pytest.raises(KeyError, match="canvas-workpad"):
        build.build(tmp_path)


def test_an_export_in_another_format_is_not_written_over_the_objects(
    build: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "export.ndjson"
    newer = {"type": "search", "id": "newswire-latest", "typeMigrationVersion": "10.9.0", "attributes": {}}
    export.write_text(json.dumps(newer) + '\n{"exportedCount":1}\n', encoding="utf-8")
    before = (build.OBJECTS / "newswire-latest.json").read_bytes()
    assert build.main(["--unpack", str(export)]) == 1
    assert "search in format 10.9.0, and VERSIONS of build.py says 10.5.0" in capsys.readouterr().err
    assert (build.OBJECTS / "newswire-latest.json").read_bytes() == before
