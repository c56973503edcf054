"""The life of a stack: killed, started again on its data, started anew, failing."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient, KafkaProducer

from newswire.local import LocalStack, LocalStackError, identity
from newswire.local.supervise import Child

DEADLINE = 60.0  # seconds; the ending of a process that was killed takes one

# Starts a stack, stores something in both engines, tells where they are, and waits to be killed.
HOLDER = """
import sys
from pathlib import Path
from kafka import KafkaAdminClient, KafkaProducer
from newswire.local import LocalStack
from elasticsearch import Elasticsearch
with LocalStack(Path(sys.argv[1]), kafka_port=0, elasticsearch_port=0) as stack:
    with KafkaAdminClient(bootstrap_servers=stack.kafka) as admin:
        admin.create_topics({"kept": {"num_partitions": 1, "replication_factor": 1}})
    producer = KafkaProducer(bootstrap_servers=stack.kafka, acks="all")
    producer.send("kept", b"record").get(timeout=60)
    Elasticsearch(stack.elasticsearch).index(index="kept", id="1", document={"word": "kept"})
    print(stack.kafka, stack.elasticsearch, *(child.pid for child in stack.children), flush=True)
    sys.stdin.read()
"""


def until(condition: Callable[[], bool]) -> bool:
    """Poll `condition` until it holds; False when it does not within the deadline."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if condition():
            return True
        Event().wait(0.05)
    return False


def listens(address: str) -> bool:
    host, _, port = address.rpartition("/")[2].partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a stack whose process was killed; nothing of it runs any more."""
    data = tmp_path_factory.mktemp("killed")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        kafka, elasticsearch, *pids = holder.stdout.readline().split()
        assert all(runs(pid) for pid in pids)
        holder.kill()
    assert until(lambda: not any(runs(pid) for pid in pids))
    assert until(lambda: not listens(kafka) and not listens(elasticsearch))
    return data


def test_data_outlives_a_kill_and_goes_when_starting_anew(killed: Path) -> None:
    with LocalStack(killed, kafka_port=0, elasticsearch_port=0) as stack:
        with Elasticsearch(stack.elasticsearch) as search:
            assert search.get(index="kept", id="1")["_source"] == {"word": "kept"}
        producer = KafkaProducer(bootstrap_servers=stack.kafka, acks="all")
        assert producer.send("kept", b"another").get(timeout=60).offset == 1
        producer.close()
        children = stack.children
    assert not any(child.alive for child in children)
    assert {child.returncode for child in children} == {143}, "both engines left in order on SIGTERM"

    with LocalStack(killed, kafka_port=0, elasticsearch_port=0, fresh=True) as stack:
        with Elasticsearch(stack.elasticsearch) as search:
            assert search.indices.get(index="*") == {}
        with KafkaAdminClient(bootstrap_servers=stack.kafka) as admin:
            assert "kept" not in admin.list_topics()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its identity")
def test_root_also_runs_elasticsearch_where_user_namespaces_are_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "IDENTITIES", ("other-user",))
    with LocalStack(tmp_path, elasticsearch_port=0, kafka="127.0.0.1:1") as stack:
        (child,) = stack.children
        status = Path(f"/proc/{child.pid}/status").read_text().splitlines()
        assert [line.split()[1:] for line in status if line.startswith("Uid:")] == [["65534"] * 4]
        with Elasticsearch(stack.elasticsearch) as search:
            assert search.index(index="words", document={"a": "b"})["result"] == "created"


def test_an_engine_that_cannot_start_is_reported_with_its_log_and_the_other_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Child] = []
    start = Child.start

    def remembered(child: Child) -> None:
        started.append(child)
        start(child)

    monkeypatch.setattr(Child, "start", remembered)
    (tmp_path / "kafka" / "data").mkdir(parents=True)
    (tmp_path / "kafka" / "data" / "meta.properties").write_text("version=1\ncluster.id=x\nnode.id=7\n")
    with (
        pytest.raises(LocalStackError, match=r"(?s)Kafka ended with status 1; .*kafka\.log:\n.*node id 7"),
        LocalStack(tmp_path, kafka_port=0, elasticsearch_port=0),
    ):
        pass
    assert len(started) == 2
    assert not any(child.alive for child in started)
