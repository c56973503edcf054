"""XML from anybody: which root it has, its tree, and what to say of XML that has no reader.

Parsed strictly, after ``xmltext`` has left out the prolog and repaired trifles:
no document type, no entity, no network; at most 256 levels (libxml2's own limit)
and ``MOST_TAGS``.
"""

import functools
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lxml import etree
from msgspec.structs import replace

from newswire.reasons import Reason
from services.ingest.readers import tree
from services.ingest.readers.encoding import BLANK, clean, loosely
from services.ingest.readers.format import Context, Head
from services.ingest.readers.record import Record, Refused
from services.ingest.readers.xmltext import Undeclared, decode_xml, fit, prolog, undeclared

# Each tag and attribute costs about 200 bytes of memory, whatever its size; an article has a few hundred of them.
MOST_TAGS = 500_000

# Errors of libxml2.
_NEVER_CUT = frozenset((5, 76))  # more after the root element; an end tag that is not that of the open element
_LIMITS = frozenset((1, 114))  # it gave up: for want of memory or at a limit of its own
_NAMESPACES = frozenset((201, 202))  # a prefix that is not declared, a name with two colons

# What may stand after the place where the parser gave up, for the file to be one that was cut off: "![CDATA".
_LONGEST_CUT = 8  # characters

# A document that may not be published yet shows nothing of itself in a letter, and a broken one cannot be asked: the
# names of elements and codes in any of the formats.
_HELD = re.compile(r"""[<:/"'](?:embargo\w*|withheld)\b|\bdate\.release\b""", re.IGNORECASE)

_START = re.compile(r"<(?:[\w.-]{1,100}:)?(?P<name>[^\W\d][\w.-]{0,100})(?=[\s/>]|\Z)[^<>]{0,4000}")
_WIDE = ("<\0?\0", "\0<\0?")
# As which all XML and HTML begins, without a byte order mark and white space.
BEGINNINGS = ("<", "\0<")


class Root(NamedTuple):
    """The root element as its start tag has it: its name without a prefix, and the tag with its attributes."""

    name: str
    tag: str


@functools.lru_cache(maxsize=1)  # each format of XML asks for it
def root(head: Head) -> Root | None:
    """The root element of a file that is markup, found without a parser."""
    if not head.text.startswith(BEGINNINGS):
        return None
    text = head.text
    if text[:4] in _WIDE:
        text = head.data.decode("utf-16-le" if text[0] == "<" else "utf-16-be", "replace")
    found = _START.match(text, prolog(text).end)
    return Root(found["name"], found[0]) if found else None


def has_root(*names: str) -> Callable[[Head], bool]:
    """What recognises files that have one of ``names`` as their root element."""

    def recognises(head: Head) -> bool:
        found = root(head)
        return found is not None and found.name in names

    return recognises


def parse(data: bytes, context: Context) -> tree.Element | Refused:
    """The root element of ``data``; refused as ``truncated`` where it only lacks its end, else as ``bad_format``."""
    found = _root_of(data, context)
    if isinstance(found, Refused) and _HELD.search(loosely(data)):
        return replace(found, original=b"")
    return found


def _root_of(data: bytes, context: Context) -> tree.Element | Refused:
    text = decode_xml(data, context.charset)
    if isinstance(text, Refused):
        return text
    if not text.strip():
        return Refused(reason=Reason.EMPTY, message=BLANK)
    start = prolog(text)
    if start.lacks:
        return _truncated("before its first element") if start.cut else _malformed("it has no element")
    try:
        text = fit("\n" * text.count("\n", 0, start.end) + text[start.end :])
    except Undeclared as error:
        return undeclared(str(error))
    if text.count("<") + text.count('="') + text.count("='") > MOST_TAGS:
        message = f"It has more than {MOST_TAGS:,} tags and attributes; split it."
        return Refused(reason=Reason.TOO_LARGE, message=message)
    return _parsed(text)


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _parsed(text: str) -> tree.Element | Refused:
    strict = _parser()
    try:
        return etree.fromstring(text.encode(), strict)
    except etree.XMLSyntaxError:
        errors = [entry for entry in strict.error_log if entry.type not in _NAMESPACES]
    if not errors:  # prefixes that nobody declared are all that is wrong with it: then the names without them will do
        return etree.fromstring(text.encode(), _parser(recover=True))
    rest = text.split("\n", errors[0].line - 1)[-1][max(0, errors[0].column - 1) :].rstrip()
    return _refusal(errors[0], at_end=len(rest) <= _LONGEST_CUT and ">" not in rest)


def _refusal(error: etree._LogEntry, *, at_end: bool) -> Refused:
    """The refusal of a file because of the parser's first ``error``, which is or is not at its end."""
    if error.type in _LIMITS:
        return _malformed("it is nested too deeply, or has a text of more than 10 MB")
    if at_end and error.type not in _NEVER_CUT:
        return _truncated("in the middle")
    return _malformed(f"{clean(error.message)[:120]}, line {error.line}")


def _truncated(where: str) -> Refused:
    return Refused(reason=Reason.TRUNCATED, message=f"Its XML ends {where}; send it again, whole.")


def _malformed(why: str) -> Refused:
    message = f"It is not well-formed XML ({why}); correct it and drop it again."
    return Refused(reason=Reason.BAD_FORMAT, message=message)


# XML that has no reader of its own.

# HTML is no XML, whatever it begins with.
_HTML = frozenset(("html", "HTML", "body", "BODY", "head", "HEAD", "div", "p", "P", "table", "TABLE"))


def recognises(head: Head) -> bool:
    """What declares itself to be XML or is named so, and is no page."""
    found = root(head)
    if found is None:
        return head.text.startswith("<?xml") or head.text[:4] in _WIDE
    return found.name not in _HTML and (head.text.startswith(("<?xml", *_WIDE)) or head.name.endswith(".xml"))


def read(data: bytes, context: Context) -> Iterable[Record]:
    """Nothing but a refusal, which says what it is; what is cut off or broken is told so."""
    found = parse(data, context)
    if isinstance(found, Refused):
        return [found]
    message = (
        f"It is XML of a kind that is not read (its root element is <{tree.name(found)[:40]}>);"
        " drop the article as NITF, NewsML, RSS, Atom or text."
    )
    return [Refused(reason=Reason.UNSUPPORTED, message=message)]
