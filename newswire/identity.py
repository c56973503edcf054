"""Who an article is, and which of its contents is the newest (CONTRACT.md, section 3).

Every rule here is frozen by the vectors in ``tests/unit/test_identity.py``: a
change gives every stored article a second life under another id.
"""

import hashlib
import unicodedata
from urllib.parse import urlsplit

from newswire.plain import is_plain

DAY = 24 * 3600 * 1000  # milliseconds

# How the version of a document is packed: revision * 1024 + 512 if canceled + rank * 128 + enrichment version.
# Ten bits: one for a withdrawal, two for the rank, seven for the version.
RANKS = {"skipped": 0, "failed": 1, "partial": 2, "ok": 3}
MAX_ENRICHMENT_VERSION = 127


def collapse(text: str, *, tidy: bool = False) -> str:
    """NFC, with every run of white space one space and none at the ends.

    ``tidy``: it is known to be NFC, and `newswire.plain.is_tidy`, line by line without spaces at their ends.
    """
    if tidy:
        return " ".join(filter(None, text.split("\n")))
    flat = " ".join(text.split("\n\n"))  # as paragraphs are joined
    # Most articles are as they should be, which is told five times faster.
    if is_plain(flat) and "\n" not in flat and "  " not in flat and unicodedata.is_normalized("NFC", flat):
        return flat.strip(" ")
    return " ".join(unicodedata.normalize("NFC", text).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def id_of_identifier(scheme: str, issuer: str, identifier: str) -> str:
    """The id of an article whose source names it.

    ``scheme`` is ``guid``, ``uri`` or ``url``; ``issuer`` the agency, feed or
    host within which ``identifier`` is unique.
    """
    return _digest(f"{scheme}\0{issuer}\0{identifier}")


def id_of_url(url: str) -> str | None:
    """The id of an article known by its web address; None where the address names a site, not a page."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return None
    if not parts.hostname or parts.path in ("", "/"):
        return None
    return id_of_identifier("url", parts.hostname, url)


def id_of_text(title: str | None, body: str, *, tidy: bool = False) -> str:
    """The id of an article that nobody named: its words, however they were spaced; ``tidy`` as for `collapse`."""
    return _digest(f"text/1\0{collapse(title or '')}\0{collapse(body, tidy=tidy)}")


def fix_revision(wanted: int | None, *, now: int, last: int | None, taken: bool, withdrawn: bool = False) -> int:
    """The revision (milliseconds) an article gets, given what its source said.

    ``now`` is the clock in milliseconds, ``last`` the highest revision the ledger
    has for this id, ``taken`` whether another content of the id has ``wanted``
    already. An instant that is missing, negative, more than a day ahead or taken
    becomes ``last + 1``. The ledger stores the answer for (id, content hash) before
    anything is published, so the same content always gets the same revision.

    ``withdrawn`` says that ``last`` is a withdrawal. Only an instant after it brings
    the item back; what names none, or an earlier one, gets a revision that loses.
    """
    if wanted is not None and 0 <= wanted <= now + DAY and not taken:
        return wanted
    # The version of a withdrawal beats that of a text of the same revision.
    return last if withdrawn and last is not None else (last or 0) + 1


def fix_withdrawal(wanted: int | None, *, now: int, last: int | None, taken: bool) -> int:
    """The revision a withdrawal gets: the instant its source names, else now, and then above all that is known."""
    if wanted is not None and 0 <= wanted <= now + DAY and not taken:
        return wanted
    return max(now, (last or 0) + 1)


def external_version(revision: int, *, canceled: bool, status: str, enrichment_version: int) -> int:
    """The ``external_gte`` version of a document.

    Newer revisions win; within one, a withdrawal wins, then the better
    enrichment, then the newer one. So a redelivered failure never replaces a
    success, and an old message never a new one.
    """
    if not 0 <= enrichment_version <= MAX_ENRICHMENT_VERSION:
        raise ValueError(f"enrichment version {enrichment_version} is not within 0 and {MAX_ENRICHMENT_VERSION}")
    return revision * 1024 + (512 if canceled else 0) + RANKS[status] * 128 + enrichment_version


def story_key(event_type: str, place: int | None, day: str) -> str:
    """One key for one event in whatever article: type, geonameid and day (``2025-02-07``) or month (``2025-02``)."""
    return hashlib.sha256(f"story/1\0{event_type}\0{place or ''}\0{day}".encode()).hexdigest()[:16]


def letter_id(stage: str, key: str, revision: int | None, original: bytes, record: int | None = None) -> str:
    """The ``_id`` of a dead letter in Elasticsearch: the same failure of the same input is one letter.

    ``record`` tells apart what one file holds several times.
    """
    fields = [stage, key, "" if revision is None else str(revision), *([] if record is None else [str(record)])]
    return hashlib.sha256("\0".join([*fields, ""]).encode("utf-8", "surrogatepass") + original).hexdigest()[:32]
