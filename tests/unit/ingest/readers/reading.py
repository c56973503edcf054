"""What the tests of the readers share: how a file is read, and how what came of it is looked at."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from services.ingest.readers import read_records
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused


class Reading(NamedTuple):
    """Of files called ``name``, each of which has to be told as ``format``; what is neither text nor bytes is JSON."""

    name: str
    format: str | None = None  # None: as whatever it is

    def records(self, data: object, name: str | None = None) -> list[Record]:
        """Everything in ``data``."""
        if not isinstance(data, str | bytes):
            data = json.dumps(data, ensure_ascii=False)
        found = read_records(data.encode() if isinstance(data, str) else data, name or self.name, UTC)
        assert self.format in (None, found.format)
        return found.records

    def only(self, data: object, name: str | None = None) -> Record:
        """The one record in ``data``."""
        found = self.records(data, name)
        assert len(found) == 1, found
        return found[0]

    def article(self, data: object, name: str | None = None) -> RawArticle:
        """The one record in ``data``, an article."""
        found = self.only(data, name)
        assert isinstance(found, RawArticle), found
        return found

    def articles(self, data: object, name: str | None = None) -> list[RawArticle]:
        """Everything in ``data``, all of them articles."""
        found = self.records(data, name)
        assert all(isinstance(one, RawArticle) for one in found), found
        return [one for one in found if isinstance(one, RawArticle)]

    def refused(self, data: object, name: str | None = None) -> Refused:
        """The one record in ``data``, a refusal."""
        found = self.only(data, name)
        assert isinstance(found, Refused), found
        return found


def never_the_net(records: Iterable[Record]) -> None:
    """Records can be written to the wire, and none was saved by the last net."""
    for record in records:
        assert not (isinstance(record, Refused) and "Traceback" in (record.detail or "")), record
        if isinstance(record, RawArticle):
            assert record.body or record.pubstatus != "usable"
            assert all(0 <= subhead.at < len(record.body) for subhead in record.subheads)
            repr(record).encode()


def at(text: str) -> datetime:
    """The instant of ``text``, which is in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def uri(value: str) -> Identifier:
    """``value`` as an identifier that is unique by itself."""
    return Identifier(scheme="uri", issuer="", value=value)


def guid(value: str, issuer: str) -> Identifier:
    """``value`` as an identifier that ``issuer`` made."""
    return Identifier(scheme="guid", issuer=issuer, value=value)
