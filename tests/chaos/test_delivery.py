"""What the whole promises: nothing is lost, nothing is there twice, the newest wins."""

import os
import signal

from newswire.reasons import Stage
from tests.chaos.conftest import Rig

FILES = 500


def article(number: int, agency: str) -> dict[str, str]:
    return {
        "guid": f"{agency}-{number}",
        "agency": agency,
        "title": f"Report {number} from Kharkiv",
        "published_at": "2025-02-07T10:00:00Z",
        "body": f"Shelling of Kharkiv killed {number + 2} people on Friday, officials said.",
    }


def test_500_files_while_every_service_is_killed_once_are_500_documents(rig: Rig) -> None:
    portions = [range(start, start + FILES // 4) for start in range(0, FILES, FILES // 4)]
    for portion, victim in zip(portions, [Stage.INGEST, Stage.ENRICH, Stage.INDEX, None], strict=True):
        before = rig.out(victim) if victim else 0.0
        for number in portion:
            rig.drop(f"killed-{number}.json", **article(number, "killed"))
        if victim is None:
            continue
        # In the middle of its work: it has finished some of this portion, and not all.
        rig.until(lambda victim=victim, before=before: rig.out(victim) > before)
        child = rig.service(victim).child
        os.kill(child.pid or 0, signal.SIGKILL)
        rig.until(lambda child=child: not child.alive)
    rig.until(lambda: rig.count(agency="killed") == FILES)
    rig.until(lambda: not any(rig.inbox.iterdir()))
    assert {one["title"] for one in rig.documents(agency="killed")} == {
        f"Report {number} from Kharkiv" for number in range(FILES)
    }
    assert rig.put_away() == FILES
    assert rig.letters() == 0
    assert sorted(service.restarts for service in rig.system.services) == [1, 1, 1]


def test_a_file_dropped_twice_is_one_document(rig: Rig) -> None:
    rig.drop("once.json", **article(1, "twice"))
    rig.until(lambda: rig.count(agency="twice") == 1)
    before = rig.put_away()
    rig.drop("again.json", **article(1, "twice"))
    rig.until(lambda: rig.put_away() == before + 1)
    rig.drop("after.json", **article(2, "after"))
    rig.until(lambda: rig.count(agency="after") == 1)
    assert rig.count(agency="twice") == 1


def test_an_older_revision_that_comes_after_a_newer_one_changes_nothing(rig: Rig) -> None:
    newer = article(1, "order") | {"updated_at": "2025-02-07T12:00:00Z", "caption": "newer"}
    older = article(1, "order") | {"updated_at": "2025-02-07T11:00:00Z", "caption": "older"}
    rig.drop("newer.json", **newer)
    rig.until(lambda: rig.count(agency="order") == 1)
    rig.drop("older.json", **older)
    rig.drop("behind.json", **article(2, "behind"))
    rig.until(lambda: rig.count(agency="behind") == 1)
    figures = rig.service(Stage.INDEX).figures()
    assert figures is not None
    assert figures.total("articles_out_total", outcome="stale") >= 1
    assert [one["caption"] for one in rig.documents(agency="order")] == ["newer"]


def test_a_broken_file_is_put_away_with_its_reason_and_stops_nobody(rig: Rig) -> None:
    (rig.inbox / "broken.json").write_bytes(b"\0\1\2 no text at all \0")
    rig.drop("neighbour.json", **article(1, "neighbour"))
    rig.until(lambda: rig.count(agency="neighbour") == 1)
    rig.until(lambda: rig.letters() == 1)
    rejected = [path.name for path in (rig.data / "rejected").rglob("*") if path.is_file()]
    assert sorted(rejected) == ["broken.json", "broken.json.reason.json"]
