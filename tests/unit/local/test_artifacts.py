"""The cache of pinned files, fetched from a Maven repository on the loopback interface."""

import hashlib
import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newswire.local import fetch
from newswire.local.artifacts import Artifact, Pins, ensure, load_pins
from newswire.local.errors import LocalStackError
from newswire.local.progress import progress_for

GOOD = b"a jar, as far as anybody here knows" * 1000
SILENT = progress_for(None)


class Repository(http.server.ThreadingHTTPServer):
    """Serves `files` by path, counts requests, and cuts the first `cut` of them short."""

    daemon_threads = True
    request_queue_size = 32

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.requests: Counter[str] = Counter()
        self.cut = 0


class Handler(http.server.BaseHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        self.server.requests[self.path] += 1
        body = self.server.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.cut:
            self.server.cut -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    with Repository() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings = tmp_path / "jgo.conf"
        settings.write_text(f"[repositories]\nhere = http://127.0.0.1:{server.server_port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(fetch, "PAUSE", 0.0)
        yield server
        server.shutdown()
        thread.join()


def pinned(*names: str, content: bytes = GOOD) -> Pins:
    digest = hashlib.sha256(content).hexdigest()
    return Pins("1", "1", tuple(Artifact("org.x", name, "1.0", "jar", "kafka", len(content), digest) for name in names))


def served(name: str) -> str:
    return f"/org/x/{name}/1.0/{name}-1.0.jar"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_a_missing_file_is_fetched_and_then_used_without_the_repository(repository: Repository, cache: Path) -> None:
    repository.files[served("a")] = GOOD
    pins = pinned("a")
    directory = ensure(pins, pins.artifacts, cache, SILENT)
    assert (directory / "a-1.0.jar").read_bytes() == GOOD
    ensure(pins, pins.artifacts, cache, SILENT)
    assert repository.requests[served("a")] == 1
    assert sorted(path.name for path in cache.iterdir()) == ["artifacts", "lock"]


def test_a_download_with_a_wrong_checksum_is_removed_and_reported(repository: Repository, cache: Path) -> None:
    repository.files[served("a")] = GOOD[:-1] + b"!"
    pins = pinned("a")
    with pytest.raises(LocalStackError, match=r"a-1\.0\.jar as it was downloaded .* SHA-256 .* was removed"):
        ensure(pins, pins.artifacts, cache, SILENT)
    assert not list(cache.rglob("*.jar"))


def test_a_cached_file_that_changed_is_removed_and_fetched_by_the_next_run(repository: Repository, cache: Path) -> None:
    repository.files[served("a")] = GOOD
    pins = pinned("a")
    file = ensure(pins, pins.artifacts, cache, SILENT) / "a-1.0.jar"
    file.write_bytes(GOOD[:-1] + b"!")
    with pytest.raises(LocalStackError, match="was removed, run the command again"):
        ensure(pins, pins.artifacts, cache, SILENT)
    assert not file.exists()
    ensure(pins, pins.artifacts, cache, SILENT)
    assert file.read_bytes() == GOOD


def test_a_file_that_nobody_wants_now_is_not_fetched_but_verified_if_there(repository: Repository, cache: Path) -> None:
    repository.files[served("a")] = GOOD
    pins = pinned("a", "b")
    directory = ensure(pins, pins.artifacts[:1], cache, SILENT)
    assert repository.requests[served("b")] == 0
    (directory / "b-1.0.jar").write_bytes(b"not what is pinned")
    with pytest.raises(LocalStackError, match=r"b-1\.0\.jar"):
        ensure(pins, pins.artifacts[:1], cache, SILENT)


def test_two_first_fetches_at_once_fetch_every_file_once(repository: Repository, cache: Path) -> None:
    names = [f"jar{number}" for number in range(8)]
    repository.files.update({served(name): GOOD for name in names})
    pins = pinned(*names)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(ensure, pins, pins.artifacts, cache, SILENT) for _ in range(2)]
        assert {run.result() for run in runs} == {cache / "artifacts"}
    assert {repository.requests[served(name)] for name in names} == {1}


def test_what_an_interrupted_fetch_left_is_thrown_away(repository: Repository, cache: Path) -> None:
    repository.files[served("a")] = GOOD
    left = cache / "partial" / "org" / "x" / "a" / "1.0" / "a-1.0.jar"
    left.parent.mkdir(parents=True)
    left.write_bytes(GOOD[:100])
    pins = pinned("a")
    assert (ensure(pins, pins.artifacts, cache, SILENT) / "a-1.0.jar").read_bytes() == GOOD
    assert not (cache / "partial").exists()


def test_a_connection_that_breaks_in_the_middle_is_tried_again(repository: Repository, cache: Path) -> None:
    repository.files[served("a")] = GOOD
    repository.cut = 2
    pins = pinned("a")
    assert (ensure(pins, pins.artifacts, cache, SILENT) / "a-1.0.jar").read_bytes() == GOOD
    assert repository.requests[served("a")] == 3


def test_a_repository_that_refuses_is_named_in_one_sentence(repository: Repository, cache: Path) -> None:
    pins = pinned("a")
    with pytest.raises(LocalStackError, match=r"did not deliver a-1\.0\.jar"):
        ensure(pins, pins.artifacts, cache, SILENT)
    assert repository.requests[served("a")] == fetch.ATTEMPTS


def test_no_network_is_one_sentence_and_leaves_nothing_behind(repository: Repository, cache: Path) -> None:
    repository.server_close()  # nobody listens there any more
    pins = pinned("a")
    with pytest.raises(LocalStackError, match=r"no network.*NEWSWIRE_KAFKA"):
        ensure(pins, pins.artifacts, cache, SILENT)
    assert not (cache / "partial").exists()


def test_a_cache_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    pins = pinned("a")
    with pytest.raises(LocalStackError, match="NEWSWIRE_CACHE"):
        ensure(pins, pins.artifacts, tmp_path / "file" / "cache", SILENT)


def test_the_progress_of_a_download_adds_up_to_its_size(repository: Repository, cache: Path) -> None:
    repository.files[served("a")] = GOOD
    repository.cut = 1
    lines: list[str] = []
    pins = pinned("a", content=GOOD)
    ensure(pins, pins.artifacts, cache, progress_for(lines.append))
    assert lines[0].startswith("fetching Kafka and Elasticsearch")
    assert 2 <= len(lines) <= 17


def test_the_pins_are_complete_and_name_every_file_once() -> None:
    pins = load_pins()
    names = [artifact.file_name for artifact in pins.artifacts]
    assert len(names) == len(set(names))
    assert all(len(artifact.sha256) == 64 and artifact.size > 0 for artifact in pins.artifacts)
    assert {artifact.use for artifact in pins.artifacts} == {"kafka", "elasticsearch", "compiler"}
    assert any(
        artifact.name.startswith("kafka_") and artifact.version == pins.kafka_version for artifact in pins.artifacts
    )
    assert [artifact.version for artifact in pins.for_use("elasticsearch")] == [pins.elasticsearch_version]
