"""The ledger: what ingest promised, on disk before it is done.

Three tables in one SQLite file. ``files`` has a row for each file version that was
read: ``reading`` (a part of its records is done), ``embargoed`` (all but those
that are held), ``published`` (its articles are with the broker, the file still in
the inbox), ``put_away`` (and moved), ``duplicate`` or ``rejected`` (moved once
``put_away_at`` is set). Files on their way to the first of these are not written:
a crash finds them in the inbox. ``identities`` has a row for each content of each
article: the revision it got, before it was published, and when the broker
acknowledged it. ``held`` has the records under embargo, without their text.

Each method is one transaction, synced to the disk when it returns (WAL,
``synchronous=FULL``) but for `Ledger.put_away`; raises sqlite3.Error when it cannot be, and then nothing of
it is written. One process writes; others may read meanwhile (``open_read_only``).
"""

from services.ingest.ledger.layout import LAYOUT, open_read_only
from services.ingest.ledger.rows import Claim, FileRow, Fixed, HeldRow, Open, Refusals, Unfinished
from services.ingest.ledger.writer import Ledger

LEDGER = "ledger"  # what readiness calls it

__all__ = [
    "LAYOUT",
    "LEDGER",
    "Claim",
    "FileRow",
    "Fixed",
    "HeldRow",
    "Ledger",
    "Open",
    "Refusals",
    "Unfinished",
    "open_read_only",
]
