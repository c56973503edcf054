from datetime import UTC, datetime

import pytest

from newswire.cli.asked import Options, question
from newswire.search import QuestionError

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def test_every_option_becomes_what_it_stands_for() -> None:
    asked, notes = question(
        Options(text="drone", tags=("law.trial", "trial"), countries=("Ghana", "gh"), during="last month", size=3), NOW
    )
    assert asked.tags == ("law.trial",)
    assert asked.countries == ("GH",)
    assert (asked.first, asked.end) == (datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    assert (asked.size, asked.now) == (3, NOW)
    assert not notes


def test_the_last_day_is_searched_to_its_end() -> None:
    asked, _ = question(Options(first="2025-02", last="2025-02-07"), NOW)
    assert (asked.first, asked.end) == (datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 2, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(within="5km"), "--within needs --near"),
        (Options(during="7d", first="2025"), "one or the other"),
        (Options(first="2025-02-02", last="2025-02-01"), "nothing can be found"),
        (Options(people=("",)), "--person is empty"),
        (Options(organizations=("–",)), "--org is empty"),
        (Options(tags=("nothing",)), "There is no tag"),
        (Options(countries=("Atlantis",)), "There is no country"),
    ],
)
def test_what_cannot_be_meant_is_told_why(options: Options, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        question(options, NOW)


def test_bytes_that_are_no_text_are_searched_for_as_signs() -> None:
    asked, _ = question(Options(text="caf\udce9", people=("Zo\udceb",)), NOW)
    asked.text.encode()
    asked.people[0].encode()


def test_the_order_follows_what_is_asked_for() -> None:
    assert question(Options(text="drone"), NOW)[0].sorting == "relevance"
    assert question(Options(tags=("law",)), NOW)[0].sorting == "newest"
    assert question(Options(text="drone", order="oldest"), NOW)[0].sorting == "oldest"
