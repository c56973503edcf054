"""Set up a Kibana for Newswire: its dashboards, the default data view, and the ground of its map.

    python deploy/kibana/import.py http://127.0.0.1:5601

As often as wanted: what was imported before is replaced, and nothing else is touched.
Runs where Newswire is installed, and takes Elasticsearch's address, user, password, key
and certificate authority from its settings (NEWSWIRE_ELASTICSEARCH and those beside it);
the last four are Kibana's as well.

Exits 0 when all is in place, 1 with a sentence for whatever is not, 2 when called wrongly.
"""

import argparse
import base64
import json
import ssl
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import countries
from elastic_transport import TransportError
from elasticsearch import ApiError

from newswire import elastic
from newswire.logging import printable
from newswire.settings import ElasticsearchSettings, SettingsError, load, redact

NDJSON = Path(__file__).resolve().parent / "newswire.ndjson"
DEFAULT_VIEW = "newswire"

# A Kibana that has just been started takes a minute, and then answers 503 for a while.
PATIENCE = 180.0  # seconds
PAUSE = 3.0  # seconds
# Of a refusal: enough for the reason, not for a page of HTML.
SHOWN = 500  # characters


class Refused(RuntimeError):
    """Kibana did not do what it was asked; the message is the sentence to show."""


@dataclass(frozen=True, slots=True)
class Kibana:
    """Asks a Kibana. ``settings`` are Elasticsearch's, for the name, the password, the key and the authority."""

    address: str
    settings: ElasticsearchSettings
    patience: float = PATIENCE
    pause: float = PAUSE

    def ask(self, path: str, body: bytes, content_type: str) -> dict[str, Any]:
        """Kibana's answer to a POST; waits for a Kibana that is away or not ready. Raises Refused."""
        deadline = time.monotonic() + self.patience
        headers = {"Content-Type": content_type, "kbn-xsrf": "newswire", **self._credentials()}
        authority = self._authority()
        while True:
            try:
                request = Request(f"{self.address.rstrip('/')}{path}", data=body, headers=headers)  # noqa: S310 - http
                with urlopen(request, timeout=60, context=authority) as answer:  # noqa: S310
                    parsed: dict[str, Any] = json.load(answer)
                    return parsed
            except HTTPError as error:
                with error:
                    said = error.read(SHOWN).decode("utf-8", "replace")
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() >= deadline:
                    raise Refused(f"Kibana at {self} answered {error.code}: {said}{_advice(error.code)}") from None
            except ValueError:
                raise Refused(f"What answers at {self} is no Kibana. Is that its address?") from None
            except (OSError, HTTPException) as error:  # URLError and time-outs among them
                if _is_about_the_certificate(error):
                    raise Refused(
                        f"Kibana at {self}: {error}. NEWSWIRE_ELASTICSEARCH_CA_FILE names the authority to trust."
                    ) from None
                if time.monotonic() >= deadline:
                    raise Refused(
                        f"Kibana at {self} cannot be reached ({error}). Is it running, and is that its address?"
                    ) from None
            time.sleep(self.pause)

    def __str__(self) -> str:
        """The address without a password that may be in it."""
        return redact(self.address)

    def _credentials(self) -> dict[str, str]:
        if self.settings.api_key:
            return {"Authorization": f"ApiKey {self.settings.api_key}"}
        if self.settings.user:
            pair = f"{self.settings.user}:{self.settings.password}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return {}

    def _authority(self) -> ssl.SSLContext | None:
        if not self.settings.ca_file:
            return None
        try:
            return ssl.create_default_context(cafile=self.settings.ca_file)
        except OSError as error:
            raise Refused(
                f"NEWSWIRE_ELASTICSEARCH_CA_FILE, {self.settings.ca_file}, is no certificate: {error}."
            ) from None


def import_objects(kibana: Kibana, content: bytes) -> str:
    """Import every object over what is there; returns what to say. Raises Refused with each one that was not taken."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="newswire.ndjson"\r\n'
    form = head.encode() + b"Content-Type: application/ndjson\r\n\r\n" + content + f"\r\n--{boundary}--\r\n".encode()
    answer = kibana.ask("/api/saved_objects/_import?overwrite=true", form, f"multipart/form-data; boundary={boundary}")
    # Kibana answers 200 also when it took none of them.
    refused = [
        f"{error.get('type')} {error.get('id')}: {json.dumps(error.get('error'))}" for error in answer.get("errors", [])
    ]
    sent, taken = len(content.splitlines()), answer.get("successCount", 0)
    if refused or not answer.get("success") or taken != sent:
        raise Refused("\n".join([f"Kibana at {kibana} took {taken} of {sent} objects.", *refused]))
    return f"Kibana has taken {taken} objects."


def choose_default_view(kibana: Kibana) -> str:
    """Let Discover open with the articles, unless somebody has chosen another view. Raises Refused."""
    wanted = json.dumps({"data_view_id": DEFAULT_VIEW, "force": False}).encode()
    if not kibana.ask("/api/data_views/default", wanted, "application/json").get("acknowledged"):
        raise Refused(f"Kibana at {kibana} did not accept the default data view.")
    return "Discover opens with the articles, where nobody has chosen otherwise."


def load_outlines(settings: ElasticsearchSettings, content: bytes) -> str:
    """Put the outlines of the countries into Elasticsearch. Raises Refused."""
    try:
        with elastic.client(settings) as client:
            written = countries.load(client, content)
    except TransportError as error:
        cause = elastic.explain(error, settings)
    except (ApiError, countries.Incomplete) as error:
        cause = f"Elasticsearch at {redact(settings.url)} refused the outlines: {str(error)[:SHOWN]}."
    else:
        return f"Elasticsearch has taken {written} outlines." if written else "The outlines of the countries are there."
    raise Refused(f"{cause} Until this has worked, the map shows the events without the countries.")


def failures(kibana: Kibana, settings: ElasticsearchSettings) -> Iterator[str]:
    """Do all of it, say what was done, and yield a sentence for what was not."""
    steps: tuple[Callable[[], str], ...] = (
        lambda: import_objects(kibana, NDJSON.read_bytes()),
        lambda: choose_default_view(kibana),
        lambda: load_outlines(settings, countries.NDJSON.read_bytes()),
    )
    for step in steps:
        try:
            sys.stdout.write(f"{printable(step())}\n")
            sys.stdout.flush()
        except Refused as refused:
            yield str(refused)


def main(arguments: list[str]) -> int:
    """Set it up and say how it went; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="import.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("kibana", help="Kibana's address, http://127.0.0.1:5601 say")
    address = parser.parse_args(arguments).kibana
    if not address.startswith(("http://", "https://")):
        parser.error(f"{printable(address)} is no address; it begins with http:// or https://.")
    if "@" in address:
        parser.error("Name the user in NEWSWIRE_ELASTICSEARCH_USER and …_PASSWORD, not in the address.")
    try:
        settings = load(ElasticsearchSettings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    failed = False
    for sentence in failures(Kibana(address, settings), settings):
        failed = True
        for line in sentence.splitlines():
            sys.stderr.write(f"{printable(line)}\n")
    return 1 if failed else 0


def _advice(status: int) -> str:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return " Are NEWSWIRE_ELASTICSEARCH_USER and …_PASSWORD, or …_API_KEY, those of somebody who may do that?"
    return ""


def _is_about_the_certificate(error: Exception) -> bool:
    """Which does not become right by waiting."""
    return isinstance(error, ssl.SSLError) or isinstance(getattr(error, "reason", None), ssl.SSLError)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
