"""Elasticsearch as one child process, on the loopback interface, data kept between runs.

The distribution starts the server through a launcher that is a second Java
process. Here the server is started as that launcher starts it (the arguments
arrive on standard input, `newswire.local.server_arguments`), without the
launcher: 4 seconds instead of 9, 110 MB less, and one process to supervise.
"""

from __future__ import annotations

import http.client
import json
from pathlib import Path

from newswire.local.data import EngineDirectory
from newswire.local.ports import LOOPBACK
from newswire.local.runtime import engine_environment
from newswire.local.server_arguments import encode
from newswire.local.supervise import Child

HEAP = "512m"
# As for Kafka: a serial collector and the quick compiler, which here index as fast as the defaults on two cores.
JVM = (
    f"-Xmx{HEAP}",
    "-XX:MaxDirectMemorySize=256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xss1m",
)
# What the distribution's own launcher gives the server (its jvm.options and what it computes), without the line
# --add-modules=jdk.incubator.vector, which this runtime does not have, and without garbage collection logs.
SERVER_OPTIONS = (
    "-Des.networkaddress.cache.ttl=60",
    "-Des.networkaddress.cache.negative.ttl=10",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    "-Djna.nosys=true",
    "-XX:-OmitStackTraceInFastThrow",
    "-Dio.netty.noUnsafe=true",
    "-Dio.netty.noKeySetOptimization=true",
    "-Dio.netty.recycler.maxCapacityPerThread=0",
    "--add-opens=org.apache.lucene.core/org.apache.lucene.codecs.lucene99=org.elasticsearch.server",
    "--add-opens=org.apache.lucene.core/org.apache.lucene.codecs.hnsw=org.elasticsearch.server",
    "--add-opens=org.apache.lucene.core/org.apache.lucene.internal.vectorization=org.elasticsearch.server",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    "-Dlog4j2.formatMsgNoLookups=true",
    "-Djava.locale.providers=CLDR",
    "-Dorg.apache.lucene.vectorization.upperJavaFeatureVersion=25",
    "-Des.distribution.type=zip",
    "-Des.java.type=ES_JAVA_HOME",
    "--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core",
    "--enable-native-access=ALL-UNNAMED",
    "--illegal-native-access=deny",
    "-XX:+EnableDynamicAgentLoading",
    "-Djdk.attach.allowAttachSelf=true",
    "--add-exports=java.base/org.elasticsearch.entitlement.bridge=org.elasticsearch.entitlement,"
    "java.logging,java.net.http,java.naming,jdk.net",
    "-Dorg.apache.lucene.store.defaultReadAdvice=normal",
    "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
    "--add-modules=jdk.net",
    "--add-modules=jdk.management.agent",
    "--add-modules=ALL-MODULE-PATH",
)
MAIN = "org.elasticsearch.server/org.elasticsearch.bootstrap.Elasticsearch"

SETTINGS = {
    "cluster.name": "newswire",
    "node.name": "newswire",
    "discovery.type": "single-node",
    "network.host": LOOPBACK,
    # Between nodes, of which there is one: any free port.
    "transport.port": "0",
    # One person's machine, reachable from that machine only.
    "xpack.security.enabled": "false",
    # Elasticsearch would turn its indices read-only on a disk that is 95 % full, as developers' disks are;
    # `newswire.local.data` says at the start when there is little room.
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    # Measures the heap including its garbage, which the serial collector leaves lying until it needs the room.
    "indices.breaker.total.use_real_memory": "false",
    "action.destructive_requires_name": "true",
}

LOG4J = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1.}: [%node_name]%marker %m%consoleException%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
logger.deprecation.name = org.elasticsearch.deprecation
logger.deprecation.level = warn
"""
PROBE_TIMEOUT = 2.0  # seconds


class Elasticsearch:
    """A node on `port` of the loopback interface; construct, then `child.start()`.

    The constructor writes the configuration. `identity` is one of
    `newswire.launch` where this process is root. Raises LocalStackError.
    """

    name = "Elasticsearch"

    def __init__(
        self, home: Path, java: Path, *, directory: EngineDirectory, log: Path, port: int, identity: str | None
    ) -> None:
        self.address = f"http://{LOOPBACK}:{port}"
        self._port = port
        directory.configure({"log4j2.properties": LOG4J})
        settings = SETTINGS | {
            "path.home": str(home),
            "path.data": str(directory.data),
            "path.logs": str(log.parent),
            "http.port": str(port),
        }
        version = directory.version
        bridge = home / "lib" / "entitlement-bridge" / f"elasticsearch-entitlement-bridge-{version}.jar"
        paths = [
            f"-Des.path.home={home}",
            f"-Djava.io.tmpdir={directory.temporary}",
            "-XX:ErrorFile=crash.log",
            f"--patch-module=java.base={bridge}",
            f"--module-path={home / 'lib'}",
        ]
        self.child = Child(
            "elasticsearch",
            [str(java / "bin" / "java"), *JVM, *SERVER_OPTIONS, *paths, "-m", MAIN],
            log,
            engine_environment(LIBFFI_TMPDIR=str(directory.temporary)),
            directory=directory.root,
            stdin=encode(settings, directory.config, log.parent),
            identity=identity,
        )

    def is_ready(self) -> bool:
        """Ask the node whether every index it knows can be read and written. Two seconds at most."""
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=PROBE_TIMEOUT)
        try:
            connection.request("GET", "/_cluster/health")
            answer = connection.getresponse()
            return answer.status == http.HTTPStatus.OK and json.load(answer)["status"] != "red"
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return False
        finally:
            connection.close()
