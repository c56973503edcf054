"""Web pages: the article in a page, without the menus, related links, comments and banners around it.

The main text is found by trafilatura in its fast mode, which lost the least of the
libraries measured (``make eval-html``); everything else by ``page``. Where
schema.org in the head carries the whole text and the page does not, that is the
text. Nothing is fetched and no script runs.
"""

import logging
import re
from collections.abc import Iterable

import trafilatura
from lxml import etree, html

from newswire.reasons import Reason
from newswire.topics import BODY_CAP
from services.ingest.readers.address import address
from services.ingest.readers.clutter import remove_clutter
from services.ingest.readers.encoding import BLANK
from services.ingest.readers.format import Context, Head
from services.ingest.readers.markup import Flat, flatten
from services.ingest.readers.page import Element, Page, is_front_page, page, site_of
from services.ingest.readers.parts import credit_of, marked_parts
from services.ingest.readers.record import RawArticle, Record, Refused
from services.ingest.readers.tree import line
from services.ingest.readers.xmltext import decode_xml

# The largest pages, tickers of a whole day, have 50,000; the time grows with them, up to 4 s in the worst case.
MOST_TAGS = 75_000

# Twice what an article may have, for everything around its text.
MOST_CHARACTERS = 2 * BODY_CAP

# Of one tag; the largest have some sixty. The parser compares each with those before it.
MOST_ATTRIBUTES = 250

# Layouts of the nineties have six tables; trafilatura looks at everything in a table once for each table around it, and
# at each article once for each around it.
MOST_NESTED = 10  # inside one another

# schema.org's text is preferred where the page shows less than this share of it.
SHOWN = 0.5

# An article with less is a headline, a notice or the beginning of one behind a wall. Characters, because not every
# script puts spaces between words.
FEWEST_CHARACTERS = 50
# A list of articles has that many headings that are links, and a teaser is shorter than that.
TEASERS = 5
TEASER_CHARACTERS = 150

_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔][\"'”’»」』)\]]*$", re.MULTILINE)
_BEGINNING = re.compile(
    r"(?:\s++|<\?xml[^>]*+>|(?><!--.*?-->))*+<(?:!doctype\s+html|html|head|body|meta|title|link|script|article|section|main|header|"
    r"div|p|h[1-6]|table|ul|ol|blockquote|span|b|i|em|strong|a|br|center|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_VALUE = r"""=\s*+(?:"[^"]*+"|'[^']*+')"""
_ATTRIBUTES = rf"(?:[^>=]++|{_VALUE}|=)*+"
_QUOTED = re.compile(_VALUE)
# What stands in comments, scripts and styles is no tag.
_TAG = re.compile(
    rf"<(?:!--.*?(?:-->|\Z)|(?P<raw>script|style)\b(?P<its>{_ATTRIBUTES}).*?(?:</(?P=raw)|\Z)|"
    rf"[a-z][^\s/>]*+(?P<all>{_ATTRIBUTES}))",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)

# The words of trafilatura's trees that HTML has others for.
_TAGS = {"head": "h2", "list": "ul", "item": "li", "row": "tr", "cell": "td", "lb": "br", "quote": "blockquote"}

# Its warnings quote the page.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def recognises(head: Head) -> bool:
    """By its doctype, or an element of HTML at the beginning."""
    return bool(_BEGINNING.match(head.text))


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``."""
    text = decode_xml(data, context.charset or _declared(data))
    if isinstance(text, Refused):
        return [text]
    if not text.strip():
        return [Refused(reason=Reason.EMPTY, message=BLANK)]
    if what := _excess(text):
        message = f"It is a page with more than {what}; send the article alone."
        return [Refused(reason=Reason.TOO_LARGE, message=message)]
    root = _parsed(text)
    if root is None:
        return [Refused(reason=Reason.NO_BODY, message="It is a page without any text; send the article itself.")]
    return [_article(root, None if _WHOLE.search(text) else flatten(text), context)]


def _excess(text: str) -> str | None:
    """What a page has too much of to be looked at in time."""
    if text.count("<") > MOST_TAGS:
        return f"{MOST_TAGS:,} tags"
    shown = len(text)
    for tag in _TAG.finditer(text):
        shown -= tag.end() - tag.start()
        attributes = tag["its"] or tag["all"] or ""
        # The shortest has a letter and a blank.
        if len(attributes) > 2 * MOST_ATTRIBUTES and len(_QUOTED.sub(" ", attributes).split()) > MOST_ATTRIBUTES:
            return f"{MOST_ATTRIBUTES:,} attributes in a tag"
    return f"{MOST_CHARACTERS:,} characters of text" if shown > MOST_CHARACTERS else None


def _declared(data: bytes) -> str | None:
    """The charset in a ``<meta>``, looked for as far as browsers do and a bit further."""
    found = _META_CHARSET.search(data[:8192])
    return found[1].decode() if found else None


def _parsed(text: str) -> Element | None:
    # With huge_tree 2,048 levels instead of 256; what lies deeper would be lost.
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root if isinstance(root, html.HtmlElement) else None


def _article(root: Element, fragment: Flat | None, context: Context) -> Record:
    """The article in a page, or the one that a ``fragment`` of a page is."""
    about = page(root, address(context.uri), context.zone)
    if is_front_page(about.uri) and not about.is_article:
        message = f"It is the front page of {site_of(about)}, not an article; send the pages of the articles."
        return Refused(reason=Reason.UNSUPPORTED, message=message)
    caption = next(filter(None, (line(caption.text_content()) for caption in root.iter("figcaption"))), None)
    remove_clutter(root)
    flat = _without_title(fragment or _body(root, about), about.title)
    parts = marked_parts(flat.body, flat.subheads)
    if len(parts.body) < FEWEST_CHARACTERS or _is_list(parts.body, about):
        message = "No article was found in the page; send the article's own page, or its text."
        return Refused(reason=Reason.NO_BODY, message=message)
    credit = credit_of(caption) if caption else None
    if caption and credit:
        caption = caption[: credit.start()].strip() or None
    return RawArticle(
        title=about.title,
        body=parts.body,
        subheads=parts.subheads,
        caption=caption,
        credit=(credit[1] or credit[2]).strip() if credit else None,
        byline=about.byline or parts.byline,
        agency=about.agency or parts.agency,
        dateline=parts.dateline,
        language=about.language,
        published_at=about.published_at or parts.instant(context.zone),
        updated_at=about.updated_at,
        uri=about.uri,
    )


def _is_list(body: str, about: Page) -> bool:
    """Whether it is a list of articles, or a menu: nothing says that it is an article, and no long text does either."""
    if about.is_article or about.published_at or about.byline:
        return False
    if not _SENTENCE_END.search(body):
        return True
    is_short = all(len(paragraph) < TEASER_CHARACTERS for paragraph in body.split("\n\n"))
    return is_short and about.linked_headings >= TEASERS


def _body(root: Element, about: Page) -> Flat:
    """The text of the page; what schema.org says it is, where the page shows much less."""
    shown = _extracted(root)
    if not about.full:
        return shown
    full = flatten(about.full)
    # Of two texts that are the same, the one whose paragraphs are told apart.
    is_better = shown.body.split() == full.body.split() and full.body.count("\n\n") > shown.body.count("\n\n")
    return full if is_better or len(shown.body) < SHOWN * len(full.body) else shown


def _extracted(root: Element) -> Flat:
    """The main text. ``root`` is not good for anything afterwards."""
    for tag in ("table", "article"):
        for element in _nested(root, tag):
            element.tag = "div"
    try:
        found = trafilatura.bare_extraction(root, fast=True, include_comments=False, with_metadata=False)
    except Exception:
        return Flat("", [])
    body = getattr(found, "body", None)
    if body is None:
        return Flat("", [])
    for element in body.iter(*_TAGS):
        element.tag = _TAGS[element.tag]
    return flatten(etree.tostring(body, encoding="unicode"))


def _nested(root: Element, tag: str) -> list[Element]:
    """The elements of this kind that are in more than `MOST_NESTED` others; one walk, however deep they are."""
    found: list[Element] = []
    inside = 0
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=tag):
        inside += 1 if event == "start" else -1
        if event == "start" and inside > MOST_NESTED:
            found.append(element)
    return found


def _without_title(flat: Flat, title: str | None) -> Flat:
    """``flat`` without the headline above it."""
    subheads = [subhead for subhead in flat.subheads if subhead.at or subhead.text != title]
    return flat._replace(subheads=subheads)
