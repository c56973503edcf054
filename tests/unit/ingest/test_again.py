import json
import threading
from pathlib import Path

import pytest

from newswire import article
from newswire.article import Article
from newswire.kafka import Pending
from newswire.pace import Pace
from newswire.topics import Headers
from services.ingest.again import Again, Source, Tally, Unreadable
from services.ingest.ledger.reader import LedgerReader
from services.ingest.reader import DirectReader
from tests.unit.ingest.stories import story
from tests.unit.ingest.world import READING, TODAY, World


class Acknowledged:
    def get(self, timeout: float) -> object:
        return None


class Broker:
    """Remembers what it is sent; ``on_send`` is called before each."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.headers: list[dict[str, bytes]] = []

    def send(self, topic: str, *, key: bytes, value: bytes, headers: Headers) -> Pending:
        assert topic == "newswire.raw.v1"
        self.articles.append(article.decode(value))
        self.headers.append(dict(headers))
        assert key.decode() == self.articles[-1].id
        return Acknowledged()


class Sender:
    """Sends again what a world has published, at once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.broker = Broker()
        self.stop = threading.Event()

    def send(self, name: str, wanted: object = None, **named: object) -> Tally | None:
        with LedgerReader(self.world.data / "ingest" / "ledger.sqlite3") as ledger:
            pace = Pace(1e9, wait=self.stop.wait)
            again = Again(ledger, DirectReader(READING), self.broker, pace)
            file = self.world.data / name
            source = Source(file, Path(name).name, "UTC")._replace(**named)  # type: ignore[arg-type]
            return again.send(source, wanted)  # type: ignore[arg-type]


@pytest.fixture
def sender(world: World) -> Sender:
    return Sender(world)


def lines(*numbers: int) -> str:
    return "\n".join(
        json.dumps({"title": f"T {n}", "body": f"Report {n} of the harbour.", "guid": f"g-{n}"}) for n in numbers
    )


def test_what_goes_out_again_is_the_same_article(world: World, sender: Sender) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    assert sender.send(f"processed/{TODAY}/a.txt") == Tally(sent=1)
    assert sender.broker.articles == world.memory.articles
    assert sender.broker.articles[0].cluster is not None
    # A second attempt: nobody takes its time from file to index for the system's.
    assert sender.broker.headers[0]["attempts"] == b"2"
    assert world.rows("SELECT count(*) FROM files") == [(1,)]


def test_an_older_content_goes_out_with_its_older_revision(world: World, sender: Sender) -> None:
    for body in ("first", "second"):
        world.drop("a.json", json.dumps({"title": "T", "body": f"The {body} text.", "guid": "g"}))
        world.turn()
    assert sender.send(f"processed/{TODAY}/a.json") == Tally(sent=1)
    assert [one.revision for one in sender.broker.articles] == [world.memory.articles[0].revision]
    assert world.memory.articles[0].revision < world.memory.articles[1].revision


def test_only_what_is_wanted_goes_out(world: World, sender: Sender) -> None:
    world.drop("list.ndjson", lines(1, 2, 3))
    world.turn()
    second = world.memory.articles[1].id
    tally = sender.send(
        f"processed/{TODAY}/list.ndjson", lambda known: {(one.id, one.content) for one in known if one.id == second}
    )
    assert tally == Tally(sent=1, others=2)
    assert [one.id for one in sender.broker.articles] == [second]


def test_what_was_never_published_does_not_go_out(world: World, sender: Sender) -> None:
    (world.data / "new.ndjson").write_text(lines(1, 2) + "\n{broken\n")
    assert sender.send("new.ndjson") == Tally(unknown=2, refused=1)
    # Fixed, and stopped before the broker had it: ingest will publish it from the inbox.
    assert sender.broker.articles == []


def test_a_file_that_is_not_what_was_put_away_is_not_sent(world: World, sender: Sender) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    with pytest.raises(Unreadable, match="was changed since"):
        sender.send(f"processed/{TODAY}/a.txt", sha256="00" * 32)
    with pytest.raises(Unreadable, match="is gone"):
        sender.send(f"processed/{TODAY}/none.txt")
    with pytest.raises(Unreadable, match="cannot be read again: It is something else"):
        sender.send(f"processed/{TODAY}")
    assert sender.broker.articles == []


def test_it_ends_where_it_is_stopped(world: World, sender: Sender) -> None:
    world.drop("list.ndjson", lines(*range(20)))
    world.turn()
    sender.stop.set()
    assert sender.send(f"processed/{TODAY}/list.ndjson") is None
    assert sender.broker.articles == []


def test_what_came_before_with_another_file_is_sent_with_that(sender: Sender) -> None:
    for name in ("a.txt", "b.txt"):
        sender.world.drop(name, story(1))
        sender.world.turn()
    numbers = dict(sender.world.rows("SELECT path, number FROM files"))
    assert sender.send(f"processed/{TODAY}/b.txt", number=numbers["b.txt"]) == Tally(others=1)
    assert sender.send(f"processed/{TODAY}/a.txt", number=numbers["a.txt"]) == Tally(sent=1)
    # With a copy that the ledger has no row of, or whose first file it has let go, it is sent.
    assert sender.send(f"processed/{TODAY}/b.txt") == Tally(sent=1)
    sender.world.ledger._db.execute("DELETE FROM files WHERE number = ?", (numbers["a.txt"],))
    assert sender.send(f"processed/{TODAY}/b.txt", number=numbers["b.txt"]) == Tally(sent=1)
