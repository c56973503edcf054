from datetime import UTC, datetime

from newswire import dead_letter
from newswire.cli.replay_report import SHOWN, ReplayReport
from newswire.dead_letter import LetterSource
from newswire.letters import filed
from newswire.letters.filed import FiledLetter
from newswire.letters.way_back import LeftOut, Refused, Sent
from newswire.reasons import Reason, Stage

NOW = datetime(2025, 2, 7, tzinfo=UTC)


def letter(number: int) -> FiledLetter:
    made = dead_letter.letter(
        stage=Stage.INGEST,
        reason=Reason.EMPTY,
        message=f"{number}.txt: It is empty.",
        key=f"{number}.txt",
        now=NOW,
        original=b"",
        source=LetterSource(path=f"{number}.txt"),
    )
    return filed.file(made, partition=0, offset=number, now=NOW)


def report(asked: int, *, dry_run: bool = False) -> ReplayReport:
    made = ReplayReport(dry_run=dry_run)
    made.asked = asked
    return made


def test_every_letter_that_was_left_out_is_named_with_the_reason() -> None:
    made = report(4)
    made.add(Sent(letter(0), "inbox/0.txt"))
    for letter_id, why in (("a" * 32, "failed 5 times or more"), ("b" * 32, "x"), ("c" * 32, "failed 5 times or more")):
        made.add(LeftOut(letter_id, why))
    assert list(made.lines())[:5] == [
        "1 of 4 letters sent back.",
        "2 left out: failed 5 times or more.",
        f"  {'a' * 10}, {'c' * 10}",
        "1 left out: x.",
        f"  {'b' * 10}",
    ]
    assert made.record()["left_out"][1] == {"id": "b" * 32, "why": "x"}
    assert made.failure is None


def test_of_many_the_first_are_named_and_the_rest_counted_while_a_program_is_told_all() -> None:
    made = report(3 * (SHOWN + 3))
    for number in range(SHOWN + 3):
        made.add(LeftOut(f"{number:032x}", "changed meanwhile"))
        made.add(Refused(f"{number:032x}", "it names no file"))
        made.add(Sent(letter(number), "inbox"))
        made.failed_again.append(made.sent[-1])
    lines = list(made.lines())
    assert sum("cannot be sent back" in line for line in lines) == SHOWN
    assert sum("failed again (1 time now)" in line for line in lines) == SHOWN
    assert lines.count("… and 3 more; --json names all.") == 2
    assert sum(line.endswith(" and 3 more") for line in lines) == 1
    for name in ("left_out", "refused", "failed_again"):
        assert len({one["id"] for one in made.record()[name]}) == SHOWN + 3
    assert made.record()["failed_again"][0]["why"] == "0.txt: It is empty."


def test_a_dry_run_says_what_it_would_take_and_where_to() -> None:
    made = report(1, dry_run=True)
    made.add(Sent(letter(7), "/data/inbox/7.txt"))
    assert list(made.lines()) == [
        "1 letter would be sent back.",
        f"{letter(7).id[:10]} (ingest: empty, 7.txt) would go to /data/inbox/7.txt",
    ]
    assert made.record()["sent"] == [letter(7).id]


def test_what_failed_is_told_as_a_failure() -> None:
    made = report(1)
    made.add(LeftOut("a", "x"))
    assert made.sentence == "0 of 1 letter sent back."
    assert made.failure == "Every one of the letters was left out; --force sends them all the same."
    made.add(Sent(letter(0), "inbox"))
    made.failed_again.append(made.sent[0])
    assert made.failure == "1 letter failed again."
    made.add(Refused("b", "y"))
    made.asked = 3
    assert made.failure == "1 of 3 letters cannot be sent back, 1 letter failed again."
