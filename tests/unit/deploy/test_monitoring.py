"""Prometheus' rules and Grafana's dashboards ask for nothing that the code does not have."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from newswire.metrics import EnrichMetrics, IndexMetrics, IngestMetrics
from newswire.reasons import Stage

Labels = dict[str, set[str]]

PROMETHEUS = "deploy/prometheus"
# What Prometheus and its configuration add themselves.
ADDED = {"job", "instance", "service"}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def series() -> dict[str, Labels]:
    """Every series of the three services: its name, its labels, their values."""
    found: dict[str, Labels] = {"up": {"job": {"newswire"}}}
    for metrics in (IngestMetrics(), EnrichMetrics(("conflict.battle.offensive",)), IndexMetrics()):
        for family in metrics.registry.collect():
            for sample in family.samples:
                labels = found.setdefault(sample.name, {})
                for label, value in sample.labels.items():
                    labels.setdefault(label, set()).add(value)
    return found


@pytest.fixture(scope="module")
def rules(root: Path) -> list[dict[str, Any]]:
    return [rule for group in read(root / PROMETHEUS / "alerts.yml")["groups"] for rule in group["rules"]]


@pytest.fixture(scope="module")
def dashboards(root: Path) -> dict[str, dict[str, Any]]:
    files = sorted((root / "deploy/grafana/dashboards").glob("*.json"))
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture(scope="module")
def expressions(rules: list[dict[str, Any]], dashboards: dict[str, dict[str, Any]]) -> list[str]:
    of_rules = [rule["expr"] for rule in rules]
    return of_rules + [target["expr"] for _, panel in panels(dashboards) for target in panel["targets"]]


def panels(dashboards: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, dashboard in dashboards.items():
        for panel in dashboard["panels"]:
            yield name, panel


def selectors(expression: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The series an expression asks for, each with its label matchers."""
    for name, matchers in re.findall(r"\b(newswire_\w+|up)\b(?:\{([^}]*)\})?", expression):
        yield name, dict(re.findall(r'(\w+)\s*=\s*"([^"]*)"', matchers))


def test_every_expression_asks_for_series_the_services_have(expressions: list[str], series: dict[str, Labels]) -> None:
    for expression in expressions:
        asked = list(selectors(expression))
        assert asked, expression
        for name, matchers in asked:
            assert name in series, expression
            for label, value in matchers.items():
                assert value in series[name].get(label, set()), expression


def test_every_expression_groups_by_labels_its_series_have(expressions: list[str], series: dict[str, Labels]) -> None:
    for expression in expressions:
        labels = ADDED.union(*(series[name] for name, _ in selectors(expression)))
        for grouped in re.findall(r"\bby \(([^)]*)\)", expression):
            assert {label.strip() for label in grouped.split(",")} <= labels, expression


def test_every_legend_shows_labels_that_are_there(
    dashboards: dict[str, dict[str, Any]], series: dict[str, Labels]
) -> None:
    for _, panel in panels(dashboards):
        for target in panel["targets"]:
            labels = ADDED.union(*(series[name] for name, _ in selectors(target["expr"])))
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= labels, panel["title"]


def test_all_three_services_are_scraped_where_they_listen(root: Path, services: dict[str, dict[str, Any]]) -> None:
    (job,) = read(root / PROMETHEUS / "prometheus.yml")["scrape_configs"]
    targets = {entry["labels"]["service"]: entry["targets"] for entry in job["static_configs"]}
    assert targets == {
        stage: [f"{stage}:{services[stage]['environment'][f'NEWSWIRE_{stage.upper()}_PORT']}"] for stage in Stage
    }


def test_every_alert_says_what_is_the_matter_and_is_seen_to_fire(root: Path, rules: list[dict[str, Any]]) -> None:
    cases = [case for test in read(root / PROMETHEUS / "alerts_test.yml")["tests"] for case in test["alert_rule_test"]]
    fires = {case["alertname"] for case in cases if case.get("exp_alerts")}
    stays_quiet = {case["alertname"] for case in cases if not case.get("exp_alerts")}
    names = {rule["alert"] for rule in rules}
    assert fires == names
    assert stays_quiet <= names
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "description"}
        assert rule["for"]


def test_every_dashboard_reads_from_the_data_source_that_is_provisioned(
    root: Path, dashboards: dict[str, dict[str, Any]], services: dict[str, dict[str, Any]]
) -> None:
    (source,) = read(root / "deploy/grafana/provisioning/datasources/prometheus.yml")["datasources"]
    asked = {json.dumps(each["datasource"]) for _, panel in panels(dashboards) for each in (panel, *panel["targets"])}
    assert asked == {json.dumps({"type": source["type"], "uid": source["uid"]})}
    assert source["url"] == f"http://prometheus:{services['prometheus']['ports'][0].rpartition(':')[2]}"


def test_the_dashboards_are_mounted_where_grafana_looks_for_them(
    root: Path, dashboards: dict[str, dict[str, Any]], services: dict[str, dict[str, Any]]
) -> None:
    (provider,) = read(root / "deploy/grafana/provisioning/dashboards/newswire.yml")["providers"]
    place = provider["options"]["path"]
    assert f"./deploy/grafana/dashboards:{place}:ro" in services["grafana"]["volumes"]
    home = services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home.removeprefix(f"{place}/") in dashboards
    assert provider["allowUiUpdates"] is False


def test_the_panels_of_a_dashboard_have_their_own_numbers_and_places(dashboards: dict[str, dict[str, Any]]) -> None:
    for name, dashboard in dashboards.items():
        numbers: set[int] = set()
        taken: set[tuple[int, int]] = set()
        for panel in dashboard["panels"]:
            grid = panel["gridPos"]
            cells = {(grid["x"] + x, grid["y"] + y) for x in range(grid["w"]) for y in range(grid["h"])}
            assert panel["id"] not in numbers, name
            assert not cells & taken, panel["title"]
            assert max(x for x, _ in cells) < 24
            numbers.add(panel["id"])
            taken |= cells


if shutil.which("promtool"):

    @pytest.mark.parametrize("arguments", [("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")])
    def test_prometheus_itself_accepts_the_rules_and_they_do_what_they_should(
        root: Path, arguments: tuple[str, ...]
    ) -> None:
        command = ["promtool", *arguments]
        done = subprocess.run(command, check=False, cwd=root / PROMETHEUS, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
