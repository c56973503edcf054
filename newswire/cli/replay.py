"""``newswire replay``: articles sent again through a stage, in a job that can be interrupted."""

import math
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

import click
import msgspec

from newswire import elastic, kafka
from newswire.backlog import watching
from newswire.cli import Failure, json_output
from newswire.cli.failures import explained
from newswire.cli.instant import Instant
from newswire.cli.interrupt import interruptible
from newswire.cli.parsed import Parsed, rate
from newswire.cli.progress import bar
from newswire.enriched import EnrichmentStatus
from newswire.identity import MAX_ENRICHMENT_VERSION
from newswire.pace import Pace
from newswire.reasons import Stage
from newswire.replay import job as jobs
from newswire.replay.job import Job, Terms
from newswire.replay.room import Room
from newswire.replay.run import BATCH, Replay, Tally
from newswire.replay.selection import Selection
from newswire.settings import ElasticsearchSettings, KafkaSettings, load, whole
from newswire.wording import counted


def _job_name(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch("[A-Za-z0-9._-]{1,100}", value):
        raise click.BadParameter("a name has up to 100 letters, digits, dots, hyphens and underscores.")
    return value


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line says of the job."""

    stage: str | None
    first: datetime | None
    last: datetime | None
    statuses: tuple[str, ...]
    version_below: int | None
    rate: float | None
    name: str | None
    again: bool

    @property
    def selection(self) -> Selection:
        return Selection(tuple(sorted(set(self.statuses))), self.version_below)


@click.command("replay")
@click.option("--stage", type=click.Choice([stage.value for stage in jobs.SOURCES]), help="The stage to go through.")
@click.option(
    "--from", "first", type=Instant(), metavar="WHEN", help="Sent to the stage then or later: 2025-02-07, 2d."
)
@click.option(
    "--to", "last", type=Instant(end=True), metavar="WHEN", help="Sent until then, that day included.  [default: now]"
)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(get_args(EnrichmentStatus)),
    help="Only articles whose enrichment in the index ended so.",
)
@click.option(
    "--version-below",
    metavar="N",
    type=Parsed("number", whole(1, MAX_ENRICHMENT_VERSION + 1)),
    help="Only articles whose enrichment in the index is older.",
)
@click.option(
    "--rate",
    type=Parsed("number", rate),
    help=f"Articles a second at most.  [default: {jobs.RATE:g}, or what the job was begun with]",
)
@click.option("--job", "name", callback=_job_name, help="The job's name, to go on with it.  [default: stage and time]")
@click.option("--again", is_flag=True, help="Begin the job of that name anew.")
@click.option("--list", "listing", is_flag=True, help="List the jobs that the broker remembers, and how far they are.")
@click.option("--dry-run", is_flag=True, help="Read and choose, but send and remember nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, listing: bool, dry_run: bool, as_json: bool, **asked: Any) -> None:
    r"""Send articles again through a stage.

    Through enrich after an upgrade of the enrichment, through index after a repair. Articles are
    read from the topic that the stage reads, up to an end that is fixed when the job begins, and
    sent to it again unchanged, beside the live ones, and only while the services keep up with both.
    Nothing newer is ever replaced: not by an
    older revision, and not by an older or worse enrichment. Interrupted, the job goes on where it
    was; the broker remembers it for a week.

    For articles that failed and are dead letters, use `newswire dlq replay`: this command leaves
    out what is no article.

    \b
    newswire replay --stage enrich --from 30d --status failed --status partial
    newswire replay --stage enrich --from 2025-01-01 --version-below 2 --rate 20
    newswire replay --job enrich-20250207-101500
    newswire replay --list
    """
    with explained():
        if listing:
            _list(jobs.known(load(KafkaSettings)), as_json)
            return
        with interruptible() as stop:
            _replay(_Asked(**asked), dry_run=dry_run, as_json=as_json, stop=stop)


def _replay(asked: _Asked, *, dry_run: bool, as_json: bool, stop: threading.Event) -> None:
    settings = load(KafkaSettings)
    before = jobs.find(settings, asked.name) if asked.name and not asked.again else None
    terms = _again(before, asked) if before else _terms(asked)
    name = asked.name or f"{terms.stage.value}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    if before and before.is_finished:
        told = f"The job {name} is finished: {counted(before.total, 'message')}. --again begins it anew."
        click.echo(told, err=as_json)
        if as_json:
            _tell(before, Tally(), finished=True, dry_run=dry_run, as_json=True)
        return
    pace = Pace(math.inf if dry_run else terms.rate, wait=stop.wait)
    with jobs.consumer(settings, name, terms.stage, BATCH) as consumer:
        job = Job(name, terms, before.spans if before else jobs.between(consumer, terms))
        if not before and not dry_run:
            jobs.begin(consumer, job)
        _say(job, dry_run=dry_run, as_json=as_json)
        with (
            elastic.client(load(ElasticsearchSettings)) as index,
            kafka.producer(settings, **kafka.AT_A_TERMINAL) as producer,
            watching(settings) as look,
        ):
            room = Room(terms.stage, terms.rate, look=look, wait=stop.wait, tell=_tell_of_waiting)
            replay = Replay(
                job,
                consumer=consumer,
                producer=None if dry_run else producer,
                index=index,
                pace=pace,
                room=room.step,
            )
            with bar("reading" if dry_run else "sending again", job.total) as advance:
                advance(job.done)
                finished = replay.run(advance)
    _tell(job, replay.tally, finished=finished, dry_run=dry_run, as_json=as_json)
    if not finished:
        raise click.Abort


def _tell_of_waiting(articles: int) -> None:
    click.echo(f"{counted(articles, 'message')} wait for the services; live ones go first …", err=True)


def _terms(asked: _Asked) -> Terms:
    """What a new job is begun with."""
    stage = Stage(_needed(asked.stage, "--stage", asked.name))
    first = _needed(asked.first, "--from", asked.name)
    if asked.last and asked.last <= first:
        raise click.UsageError(
            f"--to ({asked.last:%F %R}) is not after --from ({first:%F %R}), UTC: nothing lies between."
        )
    return Terms(stage, first, asked.last, asked.rate or jobs.RATE, asked.selection)


def _needed(value: Any, option: str, name: str | None) -> Any:
    if value is None:
        known = f" There is no job {name} to go on with; `newswire replay --list` lists them." if name else ""
        raise click.UsageError(f"{option} is needed to begin a job.{known}")
    return value


def _again(job: Job, asked: _Asked) -> Terms:
    """What the job goes on with, if it is the one asked for; its two instants are fixed since it began."""
    terms = job.terms
    given = (asked.stage or terms.stage.value, asked.selection)
    if given != (terms.stage.value, terms.selection) and (asked.stage or not asked.selection.is_everything):
        raise Failure(
            f"The job {job.name} was begun with {terms.options}; go on with --job {job.name} alone, "
            "or begin it anew with --again."
        )
    return msgspec.structs.replace(terms, rate=asked.rate or terms.rate)


def _say(job: Job, *, dry_run: bool, as_json: bool) -> None:
    left = job.total - job.done
    took = "" if dry_run else f", {counted(math.ceil(left / job.terms.rate / 60), 'minute')} at most"
    done = f" after {job.done:,}" if job.done else ""
    line = f"job {job.name} ({job.terms.options}): {counted(left, 'message')} to read{done}{took}"
    click.echo(line, err=as_json)


def _tell(job: Job, tally: Tally, *, finished: bool, dry_run: bool, as_json: bool) -> None:
    """How far it came, and how it goes on."""
    if as_json:
        json_output.echo({"job": job.name, "finished": finished, "dry_run": dry_run} | tally._asdict())
        return
    line = f"{counted(tally.sent, 'article')} {'would be ' if dry_run else ''}sent again"
    if not job.terms.selection.is_everything:
        line += f", {tally.others:,} not selected"
    click.echo(f"{line}.")
    if tally.unreadable:
        left = "message is no article and was" if tally.unreadable == 1 else "messages are no articles and were"
        click.echo(f"{tally.unreadable:,} {left} left alone; see `newswire dlq list`.")
    if not finished and not dry_run:
        click.echo(
            f"Not finished; `newswire replay --job {job.name}` goes on from here, {job.terms.rate:g} a second at most.",
            err=True,
        )


def _list(known: list[Job], as_json: bool) -> None:
    if as_json:
        json_output.echo(
            [{"job": job.name, "terms": job.terms.options, "done": job.done, "total": job.total} for job in known]
        )
        return
    for job in known:
        state = "finished" if job.is_finished else f"{job.done:,} of"
        click.echo(f"{job.name}: {state} {counted(job.total, 'message')} ({job.terms.options})")
    if not known:
        click.echo("No jobs.")
