"""One artifact from Maven Central, through the jgo library, which knows where that is.

A mirror instead of it: the ``[repositories]`` section of jgo's own settings
file. jgo is imported when something has to be fetched: a filled cache works
without it, and without a network.
"""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from newswire.local.errors import FORBIDDEN, FULL, LocalStackError
from newswire.local.runtime import missing_extra

if TYPE_CHECKING:
    from jgo.maven import MavenContext

    from newswire.local.artifacts import Artifact

# Silence of the server for this long is a broken connection: generous for a slow line, bearable for a person.
TIMEOUT = 30  # seconds
# A line that broke in the middle, or a server that had a bad moment, deserves another try; a dead one does not.
ATTEMPTS = 3
PAUSE = 2.0  # seconds, before each further attempt
# The library underneath trusts a list of authorities of its own, unless this variable names another. Where a company's
# proxy looks into connections, the machine trusts that proxy and the list does not.
TRUST_VARIABLE = "REQUESTS_CA_BUNDLE"
SYSTEM_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")


class Fetcher:
    """Fetches artifacts below `directory`, laid out as a Maven repository; the caller moves them away.

    Raises LocalStackError when the `local` extra is not installed.
    """

    def __init__(self, directory: Path, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._received = 0
        self._advance: Callable[[int], None] = lambda _count: None
        self._system_trust = False
        self._context = self._maven(directory)

    def fetch(self, artifact: Artifact, advance: Callable[[int], None]) -> Path:
        """Download one artifact and return its file; blocks. Not verified yet.

        Raises LocalStackError for the network and the repository, OSError for
        the disk. Tries again when the connection breaks after the first byte,
        and with what the machine trusts when the certificate is refused.
        """
        remote = self._context.project(artifact.group, artifact.name).at_version(artifact.version)
        wanted = remote.artifact(packaging=artifact.packaging)
        self._advance = advance
        attempt = 1
        while True:
            self._received = 0
            try:
                with _trusting(system_bundle() if self._system_trust else None):
                    return wanted.resolve()
            except (OSError, RuntimeError, AssertionError) as error:
                if isinstance(error, OSError) and error.errno in FULL | FORBIDDEN:
                    raise
                advance(-self._received)
                if _is_certificate(error) and not self._system_trust and TRUST_VARIABLE not in os.environ:
                    self._system_trust = True  # for this file again, and for all that follow
                    continue
                hopeless = isinstance(error, OSError) and self._received == 0
                if hopeless or attempt == ATTEMPTS:
                    raise _sentence(artifact, error) from error
                if wanted.cached_path is not None:
                    wanted.cached_path.unlink(missing_ok=True)
                attempt += 1
                self._sleep(PAUSE)

    def _maven(self, directory: Path) -> MavenContext:
        try:
            from jgo.config import GlobalSettings  # noqa: PLC0415 - see the module's docstring
            from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415
        except ImportError as error:
            raise missing_extra("jgo") from error
        resolver = PythonResolver(progress_callback=self._report)
        mirrors = GlobalSettings.load().repositories or None
        return MavenContext(resolver=resolver, repo_cache=directory, remote_repos=mirrors, timeout=TIMEOUT)

    @contextmanager
    def _report(self, _file_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        def received(count: int) -> None:
            self._received += count
            self._advance(count)

        yield received


def system_bundle() -> str | None:
    """Return the file with the authorities that this machine trusts, if there is one where systems keep it."""
    known = (os.environ.get("SSL_CERT_FILE"), ssl.get_default_verify_paths().cafile, *SYSTEM_BUNDLES)
    return next((path for path in known if path and os.path.isfile(path)), None)


@contextmanager
def _trusting(bundle: str | None) -> Iterator[None]:
    if bundle is None:
        yield
        return
    os.environ[TRUST_VARIABLE] = bundle
    try:
        yield
    finally:
        del os.environ[TRUST_VARIABLE]


def _is_certificate(error: Exception) -> bool:
    return any(kind.__name__ == "SSLError" for kind in type(error).__mro__)


def _sentence(artifact: Artifact, error: Exception) -> LocalStackError:
    # What requests raises derives from OSError; jgo says RuntimeError when a repository answers anything but 200.
    if _is_certificate(error):
        return LocalStackError(
            f"{artifact.file_name} could not be fetched: the certificate shown for Maven Central is not trusted here,"
            f" as happens behind a proxy that looks into connections; set {TRUST_VARIABLE} to a file with the"
            " proxy's authority and run the command again."
        )
    if isinstance(error, OSError):
        return LocalStackError(
            f"{artifact.file_name} could not be fetched from Maven Central: no network, or the connection broke."
            " The first start needs a connection (about 150 MB); connect and run the command again, or use existing"
            " servers (NEWSWIRE_KAFKA, NEWSWIRE_ELASTICSEARCH)."
        )
    return LocalStackError(
        f"Maven Central did not deliver {artifact.file_name} (it, or a proxy on the way, refused the request);"
        " try again later."
    )
