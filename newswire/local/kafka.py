"""Apache Kafka as one child process: broker and controller in one, data kept between runs."""

from __future__ import annotations

import base64
import shutil
import socket
import struct
import uuid
from contextlib import suppress
from pathlib import Path

from newswire.local.artifacts import Pins
from newswire.local.data import SETTING, EngineDirectory
from newswire.local.errand import run
from newswire.local.errors import LocalStackError, storage_error
from newswire.local.ports import LOOPBACK, free_port
from newswire.local.runtime import engine_environment
from newswire.local.supervise import Child

# The heap stays below this; with what is outside it the process takes about 0.3 GB. Measured: 512 MB is no faster.
HEAP = "256m"
# One serial collector and the quick compiler: half the memory around the heap and half the processor time of the
# defaults until it is up, at the same throughput on two cores (docs/local-stack.md has the figures).
JVM = (f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError")
# Relative to the engine's directory, where both programs run: a properties file would want some characters escaped.
PATHS = ("-Dlog4j2.configurationFile=config/log4j2.xml", "-XX:ErrorFile=crash.log")
# The largest topic takes 12 MiB (newswire.topics); a third more for topics made by hand.
MESSAGE_LIMIT = 16 * 1024 * 1024  # bytes
UNFINISHED = "unfinished"  # directory under which the data directory is made
FORMAT_LIMIT = 60  # seconds; it takes one
PROBE_TIMEOUT = 2.0  # seconds

SERVER_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
log.dirs={data}
auto.create.topics.enable=false

# Messages of the largest topic, and what carries them.
message.max.bytes={message_limit}
replica.fetch.max.bytes={message_limit}
replica.fetch.response.max.bytes={message_limit}

# One node.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# After a kill the controller refuses the broker until its last session has run out; the default is 9 seconds.
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000

# One person: the defaults are for a machine of its own (50 partitions of offsets, 128 MB for compaction).
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
share.coordinator.state.topic.num.partitions=4
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=4
"""

LOG4J = """\
<Configuration status="WARN" shutdownHook="disable">
  <Appenders>
    <Console name="console"><PatternLayout pattern="%d{ISO8601} %-5p %c{1}: %m%n"/></Console>
  </Appenders>
  <Loggers>
    <Root level="INFO"><AppenderRef ref="console"/></Root>
    <Logger name="org.apache.kafka.common.config.AbstractConfig" level="WARN"/>
    <Logger name="org.apache.kafka.clients" level="WARN"/>
    <Logger name="state.change.logger" level="WARN"/>
  </Loggers>
</Configuration>
"""


class Kafka:
    """A broker on `port` of the loopback interface; construct, then `child.start()`.

    The constructor writes the configuration and, the first time, formats the
    data directory, for which it blocks about a second. Raises LocalStackError.
    """

    name = "Kafka"

    def __init__(
        self, pins: Pins, artifacts: Path, java: Path, *, directory: EngineDirectory, log: Path, port: int
    ) -> None:
        self.address = f"{LOOPBACK}:{port}"
        self._port = port
        self._java = java
        self._directory = directory
        self._class_path = ":".join(str(artifacts / artifact.file_name) for artifact in pins.for_use("kafka"))
        values = {"host": LOOPBACK, "port": port, "controller_port": free_port(), "message_limit": MESSAGE_LIMIT}
        files = {
            "server.properties": SERVER_PROPERTIES.format_map(values | {"data": "data"}),
            "format.properties": SERVER_PROPERTIES.format_map(values | {"data": UNFINISHED}),
            "log4j2.xml": LOG4J,
        }
        directory.configure(files)
        if not (directory.data / "meta.properties").exists():
            self._format()
        self.child = Child(
            "kafka",
            self._command("kafka.Kafka", "config/server.properties"),
            log,
            engine_environment(),
            directory=directory.root,
        )

    def is_ready(self) -> bool:
        """Ask the broker for the versions it speaks: it answers once it takes requests. Two seconds at most."""
        # api key 18, version 0, correlation id 1, no client id; preceded by the length of all that
        request = struct.pack(">ihhih", 10, 18, 0, 1, -1)
        with suppress(OSError), socket.create_connection((LOOPBACK, self._port), timeout=PROBE_TIMEOUT) as connection:
            connection.sendall(request)
            answer = connection.recv(10)
            # length, correlation id, error code
            return len(answer) == 10 and struct.unpack(">iih", answer)[1:] == (1, 0)
        return False

    def _command(self, main: str, *arguments: str) -> list[str]:
        temporary = f"-Djava.io.tmpdir={self._directory.temporary}"  # native libraries are loaded from there
        java = str(self._java / "bin" / "java")
        return [java, *JVM, temporary, *PATHS, "-cp", self._class_path, main, *arguments]

    def _format(self) -> None:
        """Format a directory beside the data directory, then rename it: a kill in between leaves nothing half done."""
        unfinished = self._directory.root / UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # One word, because the identifier may begin with a hyphen.
        arguments = ("format", f"--cluster-id={cluster}", "--config=config/format.properties")
        command = self._command("kafka.tools.StorageTool", *arguments)
        done = run(command, FORMAT_LIMIT, env=engine_environment(), directory=self._directory.root)
        if not done.succeeded:
            raise LocalStackError(f"Kafka could not prepare {self._directory.data}: {done.output[-500:]}")
        try:
            unfinished.replace(self._directory.data)
        except OSError as error:
            raise storage_error(error, self._directory.root, SETTING) from error
