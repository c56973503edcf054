"""What the commands on dead letters share: the filters, the connections, and the way to name a letter."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from elasticsearch import Elasticsearch

from newswire import elastic
from newswire.cli import Failure
from newswire.cli.failures import explained
from newswire.cli.instant import Instant
from newswire.letters.filed import FiledLetter, State
from newswire.letters.places import Places
from newswire.letters.register import Filters, Register
from newswire.reasons import REASONS, Reason, Stage
from newswire.settings import ElasticsearchSettings, ServiceSettings, load
from services.ingest.settings import IngestSettings

LETTER_REASONS = sorted({reason.value for reasons in REASONS.values() for reason in reasons})
STATES = (*(state.value for state in State), "all")

_FILTERS = (
    click.option("--stage", "stages", multiple=True, type=click.Choice([s.value for s in Stage]), help="Failed there."),
    click.option(
        "--reason",
        "reasons",
        multiple=True,
        metavar="REASON",
        type=click.Choice(LETTER_REASONS),
        help=f"Failed for it: {', '.join(LETTER_REASONS)}.",
    ),
    click.option(
        "--state",
        "states",
        multiple=True,
        type=click.Choice(STATES),
        default=["open"],
        show_default=True,
        help="What became of it.",
    ),
    click.option("--source", metavar="GLOB", help="Came from a file of such a path: 'sports/*'."),
    click.option("--article", metavar="ID", help="Of this article."),
    click.option("--since", type=Instant(), metavar="WHEN", help="Last failed then or later: 2025-02-07, 2d, 6h."),
    click.option("--until", type=Instant(end=True), metavar="WHEN", help="Last failed until then, that day included."),
)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give ``command`` the options that narrow the letters down; ``filters`` makes one of what they say."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def filters(stages: tuple[str, ...], reasons: tuple[str, ...], states: tuple[str, ...], **others: Any) -> Filters:
    """What the options of ``filtered`` ask for."""
    return Filters(
        stages=tuple(map(Stage, stages)),
        reasons=tuple(map(Reason, reasons)),
        states=() if "all" in states else tuple(map(State, states)),
        **others,
    )


@contextmanager
def opened() -> Iterator[tuple[Register, Elasticsearch]]:
    """The register of letters and the client it asks; failures become sentences."""
    with explained(), elastic.client(load(ElasticsearchSettings)) as client:
        yield Register(client), client


def named(register: Register, start: str) -> FiledLetter:
    """The one letter whose id begins with ``start``, without its original."""
    found = register.named(start.lower())
    if not found:
        raise Failure(f"There is no letter {start!r}; `newswire dlq list --state all` lists them.")
    if len(found) > 1:
        raise Failure(f"{start!r} is the beginning of several: {', '.join(one.id for one in found)}.")
    return found[0]


def places(inbox: Path | None = None) -> Places:
    """Where files are, by the settings of this machine; ``inbox`` goes before them."""
    return Places((inbox,) if inbox else load(IngestSettings).inboxes, load(ServiceSettings).data)


def settle(register: Register, letters: list[FiledLetter], note: str | None = None) -> list[FiledLetter]:
    """Mark ``letters`` resolved; returns those that had not failed again meanwhile."""
    done = []
    for letter in letters:
        whole = register.whole(letter.id)
        if whole is None or whole.attempts != letter.attempts:
            continue
        if register.mark(whole, State.RESOLVED, datetime.now(UTC), note=note):
            done.append(letter)
    if done:
        register.refresh()
    return done
