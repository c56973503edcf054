"""Files without a form: nothing in them, no text in them, text in the wrong bytes."""

from functools import partial

from newswire.reasons import Reason
from newswire.topics import BODY_CAP
from tests.corpus.case import Case, prose, story

_GREEK = "Οι επιθεωρητές έγραψαν την Παρασκευή ότι κοίταξαν {} όλη την εβδομάδα και πήγαν σπίτι πριν νυχτώσει. "
_NORDIC = "Kontrollørene så på {} hele uken, også på lørdag, og dro hjem før det ble mørkt på øya. "


def _noise(size: int, state: int = 1) -> bytes:
    """Bytes of no meaning, always the same."""
    made = bytearray()
    while len(made) < size:
        state = state * 6364136223846793005 + 1442695040888963407 & 0xFFFFFFFFFFFFFFFF
        made += (state >> 24).to_bytes(5, "big")
    return bytes(made[:size])


def _nordic(topic: str) -> str:
    return _NORDIC.format(topic) * 4


CASES = (
    Case("empty.txt", "no bytes", b"", (Reason.EMPTY,)),
    Case("empty.json", "no bytes under the name of a list", b"", (Reason.EMPTY,)),
    Case("blank.txt", "white space only", b" \r\n\t \n", (Reason.EMPTY,)),
    Case("bom.txt", "a byte order mark and no more", b"\xef\xbb\xbf", (Reason.EMPTY,)),
    Case("bom-utf16.txt", "a byte order mark of UTF-16 and no more", b"\xff\xfe", (Reason.EMPTY,)),
    Case("nuls.txt", "a file that was allocated and never written", bytes(4096), (Reason.NOT_TEXT,)),
    Case("noise.txt", "noise", _noise(5_000), (Reason.NOT_TEXT,)),
    Case("noise.bin", "noise under the name of noise", _noise(5_000, 2), (Reason.NOT_TEXT,)),
    Case("one-nul.txt", "a single NUL", b"\0", (Reason.NOT_TEXT,)),
    Case(
        "tail-of-nuls.txt",
        "a text in a file that was allocated too large",
        story("tails").encode() + bytes(4096),
        (Reason.NOT_TEXT,),
    ),
    Case("controls.txt", "only control characters", b"\x01\x02\x03\x04\x05\x06\x07", (Reason.NOT_TEXT,)),
    Case(
        "cp1252-holes.txt", "a byte that no character set of the West has", b"caf\xe9 \x81 bar", (Reason.BAD_ENCODING,)
    ),
    Case(
        "utf8-damaged.txt",
        "UTF-8 of which one byte in a hundred is lost",
        b"\xc3".join(_nordic("losses").encode()[at : at + 100] for at in range(0, 400, 100)),
        (Reason.BAD_ENCODING,),
    ),
    Case("utf8-cut.txt", "UTF-8 that ends inside a character", _nordic("ends").encode() + b"\xc3", (Reason.TRUNCATED,)),
    Case(
        "utf8-overlong.txt",
        "a slash in two bytes, as attackers write it",
        story("slashes").encode() + b"\xc0\xaf",
        (Reason.BAD_ENCODING,),
    ),
    Case(
        "utf8-surrogates.txt",
        "halves of characters in UTF-8",
        _nordic("halves").encode() + b"\xed\xa0\x80\xed\xb0\x80",
        (Reason.BAD_ENCODING,),
    ),
    Case(
        "utf16-odd.txt",
        "UTF-16 with an odd number of bytes",
        b"\xff\xfe" + story("odd ends").encode("utf-16-le")[:-1],
        (Reason.TRUNCATED,),
    ),
    Case(
        "utf16-half.txt",
        "UTF-16 with half of a pair",
        b"\xff\xfe" + "a\ud800b".encode("utf-16-le", "surrogatepass"),
        (Reason.BAD_ENCODING,),
    ),
    Case("utf16-no-bom.txt", "UTF-16 that does not say so", story("silent pairs").encode("utf-16-le"), articles=1),
    Case("utf16be-no-bom.txt", "UTF-16 the other way round", story("other pairs").encode("utf-16-be"), articles=1),
    Case("utf32.txt", "UTF-32", story("fours").encode("utf-32"), articles=1),
    Case("utf7.txt", "UTF-7, which is ASCII to everybody else", _nordic("sevens").encode("utf-7"), articles=1),
    Case("ebcdic.txt", "the character set of mainframes", story("mainframes").encode("cp500"), (Reason.BAD_ENCODING,)),
    Case("latin1.txt", "a character set that has to be guessed", _nordic("guesses").encode("latin-1"), articles=1),
    Case(
        "cp1251.txt",
        "Cyrillic of Windows",
        ("Инспекторы смотрели на порт всю неделю и ушли домой. " * 5).encode("cp1251"),
        articles=1,
    ),
    Case("iso-8859-7.txt", "Greek in single bytes", (_GREEK.format("το λιμάνι") * 4).encode("iso-8859-7"), articles=1),
    Case(
        "mojibake.txt",
        "UTF-8 that was taken for Windows-1252",
        _nordic("mojibake").encode().decode("cp1252").encode(),
        articles=1,
    ),
    Case(
        "mojibake-twice.txt",
        "the same, twice",
        _nordic("twofold mojibake").encode().decode("cp1252").encode().decode("cp1252").encode(),
        articles=1,
    ),
    Case(
        "escapes.txt",
        "text full of sequences that command a terminal",
        b"\x1b[1mRed\x1b[0m \x1b]0;owned\x07" * 40,
        (Reason.NOT_TEXT,),
    ),
    Case("bidi.txt", "text that turns round the text after it", story("turns \u202e\u2066").encode(), articles=1),
    Case("headline.txt", "a headline alone", b"date 2026-02-13 Inspectors report", (Reason.NO_BODY,)),
    Case("header.txt", "a date alone", b"date 2026-02-13\n", (Reason.NO_BODY,)),
    Case("caption.txt", "a caption alone", b"The inspectors on their way home. (Photo: NTB)\n", (Reason.NO_BODY,)),
    Case(
        "month-13.txt",
        "a date in the thirteenth month",
        story("months").replace("02-13", "13-13").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "february-30.txt",
        "a day that there is not",
        story("days").replace("02-13", "02-30").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case("year-0.txt", "a date in the year 0", story("zero").replace("2026", "0000").encode(), (Reason.BAD_FORMAT,)),
    Case(
        "year-9999.txt",
        "a date in the year 9999",
        story("far ends").replace("2026", "9999").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case("long-line.txt", "one line of 300,000 characters", prose("long lines").encode() * 1_500, articles=1),
    Case("long-word.txt", "one word of 300,000 letters", b"word" + b"x" * 300_000, articles=1),
    Case(
        "long-article.txt",
        "a text of more than an article may have",
        partial(bytes.ljust, prose("long texts").encode(), BODY_CAP + 1, b"x"),
        (Reason.TOO_LARGE,),
    ),
    Case(
        "long-file.txt",
        "a text of more than a document may have",
        lambda: prose("files").encode() * 150_000,
        (Reason.TOO_LARGE,),
    ),
    Case("dashes.txt", "a million dashes", b"-" * 1_000_000, articles=1),
    Case("brackets.txt", "a million angle brackets", b"<" * 1_000_000, articles=1),
)
