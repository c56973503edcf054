"""The whole corpus of bad files at once, beside good articles, on the real service."""

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from newswire import dead_letter
from newswire.dead_letter import DeadLetter
from services.ingest.inbox import shown
from tests.corpus import CASES, UNTOLD, Case, story, write
from tests.integration.ingest.conftest import Ingest

GOOD = 50
# In every message: what is wrong, and what to do about it.
SENTENCE = re.compile(r".+?: .+(?:[;?]|\. [A-Z]|\bmust\b).*[.?]", re.DOTALL)


def dropped(ingest: Ingest) -> list[Case]:
    """Write all of the corpus and the good articles, mixed; returns the cases that this system can make."""
    made = []
    for number, case in enumerate(CASES):
        try:
            write(case, ingest.inbox / ingest.tag)
        except PermissionError:  # a device, where the tests do not run as root
            continue
        made.append(case)
        if number < GOOD:
            ingest.drop(f"good-{number}.txt", story(f"good file {number}"))
    return made


def test_every_bad_file_ends_in_its_place_and_stops_nobody(ingest: Ingest) -> None:
    ingest.start(without_privilege=True, NEWSWIRE_SETTLE="200ms", NEWSWIRE_LOG_LEVEL="info")
    ingest.until(lambda: ingest.ready().get("ready"))
    cases = dropped(ingest)
    staying = sorted(Path(case.name).name for case in cases if case.place is None)
    finished = len(cases) + GOOD - sum(case.ignored for case in cases)
    ingest.until(lambda: len(ingest.rows("SELECT 1 FROM files")) >= finished and ingest.waiting() == staying)
    ingest.until(
        lambda: not ingest.rows("SELECT 1 FROM files WHERE state NOT IN ('embargoed') AND put_away_at IS NULL")
    )

    assert ingest.ready().get("ready"), ingest.ready()
    letters = ingest.letters()
    articles = Counter(found.source.path for found, _ in ingest.articles())
    by_path = defaultdict(list)
    for letter in letters:
        by_path[letter.key].append(letter)
    files = {path: (state, away) for path, state, away in ingest.rows("SELECT path, state, put_away FROM files")}

    wrong = {}
    for case in cases:
        path = shown(f"{ingest.tag}/{case.name}")
        told = [*differences(case, by_path[path], articles[path]), *misplaced(case, ingest.data, files.get(path))]
        if told:
            wrong[path] = told
    assert not wrong, "\n".join(f"{path}: {'; '.join(told)}" for path, told in wrong.items())
    assert sum(articles[f"{ingest.tag}/good-{number}.txt"] for number in range(GOOD)) == GOOD
    assert max(articles.values()) <= max(case.articles for case in cases)

    log = ingest.log.read_text()
    assert all(line.startswith("timestamp=") and line.isprintable() for line in log.splitlines())
    assert log.count("event=refused") == len(letters)
    assert UNTOLD not in log
    assert not any(UNTOLD.encode() in dead_letter.encode(one) or UNTOLD.encode() in one.original for one in letters)
    assert not any(UNTOLD in note.read_text() for note in ingest.data.rglob("*.reason.json") if note.name[0] != "n")


def differences(case: Case, letters: Sequence[DeadLetter], articles: int) -> list[str]:
    """What is wrong with what was published of a case and said about it."""
    found = []
    reasons = sorted(one.reason.value for one in letters)
    if reasons != sorted(one.value for one in case.refused):
        found.append(f"refused as {reasons}")
    if articles != case.articles:
        found.append(f"{articles} articles published")
    content = b"" if case.make else case.bytes
    for letter in letters:
        if not SENTENCE.fullmatch(letter.message):
            found.append(f"says only {letter.message!r}")
        whole = letter.source is not None and letter.source.record is None
        if letter.bytes_complete and (letter.original != content if whole else not letter.original):
            found.append("its letter has other bytes")
    return found


def misplaced(case: Case, data: Path, row: tuple[str, str] | None) -> list[str]:
    """What is wrong with where the file of a case lies, and the note beside it."""
    if case.ignored:
        return ["it was not left alone"] if row else []
    if row is None:
        return ["the ledger does not know it"]
    state, where = row
    if case.held:
        return [] if state == "embargoed" else [f"its state is {state}"]
    if where.partition("/")[0] != case.place or not os.path.lexists(data / where):
        return [f"it lies in {where!r}"]
    notes = sorted((data / where).parent.glob("*.reason.json"))
    if not case.refused:
        return []
    note = data / f"{where}.reason.json"
    if not note.exists():
        return [f"no note beside it, but {len(notes)} others"]
    told = json.loads(note.read_bytes())
    reasons = [one["reason"] for one in (told if isinstance(told, list) else [told])]
    return [] if sorted(reasons) == sorted(case.refused) else [f"its note says {reasons}"]
