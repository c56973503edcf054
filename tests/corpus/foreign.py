"""What is no text at all: pictures, films, programs, documents of offices; and names that say otherwise."""

from newswire.reasons import Reason
from tests.corpus.case import Case, story

_MAGIC = (
    ("report.pdf", "a PDF document", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"),
    (
        "locked.pdf",
        "a PDF document with a password",
        b"%PDF-1.7\n1 0 obj\n<< /Filter /Standard /V 4 /R 4 >>\ntrailer << /Encrypt 1 0 R >>\n",
    ),
    ("quay.png", "a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)),
    ("quay-png.txt", "a picture with the name of a text", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(41)),
    ("quay-jpeg.json", "a picture with the name of a list", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(40)),
    ("quay.gif", "a moving picture", b"GIF89a" + bytes(40)),
    ("quay.webp", "a picture of the web", b"RIFF\x40\0\0\0WEBPVP8 " + bytes(40)),
    ("quay.tiff", "a picture of a scanner", b"II*\0" + bytes(40)),
    ("speech.mp3", "a sound", b"ID3\x03\0\0\0" + bytes(40)),
    ("speech.ogg", "a sound", b"OggS" + bytes(40)),
    ("ferry.mkv", "a film", b"\x1aE\xdf\xa3" + bytes(40)),
    ("report.doc", "a document of an old office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)),
    ("report.rtf", "a document of a word processor", b"{\\rtf1\\ansi The inspectors wrote.}"),
    ("reports.7z", "an archive of 7-Zip", b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40)),
    ("reports.rar", "an archive of RAR", b"Rar!\x1a\x07\x01\0" + bytes(40)),
    ("tool", "a program", b"\x7fELF\x02\x01\x01\0" + bytes(60)),
    ("desk.sqlite", "a database", b"SQLite format 3\0" + bytes(100)),
)

CASES = (
    *(Case(name, what, data, (Reason.UNSUPPORTED,)) for name, what, data in _MAGIC),
    Case("ferry.mp4", "a film that has no mark", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(40), (Reason.NOT_TEXT,)),
    Case("tool.exe", "a program of Windows", b"MZ\x90\0\x03\0\0\0" + bytes(60), (Reason.NOT_TEXT,)),
    Case("text.png", "a text with the name of a picture", story("false pictures").encode(), articles=1),
    Case("text.zip", "a text with the name of an archive", story("false archives").encode(), articles=1),
    Case("text.pdf", "a text with the name of a document", story("false documents").encode(), articles=1),
    Case("text.json", "a text with the name of a list", story("false lists").encode(), (Reason.BAD_FORMAT,)),
    Case(
        "program.py", "the text of a program", b"import os\n\nif __name__ == '__main__':\n    os.abort()\n", articles=1
    ),
)
