"""docker-compose.yml, as far as it can be judged without an engine."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

import newswire
from newswire import settings, stages
from newswire.cli import COMMANDS
from newswire.cli.check import OTHERS, SETTINGS
from newswire.settings import ServiceSettings, declared
from newswire.topics import DEAD_MESSAGE_CAP

Services = dict[str, dict[str, Any]]

ONCE = {"setup", "kibana-setup"}
OURS = {"ingest", "enrich", "index", *ONCE}
# They write beside their data: a configuration made at start, a keystore, logs of the Java machine, bundles.
WRITES_ITS_ROOT = {"kafka", "elasticsearch", "kibana"}
KNOWN = {one.variable for settings_class in SETTINGS for one in declared(settings_class)} | OTHERS


def port_of(published: str) -> tuple[str, str, str]:
    address, outside, inside = published.rsplit(":", 2)
    return address, outside, inside


def seconds(duration: str) -> float:
    return settings.seconds(duration)


def test_every_image_is_pinned_to_one_version(services: Services) -> None:
    for name, service in services.items():
        assert re.search(r":v?\d+\.\d+\.\d+$", service["image"]), name


def test_the_engines_are_those_of_the_local_stack(services: Services, root: Path) -> None:
    pins = tomllib.loads((root / "newswire/local/artifacts.toml").read_text(encoding="utf-8"))
    assert services["kafka"]["image"].endswith(f":{pins['kafka']}")
    assert services["elasticsearch"]["image"].endswith(f":{pins['elasticsearch']}")
    assert services["kibana"]["image"].endswith(f":{pins['elasticsearch']}")


def test_our_containers_share_the_image_of_this_version(services: Services) -> None:
    assert {services[name]["image"] for name in OURS} == {f"newswire:{newswire.__version__}"}
    assert all("build" not in service for name, service in services.items() if name not in OURS)


def test_every_command_is_one_the_image_has(services: Services) -> None:
    for name in OURS - {"kibana-setup"}:
        assert services[name]["command"][0] in COMMANDS


def test_every_container_is_bounded(services: Services) -> None:
    for name, service in services.items():
        assert {"mem_limit", "cpus", "pids_limit"} <= service.keys(), name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name


def test_every_container_gives_up_its_privileges(services: Services) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name


def test_every_root_file_system_is_read_only_but_those_of_the_engines(services: Services) -> None:
    assert {name for name, service in services.items() if not service.get("read_only")} == WRITES_ITS_ROOT


def test_what_runs_on_is_watched_and_restarted_and_what_runs_once_is_neither(services: Services) -> None:
    assert {name for name, service in services.items() if "healthcheck" not in service} == ONCE
    assert {name for name, service in services.items() if service["restart"] == "no"} == ONCE
    assert {service["restart"] for name, service in services.items() if name not in ONCE} == {"unless-stopped"}


def test_every_dependency_exists_and_can_be_fulfilled(services: Services) -> None:
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            expected = "service_completed_successfully" if other in ONCE else "service_healthy"
            assert other in services, name
            assert how["condition"] == expected, f"{name} → {other}"


def test_no_article_is_taken_before_topics_and_index_exist(services: Services) -> None:
    for name in ("ingest", "enrich", "index"):
        assert services[name]["depends_on"].keys() == {"kafka", "elasticsearch", "setup"}


def test_every_port_is_published_on_the_loopback_interface_and_once(services: Services) -> None:
    published = [port_of(port) for service in services.values() for port in service.get("ports", [])]
    assert {address for address, _, _ in published} == {"127.0.0.1"}
    assert len({outside for _, outside, _ in published}) == len(published)


def test_each_service_is_asked_whether_it_is_ready_at_the_port_it_publishes(services: Services) -> None:
    for name in ("ingest", "enrich", "index"):
        own = services[name]["environment"][f"NEWSWIRE_{name.upper()}_PORT"]
        assert f"http://127.0.0.1:{own}/readyz" in services[name]["healthcheck"]["test"][-1]
        assert [port_of(port)[2] for port in services[name]["ports"]] == [own]


def test_the_commands_find_the_services_from_every_container(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ingest", "enrich", "index"):
        for key, value in services[name]["environment"].items():
            monkeypatch.setenv(key, str(value))
        found = {one.stage.value: (one.host, str(one.port)) for one in stages.stages()}
        assert found == {
            stage: (stage, services[stage]["environment"][f"NEWSWIRE_{stage.upper()}_PORT"]) for stage in found
        }


def test_every_setting_passed_to_a_service_is_declared_and_usable(services: Services) -> None:
    for name in OURS:
        environment = {key: str(value) for key, value in services[name]["environment"].items()}
        assert environment.keys() <= KNOWN, name
        for settings_class in SETTINGS:
            settings.load(settings_class, environment)


def test_every_variable_of_the_file_has_a_default_and_is_explained(compose_text: str, root: Path) -> None:
    used = dict(re.findall(r"\$\{([A-Z_]+)(:-[^}]+)?\}", compose_text))
    explained = (root / "docs/compose.md").read_text(encoding="utf-8")
    example = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", (root / "deploy/.env.example").read_text(encoding="utf-8"), re.M))
    assert all(used.values())
    assert all(f"`{variable}`" in explained for variable in used)
    assert example == {variable: default.removeprefix(":-") for variable, default in used.items()}


def test_no_value_is_a_secret(compose_text: str) -> None:
    assert not re.search(r"(?i)(password|secret|token|api_?key)\w*\s*[:=]", compose_text)


def test_every_volume_is_declared_and_every_file_mounted_exists(
    compose: dict[str, Any], services: Services, root: Path
) -> None:
    named = set()
    for name, service in services.items():
        for volume in service.get("volumes", []):
            source = volume["source"] if isinstance(volume, dict) else volume.split(":")[0]
            if not source.startswith("."):
                named.add(source)
            elif source != "./inbox":
                assert (root / source).exists(), name
                assert volume.endswith(":ro"), name
    assert named == compose["volumes"].keys()


def test_a_missing_inbox_is_an_error_and_not_a_directory_of_root(services: Services) -> None:
    (inbox,) = (volume for volume in services["ingest"]["volumes"] if isinstance(volume, dict))
    assert inbox["target"] == services["ingest"]["environment"]["NEWSWIRE_INBOX"]
    assert inbox["bind"] == {"create_host_path": False}


def test_the_broker_takes_the_largest_letter_and_no_unknown_topic(services: Services) -> None:
    broker = services["kafka"]["environment"]
    assert int(broker["KAFKA_MESSAGE_MAX_BYTES"]) == DEAD_MESSAGE_CAP
    assert broker["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert [volume.split(":")[1] for volume in services["kafka"]["volumes"]] == [broker["KAFKA_LOG_DIRS"]]


def test_the_broker_sends_each_client_to_the_listener_it_can_reach(services: Services) -> None:
    broker, (published,) = services["kafka"]["environment"], services["kafka"]["ports"]
    _, outside, inside = port_of(published)
    assert f"INSIDE://{services['ingest']['environment']['NEWSWIRE_KAFKA']}" in broker["KAFKA_ADVERTISED_LISTENERS"]
    assert f"OUTSIDE://127.0.0.1:{outside}" in broker["KAFKA_ADVERTISED_LISTENERS"]
    assert f"OUTSIDE://:{inside}" in broker["KAFKA_LISTENERS"]


def test_a_stopping_service_is_not_killed_while_it_finishes(services: Services) -> None:
    for name in ("ingest", "enrich", "index"):
        assert seconds(services[name]["stop_grace_period"]) > 2 * settings.load(ServiceSettings, {}).stop_grace


def _compose_is_here() -> bool:
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "compose", "version"], check=False, capture_output=True).returncode == 0


if _compose_is_here():

    def test_compose_itself_accepts_the_file(root: Path) -> None:
        done = subprocess.run(
            ["docker", "compose", "--file", "docker-compose.yml", "config", "--quiet"],
            check=False,
            cwd=root,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
