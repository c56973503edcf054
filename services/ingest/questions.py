"""What ingest answers over HTTP about files and articles: from the ledger, and from what it has in hand.

The pages read and change nothing, and none gives away what a file holds. Paths are
as messages carry them: relative to their inbox, one printable line.
"""

import difflib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from newswire.health import NoAnswer, Page
from newswire.reasons import Reason
from services.ingest import parameters
from services.ingest.answers import (
    ARTICLE,
    FILE,
    FILES,
    TOTALS,
    ArticleAnswer,
    FileAnswer,
    FilesAnswer,
    Now,
    Totals,
    Version,
)
from services.ingest.inbox import Inbox, is_temporary
from services.ingest.ledger.found import FORGOTTEN, STATES, FileFound, modified_at
from services.ingest.ledger.reader import NOTED, LedgerReader
from services.ingest.put_away import DELETED
from services.ingest.read import look

# Versions of one file, contents of one article: more are told of with ``more``.
MOST_VERSIONS = 20
MOST_CONTENTS = 100
LARGEST_PAGE = 1_000
# What one page of the list looks at before it says how far it came: 0.2 s.
SCANNED = 20_000
# Ids of articles in one answer on a list; the file itself has up to a thousand.
LISTED_ARTICLES = 10
SIMILAR = 8
RECENT = 5_000  # paths among which a misspelt name is looked for

_PUT_AWAY = re.compile(r"(?:processed|rejected)/\d{4}-\d\d-\d\d/.+", re.DOTALL)
_SHA256 = re.compile("[0-9a-f]{64}")
_ARTICLE = re.compile("[0-9a-f]{6,32}")


class Questions:
    """Answers about the ledger at ``ledger``, put-away files under ``data`` and ``inboxes``.

    ``doing`` says of an absolute path what the service does about it, if anything.
    Called on any thread; each answer has a connection of its own.
    """

    def __init__(
        self, ledger: Path, data: Path, inboxes: Sequence[Inbox], doing: Callable[[str], str | None] = lambda _: None
    ) -> None:
        self._ledger = ledger
        self._data = data
        self._inboxes = inboxes
        self._doing = doing

    def pages(self) -> dict[str, Page]:
        """The pages by their addresses."""
        return {TOTALS: self.totals, FILE: self.file, FILES: self.files, ARTICLE: self.article}

    def totals(self, _asked: Mapping[str, str]) -> Totals:
        """How many files are in which state."""
        with self._reading() as ledger:
            states = ledger.totals()
            forgotten = states.pop(FORGOTTEN)
            return Totals(states=states, forgotten=forgotten, unfinished_since=ledger.unfinished_since())

    def file(self, asked: Mapping[str, str]) -> FileAnswer:
        """``name``: a path below an inbox or an absolute one, a put-away place, a SHA-256, or a name alone."""
        name = asked.get("name", "")
        if not name or "\0" in name:
            raise NoAnswer(400, "Name a file: ?name=a.txt")
        with self._reading() as ledger:
            path = self._below(name)
            complete = True
            try:
                found = self._find(ledger, path)
            except TimeoutError:
                found, complete = [], False
            # The name alone may be that of a file in a directory.
            now = [
                one for at in dict.fromkeys((path, *(one.path for one in found[:1]))) for one in self._now(at, found)
            ]
            similar = [] if found else _similar(ledger, path)
        return FileAnswer(
            versions=[Version(file=one, there=self._is_there(one)) for one in found[:MOST_VERSIONS]],
            now=now,
            inboxes=[inbox.root for inbox in self._inboxes],
            similar=similar,
            complete=complete,
            more=len(found) > MOST_VERSIONS,
        )

    def files(self, asked: Mapping[str, str]) -> FilesAnswer:
        """``state`` and ``reason`` (several by commas), ``path`` (a pattern), ``since``, ``after``, ``size``."""
        states = parameters.choices(asked, "state", STATES)
        reasons = parameters.choices(asked, "reason", tuple(Reason))
        size = parameters.number(asked, "size", 100, LARGEST_PAGE)
        fits = parameters.matcher(asked.get("path", ""))
        since = parameters.milliseconds(asked["since"]) if asked.get("since") else None
        place = parameters.place(asked["after"]) if asked.get("after") else None
        noted = states[0] if len(states) == 1 and states[0] in NOTED else None
        found: list[FileFound] = []
        last = None
        with self._reading() as ledger:
            for scanned, one in enumerate(ledger.before(place, since, noted), 1):
                if (not states or one.state in states) and (not reasons or one.reason in reasons) and fits(one.path):
                    found.append(msgspec.structs.replace(one, articles=one.articles[:LISTED_ARTICLES]))
                if len(found) == size or scanned == SCANNED:
                    last = one
                    break
        return FilesAnswer(files=found, next=parameters.placed(last) if last else None)

    def article(self, asked: Mapping[str, str]) -> ArticleAnswer:
        """``id``: that of an article, or at least six digits of its beginning."""
        start = asked.get("id", "").lower()
        if not _ARTICLE.fullmatch(start):
            raise NoAnswer(400, "An article's id has 32 hexadecimal digits; at least the first six are needed.")
        with self._reading() as ledger:
            contents = ledger.identities(start, MOST_CONTENTS + 1)
            more = len(contents) > MOST_CONTENTS
            contents = contents[:MOST_CONTENTS]
            held = ledger.held(start, MOST_CONTENTS)
            numbers = dict.fromkeys([*(one.file for one in contents if one.file), *(one.file for one in held)])
            files = [found for number in numbers if (found := ledger.file(number))]
        return ArticleAnswer(contents=contents, files=files, held=held, more=more)

    @contextmanager
    def _reading(self) -> Iterator[LedgerReader]:
        try:
            with LedgerReader(self._ledger) as ledger:
                yield ledger
        except sqlite3.Error as error:
            raise NoAnswer(503, f"The ledger cannot be read: {error}.") from error

    def _find(self, ledger: LedgerReader, path: str) -> list[FileFound]:
        """The files that ``path`` may mean, by the first way that leads to any; raises TimeoutError."""
        most = MOST_VERSIONS + 1
        if found := ledger.at(path, most):
            return found
        if (place := _PUT_AWAY.search(path)) and (put_away := ledger.put_away(place[0])):
            return [put_away]
        if _SHA256.fullmatch(path):
            return ledger.of_content(path, most)
        return ledger.named(os.path.basename(path), most) if os.path.basename(path) else []

    def _below(self, name: str) -> str:
        """``name`` relative to the inbox or data directory it lies in, if it is absolute and lies in one."""
        roots = (*(inbox.root for inbox in self._inboxes), str(self._data))
        for root in roots:
            if name.startswith(f"{root}/"):
                return os.path.normpath(name[len(root) + 1 :])
        return os.path.normpath(name)

    def _now(self, path: str, found: Sequence[FileFound]) -> list[Now]:
        """What each inbox has at ``path``. Nothing outside of it is looked at."""
        if os.path.isabs(path) or ".." in path.split("/"):
            return []
        newest = next((one for one in found if one.path == path), None)
        every = []
        for inbox in self._inboxes:
            absolute = os.path.join(inbox.root, path)
            version = look(absolute)
            doing = self._doing(absolute)
            if version and newest and (newest.size, newest.modified_at) == (version.size, modified_at(version)):
                doing = doing or "done"
            if version or doing:
                temporary = any(map(is_temporary, path.split("/")))
                every.append(
                    Now(inbox=inbox.root, path=path, there=version is not None, temporary=temporary, doing=doing)
                )
        return every

    def _is_there(self, file: FileFound) -> bool | None:
        if file.put_away_at is None or file.put_away in ("", DELETED):
            return None
        return look(os.path.join(self._data, file.put_away)) is not None


def _similar(ledger: LedgerReader, path: str) -> list[str]:
    """Paths that look like ``path``: that hold the name without its ending, or are nearly so among the newest."""
    stem = os.path.basename(path).partition(".")[0] or path
    found = ledger.like(stem, SIMILAR) if len(stem) >= 3 else []
    if found:
        return found
    recent = ledger.newest_paths(RECENT)
    named = {os.path.basename(one): one for one in reversed(recent)}
    return [named[name] for name in difflib.get_close_matches(os.path.basename(path), list(named), SIMILAR, 0.75)]
