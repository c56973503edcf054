"""Names of files: what a file system allows and people do not expect. Each is of a good article."""

import os
from collections.abc import Iterator

from tests.corpus.case import Case, story

_LONG = "n" * 251 + ".txt"

_NAMES = (
    ("line\nbreak.txt", "a line break"),
    ("forged\ntimestamp=2026-02-13 level=error event=forged.txt", "a line of the log"),
    ("return\r.txt", "a carriage return"),
    ("escape\x1b[2J.txt", "a command to the terminal"),
    ("turned\u202etxt.exe", "letters that turn round what follows"),
    ("separator\u2028.txt", "a line separator of Unicode"),
    ("next\x85line.txt", "a control character of Latin-1"),
    (os.fsdecode(b"latin\xe9.txt"), "a byte that is no UTF-8"),
    (os.fsdecode(b"\xff\xfe\xed\xa0\x80.txt"), "bytes that are no UTF-8 anywhere"),
    (_LONG, "255 bytes"),
    ("\u00f8" * 125 + ".txt", "255 bytes in 129 letters"),
    ("a " * 20 + ".txt", "blanks"),
    (" leading.txt", "a blank in front"),
    ("trailing.txt ", "a blank behind"),
    ("-rf", "an option"),
    ("--help.txt", "another option"),
    ("$(reboot).txt", "a command to the shell"),
    ("quotes'\"`.txt", "quotation marks"),
    ("back\\slash.txt", "a backslash"),
    ("100%.txt", "a per cent sign"),
    ("%2e%2e%2f.txt", "a path that is encoded"),
    ("CON.txt", "a device of Windows"),
    ("colon:stream.txt", "a stream of Windows"),
    ("<b>bold</b>.txt".replace("/", "\u2215"), "tags"),
    ("smile\U0001f600.txt", "a picture letter"),
    ("e\u0301.txt", "an accent that stands alone"),
    ("\u00e9.txt", "the same with its letter"),
    ("note.reason.json", "the name of a note beside another file"),
    ("no-suffix", "no suffix"),
    ("many.dots.in.it.txt", "many dots"),
    ("/".join(["deep"] * 40) + "/down.txt", "forty directories"),
    ("/".join(["long" * 50] * 15) + "/down.txt", "a path of 3,000 letters"),
)


def _cases() -> Iterator[Case]:
    for number, (name, what) in enumerate(_NAMES):
        content = story(f"names of kind {number}")
        if name.endswith(".json"):
            content = '{"title": "Names", "body": "' + content.replace("\n", " ") + '"}'
        yield Case(name, f"a name with {what}", content.encode(), articles=1)


CASES = (
    *_cases(),
    Case(".hidden.txt", "a hidden file", story("hides").encode(), ignored=True),
    Case("upload.txt.part", "the name of an upload that goes on", story("uploads").encode(), ignored=True),
    Case("upload.tmp", "the name of a temporary file", story("temporaries").encode(), ignored=True),
    Case("backup.txt~", "the name of an editor's copy", story("copies").encode(), ignored=True),
)
