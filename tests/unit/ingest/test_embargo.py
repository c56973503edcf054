from newswire.topics import read_headers
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.items import embargo, file, id_of, item
from tests.unit.ingest.test_process import LATER
from tests.unit.ingest.world import NOW, World


def names(world: World) -> list[str]:
    return [str(article.title) for article in world.memory.articles]


def test_a_record_under_embargo_waits_and_the_file_with_it(world: World) -> None:
    path = world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60)), item("two", NOW)))
    world.turn()
    assert names(world) == ["Bridge two"]
    assert path.exists()
    assert world.rows("SELECT state, published, held, done FROM files") == [("embargoed", 1, 1, 2)]
    assert world.metric("inbox_files", state="embargoed") == 0  # as of the turn's beginning

    world.clock.now += 59
    world.look_through()
    assert names(world) == ["Bridge two"]
    assert world.metric("inbox_files", state="embargoed") == 1

    world.clock.now += 1
    world.turn()
    assert names(world) == ["Bridge two", "Bridge one"]
    assert not path.exists()
    assert world.rows("SELECT state, published, duplicates, held, done FROM files") == [("put_away", 2, 0, 0, 2)]
    assert world.rows("SELECT * FROM held") == []


def test_latency_counts_from_the_end_of_the_embargo(world: World) -> None:
    world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60))))
    world.turn()
    world.clock.now += 61
    world.turn()
    _, trail = read_headers(world.memory.messages[0].headers, now=LATER)
    assert trail.available_at.timestamp() == NOW + 60


def test_an_embargo_that_is_over_holds_nothing(world: World) -> None:
    world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW - 1))))
    assert world.turn() == 1
    assert names(world) == ["Bridge one"]
    assert world.waiting() == []


def test_embargoes_of_one_file_end_one_by_one(world: World) -> None:
    world.drop("a.json", file(*(item(str(number), NOW, embargoed=embargo(NOW + 10 * number)) for number in (3, 1, 2))))
    for number in (1, 2, 3):
        world.clock.now = NOW + 10 * number
        world.turn()
        assert names(world) == [f"Bridge {one}" for one in range(1, number + 1)]
    assert world.waiting() == []


def test_a_restart_forgets_no_embargo(make_world: MakeWorld) -> None:
    first = make_world()
    first.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60)), item("two", NOW)))
    first.turn()
    first.ledger.close()

    second = make_world()
    second.start()
    second.look_through()
    assert second.memory.messages == []
    second.clock.now += 61
    second.turn()
    assert names(second) == ["Bridge one"]
    assert second.waiting() == []
    assert second.rows("SELECT count(*), sum(published), sum(duplicates) FROM files") == [(1, 2, 0)]


def test_held_text_is_in_no_letter_and_no_note(world: World) -> None:
    secret = "The verdict will be read at noon. " * 40_000
    world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60), body_text=secret)))
    while not world.put_away():
        world.turn()
    assert [letter.reason for letter in world.memory.letters] == ["too_large"]
    assert not any(b"verdict" in message.value for message in world.memory.messages)
    assert b"verdict" not in (world.data / world.put_away()[1]).read_bytes()


def test_what_is_withheld_waits_until_a_revision_releases_it(world: World) -> None:
    held = world.drop("a.json", file(item("one", NOW, pubstatus="withheld")))
    world.turn()
    world.clock.now += 99_999
    world.look_through()
    assert (world.memory.messages, held.exists()) == ([], True)

    world.drop("b.json", file(item("one", NOW + 50)))
    world.turn()
    world.turn()
    assert names(world) == ["Bridge one"]
    assert world.waiting() == []
    assert world.rows("SELECT path, state, held FROM files ORDER BY path") == [
        ("a.json", "duplicate", 0),
        ("b.json", "put_away", 0),
    ]


def test_a_kill_ends_the_wait_of_what_is_withheld(world: World) -> None:
    world.drop("a.json", file(item("one", NOW, pubstatus="withheld")))
    world.turn()
    world.drop("b.json", file(item("one", NOW + 50, pubstatus="canceled", body_text="")))
    world.turn()
    world.turn()
    assert [(article.id, article.pubstatus, article.body) for article in world.memory.articles] == [
        (id_of("one"), "canceled", "")
    ]
    assert world.waiting() == []


def test_a_file_that_is_replaced_while_it_is_held_is_a_new_file(world: World) -> None:
    world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60))))
    world.turn()
    world.clock.now += 5
    world.drop("a.json", file(item("two", NOW)))
    world.turn()
    world.clock.now += 100
    world.turn()
    assert names(world) == ["Bridge two"]
    assert world.rows("SELECT state, held, put_away FROM files WHERE number = 1") == [("rejected", 0, "")]
    assert world.rows("SELECT * FROM held") == []


def test_a_file_that_is_taken_away_while_it_is_held_is_never_published(world: World) -> None:
    path = world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60))))
    world.turn()
    path.unlink()
    world.clock.now += 100
    world.turn()
    assert world.memory.messages == []
    assert world.rows("SELECT count(*) FROM held") == [(0,)]
    assert "taken away" in str(world.rows("SELECT message FROM files"))


def test_a_file_that_is_put_into_the_inbox_again_while_it_is_held_changes_nothing(world: World) -> None:
    path = world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60))))
    world.turn()
    world.closed(path)
    world.turn()
    assert world.rows("SELECT state FROM files") == [("embargoed",)]
    world.clock.now += 61
    world.turn()
    assert names(world) == ["Bridge one"]


def test_what_is_withheld_after_it_was_published_goes_out_of_search_until_it_is_released(world: World) -> None:
    world.drop("a.json", file(item("one", NOW - 90)))
    world.turn()
    world.drop("b.json", file(item("one", NOW - 50, pubstatus="withheld", body_text="The secret.")))
    world.turn()
    back = world.memory.articles[-1]
    assert (back.id, back.pubstatus, back.body, back.title) == (id_of("one"), "canceled", "", None)
    assert world.waiting() == ["b.json"]
    world.drop("c.json", file(item("one", NOW - 10)))
    world.turn()
    world.turn()
    assert [one.pubstatus for one in world.memory.articles] == ["usable", "canceled", "usable"]
    assert [one.revision for one in world.memory.articles] == [round((NOW - ago) * 1000) for ago in (90, 50, 10)]
    assert world.waiting() == []
    assert not any(b"secret" in message.value for message in world.memory.messages)
