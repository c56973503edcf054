"""A piece of HTML or XHTML that is an article, to its paragraphs and sub-headings.

For markup whose whole text is the article: the content of a feed entry, a ninjs
``body_html``, the HTML part of an e-mail. A page with menus around its article is
the business of ``html``.

The tags are scanned, no tree is built: the depth of the nesting costs nothing, a
missing end tag loses nothing, and the time is linear in the length, whatever the
markup. Nothing is fetched, no entity but a character is known.
"""

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newswire.article import Subhead
from services.ingest.readers.encoding import clean
from services.ingest.readers.paragraphs import paragraphs

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# Elements that a paragraph ends before and after. HTML's block elements, and what other vocabularies call a paragraph.
# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "block", "blockquote", "body", "bq", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "footer", "form", "head", "header", "hgroup", "hr", "html", "legend", "li",
    "main", "menu", "nav", "ol", "p", "para", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "ul",
)) | HEADINGS
# fmt: on

# Elements whose content is no text of the article; those of the second line hold text that is not markup.
LEFT_OUT = frozenset(("figure", "figcaption", "noscript", "template", "svg", "math", "object", "audio", "video"))
CODE = frozenset(("script", "style"))
LEFT_OUT_RAW = CODE | {"title", "textarea", "iframe", "noembed", "noframes", "select"}

# Between the lines of a <br>, the rows and the cells of a table. Clean text has no control characters.
_LINE, _ROW, _CELL = "\x1e", "\x1d", "\x1f"
_INSIDE = {"br": _LINE, "tr": _ROW, "td": _CELL, "th": _CELL}

# Every other element is part of its line; "" is a comment or a section.
_MEANT = BLOCKS | LEFT_OUT | LEFT_OUT_RAW | _INSIDE.keys() | {""}

_PIECE = (
    r"<(?:"
    r"!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|"
    r"!--(?:-?>|.*?(?:--!?>|\Z))|"
    r"(?P<end>/)?(?P<name>[a-zA-Z][^\s/<>]*+)(?P<attributes>{attributes})>|"
    r"[!?/][^{stop}]*+>|"
    r"(?P<open>(?=[a-zA-Z!?/]))"
    r")"
)
_WELL = re.compile(_PIECE.format(attributes=r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+""", stop=">"), re.DOTALL)
_BROKEN = re.compile(_PIECE.format(attributes="[^<>]*+", stop="<>"), re.DOTALL)

# html.unescape raises ValueError on what int() takes for an attack.
_LONG_NUMBER = re.compile(r"&#[0-9]{9,};?")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*>?", re.IGNORECASE) for name in LEFT_OUT_RAW}


class Flat(NamedTuple):
    """The text of a fragment, clean; ``captions`` are those of its figures, which are not in ``body``."""

    body: str
    subheads: list[Subhead]
    captions: Sequence[str] = ()


def flatten(fragment: str) -> Flat:
    """The paragraphs of ``fragment``, separated by a blank line.

    A heading becomes a sub-heading of the paragraph after it, and is left out
    where there is none; list items are paragraphs; a table is one, with a line
    for each row and `` | `` between its cells. Text without tags is itself. Never
    raises.
    """
    fragment = clean(fragment)
    if "<" not in fragment and "&" not in fragment:
        return Flat("\n\n".join(paragraphs(fragment)), [])
    return _Scan(fragment, LEFT_OUT).flat()


def plain(fragment: str) -> str:
    """``fragment`` as one line without its tags: a headline, a name, a caption."""
    flat = flatten(fragment)
    return " ".join((flat.body or " ".join(subhead.text for subhead in flat.subheads)).split())


def unescape(text: str) -> str:
    """``text`` with HTML's character references replaced; ``html.unescape`` that never raises."""
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


class _Tag(NamedTuple):
    """A piece of the fragment that is no text; ``name`` is in small letters, without prefix, "" for a comment."""

    start: int
    end: int
    name: str
    is_end: bool = False
    is_empty: bool = False
    cdata: str | None = None


class _Scan:
    """One pass over a fragment, which is clean; ``left_out`` are the elements that are skipped with their content."""

    def __init__(self, fragment: str, left_out: frozenset[str]) -> None:
        self._fragment = fragment
        self._left_out = left_out
        self._pieces: list[str] = []  # of the paragraph that is being read
        self._body: list[str] = []
        self._at = 0  # where the next paragraph will begin in the body
        self._subheads: list[Subhead] = []
        self._captions: list[str] = []
        self._is_heading = self._is_preformatted = False
        self._skipped = ""  # the outermost element that is being left out, and how often it is open
        self._depth = 0
        self._caption = 0  # where the last open <figcaption> begins

    def flat(self) -> Flat:
        """The result; what an element that is never closed would swallow is read instead."""
        self._read()
        if self._skipped:
            return _Scan(self._fragment, self._left_out - {self._skipped}).flat()
        body = "\n\n".join(self._body)
        if not body:  # nothing but headings: better a text of headings than none
            return Flat("\n\n".join(subhead.text for subhead in self._subheads), [], self._captions)
        return Flat(body, [subhead for subhead in self._subheads if subhead.at < self._at], self._captions)

    def _read(self) -> None:
        fragment, pieces = self._fragment, self._pieces
        position = 0
        for tag in _tags(fragment):
            if position < tag.start and not self._skipped:
                text = fragment[position : tag.start]
                pieces.append(text.replace("\n", _LINE) if self._is_preformatted else text)
            position = tag.end
            if tag.name in _MEANT:
                self._tag(tag)
        if not self._skipped:
            pieces.append(fragment[position:])
            self._end_paragraph()

    def _tag(self, tag: _Tag) -> None:
        if tag.name == "figcaption":
            self._note_caption(tag)
        if self._skipped:
            if tag.name == self._skipped:
                self._depth += -1 if tag.is_end else 1
                self._skipped = self._skipped if self._depth else ""
        elif tag.name in self._left_out:
            if not tag.is_end and not tag.is_empty:
                self._skipped, self._depth = tag.name, 1
        elif tag.name in _INSIDE:
            if not tag.is_end or tag.name == "tr":
                self._pieces.append(_INSIDE[tag.name])
        elif tag.name in BLOCKS:
            self._end_paragraph()
            self._is_heading = tag.name in HEADINGS and not tag.is_end
            if tag.name == "pre":
                self._is_preformatted = not tag.is_end
        elif tag.cdata:
            self._pieces.append(tag.cdata.replace("&", "&amp;"))

    def _note_caption(self, tag: _Tag) -> None:
        if tag.is_end and self._caption:
            self._captions.extend(filter(None, (plain(self._fragment[self._caption : tag.start]),)))
        self._caption = 0 if tag.is_end else tag.end

    def _end_paragraph(self) -> None:
        if not self._pieces:
            return
        raw = "".join(self._pieces)
        self._pieces.clear()
        if self._is_heading:
            if text := _line(raw.replace(_LINE, " ").replace(_CELL, " ").replace(_ROW, " ")):
                self._subheads.append(Subhead(text=text, at=self._at))
            return
        for text in _paragraphs(raw):
            self._body.append(text)
            self._at += len(text) + 2


def _tags(fragment: str) -> Iterator[_Tag]:
    """The tags, comments and sections of ``fragment``; an element whose content is no markup is one, content and all.

    A tag without its ``>`` was looked for to the very end. From there on a tag
    ends at the next bracket, so that no second one is.
    """
    position = 0
    expression = _WELL
    unclosed: set[str] = set()
    while tag := expression.search(fragment, position):
        if tag["open"] is not None:
            position = tag.start() if expression is _WELL else tag.end()
            expression = _BROKEN
            continue
        position = tag.end()
        name = (tag["name"] or "").lower()
        if ":" in name:
            name = name.rpartition(":")[2]
        if not name or tag["end"] or name not in _MEANT:
            yield _Tag(tag.start(), position, name, bool(tag["end"]), cdata=tag["cdata"])
            continue
        is_empty = tag["attributes"].endswith("/")
        if name in LEFT_OUT_RAW and name not in unclosed and not is_empty:
            if end := _RAW_END[name].search(fragment, position):
                position = end.end()
            elif name in CODE:
                position = len(fragment)
            unclosed.update(() if end else (name,))
        yield _Tag(tag.start(), position, name, False, is_empty)


def _paragraphs(raw: str) -> list[str]:
    """The paragraphs of what stood between two block elements: one, unless line breaks tell more apart."""
    if _ROW in raw or _CELL in raw:
        rows = (filter(None, map(_line, row.split(_CELL))) for row in raw.replace(_LINE, " ").split(_ROW))
        table = "\n".join(filter(None, map(" | ".join, rows)))
        return [table] if table else []
    if _LINE in raw:
        return paragraphs("\n".join(map(_line, raw.split(_LINE))))
    line = _line(raw)
    return [line] if line else []


def _line(text: str) -> str:
    """``text`` with its references replaced and its white space single, clean."""
    return clean(" ".join(unescape(text).replace("\u00ad", "").split()))
