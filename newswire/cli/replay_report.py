"""What became of the letters that ``newswire dlq replay`` was to send back: told to a person, or to a program."""

from collections.abc import Iterator, Sequence
from typing import Any, assert_never

from newswire.cli import letter_view
from newswire.letters.filed import FiledLetter
from newswire.letters.way_back import LeftOut, Outcome, Refused, Sent
from newswire.wording import counted

# Of each kind, so many are named to a person; a program is told all.
SHOWN = 20  # letters


class ReplayReport:
    """Each letter asked for is in ``sent``, ``left_out`` or ``refused``; what is known of a sent one, in two more."""

    def __init__(self, *, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        self.asked = 0
        self.sent: list[FiledLetter] = []
        self.left_out: list[LeftOut] = []
        self.refused: list[Refused] = []
        self.resolved: list[FiledLetter] = []
        self.failed_again: list[FiledLetter] = []
        self._ways: dict[str, str] = {}

    @property
    def waiting(self) -> list[FiledLetter]:
        """Sent, and nothing is known of it yet."""
        known = {letter.id for letter in (*self.resolved, *self.failed_again)}
        return [letter for letter in self.sent if letter.id not in known]

    def add(self, outcome: Outcome) -> None:
        """Note one outcome."""
        match outcome:
            case Sent(letter, to):
                self.sent.append(letter)
                self._ways[letter.id] = to
            case LeftOut():
                self.left_out.append(outcome)
            case Refused():
                self.refused.append(outcome)
            case _:
                assert_never(outcome)

    @property
    def sentence(self) -> str:
        """How far it came."""
        return f"{_of(len(self.sent), self.asked)} {'would be ' if self.dry_run else ''}sent back."

    @property
    def failure(self) -> str | None:
        """The sentence, where something asked for was not done."""
        told = [f"{_of(len(self.refused), self.asked)} cannot be sent back"] if self.refused else []
        if self.failed_again:
            told.append(f"{_of(len(self.failed_again), len(self.sent))} failed again")
        if told:
            return f"{', '.join(told)}."
        if self.left_out and not self.sent:
            return "Every one of the letters was left out; --force sends them all the same."
        return None

    def lines(self) -> Iterator[str]:
        """All of it for a person, not yet fit to be printed."""
        yield self.sentence
        if self.dry_run:
            yield from _first([f"{letter_view.brief(one)} would go to {self._ways[one.id]}" for one in self.sent])
        for why in dict.fromkeys(one.why for one in self.left_out):
            ids = [one.letter_id[: letter_view.SHORT_ID] for one in self.left_out if one.why == why]
            more = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
            yield f"{len(ids):,} left out: {why}."
            yield f"  {', '.join(ids[:SHOWN])}{more}"
        yield from _first(
            [f"{one.letter_id[: letter_view.SHORT_ID]} cannot be sent back: {one.why}." for one in self.refused]
        )
        if self.resolved:
            yield f"{len(self.resolved):,} got through and {_are(self.resolved)} resolved."
        yield from _first([f"{one.id[: letter_view.SHORT_ID]} {_again(one)}" for one in self.failed_again])
        if self.waiting and not self.dry_run:
            way = f"{len(self.waiting):,} {_are(self.waiting)} still on the way"
            yield f"{way}; `newswire dlq resolve --arrived` looks again."

    def record(self) -> dict[str, Any]:
        """All of it for a program."""
        return {
            "dry_run": self.dry_run,
            "asked": self.asked,
            "sent": [one.id for one in self.sent],
            "resolved": [one.id for one in self.resolved],
            "failed_again": [{"id": one.id, "why": one.message, "attempts": one.attempts} for one in self.failed_again],
            "waiting": [one.id for one in self.waiting],
            "left_out": [{"id": one.letter_id, "why": one.why} for one in self.left_out],
            "refused": [{"id": one.letter_id, "why": one.why} for one in self.refused],
        }


def _of(some: int, every: int) -> str:
    told = counted(every, "letter")
    return told if some == every else f"{some:,} of {told}"


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"… and {len(lines) - SHOWN:,} more; --json names all."


def _again(letter: FiledLetter) -> str:
    return f"failed again ({counted(letter.attempts, 'time')} now): {letter.message[: letter_view.PREVIEW_COLUMNS]}"


def _are(letters: Sequence[FiledLetter]) -> str:
    return "is" if len(letters) == 1 else "are"
