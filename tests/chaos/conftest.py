"""The whole system in a temporary directory, on free ports, shared by the tests that hurt it."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch

from newswire import elastic
from newswire.reasons import Stage
from newswire.settings import ElasticsearchSettings, load
from newswire.system import Service, System


class Rig:
    """A running system, its inbox, and a client to look at what came out."""

    def __init__(self, place: Path, system: System, client: Elasticsearch) -> None:
        self.inbox = place / "inbox"
        self.data = place / "data"
        self.system = system
        self.client = client

    def drop(self, name: str, **article: Any) -> None:
        """Write an article as JSON, under a temporary name first, as a careful program does."""
        partial = self.inbox / f".{name}.part"
        partial.write_bytes(msgspec.json.encode(article))
        partial.rename(self.inbox / name)

    def count(self, **terms: str) -> int:
        """How many documents of the alias match."""
        filters = [{"term": {field.replace("__", "."): value}} for field, value in terms.items()]
        return int(self.client.count(index="newswire", query={"bool": {"filter": filters}})["count"])

    def documents(self, **terms: str) -> list[dict[str, Any]]:
        """The documents of the alias that match."""
        filters = [{"term": {field.replace("__", "."): value}} for field, value in terms.items()]
        answer = self.client.search(index="newswire", query={"bool": {"filter": filters}}, size=1000)
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    def letters(self) -> int:
        """How many dead letters there are."""
        self.client.indices.refresh(index="newswire-dead")
        return int(self.client.count(index="newswire-dead")["count"])

    def service(self, stage: Stage) -> Service:
        """One of the three."""
        return next(one for one in self.system.services if one.stage is stage)

    def out(self, stage: Stage) -> float:
        """How many articles a service has finished since it last started."""
        figures = self.service(stage).figures()
        return figures.total("articles_out_total") if figures else 0.0

    def put_away(self) -> int:
        """How many files lie in ``processed/``."""
        return sum(path.is_file() for path in (self.data / "processed").rglob("*"))

    def until(self, condition: Callable[[], object], limit: float = 120.0) -> None:
        """Poll a condition until it holds, and start again what ends meanwhile, as ``newswire up`` does."""
        deadline = time.monotonic() + limit
        while not condition():
            assert time.monotonic() < deadline, f"not within {limit} s; see {self.data / 'logs'}"
            self.system.watch()
            time.sleep(0.02)


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    place = tmp_path_factory.mktemp("system")
    with System(place / "inbox", place / "data", say=print, any_port=True) as system:
        settings = load(ElasticsearchSettings, os.environ | system.environment)
        with elastic.client(settings) as client:
            yield Rig(place, system, client)
