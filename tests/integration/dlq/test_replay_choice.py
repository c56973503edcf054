"""Which letters ``newswire dlq replay`` takes, and what it says of those it does not."""

from tests.integration.commands import Commands
from tests.integration.conftest import Until
from tests.integration.dlq.letters import filed_letter


def test_all_with_filters_is_all_that_they_find(newswire: Commands, until: Until) -> None:
    ids = {state: filed_letter(newswire, until, f"dlq-choice/{state}") for state in ("open", "resolved")}
    newswire.run("dlq", "resolve", ids["resolved"])
    for state, letter_id in ids.items():
        answer = newswire.json("dlq", "replay", "--all", "--state", state, "--source", "dlq-choice/*", "--dry-run")
        assert answer["sent"] == [letter_id]


def test_a_dry_run_names_what_would_be_sent_and_where_to(newswire: Commands, until: Until) -> None:
    letter_id = filed_letter(newswire, until, "dlq-told/a")
    answer = newswire.run("dlq", "replay", letter_id, "--dry-run")
    assert answer.output == (
        "1 letter would be sent back.\n"
        f"{letter_id[:10]} (ingest: bad_format, dlq-told/a.txt) would go to "
        f"{newswire.environ['NEWSWIRE_INBOX']}/dlq-told/a.txt\n"
    )


def test_a_letter_that_is_left_out_is_named_with_its_reason(newswire: Commands, until: Until) -> None:
    often = filed_letter(newswire, until, "dlq-left/often", attempts=5)
    fresh = filed_letter(newswire, until, "dlq-left/fresh")
    answer = newswire.run("dlq", "replay", "--source", "dlq-left/*", "--wait", "0")
    assert answer.exit_code == 0
    assert f"1 of 2 letters sent back.\n1 left out: failed 5 times or more.\n  {often[:10]}\n" in answer.output
    assert newswire.state(fresh) == ("replayed", 1)
