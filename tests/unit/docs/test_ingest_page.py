"""docs/ingest.md is true: its examples are run, its tables compared with the code."""

import gzip
import io
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from newswire.cli.settings_table import table
from newswire.identity import external_version, id_of_identifier
from newswire.reasons import REASONS, Reason, Stage
from newswire.topics import ARTICLE_CAP, BODY_CAP
from services.ingest.ledger.found import STATES
from services.ingest.readers import read
from services.ingest.readers.format import Context, Found, Limits
from services.ingest.readers.formats import FORMATS
from services.ingest.readers.names import JSON_FEED, OWN, SCHEMA_ORG, Form, fold
from services.ingest.readers.record import Pubstatus, RawArticle, Refused
from services.ingest.settings import IngestSettings
from tests.unit.docs.page import ROOT, Section, code, sections
from tests.unit.ingest.conftest import make_world, world
from tests.unit.ingest.world import World

__all__ = ["make_world", "world"]  # fixtures

PAGE = sections("ingest.md")
TEXT = (ROOT / "docs" / "ingest.md").read_text("utf-8")
SHOWN = [one for one in PAGE.values() if any("here" in rows[0] for rows in one.tables())]
NAMES = {name for one in FORMATS if (name := getattr(one, "name", None))}


def found(data: bytes, name: str = "example") -> list[Found]:
    return list(read(io.BytesIO(data), Context(name, UTC)))


def articles(data: bytes) -> list[RawArticle]:
    return [one.record for one in found(data) if isinstance(one.record, RawArticle)]


def example(section: Section) -> bytes:
    return next(iter(section.examples.values()))


def told(article: RawArticle, field: str) -> str:
    """A field as the page writes it."""
    value: Any = getattr(article, field)
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case list():
            return ", ".join(subhead.text for subhead in value)
        case str():
            return value.replace("\n\n", " ¶ ")
        case name:
            return " ".join(filter(None, (name.scheme, name.issuer, name.value)))


@pytest.mark.parametrize("section", SHOWN, ids=lambda section: section.title)
def test_an_example_has_the_format_and_the_fields_that_its_table_says(section: Section) -> None:
    first = found(example(section))[0]
    assert isinstance(first.record, RawArticle), first.record
    assert first.format in code(section.text.partition("·")[0])
    for row in section.table("here"):
        fields = [field.strip() for field in row["field"].split(",")]
        assert [told(first.record, field) for field in fields] == code(row["here"]), row


@pytest.mark.parametrize(
    ("column", "form"),
    [("own form", OWN), ("schema.org (`@type` …`Article`, `BlogPosting`)", SCHEMA_ORG), ("JSON Feed", JSON_FEED)],
    ids=["own", "schema.org", "feed"],
)
def test_the_names_of_fields_in_json_are_those_that_are_read(column: str, form: Form) -> None:
    for row in PAGE["JSON: own form, schema.org, JSON Feed"].table(column):
        said = [fold(name) for name in code(re.split("[:;]", row[column])[0]) if name]
        assert bool(said) == bool(form.names[row["field"]]), row
        assert set(said) <= {fold(name) for name in form.names[row["field"]]}, row


def test_there_is_an_example_with_a_table_for_every_format_of_articles() -> None:
    shown = {name for one in SHOWN for name in code(one.text.partition("·")[0])}
    containers = {"gzip", "bzip2", "xz", "zstd", "zip", "tar", "warc", "mbox"}
    assert shown == NAMES - containers - {"xml", "withdrawal"}


def test_the_first_table_names_every_format_once() -> None:
    rows = PAGE["Formats at a glance"].table("source")
    named = [name for row in rows for name in code(row["source"])]
    assert set(named) == NAMES - {"xml"}
    assert len(named) == len(set(named)) + 1  # ninjs is JSON
    links = {link for row in rows for link in re.findall(r"\(#([\w-]+)\)", row["format"])}
    assert links <= {anchor(title) for title in PAGE}


def anchor(title: str) -> str:
    """What a link to a heading is called."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def test_every_link_leads_somewhere() -> None:
    for target, fragment in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", TEXT):
        assert not target or (ROOT / "docs" / target).exists(), target
        if fragment:
            titles = sections(target or "ingest.md")
            assert fragment in {anchor(title) for title in titles}, fragment


# What the first table says of withdrawals and embargoes: a change to each example, and what it does.
SIGNALS = [
    ("JSON: own form, schema.org, JSON Feed", '"id"', '"pubstatus": "canceled", "id"', "canceled"),
    ("JSON: own form, schema.org, JSON Feed", '"id"', '"pubstatus": "withheld", "id"', "withheld"),
    ("JSON: own form, schema.org, JSON Feed", '"id"', '"embargo": "2030-01-01T00:00:00Z", "id"', "embargo"),
    ("ninjs", "usable", "canceled", "canceled"),
    ("ninjs", '"type"', '"embargoed": "2030-01-01T00:00:00Z", "type"', "embargo"),
    ("NDJSON", '"title"', '"pubstatus": "canceled", "id": "7", "title"', "canceled"),
    ("CSV and TSV", "Published at", "embargo", "embargo"),
    ("WordPress export", "<wp:status>publish", "<wp:status>future", "embargo"),
    ("NITF", "usable", "canceled", "canceled"),
    ("NITF", "<date.issue", '<date.release norm="20300101T000000Z"/><date.issue', "embargo"),
    ("NewsML 1.2", "Usable", "Canceled", "canceled"),
    ("NewsML 1.2", "Usable", "Withheld", "withheld"),
    ("NewsML-G2", "stat:usable", "stat:canceled", "canceled"),
    ("NewsML-G2", "<pubStatus", "<embargoed>2030-01-01T00:00:00Z</embargoed><pubStatus", "embargo"),
    ("Ritzau", "false</Annuleret>", "true</Annuleret>", "canceled"),
    ("IPTC 7901", "URGENT", "EMBARGOED UNTIL 00:01 GMT 8 Feb", "embargo"),
    ("ANPA 1312", "^Eds: Adds quotes.<", "^EMBARGOED UNTIL 00:01 GMT 8 Feb<", "embargo"),
    ("E-mail", "OSLO - ", "EMBARGOED UNTIL 00:01 GMT 8 Feb 2025\n\nOSLO - ", "embargo"),
]


@pytest.mark.parametrize(("title", "old", "new", "signal"), SIGNALS)
def test_an_example_with_a_signal_is_withdrawn_or_held(title: str, old: str, new: str, signal: str) -> None:
    text = example(PAGE[title]).decode()
    assert old in text
    (changed, *_) = articles(text.replace(old, new, 1).encode())
    if signal in get_args(Pubstatus):
        assert changed.pubstatus == signal
    else:
        assert changed.embargo is not None


def test_a_text_with_an_embargo_line_is_held_if_the_first_table_says_so() -> None:
    (row,) = (row for row in PAGE["Formats at a glance"].table("source") if row["source"] == "`text`")
    (changed,) = articles(b"Budget passed\n\nEMBARGOED UNTIL 00:01 GMT 8 Feb 2030\n\nOSLO - The budget was passed.\n")
    is_held = changed.embargo is not None or changed.pubstatus == "withheld"
    assert is_held == (row["embargo"] != "–"), "the table, and the signals of the text format, have to say it"


@pytest.mark.parametrize("wrapper", ["articles", "results", "_source"])
def test_what_lies_in_a_wrapper_is_read(wrapper: str) -> None:
    inside = example(PAGE["JSON: own form, schema.org, JSON Feed"]).decode()
    assert f"`{wrapper}`" in PAGE["JSON: own form, schema.org, JSON Feed"].text
    value = inside.strip().strip("[]") if wrapper == "_source" else inside
    assert [one.title for one in articles(f'{{"{wrapper}": {value}}}'.encode())] == ["Ferry back"]


def test_a_line_kill_takes_back_the_message_that_it_names() -> None:
    text = example(PAGE["IPTC 7901"]).decode().replace("URGENT", "KILL").replace("Gusts of", "Kill xyz0122. Gusts of")
    killed = [one for one in articles(text.encode()) if one.pubstatus == "canceled"]
    assert [one.identifier.value for one in killed if one.identifier] == ["iptc7901:xyz122:2025-02-07"]


def test_a_feed_takes_back_its_entry() -> None:
    feed = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
        <title>T</title><at:deleted-entry ref="tag:a,2026:1" when="2026-02-14T10:00:00Z"/></feed>"""
    assert [one.pubstatus for one in articles(feed)] == ["canceled"]


def test_the_web_archive_holds_the_page_that_it_shows() -> None:
    (page,) = found(example(PAGE["Web archive"]))
    assert (page.format, page.member) == ("html", "https://harbour.example/ferry-late")
    assert isinstance(page.record, RawArticle), page.record
    assert page.record.title == "Ferry late"


def test_the_tar_of_the_page_gives_what_its_table_says() -> None:
    rows = PAGE["Archives and compressed files"].table("a tar that holds")
    named = [code(row["a tar that holds"])[0] for row in rows]
    given = list(found(_tar(named), "day.tar"))
    for name, row in zip(named, rows, strict=True):
        mine = [one for one in given if one.member and one.member.startswith(name)]
        said = code(row["gives"])
        if row["gives"].startswith("an article"):
            assert mine, name
            assert {one.member for one in mine} == {said[-1]}
            assert all(isinstance(one.record, RawArticle) for one in mine)
        elif row["gives"] == "nothing":
            assert not mine
        else:
            refused = [one.record.reason for one in given if isinstance(one.record, Refused)]
            assert Reason(said[0]) in refused
    assert len(given) == 6


def _tar(names: list[str]) -> bytes:
    contents = {
        "text/storm.txt": example(PAGE["Text"]),
        "morning.ndjson.gz": gzip.compress(example(PAGE["NDJSON"])),
        "photo.jpg": b"\xff\xd8\xff\xe0" + bytes(64),
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in names:
            one = tarfile.TarInfo(name)
            one.type = tarfile.SYMTYPE if name == "latest.txt" else tarfile.REGTYPE
            data = b"" if one.issym() else contents.get(name, b"text")
            one.size = len(data)
            archive.addfile(one, io.BytesIO(data))
    return packed.getvalue()


def test_the_limits_are_those_of_the_code() -> None:
    values = {row["limit"]: row["value"] for row in PAGE["Archives and compressed files"].table("limit")}
    limits = Limits()
    assert values["ratio"] == f"{limits.ratio:,}"
    assert values["members"] == f"{limits.members:,}"
    assert values["depth"] == f"{limits.depth}"
    assert values["body"] == f"{BODY_CAP >> 20} MiB"
    assert values["message"] == f"{ARTICLE_CAP >> 20} MiB"


def test_every_reason_is_explained() -> None:
    rows = PAGE["Bad input"].table("reason")
    assert [code(row["reason"])[0] for row in rows] == [reason.value for reason in REASONS[Stage.INGEST]]


def test_every_state_of_the_ledger_is_explained_and_drawn() -> None:
    section = PAGE["What happens to a file"]
    explained = [code(row["state"])[0] for row in section.table("state")]
    assert explained == ["waiting", "settling", *STATES]
    assert set(re.findall(r"\b([a-z_]+)(?= -->|: )", section.text)) >= set(explained)


def test_the_table_of_settings_is_up_to_date() -> None:
    assert table(IngestSettings) in PAGE["Settings"].text, "copy the table from docs/settings.md"


# The worked examples.


def search(world: World, article: str) -> str:
    """What a search finds of an article: the title of its highest version, unless that is a tombstone."""
    sent = [one for one in world.memory.articles if one.id == article]
    newest = max(
        sent,
        key=lambda one: external_version(
            one.revision, canceled=one.pubstatus == "canceled", status="ok", enrichment_version=1
        ),
    )
    return "–" if newest.pubstatus == "canceled" else str(newest.title)


def _drops(section: Section) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    for row in section.table("dropped"):
        name = code(row["dropped"])[0]
        yield name, section.examples[name], row


def test_revisions_and_duplicates_go_as_the_page_tells(world: World) -> None:
    section = PAGE["Duplicates and revisions"]
    article = id_of_identifier("guid", "NNA", "77")
    assert article in section.text
    for number, (name, data, row) in enumerate(_drops(section)):
        before = len(world.memory.articles)
        world.drop(f"{number}-{name}", data)
        world.turn()
        assert world.rows("SELECT state FROM files ORDER BY number DESC LIMIT 1") == [(row["state"].strip("`"),)]
        sent = world.memory.articles[before:]
        said = [f"revision {one.revision}" + ", canceled" * (one.pubstatus == "canceled") for one in sent]
        assert said == ([] if row["published"] == "–" else [row["published"]])
        assert search(world, article) == row["search finds"]


def test_embargoes_go_as_the_page_tells(world: World) -> None:
    section = PAGE["Embargoes"]
    rows = section.table("when")
    states, titles = [], []

    def look() -> None:
        world.turn()
        states.extend(world.rows("SELECT state FROM files WHERE path = 'budget.json'"))
        titles.append([one.title for one in world.memory.articles])

    world.drop("budget.json", section.examples["budget.json"])  # at noon, by the clock of the world
    look()
    world.clock.now += 6 * 3600
    look()
    world.clock.now += 3600
    world.drop("names-released.json", section.examples["names-released.json"])
    world.turn()
    look()
    assert states == [(row["state of `budget.json`"].strip("`"),) for row in rows]
    assert titles == [["Weather"], ["Weather", "Budget"], ["Weather", "Budget", "Names"]]


def test_the_withdrawal_of_the_page_is_one() -> None:
    (withdrawal,) = articles(example(PAGE["Withdrawals"]))
    assert withdrawal.pubstatus == "canceled"


def test_every_example_has_the_name_by_which_it_is_found() -> None:
    opened = re.findall(r"^```(\S.*)$", TEXT, re.MULTILINE)
    assert len(opened) == 1 + sum(len(section.examples) for section in PAGE.values())
    assert [one for one in opened if len(one.split()) != 2] == ["mermaid"]
