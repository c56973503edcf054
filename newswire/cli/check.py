"""``newswire check``: what is set, what answers, what is missing; a line each."""

import json
import os
import sys
from collections.abc import Callable

import click
from elastic_transport import TransportError
from elasticsearch import ApiError
from kafka.errors import KafkaError

from newswire import elastic, kafka
from newswire.cli import Failure
from newswire.local.settings import LocalSettings
from newswire.settings import (
    ElasticsearchSettings,
    KafkaSettings,
    ServiceSettings,
    SettingsError,
    TopicSettings,
    declared,
    load,
    shown,
)
from newswire.stages import StageSettings
from services.enrich.settings import EnrichSettings
from services.index import schema
from services.index.settings import IndexSettings
from services.ingest.settings import IngestSettings

# Every settings class there is, in the order in which the table of the documentation lists them.
SETTINGS: tuple[type, ...] = (
    ServiceSettings,
    IngestSettings,
    EnrichSettings,
    IndexSettings,
    KafkaSettings,
    ElasticsearchSettings,
    TopicSettings,
    LocalSettings,
    StageSettings,
)
# A check is asked for by somebody who waits for it.
PATIENCE = 5.0  # seconds


@click.command("check")
@click.option("--settings", "only_settings", is_flag=True, help="Print every setting with its value and meaning.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(only_settings: bool, as_json: bool) -> None:
    """Check settings, connections, topics and mapping; exit 1 with the cause if one of them fails."""
    if only_settings:
        _print_settings(as_json)
        return
    results = [(name, *_outcome(check)) for name, check in CHECKS.items()]
    if as_json:
        click.echo(json.dumps([{"check": n, "ok": ok, "message": m} for n, ok, m in results], indent=2))
    else:
        for name, ok, message in results:
            click.echo(f"{'ok    ' if ok else 'FAILED'} {name}: {message}")
    failed = [name for name, ok, _ in results if not ok]
    if failed:
        raise Failure(f"{len(failed)} of {len(results)} checks failed: {', '.join(failed)}.")


def _outcome(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except SettingsError as error:
        return False, " ".join(error.mistakes)
    except KafkaError as error:
        return False, kafka.explain(error, load(KafkaSettings))
    except (TransportError, ApiError) as error:
        return False, elastic.explain(error, load(ElasticsearchSettings))
    except Failure as error:
        return False, error.message


def _settings() -> str:
    mistakes: list[str] = []
    for settings_class in SETTINGS:
        try:
            load(settings_class)
        except SettingsError as error:
            mistakes += error.mistakes
    if mistakes:
        raise SettingsError(mistakes)
    unknown = _unknown()
    if unknown:
        raise Failure(f"{', '.join(unknown)}: no such setting. `newswire check --settings` lists them.")
    return f"{sum(len(declared(c)) for c in SETTINGS)} settings, all usable"


# Read by the gazetteer before any service starts, and by docker-compose.yml.
OTHERS = frozenset(
    {
        "NEWSWIRE_GAZETTEER",
        "NEWSWIRE_GID",
        "NEWSWIRE_GRAFANA_PORT",
        "NEWSWIRE_KIBANA_PORT",
        "NEWSWIRE_PROMETHEUS_PORT",
        "NEWSWIRE_UID",
    }
)


def _unknown() -> list[str]:
    known = {one.variable for settings_class in SETTINGS for one in declared(settings_class)} | OTHERS
    return sorted(name for name in os.environ if name.startswith("NEWSWIRE_") and name not in known)


def _topics() -> str:
    settings = load(KafkaSettings)
    missing = kafka.missing(settings)
    if missing:
        raise Failure(f"{', '.join(missing)} missing at {settings.bootstrap}; run `newswire setup`.")
    return f"all topics are there at {settings.bootstrap}"


def _index() -> str:
    settings = load(ElasticsearchSettings)
    with elastic.client(settings, request_timeout=PATIENCE) as client:
        health = client.cluster.health()
        missing = schema.missing(client)
    if missing:
        raise Failure(f"{'; '.join(missing)}; run `newswire setup`.")
    return f"aliases are there, cluster is {health['status']}"


CHECKS: dict[str, Callable[[], str]] = {"settings": _settings, "kafka": _topics, "elasticsearch": _index}


def _print_settings(as_json: bool) -> None:
    rows = [
        {
            "variable": one.variable,
            "value": shown(one, os.environ),
            "default": "" if one.secret else one.default,
            "help": one.help,
        }
        for settings_class in SETTINGS
        for one in declared(settings_class)
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    width = max(len(row["variable"]) for row in rows)
    for row in rows:
        mark = "" if row["value"] == row["default"] else f"  (default {row['default'] or 'empty'})"
        click.echo(f"{row['variable']:<{width}}  {row['value']}{mark}\n{'':<{width}}    {row['help']}")
    sys.stdout.flush()
