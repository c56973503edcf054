"""The three running services as commands find them: where they listen, whether they are ready, what they answer."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec

from newswire.figures import Figures, scrape
from newswire.reasons import Stage
from newswire.settings import load, setting
from services.enrich.settings import EnrichSettings
from services.index.settings import IndexSettings
from services.ingest.settings import IngestSettings

T = TypeVar("T")

# Somebody at a terminal waits; a service answers within milliseconds, a name in a large ledger takes seconds.
PATIENCE = 10.0  # seconds
QUICK = 2.0  # seconds, for what takes no looking up

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\s,/]+)(?::(\d{1,5}))?")


def hosts(raw: str) -> tuple[tuple[str, int | None], ...]:
    """One host for all three services, or one for each; a port may follow each."""
    found = [_HOST.fullmatch(one.strip()) for one in raw.split(",")]
    if len(found) not in (1, 3) or not all(found) or (len(found) == 1 and found[0] and found[0][2]):
        raise ValueError("is neither one host nor three of them, host[:port],host[:port],host[:port]")
    return tuple((one[1], int(one[2]) if one[2] else None) for one in found if one)


@dataclass(frozen=True, slots=True)
class StageSettings:
    """Where the commands find the services."""

    hosts: tuple[tuple[str, int | None], ...] = setting(
        "NEWSWIRE_SERVICES",
        hosts,
        "127.0.0.1",
        "where `status`, `why`, `list` and `top` find the services: one host, or three as ingest,enrich,index, "
        "each host[:port]",
    )


class Away(Exception):
    """A service does not answer; the text is a sentence with the next step."""


class NotThere(Exception):
    """A service answers that it has no answer; the text is its sentence."""


class Readiness(NamedTuple):
    """What ``/readyz`` says: ``up`` where the service answers at all, ``causes`` by what it needs."""

    up: bool
    ready: bool
    causes: Mapping[str, str]


class RunningStage(NamedTuple):
    """One service at its address."""

    stage: Stage
    host: str
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.port}"

    def readiness(self) -> Readiness:
        """Whether it is up and ready, and what it waits for."""
        try:
            with urllib.request.urlopen(f"http://{self.host}:{self.port}/readyz", timeout=QUICK) as answer:
                body = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                body = error.read()
        except OSError:
            return Readiness(False, False, {})
        try:
            found = json.loads(body)
            return Readiness(True, found["ready"] is True, dict(found["causes"]))
        except (ValueError, KeyError, TypeError):
            return Readiness(False, False, {"address": f"what answers at {self.url} is no service of Newswire"})

    def figures(self) -> Figures | None:
        """Its metrics; None while it does not answer."""
        return scrape(self.port, self.host)

    def ask(self, page: str, shape: type[T], **asked: Any) -> T:
        """What it answers at ``page``; raises Away or NotThere."""
        question = urlencode({name: value for name, value in asked.items() if value}, errors="surrogateescape")
        try:
            with urllib.request.urlopen(f"http://{self.host}:{self.port}{page}?{question}", timeout=PATIENCE) as answer:
                return msgspec.json.decode(answer.read(), type=shape)
        except urllib.error.HTTPError as error:
            with error:
                raise NotThere(_told(error.read())) from None
        except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
            cause = getattr(error, "reason", error)
            raise Away(
                f"The {self.stage.value} service does not answer at {self.url} ({cause}). Is it running, and is "
                "NEWSWIRE_SERVICES its address?"
            ) from error


def stages(settings: StageSettings | None = None) -> list[RunningStage]:
    """The services in the order of the flow, where the settings say they are; raises SettingsError."""
    settings = settings or load(StageSettings)
    ports = {
        Stage.INGEST: load(IngestSettings).port,
        Stage.ENRICH: load(EnrichSettings).port,
        Stage.INDEX: load(IndexSettings).port,
    }
    places = settings.hosts * (3 // len(settings.hosts))
    return [
        RunningStage(stage, host, own or port) for (stage, port), (host, own) in zip(ports.items(), places, strict=True)
    ]


def _told(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])[:500]
    except (ValueError, KeyError, TypeError):
        return "It gives no answer that this version understands; is it another version of Newswire?"
