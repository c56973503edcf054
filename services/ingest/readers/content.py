"""The text that NITF and NewsML carry: NITF, XHTML, HTML written as text, or plain text."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from services.ingest.readers.encoding import clean, decode
from services.ingest.readers.markup import Flat, flatten
from services.ingest.readers.paragraphs import paragraphs
from services.ingest.readers.tree import Element, children, empty, markup, name, text_of

# Parts of the content that are not text of the article; the second line stands around the text of a page.
_ASIDE = frozenset(("note", "nitf-table-metadata", "bibliography", "media"))
_FRAME = frozenset(("header", "footer", "nav", "aside"))
_HEADINGS = frozenset(("hl1", "hl2"))

# An end tag or a paragraph: text that merely holds a "<" has neither.
_MARKUP = re.compile(r"</[a-zA-Z][\w:]{0,20}\s{0,20}>|<(?:p|br|div)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)

_INDENT = re.compile(r"\n(?=[ \t]{2,}\S)")
_LINE = re.compile(r"\n(?=[ \t]*\S)")


class Content(NamedTuple):
    """A text; ``captions`` and ``credits`` are those of its pictures and films, ``media`` is their number."""

    flat: Flat
    captions: Sequence[str] = ()
    credits: Sequence[str] = ()
    media: int = 0

    @property
    def caption(self) -> str | None:
        """All captions, a paragraph each."""
        return "\n\n".join(self.captions) or None

    @property
    def credit(self) -> str | None:
        """Every credit once."""
        return "; ".join(dict.fromkeys(self.credits)) or None


def inside(holder: Element, kind: str | None, packed: str | None = None) -> Content:
    """The content of ``holder``, whose format is said to be ``kind``; what it holds counts for more.

    ``packed`` is how its bytes were made characters: ``Base64``. What is in another
    such form, or is no text when it is unpacked, is no content.
    """
    if not len(holder):
        text = "".join(map(str, holder.itertext()))
        return Content(_read_text(_unpacked(text) if packed else text, kind))
    root = holder[0]
    if name(root).lower() == "nitf":
        return content(list(children(root, "body", "body.content")))
    return content([holder])


def content(parts: list[Element]) -> Content:
    """The text in ``parts`` (a ``body.content``, or what stands for one), which are taken apart."""
    captions: list[str] = []
    credits: list[str] = []
    media = 0
    for element in [element for part in parts for element in part.iter(etree.Element)]:
        kind = name(element)
        if kind == "media":
            media += 1
            captions += filter(None, map(text_of, children(element, "media-caption")))
            credits += filter(None, map(text_of, children(element, "media-producer")))
        if kind in _ASIDE or (kind in _FRAME and element not in parts):
            empty(element)
        elif kind in _HEADINGS:
            element.tag = "h2"
        elif kind == "p" and not len(element) and element.text:
            _split(element, element.text)
    return Content(flatten("".join(map(markup, parts))), captions, credits, media)


def _unpacked(text: str) -> str:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    found = decode(data)
    return found if isinstance(found, str) else ""


def _read_text(text: str, kind: str | None) -> Flat:
    if _MARKUP.search(text) or "html" in (kind or "").lower():
        return flatten(_apart(text, "\n<p>") if text.count("<p") <= 1 else text)
    return Flat("\n\n".join(paragraphs(clean(_apart(text)))), [])


def _split(element: Element, text: str) -> None:
    """Make every indented line of a wrapped ``p`` a paragraph of its own."""
    element.text, *rest = _apart(text).split("\n\n")
    for paragraph in filter(str.strip, rest):
        added = etree.Element("p")
        added.text = paragraph
        element.addnext(added)
        element = added


def _apart(text: str, mark: str = "\n\n") -> str:
    """``text`` with a ``mark`` before each indented line, where that is how its paragraphs are told apart.

    A program that indents for the look of it indents every line.
    """
    inner = text.strip()
    return _INDENT.sub(mark, text) if 3 * len(_INDENT.findall(inner)) < 2 * len(_LINE.findall(inner)) else text
