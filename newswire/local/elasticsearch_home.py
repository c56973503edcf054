"""The unpacked Elasticsearch in the cache, with the analysis plugin compiled into it.

Built once for each combination of distribution and plugin, under a name made
from both, so that a new plugin never meets an old directory. Read-only once
it is there; settings and data of a stack live in its data directory.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from importlib import resources
from pathlib import Path, PurePosixPath

from newswire.local.artifacts import Artifact, Pins
from newswire.local.cache import locked, require_space
from newswire.local.errand import run
from newswire.local.errors import LocalStackError
from newswire.local.progress import Progress
from newswire.local.runtime import engine_environment

# Part of the name; raise it when this module builds the directory differently.
RECIPE = "1"
PLUGIN_SOURCE = "EnglishAnalysisPlugin.java"
PLUGIN_NAME = "newswire-analysis"
# What only the launchers, installers and other systems need. Of lib/tools the server loads ansi-console.
LEFT_OUT = (
    "bin/",
    "config/",
    "lib/cli-launcher/",
    "lib/platform/darwin",
    "lib/platform/windows",
    "lib/tools/geoip-cli/",
    "lib/tools/plugin-cli/",
    "lib/tools/server-cli/",
    "lib/tools/windows-service-cli/",
)
# The unpacked directory, and as much again while it is made.
ROOM = 150_000_000  # bytes
COMPILE_LIMIT = 120  # seconds; it takes two
# Elasticsearch reads this beside every plugin. The versions have to be exact.
DESCRIPTOR = """\
description=English stemming, folding and pattern capture, as in the full distribution
version={version}
name={name}
classname=EnglishAnalysisPlugin
java.version=21
elasticsearch.version={version}
"""


def directory(pins: Pins, cache: Path) -> Path:
    """Return where the unpacked Elasticsearch is, or will be; complete if it exists."""
    return cache / "engines" / f"elasticsearch-{pins.elasticsearch_version}-{_key(_archive(pins))}"


def build(pins: Pins, artifacts: Path, cache: Path, java: Path, progress: Progress) -> Path:
    """Build the home directory if it is not there, from the verified files in `artifacts`; returns it. Blocks.

    Raises LocalStackError: no space, no permission, a plugin that does not compile.
    """
    home = directory(pins, cache)
    if home.exists():
        return home
    with locked(cache, progress):
        if home.exists():  # another process was faster
            return home
        progress.say(f"unpacking Elasticsearch {pins.elasticsearch_version}")
        home.parent.mkdir(exist_ok=True)
        require_space(home.parent, ROOM)
        building = home.with_suffix(".building")
        shutil.rmtree(building, ignore_errors=True)  # what an interrupted build left
        try:
            _unpack(artifacts / _archive(pins).file_name, building)
            compiler = artifacts / pins.for_use("compiler")[0].file_name
            _install_plugin(building, compiler, java, pins.elasticsearch_version)
            building.replace(home)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return home


def _archive(pins: Pins) -> Artifact:
    return pins.for_use("elasticsearch")[0]


def _key(archive: Artifact) -> str:
    parts = (RECIPE, archive.sha256, *LEFT_OUT, DESCRIPTOR, _plugin_source())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _plugin_source() -> str:
    return resources.files("newswire.local").joinpath("plugin", PLUGIN_SOURCE).read_text("utf-8")


def _unpack(archive: Path, target: Path) -> None:
    """Unpack without the archive's top directory and without what is left out; names cannot lead outside."""
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            inside = PurePosixPath(*PurePosixPath(member.filename).parts[1:])
            if member.is_dir() or ".." in inside.parts or str(inside).startswith(LEFT_OUT):
                continue
            file = target / inside
            file.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(member) as source, file.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    for expected in ("modules", "lib"):
        if not (target / expected).is_dir():
            raise LocalStackError(f"{archive.name} is not laid out as expected: it has no {expected} directory.")
    (target / "plugins").mkdir(exist_ok=True)


def _install_plugin(home: Path, compiler: Path, java: Path, version: str) -> None:
    plugin = home / "plugins" / PLUGIN_NAME
    work = home / "compile"
    (work / "classes").mkdir(parents=True)
    plugin.mkdir(parents=True)
    source = work / PLUGIN_SOURCE
    source.write_text(_plugin_source(), "utf-8")
    # Not --release: the compiler then wants a file that this runtime does not carry.
    command: list[str | Path] = [java / "bin" / "java", "-jar", compiler]
    command += ["-source", "21", "-target", "21", "-proc:none", "-nowarn"]
    command += ["-classpath", ":".join(str(jar) for jar in sorted((home / "lib").glob("*.jar")))]
    command += ["-d", work / "classes", source]
    done = run(command, COMPILE_LIMIT, env=engine_environment())
    if not done.succeeded:
        raise LocalStackError(f"The analysis plugin does not compile; report this: {done.output[-2000:]}")
    with zipfile.ZipFile(plugin / f"{PLUGIN_NAME}.jar", "w", zipfile.ZIP_DEFLATED) as jar:
        for file in sorted((work / "classes").rglob("*.class")):
            jar.write(file, file.relative_to(work / "classes"))
    (plugin / "plugin-descriptor.properties").write_text(DESCRIPTOR.format(version=version, name=PLUGIN_NAME), "ascii")
    shutil.rmtree(work)
