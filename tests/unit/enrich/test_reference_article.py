"""The article that the project was given as its reference, against the table of the contract (section 9).

The article is not part of the repository; where it lies beside it, as it does
with the project's own builds, these tests exist.
"""

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parents[4] / "shared" / "samples" / "000_4515c4aa4f349355.txt"


@cache
def document() -> dict[str, Any]:
    """What ``newswire annotate`` makes of it."""
    command = [sys.executable, "-m", "newswire", "annotate", str(REFERENCE)]
    answer = subprocess.run(command, capture_output=True, check=True, timeout=120)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def events(kind: str) -> list[dict[str, Any]]:
    return [event for event in document()["events"] if event["type"] == kind]


def names(kind: str) -> set[str]:
    return {entity["name"] for entity in document()["entities"] if entity["type"] == kind}


# Every mention, as a reader of the article marks them: by type and name, what stands there and how often.
MENTIONS: dict[tuple[str, str], dict[str, int]] = {
    ("place", "Toretsk"): {"Toretsk": 6, "Dzerzhinsk": 1},
    ("place", "Donetsk region"): {"Donetsk": 1},
    ("place", "Russia"): {"Russia": 6},
    ("place", "Moscow"): {"Moscow": 3},
    ("place", "Ukraine"): {"Ukraine": 1},
    ("place", "Kyiv"): {"KYIV": 1, "Kyiv": 1},
    ("place", "Sumy"): {"Sumy": 3},
    ("place", "Kursk"): {"Kursk": 1},
    ("place", "United States"): {"US": 1},
    ("nationality", "Russian"): {"Russian": 8},
    ("nationality", "Ukrainian"): {"Ukrainian": 5},
    ("group", "28th brigade"): {"28th brigade": 1},
    ("group", "Donetsk People's Republic"): {"Donetsk People’s Republic": 1},
    ("organization", "AFP"): {"AFP": 1},
    ("organization", "Kremlin"): {"Kremlin": 1},
    ("organization", "Russia's defence ministry"): {"Moscow’s defence ministry": 1},
    ("organization", "Ukraine's foreign ministry"): {"Ukraine’s foreign ministry": 1},
    ("organization", "X"): {"X": 1},
    ("person", "Donald Trump"): {"Donald Trump": 1},
}

if REFERENCE.exists():

    def test_the_parts_of_the_format_are_in_their_fields() -> None:
        found = document()
        assert found["published_at"] == "2025-02-07T00:00:00Z"
        assert (found["credit"], found["dateline"]["geonameid"]) == ("AFP", 703448)
        assert found["title"].startswith("About 90%")
        assert found["caption"].endswith("for months.")
        assert len(found["subheads"]) == 2
        assert "(Photo" not in found["body"]
        assert "KYIV" not in found["body"]

    def test_the_seizure_is_claimed_and_denied_in_one_event() -> None:
        (event,) = events("conflict.battle.territory_gained_state")
        assert event["place"]["name"] == "Toretsk"
        assert (event["actors"], event["status"]) == (["Russia"], "claimed")
        assert (event["claimed_by"], event["denied_by"]) == (["Russia"], ["Ukraine"])
        assert event["date"] == {"from": "2025-02-07", "to": "2025-02-07"}

    def test_the_offensive_of_half_a_year_ago_is_history() -> None:
        (event,) = events("conflict.battle.offensive")
        assert (event["place"]["name"], event["actors"], event["status"]) == ("Kursk", ["Ukraine"], "historical")
        assert event["date"]["from"].startswith("2024-08")

    def test_two_strikes_stay_two() -> None:
        counts = {
            (event["place"]["geonameid"], event["date"]["to"]): event["fatalities"]
            for event in events("conflict.remote.air_drone_strike")
        }
        assert counts == {
            (692196, "2025-02-07"): {"min": 3, "max": 3},
            (692194, "2025-01-31"): {"min": 9, "max": None},
        }

    def test_shelling_displacement_and_the_investigation_are_there() -> None:
        assert "Toretsk" in {event["place"]["name"] for event in events("conflict.remote.shelling_missile")}
        (fled,) = events("humanitarian.displacement")
        assert (fled["place"]["name"], fled["displaced"]) == ("Toretsk", {"min": 27000, "max": 27000})
        (probe,) = events("law.war_crimes_probe")
        assert probe["date"]["from"] == "2025-02-07"

    def test_every_name_is_found_and_no_other() -> None:
        found = Counter(
            (entity["type"], entity["name"], mention["text"])
            for entity in document()["entities"]
            for mention in entity["mentions"]
        )
        marked = Counter(
            {(*entity, text): count for entity, texts in MENTIONS.items() for text, count in texts.items()}
        )
        right = (found & marked).total()
        f1 = 2 * right / (found.total() + marked.total())
        assert f1 >= 0.95, (found - marked, marked - found)

    def test_nothing_is_invented() -> None:
        # Its sentences also carry a clash, which may be told as a part of the offensive.
        assert set(document()["event_tags"]) - {"conflict.battle.armed_clash"} == {
            "conflict.battle.offensive",
            "conflict.battle.territory_gained_state",
            "conflict.remote.air_drone_strike",
            "conflict.remote.shelling_missile",
            "humanitarian.displacement",
            "humanitarian.infrastructure_damage",
            "law.war_crimes_probe",
        }

    def test_the_names_are_there_and_toretsk_is_one_place_under_both_its_names() -> None:
        places = {"Toretsk", "Kyiv", "Sumy", "Kursk", "Donetsk region", "Russia", "Ukraine", "Moscow", "United States"}
        assert names("place") == places
        assert names("person") == {"Donald Trump"}
        assert {"AFP", "Ukraine's foreign ministry", "X"} <= names("organization")
        assert names("group") == {"28th brigade", "Donetsk People's Republic"}
        (toretsk,) = (entity for entity in document()["entities"] if entity["name"] == "Toretsk")
        assert sorted((one["text"], one["field"]) for one in toretsk["mentions"]) == [
            ("Dzerzhinsk", "body"),
            ("Toretsk", "body"),
            ("Toretsk", "body"),
            ("Toretsk", "body"),
            ("Toretsk", "body"),
            ("Toretsk", "caption"),
            ("Toretsk", "title"),
        ]

    def test_every_time_expression_has_its_value() -> None:
        values = {(one["text"], one["value"]) for one in document()["dates"]}
        assert {
            ("Friday", "2025-02-07"),
            ("last July", "2024-07"),
            ("July last year", "2024-07"),
            ("last summer", "2024-SU"),
            ("2022", "2022"),
            ("late last month", "2025-01"),
            ("six months ago", "2024-08"),
        } <= values
