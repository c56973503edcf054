"""The pinned files the local stack is made of, fetched once and verified before every use.

`artifacts.toml` is the only list: coordinates, sizes and SHA-256 digests.
`ensure` makes all of them present in the cache. A file under its final name
was complete and correct when it was put there; because files can change on a
disk afterwards, every start hashes them again (150 MB, a fraction of a second).
"""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from newswire.local.cache import locked, require_space
from newswire.local.errors import LocalStackError
from newswire.local.fetch import Fetcher
from newswire.local.progress import Progress

# Where a fetch under way keeps its files; only the holder of the cache's lock touches it.
PARTIAL = "partial"
# Room for the unpacked engine beside the artifacts, and a margin.
UNPACKED_ROOM = 200_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a Maven repository, pinned."""

    group: str
    name: str
    version: str
    packaging: str
    use: str  # "kafka", "elasticsearch" or "compiler"
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """The name in the repository and in the cache; unique among the pins."""
        return f"{self.name}-{self.version}.{self.packaging}"


@dataclass(frozen=True, slots=True)
class Pins:
    """What `artifacts.toml` says."""

    kafka_version: str
    elasticsearch_version: str
    artifacts: tuple[Artifact, ...]

    def for_use(self, use: str) -> list[Artifact]:
        """Return the artifacts for `use`, in the order of the file."""
        return [artifact for artifact in self.artifacts if artifact.use == use]


def load_pins() -> Pins:
    """Read the pins that come with this package."""
    data = tomllib.loads(resources.files("newswire.local").joinpath("artifacts.toml").read_text("utf-8"))
    artifacts = []
    for use, lines in data["artifacts"].items():
        for line in lines:
            group, name, version, packaging = line["coordinates"].split(":")
            artifacts.append(Artifact(group, name, version, packaging, use, line["size"], line["sha256"]))
    return Pins(data["kafka"], data["elasticsearch"], tuple(artifacts))


def ensure(pins: Pins, wanted: Sequence[Artifact], cache: Path, progress: Progress) -> Path:
    """Make the wanted artifacts present and correct; returns the directory that holds them.

    Every pinned file that is there is verified, wanted or not. Blocks for the
    whole download the first time, and while another process downloads. Writes
    nothing and needs no network when all is there. Raises LocalStackError: a
    file with a wrong digest (removed first, whether it was in the cache or
    just fetched), no network, no space, no permission.
    """
    directory = cache / "artifacts"
    missing = _missing(pins, directory)
    if missing.isdisjoint(wanted):
        return directory
    with locked(cache, progress):
        directory.mkdir(exist_ok=True)
        missing = _missing(pins, directory)  # another process may have been faster
        still = [artifact for artifact in wanted if artifact in missing]
        if still:
            _fetch_all(still, directory, cache / PARTIAL, progress)
    return directory


def digest(file: Path) -> str:
    """Return the SHA-256 of a file in hex digits."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def verify(artifact: Artifact, file: Path, origin: str) -> None:
    """Remove `file` and raise LocalStackError unless it is exactly what the pin says."""
    if file.stat().st_size == artifact.size and digest(file) == artifact.sha256:
        return
    try:
        file.unlink()
    except OSError as error:
        raise LocalStackError(
            f"{file} does not have the SHA-256 that is pinned for it and cannot be removed ({error.strerror});"
            " remove it and run the command again."
        ) from error
    raise LocalStackError(
        f"{artifact.file_name} {origin} does not have the SHA-256 that is pinned for it; it was removed,"
        " run the command again to fetch it anew."
    )


def _missing(pins: Pins, directory: Path) -> set[Artifact]:
    missing = set()
    for artifact in pins.artifacts:
        file = directory / artifact.file_name
        if file.exists():
            verify(artifact, file, f"in {directory}")
        else:
            missing.add(artifact)
    return missing


def _fetch_all(missing: list[Artifact], directory: Path, partial: Path, progress: Progress) -> None:
    shutil.rmtree(partial, ignore_errors=True)  # what an interrupted fetch left
    partial.mkdir()
    total = sum(artifact.size for artifact in missing)
    require_space(directory, total + UNPACKED_ROOM)
    fetcher = Fetcher(partial)
    try:
        with progress.bar("fetching Kafka and Elasticsearch", total) as advance:
            for artifact in missing:
                file = fetcher.fetch(artifact, advance)
                verify(artifact, file, "as it was downloaded")
                file.replace(directory / artifact.file_name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
