"""Articles sent again through enrichment, by the services that enrich and index them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka import OffsetAndMetadata, TopicPartition

from newswire import article as articles
from newswire import identity, kafka
from newswire.article import Article, Source
from newswire.settings import KafkaSettings, load
from newswire.topics import ENRICH_GROUP, RAW, Trail, headers
from tests.integration.commands import Commands
from tests.integration.conftest import Until
from tests.integration.replay.moment import next_millisecond
from tests.integration.service import RunningService

StartEnrich = Callable[..., RunningService]


@pytest.fixture
def enrich(newswire: Commands, tmp_path: Path) -> Iterator[StartEnrich]:
    """Starts enrich with settings of its own, in the place of the one before."""
    made: list[RunningService] = []

    def start(**settings: str) -> RunningService:
        for one in made:
            one.close()
        made.append(RunningService("enrich", newswire.environ | settings, tmp_path / "enrich.log"))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.close()


def leave_what_is_there(newswire: Commands) -> None:
    """Let enrich begin behind what other tests left in its topic: each article that takes too long costs a process."""
    with closing(kafka.consumer(load(KafkaSettings, newswire.environ), ENRICH_GROUP)) as client:
        partitions = [TopicPartition(RAW.name, number) for number in client.partitions_for_topic(RAW.name) or ()]
        client.assign(partitions)
        client.commit({one: OffsetAndMetadata(end, "") for one, end in client.end_offsets(partitions).items()})


def publish(newswire: Commands, name: str) -> str:
    """An article for enrich to read; its id."""
    source = Source(path=f"{name}.txt", format="text", bytes=3, sha256="0" * 64)
    body = "Two people were injured in Lviv on Friday. " * 200
    made = Article(id=identity.id_of_text(name, ""), revision=1000, title=name, body=body, source=source)
    at = datetime.now(UTC)
    trail = headers(articles.SCHEMA, Trail("trace", at, at))
    newswire.producer.send(RAW.name, key=made.id.encode(), value=articles.encode(made), headers=trail).get(timeout=30)
    return made.id


def standing(newswire: Commands, article: str) -> tuple[str, list[str]] | None:
    """How its enrichment ended, and the places that it found."""
    newswire.client.indices.refresh(index="newswire")
    hits = newswire.client.search(index="newswire", query={"term": {"id": article}})["hits"]["hits"]
    return (hits[0]["_source"]["enrichment"]["status"], hits[0]["_source"]["place_names"]) if hits else None


UNWELL = ("--status", "failed", "--status", "partial")


def test_articles_whose_enrichment_took_too_long_go_through_it_again_and_those_that_are_well_do_not(
    newswire: Commands, enrich: StartEnrich, until: Until
) -> None:
    leave_what_is_there(newswire)
    first = next_millisecond()
    enrich(NEWSWIRE_ENRICH_LIMIT="1ms")
    unwell = [publish(newswire, f"replay-slow-{number}") for number in range(2)]

    def are_unwell() -> bool:
        found = [standing(newswire, one) for one in unwell]
        return all(one and one[0] in UNWELL for one in found)

    until(are_unwell)
    enrich()
    well = publish(newswire, "replay-well")
    until(lambda: standing(newswire, well) == ("ok", ["Lviv"]))

    answer = newswire.json("replay", "--stage", "enrich", "--from", first, *UNWELL)
    assert (answer["finished"], answer["sent"], answer["others"]) == (True, 2, 1)
    until(lambda: all(standing(newswire, one) == ("ok", ["Lviv"]) for one in unwell))
    # All of them are well now: what is asked for again finds nobody, the messages of the replay among what it reads.
    answer = newswire.json("replay", "--stage", "enrich", "--from", first, *UNWELL)
    assert (answer["finished"], answer["sent"], answer["others"]) == (True, 0, 5)
