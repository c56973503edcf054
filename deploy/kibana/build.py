"""Build ``newswire.ndjson``, the file Kibana imports, from the readable objects beside it.

``python deploy/kibana/build.py`` writes it; with ``--unpack EXPORT`` it goes the
other way: what was edited in Kibana and exported becomes readable objects again.

A readable object is what Kibana stores, with two differences: what Kibana wants
as JSON inside a string is plain JSON here, and the versions of the formats are
not in it, because they are the same for every object of a type (``VERSIONS``).
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OBJECTS = HERE / "objects"
NDJSON = HERE / "newswire.ndjson"

# The format each type is written in. Kibana migrates a lower version up and refuses one higher than its own,
# so these are no newer than Kibana 9.2; its own export says which ones it has.
VERSIONS = {
    "index-pattern": "8.0.0",
    "search": "10.5.0",
    "lens": "8.9.0",
    "map": "8.4.0",
    "links": "10.1.0",
    "dashboard": "10.2.0",
}
CORE_VERSION = "8.8.0"

# Attributes that are JSON inside a string, beside those whose name ends in JSON.
NESTED = {"fieldFormatMap", "runtimeFieldMap", "fieldAttrs", "sourceFilters"}

# What an export says about one Kibana's history rather than about the object.
NOISE = {
    "coreMigrationVersion",
    "typeMigrationVersion",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "managed",
    "namespaces",
    "originId",
}


def is_nested(key: str) -> bool:
    """Whether Kibana stores this attribute as JSON inside a string."""
    return key.endswith("JSON") or key in NESTED


def pack(value: Any) -> Any:
    """A readable attribute as Kibana stores it."""
    if isinstance(value, list):
        return [pack(item) for item in value]
    if isinstance(value, dict):
        return {key: line(pack(item)) if is_nested(key) else pack(item) for key, item in value.items()}
    return value


def unpack(value: Any) -> Any:
    """The reverse of ``pack``."""
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if isinstance(value, dict):
        return {key: unpack(json.loads(item) if is_nested(key) else item) for key, item in value.items()}
    return value


def line(value: Any) -> str:
    """JSON in one line, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def build(objects: Path = OBJECTS) -> str:
    """The NDJSON of all objects, one a line, in the order of their names. Raises KeyError for an unknown type."""
    lines = []
    for file in sorted(objects.glob("*.json")):
        readable = json.loads(file.read_text(encoding="utf-8"))
        versions = {"coreMigrationVersion": CORE_VERSION, "typeMigrationVersion": VERSIONS[readable["type"]]}
        lines.append(line(readable | {"attributes": pack(readable["attributes"])} | versions) + "\n")
    return "".join(lines)


def unpack_export(export: Path, objects: Path = OBJECTS) -> list[Path]:
    """Write one readable file for each object of an export; returns them. An object already there is replaced."""
    written = []
    for exported in map(json.loads, export.read_text(encoding="utf-8").splitlines()):
        if "type" not in exported:
            continue  # the summary that Kibana adds as the last line
        kept = {key: value for key, value in exported.items() if key not in NOISE}
        first = {"type": kept.pop("type"), "id": kept.pop("id"), "attributes": unpack(kept.pop("attributes"))}
        file = objects / f"{first['id']}.json"
        file.write_text(json.dumps(first | kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(file)
    return written


def other_formats(export: Path) -> set[str]:
    """A sentence for each type that an export has in another format than the one it would be built as."""
    exported = [json.loads(one) for one in export.read_text(encoding="utf-8").splitlines()]
    return {
        f"The export has {one['type']} in format {has}, and VERSIONS of build.py says {VERSIONS.get(one['type'])}."
        for one in exported
        if (has := one.get("typeMigrationVersion")) and has != VERSIONS.get(one["type"])
    }


def main(arguments: list[str]) -> int:
    """Build or unpack; returns the exit status."""
    if arguments[:1] == ["--unpack"] and len(arguments) == 2:
        if others := other_formats(Path(arguments[1])):
            # Kibana would bring them from the older format to the newer one once more, and spoil them.
            sys.stderr.write("".join(f"{sentence}\n" for sentence in sorted(others)))
            sys.stderr.write(
                "Nothing was written. Put the export's formats there, and every Kibana from it on takes it.\n"
            )
            return 1
        for file in unpack_export(Path(arguments[1])):
            sys.stderr.write(f"{file.name}\n")
    elif arguments:
        sys.stderr.write("usage: build.py [--unpack EXPORT.ndjson]\n")
        return 2
    NDJSON.write_text(build(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
