"""How much of each topic its readers have still to read, and how much was ever written to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import msgspec
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from newswire import kafka
from newswire.settings import KafkaSettings
from newswire.topics import DEAD, ENRICH_GROUP, ENRICHED, INDEX_GROUP, RAW

# Who reads what.
READERS = ((ENRICH_GROUP, RAW), (INDEX_GROUP, ENRICHED), (INDEX_GROUP, DEAD))


class Backlog(msgspec.Struct, frozen=True):
    """``lag`` messages of ``topic`` wait for the ``members`` of ``group``; ``written`` is how many there ever were."""

    group: str
    topic: str
    lag: int
    written: int
    members: int


def backlogs(settings: KafkaSettings) -> list[Backlog]:
    """The backlog of every reader; raises KafkaError after a few seconds."""
    with watching(settings) as now:
        return now()


@contextmanager
def watching(settings: KafkaSettings) -> Iterator[Callable[[], list[Backlog]]]:
    """What tells the backlog of every reader, as often as it is called; both raise KafkaError after a few seconds."""
    client = kafka.consumer(settings, "", group_id=None, **kafka.AT_A_TERMINAL)
    try:
        with kafka.admin(settings, **kafka.AT_A_TERMINAL) as admin:
            yield partial(_now, client, admin)
    finally:
        client.close(autocommit=False)


def _now(client: KafkaConsumer, admin: KafkaAdminClient) -> list[Backlog]:
    groups = list(dict.fromkeys(group for group, _ in READERS))
    offsets = {group: admin.list_group_offsets(group).get(group, {}) for group in groups}
    described = admin.describe_groups(groups)
    found = []
    for group, topic in READERS:
        partitions = [TopicPartition(topic.name, n) for n in client.partitions_for_topic(topic.name) or ()]
        starts, ends = client.beginning_offsets(partitions), client.end_offsets(partitions)
        # Who has read nothing yet begins at what is kept; what retention took while somebody slept is no backlog.
        read = {one: offsets[group][one].offset if one in offsets[group] else 0 for one in partitions}
        lag = sum(max(0, ends[one] - max(read[one], starts[one])) for one in partitions)
        found.append(Backlog(group, topic.name, lag, sum(ends.values()), len(described[group]["members"])))
    return found
