"""The text of an XML file, made fit for a strict parser: its encoding, its prolog, its references.

Nothing that a document type declares is honoured, and nothing it points to is
fetched: it is left out with the rest of the prolog. So no entity has a meaning of
its own here, and none can be expanded. What wires send all the same is repaired
where it can mean one thing only: HTML's names (``&nbsp;``, ``&eacute;``), an
ampersand that begins no reference, control characters, and the Windows-1252
numbers (``&#146;``) that browsers read too.
"""

import codecs
import re
from html import unescape
from html.entities import html5
from typing import NamedTuple

from newswire.reasons import Reason
from services.ingest.readers.encoding import MARKS, decode
from services.ingest.readers.record import Refused

# A character reference has at most seven digits; a longer one names no character.
_SUSPECT = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#(?:x(?:[A-Fa-f][0-9A-Fa-f]|[0-9A-Fa-f]{3,6})|1[6-9]\d|[2-9]\d\d|\d{4,7}));)"
)
_LITERAL = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
_REFERENCE = re.compile(
    rf"(?P<literal>{_LITERAL})|&(?:(?P<name>[A-Za-z_:][\w.:-]{{0,50}});|(?P<number>#\d{{1,7}}|#[xX][0-9A-Fa-f]{{1,6}});|)",
    re.DOTALL,
)
# What XML does not have, and what nobody can write as XML.
ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_OWN_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))

_PROLOG = re.compile(
    r"\s+|<\?.*?\?>|<!--.*?-->"
    r"""|<!DOCTYPE(?:"[^"]*"|'[^']*'|[^"'\[>])*+"""
    r"""(?:\[(?:"[^"]*"|'[^']*'|<!--.*?-->|<\?.*?\?>|[^\]"'<]|<(?!!--|\?))*+\]\s*)?>""",
    re.DOTALL | re.IGNORECASE,
)
# A declaration is ASCII, so every second byte of it is zero where a character has two.
HEAD_OF_WIDE = 8  # bytes

# What a construct of the prolog begins and ends with; a single "<" may be the beginning of any of them.
_UNCLOSED = (("<!--", "-->"), ("<?", "?>"), ("<!DOCTYPE", "]>"))

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][\w.:-]{0,40})["']""")

# What a file may say it is written in; some of Python's other codecs are no charsets, or take for ever.
_CHARSETS = re.compile(
    r"ascii|utf-8|utf-16(?:-[lb]e)?|utf-32(?:-[lb]e)?|iso8859-\d+|cp125\d|cp437|cp85\d|cp86\d|cp874|koi8-[rtu]|mac-\w+|"
    r"big5(?:hkscs)?|gb2312|gbk|gb18030|hz|euc_\w+|shift_jis\w*|iso2022_\w+|cp932|cp949|cp950|johab|tis-620|ptcp154"
)


class Undeclared(ValueError):
    """A reference to an entity that neither XML nor HTML has; its text is the name."""


class Prolog(NamedTuple):
    """Where the root element begins.

    Where there is none, ``lacks`` is what was expected, and ``cut`` says whether the text ends before it.
    """

    end: int
    lacks: str | None = None
    cut: bool = False


def prolog(text: str) -> Prolog:
    """What stands before the root element of ``text``: white space, declarations, comments, the document type."""
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    if re.match(r"<[^\W\d]", text[at : at + 2]):
        return Prolog(at)
    begun = text[at : at + len("<!DOCTYPE")].upper()
    lacks = next((end for start, end in _UNCLOSED if start.startswith(begun) or begun.startswith(start)), "<")
    # An internal document type that was read to its end and still makes no sense was not cut off.
    return Prolog(at, lacks, at == len(text) or (lacks != "<" and lacks not in text[at:]))


def decode_xml(data: bytes, charset: str | None = None) -> str | Refused:
    """The text of ``data``: by its byte order mark, the transport's ``charset``, its declaration, else as any text.

    What declares another charset and is valid UTF-8 with more than ASCII in it is
    UTF-8; what cannot be read as it says is read as text without a declaration.
    """
    declared = _known(charset) or _known(_declaration(data))
    marked = data.startswith(tuple(mark for mark, _ in MARKS))
    if declared is None or marked or _wide_in_name_only(declared, data):
        return decode(data)
    try:
        text = data.decode()
        if not text.isascii():
            return text
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(declared)
    except UnicodeDecodeError:
        return decode(data)


def _declaration(data: bytes) -> str | None:
    """The encoding that the XML declaration names; of a file in UTF-16 without a mark, that."""
    if data[:4] in (b"<\0?\0", b"\0<\0?"):
        return "utf-16-le" if data[0] else "utf-16-be"
    found = _DECLARED.match(data[:400].lstrip())
    return found[1].decode() if found else None


def _wide_in_name_only(declared: str, data: bytes) -> bool:
    """Whether a program wrote a string of UTF-16 to a file of UTF-8 and left the wrong name in it."""
    return declared.startswith("utf-") and b"\0" not in data[:HEAD_OF_WIDE]


def _known(charset: str | None) -> str | None:
    """The codec of ``charset``; Latin-1 is read as Windows-1252, which is what programs mean by it."""
    try:
        name = codecs.lookup(charset).name if charset and charset.isascii() else None
    except (LookupError, ValueError):
        return None
    if name is None or not _CHARSETS.fullmatch(name):
        return None
    return "cp1252" if name == "iso8859-1" else name


def fit(text: str) -> str:
    """``text``, which is markup, without what would make a strict parser refuse it for a trifle.

    Raises ``Undeclared`` at a reference that has no meaning without a document type.
    """
    if ILLEGAL.search(text):
        text = ILLEGAL.sub("", text)
    return _REFERENCE.sub(_repaired, text) if _SUSPECT.search(text) else text


def undeclared(name: str) -> Refused:
    """The refusal of a file that refers to the entity ``name``."""
    message = f"It refers to an entity of its own, &{name};, and none is expanded; write out what it stands for."
    return Refused(reason=Reason.BAD_FORMAT, message=message)


def _repaired(found: re.Match[str]) -> str:
    if found["literal"]:
        return found[0]
    if found["number"]:
        character = unescape(found[0])
        return _ESCAPES.get(character, character) if not ILLEGAL.search(character) else ""
    name = found["name"]
    if not name:
        return "&amp;" + found[0][1:]
    if name in _OWN_NAMES:
        return found[0]
    if f"{name};" not in html5:
        raise Undeclared(name)
    return "".join(_ESCAPES.get(character, character) for character in html5[f"{name};"])
