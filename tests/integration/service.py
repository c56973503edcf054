"""One service as the process it is in production, to be started, asked, killed and started again."""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from newswire.figures import Figures, scrape
from newswire.local.ports import free_port

STARTED = 60.0  # seconds; a loaded build server loads the gazetteer slowly


class RunningService:
    """``newswire <stage>`` with a port of its own; ``log`` is the file it writes to."""

    def __init__(self, stage: str, environ: Mapping[str, str], log: Path) -> None:
        self.stage = stage
        self.port = free_port()
        self.log = log
        self._environ = dict(environ) | {f"NEWSWIRE_{stage.upper()}_PORT": str(self.port)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, anew if it runs, and wait until it says that it is ready."""
        self.close()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "newswire", self.stage], env=self._environ, stdout=log, stderr=log
            )
        try:
            self._wait_until_ready(self._process)
        except BaseException:
            self.kill()
            raise

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + STARTED
        while not self.ready():
            assert process.poll() is None, f"{self.stage} ended at its start:\n{self.log.read_text()[-3000:]}"
            assert time.monotonic() < deadline, f"{self.stage} was not ready in time:\n{self.log.read_text()[-3000:]}"
            time.sleep(0.02)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(json.load(answer)["ready"])
        except (urllib.error.URLError, OSError):
            return False

    def figures(self) -> Figures:
        found = scrape(self.port)
        assert found is not None, f"{self.stage} does not answer"
        return found

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """Ask it to leave; returns its exit status."""
        return self._end(signal.SIGTERM)

    def close(self) -> None:
        """End it if it runs, in order: who is killed would keep the next member of its group waiting."""
        if self._process is None or self._process.poll() is not None:
            return
        try:
            self.terminate()
        finally:
            self.kill()

    def _end(self, sign: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(sign)
        return self._process.wait(30)
