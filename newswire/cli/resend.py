"""What the commands share that send articles again from their files: the ledger, the reader, and whose zone it is."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from newswire import kafka
from newswire.cli import Failure
from newswire.pace import Pace
from newswire.settings import KafkaSettings, ServiceSettings, load
from services.ingest.again import Again, Source
from services.ingest.inbox import shown
from services.ingest.ledger.found import FileFound
from services.ingest.ledger.reader import LedgerReader
from services.ingest.main import ledger_path
from services.ingest.reader import ProcessReader
from services.ingest.readers.format import Limits
from services.ingest.settings import IngestSettings, zone_of

# Beside live traffic this is hardly seen, as with `newswire replay`.
RATE = 50.0  # a second


@contextmanager
def ledger() -> Iterator[LedgerReader]:
    """The ledger of this machine; Failure where there is none."""
    path = ledger_path(load(ServiceSettings).data)
    if not path.exists():
        raise Failure(
            f"There is no ledger at {path}. Run this where ingest's files are, with its NEWSWIRE_DATA; "
            "in containers: `docker compose exec ingest newswire …`."
        )
    with LedgerReader(path) as opened:
        yield opened


@contextmanager
def sender(opened: LedgerReader, pace: Pace) -> Iterator[Again]:
    """What sends articles again, by the settings of this machine."""
    settings = load(IngestSettings)
    limits = Limits(document=settings.document_bytes, unpacked=settings.unpacked_bytes)
    with (
        kafka.producer(load(KafkaSettings), **kafka.AT_A_TERMINAL) as producer,
        closing(ProcessReader("again", settings.reader_timeout, limits)) as reader,
    ):
        yield Again(opened, reader, producer, pace)


class Sources:
    """Files as the reader wants them named; settings say which zone an inbox has."""

    def __init__(self) -> None:
        settings = load(IngestSettings)
        self.data = load(ServiceSettings).data
        self.inboxes = {str(one.resolve()): zone for one, zone in zone_of(settings.inboxes, settings.zones).items()}
        self._first = next(iter(self.inboxes.values()), "UTC")

    def put_away(self, file: FileFound) -> Source:
        """The put-away copy of a file of the ledger."""
        zones = {shown(inbox): zone for inbox, zone in self.inboxes.items()}
        zone = zones.get(file.inbox, self._first)
        return Source(self.data / file.put_away, file.path, zone, file.sha256, file.number)

    def any(self, path: Path) -> Source:
        """Any other file; its path is that below its inbox, or its name."""
        inbox = next((one for one in self.inboxes if str(path).startswith(f"{one}/")), None)
        below = str(path)[len(inbox) + 1 :] if inbox else path.name
        return Source(path, shown(below), self.inboxes[inbox] if inbox else self._first)
