"""Which articles share a cluster, over a ledger of their own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.clusters import newsroom
from bench.clusters.wire import DAY, WINDOW, Wire, named
from services.ingest.cluster import Clusters, Story, sketch

NOW = 20_000 * DAY


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.db.close()


def text(number: int, paragraphs: int = 12) -> newsroom.Paragraphs:
    return newsroom.story(Random(number), paragraphs)  # noqa: S311 - repeatable on purpose


VERSIONS = {
    (number, version): [*text(number), *text(100 + number, version)] for number in range(5) for version in range(4)
}


def article(number: int, body: newsroom.Paragraphs, issuer: str | None = "AFP") -> Story:
    return named(number, sketch(newsroom.text(body)), issuer)


def assign(wire: Wire, *stories: Story, now: int = NOW) -> list[str]:
    return wire.take(stories, now)[0]


def test_a_version_gets_the_cluster_of_the_first_which_is_named_by_its_id(wire: Wire) -> None:
    first = article(1, text(1))
    assert assign(wire, first) == [first.id[:16]]
    assert assign(wire, article(2, [*text(1), "Corrects the spelling of a name."])) == [first.id[:16]]


def test_another_story_has_a_cluster_of_its_own(wire: Wire) -> None:
    first, second = article(1, text(1)), article(2, text(2))
    assert assign(wire, first, second) == [first.id[:16], second.id[:16]]


@pytest.mark.parametrize(("one", "other"), [("AFP", "dpa"), ("AFP", None)])
def test_another_wire_s_same_text_is_another_story(wire: Wire, one: str | None, other: str | None) -> None:
    assert len(set(assign(wire, article(1, text(1), one), article(2, text(1), other)))) == 2


@pytest.mark.parametrize(("one", "other"), [("AFP", " afp"), (None, None), (None, "")])
def test_a_wire_is_one_however_it_is_written(wire: Wire, one: str | None, other: str | None) -> None:
    assert len(set(assign(wire, article(1, text(1), one), article(2, text(1), other)))) == 1


def test_articles_of_one_batch_see_one_another(wire: Wire) -> None:
    first = article(1, text(1))
    assert set(assign(wire, first, *(article(n, [*text(1), f"Update {n}."]) for n in range(2, 6)))) == {first.id[:16]}


def test_an_article_keeps_the_cluster_it_got_first_whatever_it_says_later(wire: Wire) -> None:
    first, second = assign(wire, article(1, text(1)), article(2, text(2)))
    assert first != second
    # Word for word the other one now; and when both stories are long forgotten.
    assert assign(wire, article(2, text(1))) == [second]
    assert assign(wire, article(2, text(1)), now=NOW + 30 * DAY) == [second]


def test_a_text_too_short_to_say_is_alone_and_stays_so(wire: Wire) -> None:
    short = Story(named(1, b"").id, "AFP", sketch("Earthquake shakes Karsk."))
    again = Story(named(2, b"").id, "AFP", short.sketch)
    assert assign(wire, short, again) == [short.id[:16], again.id[:16]]
    assert wire.db.execute("SELECT count(*) FROM stories").fetchone() == (0,)


def test_a_cluster_does_not_wander_from_version_to_version(wire: Wire) -> None:
    # Each is three quarters of the one before, and the sixth has nothing of the first.
    parts = [text(100 + number, 3) for number in range(10)]
    versions = [[paragraph for part in parts[at : at + 4] for paragraph in part] for at in range(6)]
    clusters = assign(wire, *(article(number, body) for number, body in enumerate(versions)))
    assert clusters[0] == clusters[1]
    assert clusters[0] not in clusters[3:]


def test_of_several_stories_the_nearest_is_taken(wire: Wire) -> None:
    whole = text(1, 20)
    # Written apart, too little of them in common; the third has all of the second.
    first, second = article(1, whole[:12] + text(2, 8)), article(2, whole[6:])
    one, other = assign(wire, first, second)
    assert one != other
    assert assign(wire, article(3, [*whole[5:], "Adds a source."])) == [other]


def test_nothing_is_left_of_what_was_rolled_back(wire: Wire) -> None:
    first, second = article(1, text(1)), article(2, [*text(1), "More follows."])
    for _ in range(40):  # more often than a key may have stories
        wire.db.execute("BEGIN")
        for one in (first, article(9, text(9))):
            wire.cluster(one, NOW)
        wire.db.execute("ROLLBACK")
    assert assign(wire, second) == [second.id[:16]]
    assert assign(wire, first) == [second.id[:16]]


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    wire = Wire(path)
    clusters = assign(wire, *(article(n, text(n)) for n in range(50)))
    wire.db.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        wire.db, wire.clusters = db, Clusters(db, window=WINDOW)
        assert assign(wire, *(article(100 + n, [*text(n), "Edits."]) for n in range(50))) == clusters


def test_versions_are_found_within_the_window_alone(wire: Wire) -> None:
    (first,) = assign(wire, article(1, text(1)))
    assert assign(wire, article(2, [*text(1), "Late."]), now=NOW + 7 * DAY - 1) == [first]
    # The window is the first one's: who joined does not keep it open.
    (late,) = assign(wire, article(3, [*text(1), "Later."]), now=NOW + 7 * DAY)
    assert late == article(3, []).id[:16]


def test_without_a_window_each_article_is_alone() -> None:
    wire = Wire(window=0)
    assert len(set(assign(wire, article(1, text(1)), article(2, text(1))))) == 2
    wire.db.close()


def test_stories_are_forgotten_once_they_are_old_or_too_many() -> None:
    wire = Wire(most=10)
    for number in range(30):
        assign(wire, article(number, text(number)), now=NOW)
    assert wire.db.execute("SELECT count(*) FROM stories").fetchone() == (10,)
    assert assign(wire, article(50, text(1)), article(51, text(29)))[0] == article(50, []).id[:16]
    for number in range(60, 66):  # two for each that comes
        assign(wire, article(number, text(number)), now=NOW + 7 * DAY)
    assert wire.db.execute("SELECT min(seen_at) FROM stories").fetchone() == (NOW + 7 * DAY,)
    wire.db.close()


@pytest.mark.parametrize("series", newsroom.SERIES)
def test_reports_of_one_mould_are_apart_and_each_is_known_when_sent_again(wire: Wire, series: str) -> None:
    rng = Random(4)  # noqa: S311 - repeatable on purpose
    reports = [newsroom.report(rng, series) for _ in range(150)]
    clusters = assign(wire, *(named(n, sketch(one)) for n, one in enumerate(reports)))
    assert len(set(clusters)) == len(reports)
    again = assign(wire, *(named(1000 + n, sketch(f"{one} Repeats.")) for n, one in enumerate(reports)))
    assert sum(one == other for one, other in zip(again, clusters, strict=True)) >= 147


@given(
    st.lists(
        st.tuples(
            st.integers(0, 4),  # which story
            st.integers(0, 3),  # which version of it
            st.sampled_from(["AFP", None]),
            st.sampled_from([0, DAY, 4 * DAY]),  # later than the one before
            st.sampled_from(["commit", "commit", "commit and open again", "roll back"]),
        ),
        max_size=25,
    )
)
def test_an_article_joins_the_first_of_its_story_that_was_kept(
    steps: list[tuple[int, int, str | None, int, str]],
) -> None:
    wire, now = Wire(), NOW
    kept: dict[str, str] = {}  # the cluster of each article
    begun: dict[tuple[int, str | None], tuple[int, str]] = {}  # since when each story has which cluster
    for number, version, issuer, later, end in steps:
        now += later
        one = article(1000 * number + 10 * version + (issuer is None), VERSIONS[number, version], issuer)
        since, running = begun.get((number, issuer), (0, ""))
        expected = kept.get(one.id) or (running if since > now - 7 * DAY else one.id[:16])
        wire.db.execute("BEGIN")
        assert wire.cluster(one, now).hex() == expected
        wire.db.execute("ROLLBACK" if end == "roll back" else "COMMIT")
        if end == "roll back":
            continue
        if one.id not in kept and expected == one.id[:16]:
            begun[number, issuer] = (now, expected)
        kept[one.id] = expected
        if end == "commit and open again":
            wire.clusters = Clusters(wire.db, window=WINDOW)
    wire.db.close()
