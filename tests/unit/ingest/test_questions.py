from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newswire.health import NoAnswer
from services.ingest.ledger import Ledger
from services.ingest.ledger.found import FORGOTTEN, Total
from services.ingest.ledger.reader import LedgerReader
from services.ingest.put_away import Finished
from services.ingest.questions import Questions
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.stories import story
from tests.unit.ingest.test_ledger import row
from tests.unit.ingest.world import NOW, TODAY, World


@pytest.fixture
def ask(world: World) -> Questions:
    ledger = world.data / "ingest" / "ledger.sqlite3"
    return Questions(ledger, world.data, [world.inbox], world.intake.doing)


def paths(answer: object) -> list[str]:
    return [one.path for one in answer.files]  # type: ignore[attr-defined]


def test_totals_follow_the_files(world: World, ask: Questions) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    world.drop("again.txt", story(1))
    world.drop("empty.txt", "")
    world.turn()
    world.clock.now += 60
    world.look_through()
    states = ask.totals({}).states
    assert {name: one.files for name, one in states.items() if one.files} == {
        "put_away": 1,
        "duplicate": 1,
        "rejected": 1,
    }
    assert (states["put_away"].published, states["duplicate"].duplicates, states["rejected"].refused) == (1, 1, 1)
    assert ask.totals({}).unfinished_since is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["reading", "embargoed", "published", "duplicate", "rejected"]),
            st.booleans(),
            st.integers(0, 5),
        ),
        max_size=12,
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_totals_are_what_counting_would_say(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, bool, int]]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite3"
    ledger = Ledger(path)
    numbers: list[int] = []
    for state, replaces, count in files:
        number = numbers.pop() if replaces and numbers else None
        numbers += ledger.finish([row(state=state, published=count, refused=count + 1, number=number)])
        if replaces:
            ledger.put_away([numbers[-1]], [], 5)
    with LedgerReader(path) as reader:
        counted = {
            state: Total(*counts)
            for state, *counts in reader.db.execute(
                "SELECT state, count(*), sum(published), sum(duplicates), sum(refused) FROM files GROUP BY state"
            )
        }
        totals = {state: total for state, total in reader.totals().items() if total.files}
    ledger.close()
    assert totals == counted


def test_a_file_is_found_by_whatever_one_has_of_it(world: World, ask: Questions) -> None:
    world.drop("sports/a b.txt", story(1))
    world.turn()
    (version,) = ask.file({"name": "sports/a b.txt"}).versions
    put_away = f"processed/{TODAY}/sports/a b.txt"
    assert (version.file.put_away, version.there) == (put_away, True)
    for name in (
        str(world.root / "sports/a b.txt"),
        "sports/../sports//a b.txt",
        put_away,
        str(world.data / put_away),
        f"/somewhere/else/{put_away}",
        "a b.txt",
        "/another/machine/sports/a b.txt",
        version.file.sha256 or "",
    ):
        assert ask.file({"name": name}).versions == [version], name


def test_every_version_of_a_file_is_told_newest_first(world: World, ask: Questions) -> None:
    for number in range(3):
        world.drop("a.txt", story(number))
        world.turn()
    answer = ask.file({"name": "a.txt"})
    assert [one.file.number for one in answer.versions] == [3, 2, 1]
    assert not answer.more
    # A name that was taken got a hash: each place leads to its own version.
    for version in answer.versions:
        assert ask.file({"name": version.file.put_away}).versions == [version]


def test_a_put_away_file_that_was_tidied_away_is_not_there(world: World, ask: Questions) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    (world.data / f"processed/{TODAY}/a.txt").unlink()
    assert [one.there for one in ask.file({"name": "a.txt"}).versions] == [False]


def test_a_name_that_nobody_saw_has_those_like_it(world: World, ask: Questions) -> None:
    world.drop("sports/Cup-Final.txt", story(1))
    world.turn()
    for name in ("cup-final.json", "cup-fnial.txt", "elsewhere/CUP-FINAL"):
        answer = ask.file({"name": name})
        assert (answer.versions, answer.similar) == ([], ["sports/Cup-Final.txt"]), name
    assert ask.file({"name": "100%_sure"}).similar == []


@pytest.mark.parametrize("name", ["../data/ingest/ledger.sqlite3", "/etc/passwd", "a/../../data", "..", "/"])
def test_nothing_outside_an_inbox_is_told_of(world: World, ask: Questions, name: str) -> None:
    answer = ask.file({"name": name})
    assert (answer.versions, answer.now) == ([], [])


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_question_without_a_name_is_told_so(ask: Questions, name: str) -> None:
    with pytest.raises(NoAnswer, match="Name a file"):
        ask.file({"name": name})


def test_a_file_that_waits_is_told_of(world: World, ask: Questions) -> None:
    def doing(name: str) -> list[tuple[bool, bool, str | None]]:
        return [(one.there, one.temporary, one.doing) for one in ask.file({"name": name}).now]

    world.write("unseen.txt", story(1))
    assert doing("unseen.txt") == [(True, False, None)]
    world.drop("seen.txt", story(2))
    assert doing("seen.txt") == [(True, False, "waiting")]
    world.write(".hidden.txt", story(3))
    assert doing(".hidden.txt") == [(True, True, None)]
    world.write("growing.txt", story(4), age=0)
    world.look_through()
    assert doing("growing.txt") == [(True, False, "settling")]
    assert doing("seen.txt") == []


def test_a_file_that_is_kept_where_it_is_is_done_until_it_is_written_again(make_world: MakeWorld) -> None:
    world = make_world(finished=Finished.KEEP)
    ask = Questions(world.data / "ingest" / "ledger.sqlite3", world.data, [world.inbox], world.intake.doing)
    world.drop("a.txt", story(1))
    world.turn()
    answer = ask.file({"name": "a.txt"})
    assert [one.doing for one in answer.now] == ["done"]
    assert [(one.file.put_away, one.there) for one in answer.versions] == [(f"{world.root}/a.txt", True)]
    world.write("a.txt", story(2), age=5)
    assert [one.doing for one in ask.file({"name": "a.txt"}).now] == [None]


def test_an_embargoed_article_is_told_of(world: World, ask: Questions) -> None:
    later = datetime.fromtimestamp(NOW + 3600, UTC).isoformat()
    world.drop("e.json", f'{{"title": "T", "body": "A body.", "guid": "e-1", "embargoed": "{later}"}}')
    world.turn()
    answer = ask.file({"name": "e.json"})
    (version,) = answer.versions
    assert (version.file.state, version.file.held, version.there) == ("embargoed", 1, None)
    assert [one.doing for one in answer.now] == ["embargoed"]
    article = version.file.articles[0]
    found = ask.article({"id": article})
    assert [(one.id, one.file, one.until) for one in found.held] == [
        (article, version.file.number, datetime.fromtimestamp(NOW + 3600, UTC))
    ]


def test_an_article_is_found_by_the_beginning_of_its_id(world: World, ask: Questions) -> None:
    world.drop("a.txt", story(1))
    world.drop("b.txt", story(2))
    world.turn()
    article = world.memory.articles[0].id
    for digits in (6, 7, 31, 32):
        answer = ask.article({"id": article[:digits].upper()})
        assert [one.id for one in answer.contents] == [article]
        assert [one.path for one in answer.files] == ["a.txt"]
    assert ask.article({"id": "0" * 32}).contents == []
    for wrong in ("", "abcde", "x" * 32, article + "0"):
        with pytest.raises(NoAnswer, match="32 hexadecimal digits"):
            ask.article({"id": wrong})


def fill(ledger: Ledger, many: int, **differently: Callable[[int], object]) -> None:
    ledger.finish(
        row(
            **{"relative": f"d{number % 3}/{number}.txt", "finished_at": 1000 * (number // 4)}
            | {name: made(number) for name, made in differently.items()}
        )
        for number in range(many)
    )


def pages(ask: Questions, **asked: str) -> list[list[str]]:
    found, after = [], ""
    while True:
        page = ask.files({**asked, "after": after})
        found.append(paths(page))
        if page.next is None:
            return found
        after = page.next


def test_the_list_has_every_file_once_newest_first(
    world: World, ask: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(world.ledger, 30)
    found = pages(ask, size="7")
    assert [len(page) for page in found] == [7, 7, 7, 7, 2]
    assert [path for page in found for path in page] == [
        f"d{number % 3}/{number}.txt" for number in reversed(range(30))
    ]
    # A page that looked at much and found little says how far it came.
    monkeypatch.setattr("services.ingest.questions.SCANNED", 10)
    found = pages(ask, path="d1/*")
    assert len(found) == 4
    assert [path for page in found for path in page] == [f"d1/{number}.txt" for number in reversed(range(1, 30, 3))]


def test_the_list_is_narrowed_down(world: World, ask: Questions) -> None:
    fill(
        world.ledger,
        12,
        state=lambda number: "rejected" if number % 2 else "duplicate",
        reason=lambda number: ("empty", "truncated")[number % 4 == 1] if number % 2 else None,
        refused=lambda number: number % 2,
    )
    assert paths(ask.files({"state": "rejected", "reason": "truncated"})) == [
        "d0/9.txt",
        "d2/5.txt",
        "d1/1.txt",
    ]
    assert len(paths(ask.files({"state": "rejected,duplicate"}))) == 12
    assert paths(ask.files({"path": "1?.txt"})) == ["d2/11.txt", "d1/10.txt"]
    assert paths(ask.files({"path": "d0/[69].txt"})) == ["d0/9.txt", "d0/6.txt"]
    assert paths(ask.files({"since": "1970-01-01T00:00:02Z"})) == ["d2/11.txt", "d1/10.txt", "d0/9.txt", "d2/8.txt"]


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "lost"},
        {"reason": "bored"},
        {"size": "0"},
        {"size": "1001"},
        {"size": "-1"},
        {"since": "yesterday"},
        {"after": "1"},
        {"after": "9" * 30 + ".1"},
    ],
)
def test_a_list_that_cannot_be_is_told_why(ask: Questions, asked: dict[str, str]) -> None:
    with pytest.raises(NoAnswer) as told:
        ask.files(asked)
    assert told.value.status == 400


def test_a_pattern_takes_no_longer_than_it_should(world: World, ask: Questions) -> None:
    fill(world.ledger, 1, relative=lambda _: "a" * 200)
    assert paths(ask.files({"path": "*a" * 50 + "b"})) == []


def test_a_ledger_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(NoAnswer, match="cannot be read") as told:
        Questions(tmp_path / "none.sqlite3", tmp_path, []).totals({})
    assert told.value.status == 503


def test_a_search_that_takes_too_long_says_so(world: World, ask: Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(world.ledger, 200)
    monkeypatch.setattr("services.ingest.ledger.reader.PATIENCE", -1.0)
    monkeypatch.setattr("services.ingest.ledger.reader._STEPS", 10)
    answer = ask.file({"name": "199.txt"})
    assert (answer.versions, answer.complete) == ([], False)


def test_what_was_let_go_of_is_counted_apart(make_world: MakeWorld) -> None:
    world = make_world()
    with LedgerReader(world.data / "ingest" / "ledger.sqlite3") as reader:
        assert reader.totals()[FORGOTTEN] == Total()
