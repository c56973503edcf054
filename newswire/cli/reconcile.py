"""``newswire reconcile``: whether everything that ingest published is in the index, and what was lost sent again."""

import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from newswire import elastic
from newswire.backlog import backlogs
from newswire.cli import Failure, json_output, resend
from newswire.cli.failures import explained
from newswire.cli.instant import Instant
from newswire.cli.interrupt import interruptible
from newswire.cli.parsed import Parsed, rate
from newswire.cli.progress import bar
from newswire.logging import printable
from newswire.pace import Pace
from newswire.settings import ElasticsearchSettings, KafkaSettings, load, seconds
from newswire.wording import counted
from services.ingest.again import Tally, Unreadable
from services.ingest.ledger.reader import LedgerReader
from services.ingest.put_away import DELETED
from services.ingest.reconcile import Compared, Comparison, MissingFile

# A busy system has everything through within seconds; what is younger may still be on its way.
OLDER_THAN = "5m"
WAIT = 60.0  # seconds
LOOK = 1.0  # seconds
TOLD = 10  # files named on a screen


@click.command("reconcile")
@click.option("--fix", is_flag=True, help="Send what is missing again, from the put-away files.")
@click.option(
    "--older-than",
    "age",
    default=OLDER_THAN,
    show_default=True,
    type=Parsed("duration", seconds),
    help="Look at what was published at least so long ago.",
)
@click.option(
    "--since", type=Instant(), metavar="WHEN", help="… and then or later: where only the last days are in doubt."
)
@click.option(
    "--rate", default=resend.RATE, show_default=True, type=Parsed("number", rate), help="Articles a second at most."
)
@click.option("--anyway", is_flag=True, help="Also while a stage has messages to read; these count as missing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, fix: bool, age: float, since: datetime | None, rate: float, anyway: bool, as_json: bool) -> None:
    r"""See that every article that ingest published is in the index or has a dead letter.

    One broker acknowledges before its disk has it: a power cut can take articles that ingest has
    put away. --fix reads their files again and sends them with the revision they had; to send
    what was not lost changes nothing, so this may be interrupted and given again. It runs where
    ingest's files are. What `newswire prune` deleted is counted by itself and stays deleted.

    \b
    newswire reconcile
    newswire reconcile --since 2d --fix
    """
    with explained(), interruptible() as stop, resend.ledger() as ledger:
        _wait_for_stages(stop, anyway)
        with elastic.client(load(ElasticsearchSettings)) as client, closing(Comparison(ledger, client)) as comparison:
            before = datetime.now(UTC) - timedelta(seconds=age)
            with bar("comparing", ledger.count_contents()) as advance:
                compared = comparison.run(before, since, advance, stop.is_set)
            if compared is None:
                raise click.Abort
            mending = _Mending(ledger, comparison)
            if compared.missing and fix:
                mending.run(Pace(rate, wait=stop.wait), compared.missing)
            else:
                mending.look()
    if as_json:
        json_output.echo(_record(compared, mending, fix=fix))
    else:
        for line in _lines(compared, mending, fix=fix):
            click.echo(printable(line))
    if stop.is_set():
        raise click.Abort
    if failure := _failure(compared, mending, fix=fix):
        raise Failure(failure)


class _Mending:
    """What was missing, what was sent again, and what cannot be."""

    def __init__(self, ledger: LedgerReader, comparison: Comparison) -> None:
        self._ledger = ledger
        self._comparison = comparison
        self._sources = resend.Sources()
        self.sent = 0
        self.first: list[dict[str, Any]] = []
        # Articles by why they cannot be sent.
        self.lost: dict[str, int] = {}

    def look(self) -> None:
        """Find out what could be sent."""
        for one in self._comparison.files():
            self._note(one, self._obstacle(one))

    def run(self, pace: Pace, missing: int) -> None:
        """Send it; ends where the pace is stopped."""
        with resend.sender(self._ledger, pace) as again, bar("sending again", missing) as advance:
            for one in self._comparison.files():
                cause, tally = self._obstacle(one), Tally()
                if cause is None and one.file is not None:
                    number = one.number
                    try:
                        sent = again.send(
                            self._sources.put_away(one.file),
                            lambda known, number=number: self._comparison.wanted(number, known),  # type: ignore[misc]
                            advance=advance,
                        )
                    except Unreadable as error:
                        sent, cause = tally, f"its put-away file {error}"
                    if sent is None:
                        return
                    tally = sent
                    if cause is None and tally.sent < one.missing:
                        cause = "its put-away file no longer holds it, as this version reads it"
                self.sent += tally.sent
                self._note(one, cause, one.missing - tally.sent)

    def _note(self, one: MissingFile, cause: str | None, lost: int | None = None) -> None:
        if cause is not None:
            self.lost[cause] = self.lost.get(cause, 0) + (one.missing if lost is None else lost)
        if len(self.first) < TOLD:
            path, place = (one.file.path, one.file.put_away) if one.file else (None, None)
            articles = self._comparison.first(one.number, 3)
            entry = {"path": path, "put_away": place, "missing": one.missing, "articles": articles, "cause": cause}
            self.first.append(entry)

    def _obstacle(self, one: MissingFile) -> str | None:
        """Why a file cannot be read again, as far as can be seen from outside."""
        file = one.file
        if file is None:
            return "the ledger has let its file's row go (NEWSWIRE_LEDGER_KEEP)"
        if file.put_away_at is None:
            return "its file is not put away yet; ingest is at it"
        if file.put_away in _NOWHERE:
            return _NOWHERE[file.put_away]
        return None if self._sources.put_away(file).file.is_file() else "its put-away file is gone"


# Places that are none.
_NOWHERE = {
    "": "its file was changed or taken away before it could be put away",
    DELETED: "its file was deleted when it was through (NEWSWIRE_FINISHED)",
}


def _wait_for_stages(stop: threading.Event, anyway: bool) -> None:
    """Let the stages read what is there first; Failure where that takes too long."""
    deadline = time.monotonic() + WAIT
    while not anyway:
        lagging = [one for one in backlogs(load(KafkaSettings)) if one.lag]
        if not lagging:
            return
        if time.monotonic() > deadline:
            told = ", ".join(f"{one.group} has {counted(one.lag, 'message')} of {one.topic} to read" for one in lagging)
            raise Failure(f"{told}. Wait until `newswire status` shows no lag, or say --anyway.")
        if stop.wait(LOOK):
            raise click.Abort


def _lines(compared: Compared, mending: _Mending, *, fix: bool) -> list[str]:
    pruned = f"{compared.pruned:,} pruned, " if compared.pruned else ""
    lines = [
        f"{counted(compared.articles, 'article')} compared: {compared.missing:,} missing, "
        f"{compared.dead:,} with a dead letter, {pruned}the others in the index."
    ]
    for one in mending.first:
        rest = f"; {one['cause']}" if one["cause"] else ""
        name = one["path"] or "of an unknown file"
        lines.append(f"  {one['missing']:>6,}  {name} ({one['articles'][0]}{rest})")
    if fix and compared.missing:
        lines.append(f"{counted(mending.sent, 'article')} sent again; `newswire status` shows when they are through.")
    return lines


def _failure(compared: Compared, mending: _Mending, *, fix: bool) -> str | None:
    """What is left to be done."""
    sentences = [
        f"{counted(number, 'article')} cannot be sent from a file: {cause}." for cause, number in mending.lost.items()
    ]
    if sentences:
        sentences.append(
            "What the raw topic still has, `newswire replay --stage enrich --from DATE` sends again; else drop the "
            "source's file into the inbox once more, then `newswire ingest --again` it."
        )
    if compared.missing and not fix:
        sentences.insert(0, f"{counted(compared.missing, 'article')} missing; --fix sends them again.")
    return " ".join(sentences) or None


def _record(compared: Compared, mending: _Mending, *, fix: bool) -> dict[str, Any]:
    return {
        **compared._asdict(),
        "fix": fix,
        "sent": mending.sent,
        "cannot_be_sent": mending.lost,
        "first": mending.first,
    }
