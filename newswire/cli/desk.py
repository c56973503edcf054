"""Whom the commands ask about files: the ingest service, or its ledger where that is here and the service is not."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

import click
import msgspec

from newswire.cli import Failure
from newswire.health import NoAnswer
from newswire.logging import printable
from newswire.reasons import Stage
from newswire.settings import ServiceSettings, load
from newswire.stages import Away, NotThere, stages
from newswire.topics import rfc3339
from services.ingest.answers import ARTICLE, FILE, FILES, TOTALS, ArticleAnswer, FileAnswer, FilesAnswer, Totals
from services.ingest.inbox import Inbox
from services.ingest.ledger.found import FileFound
from services.ingest.main import ledger_path
from services.ingest.questions import LARGEST_PAGE, Questions
from services.ingest.settings import IngestSettings

T = TypeVar("T")


class Desk:
    """Asks the running service. Raises Failure with a sentence where there is no answer to be had."""

    def __init__(self) -> None:
        self._ingest = next(one for one in stages() if one.stage is Stage.INGEST)
        self._questions: Questions | None = None

    def totals(self) -> Totals:
        """Files by state."""
        return self._ask(TOTALS, Totals)

    def file(self, name: str) -> FileAnswer:
        """What there is on a file."""
        return self._ask(FILE, FileAnswer, name=name)

    def article(self, start: str) -> ArticleAnswer:
        """What there is on the articles whose id begins with ``start``."""
        return self._ask(ARTICLE, ArticleAnswer, id=start)

    def files(
        self, *, states: tuple[str, ...], reasons: tuple[str, ...], path: str, since: datetime | None, most: int | None
    ) -> Iterator[FileFound]:
        """Files, newest first, ``most`` of them or all; a page is asked for when the one before is used up."""
        asked: dict[str, Any] = {"state": ",".join(states), "reason": ",".join(reasons), "path": path}
        asked["since"] = rfc3339(since) if since else ""
        after: str | None = ""
        while after is not None and most != 0:
            size = min(most or LARGEST_PAGE, LARGEST_PAGE)
            page = self._ask(FILES, FilesAnswer, after=after, size=size, **asked)
            yield from page.files
            after, most = page.next, None if most is None else most - len(page.files)

    def _ask(self, page: str, shape: type[T], **asked: Any) -> T:
        try:
            if self._questions is None:
                return self._ingest.ask(page, shape, **asked)
        except NotThere as error:
            raise Failure(str(error)) from error
        except Away as error:
            self._questions = self._instead(error)
        given = {name: str(value) for name, value in asked.items() if value}
        try:
            return msgspec.convert(self._questions.pages()[page](given), shape, from_attributes=True)
        except NoAnswer as error:
            raise Failure(str(error)) from error

    def _instead(self, away: Away) -> Questions:
        data = load(ServiceSettings).data
        ledger = ledger_path(data)
        if not ledger.exists():
            raise Failure(f"{away} Its ledger is not at {ledger} either.") from away
        click.echo(printable(f"newswire: {away} The ledger is read instead."), err=True)
        inboxes = [Inbox(str(one.resolve())) for one in load(IngestSettings).inboxes]
        return Questions(ledger, data.resolve(), inboxes)
