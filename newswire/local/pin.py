"""Regenerate `artifacts.toml`: ``python -m newswire.local.pin --kafka 4.3.0 --elasticsearch 9.2.4``.

For the maintainer who moves to another version. Resolves Kafka's runtime
dependencies, downloads everything into a temporary directory, and writes the
data file with sizes and SHA-256 digests. Without arguments it writes the
versions that are pinned now, so its output should then not change anything.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jgo.maven import Dependency, MavenContext

from newswire.local.artifacts import digest, load_pins

DATA_FILE = Path(__file__).with_name("artifacts.toml")
HEADER = """\
# Everything the local stack fetches from Maven Central. Written by `python -m newswire.local.pin`; do not edit.
# After a change of version: docs/local-stack.md, "Moving to another version".
"""
# Kafka logs through slf4j 1.7 and leaves the choice of what stands behind it to whoever runs it; its own
# distribution ships this one. Without it the broker logs nothing at all.
LOG_BRIDGE = ("org.apache.logging.log4j", "log4j-slf4j-impl")
# The Java compiler for the analysis plugin: the runtime has none.
COMPILER = ("org.eclipse.jdt", "ecj")
ELASTICSEARCH = ("org.elasticsearch.distribution.integ-test-zip", "elasticsearch")


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions to pin; everything else follows from them."""

    kafka: str
    scala: str
    elasticsearch: str
    compiler: str


def resolve(versions: Versions, repository: Path) -> dict[str, list[tuple[str, Path]]]:
    """Download everything into `repository`; returns coordinates and file of each artifact, by use."""
    maven = MavenContext(repo_cache=repository, timeout=60)

    def fetch(group: str, name: str, version: str, packaging: str = "jar") -> tuple[str, Path]:
        artifact = maven.project(group, name).at_version(version).artifact(packaging=packaging)
        return f"{group}:{name}:{version}:{packaging}", artifact.resolve()

    broker = ("org.apache.kafka", f"kafka_{versions.scala}", versions.kafka)
    root = maven.project(*broker[:2]).at_version(broker[2]).artifact(packaging="jar")
    _, nodes = maven.resolver.get_dependency_list([Dependency(root)])
    jars = [broker, *((node.dep.groupId, node.dep.artifactId, node.dep.version) for node in nodes)]
    log4j = next(version for _, name, version in jars if name == "log4j-core")
    return {
        "kafka": sorted(fetch(*jar) for jar in [*jars, (*LOG_BRIDGE, log4j)]),
        "elasticsearch": [fetch(*ELASTICSEARCH, versions.elasticsearch, "zip")],
        "compiler": [fetch(*COMPILER, versions.compiler)],
    }


def render(versions: Versions, artifacts: dict[str, list[tuple[str, Path]]]) -> str:
    """Return the text of the data file."""
    lines = [HEADER, f'kafka = "{versions.kafka}"', f'elasticsearch = "{versions.elasticsearch}"', "", "[artifacts]"]
    for use, files in artifacts.items():
        lines.append(f"{use} = [")
        lines += [
            f'  {{ coordinates = "{coordinates}", size = {file.stat().st_size}, sha256 = "{digest(file)}" }},'
            for coordinates, file in files
        ]
        lines.append("]")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the data file for the versions on the command line."""
    parser = argparse.ArgumentParser(prog="python -m newswire.local.pin", description=__doc__)
    pins = load_pins()
    broker = next(artifact for artifact in pins.for_use("kafka") if artifact.name.startswith("kafka_"))
    parser.add_argument("--kafka", default=pins.kafka_version)
    parser.add_argument("--scala", default=broker.name.removeprefix("kafka_"))
    parser.add_argument("--elasticsearch", default=pins.elasticsearch_version)
    parser.add_argument("--compiler", default=pins.for_use("compiler")[0].version)
    versions = Versions(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory() as directory:
        text = render(versions, resolve(versions, Path(directory)))
    DATA_FILE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
