"""What is no part of any article and is taken out of a page's tree: menus, consent dialogs, hidden parts."""

import re

from lxml import html

from services.ingest.readers.xmltext import ILLEGAL

# Products and names of consent dialogs, in an id or a class. A topic page about cookies has none of them.
_CONSENT = re.compile(
    r"\b(?:onetrust|didomi|usercentrics|cookiebot|cybotcookie\w*|qc-cmp\d?|sp_message|truste)\b|"
    r"\b(?:cookies?|consent|gdpr|cmp|privacy)[-_]?"
    r"(?:banner|wall|notice|dialog|popup|overlay|bar|modal|layer|consent|message|manager)\b",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

# Never taken out, whatever they are called: pages hide their body until a script has run.
_KEPT = frozenset(("html", "head", "body", "main", "article"))

_NO_TEXT = frozenset(("nav", "noscript", "template"))

# An id or class that is longer is no name.
LONGEST_NAME = 500  # characters


def remove_clutter(root: html.HtmlElement) -> None:
    """Take out of ``root`` what its readers never see, or see only once."""
    found = [element for element in root.iter("*") if element.tag not in _KEPT and _is_clutter(element)]
    for element in found:
        if element.getparent() is not None:
            _drop(element)


def _drop(element: html.HtmlElement) -> None:
    """Take it out; the text behind it joins what stands before.

    A reference may give a character (``&#1;``) that lxml reads and does not write.
    """
    if element.tail:
        element.tail = ILLEGAL.sub("", element.tail)
        before, parent = element.getprevious(), element.getparent()
        if before is not None:
            before.tail = before.tail and ILLEGAL.sub("", before.tail)
        elif parent is not None:
            parent.text = parent.text and ILLEGAL.sub("", parent.text)
    element.drop_tree()


def _is_clutter(element: html.HtmlElement) -> bool:
    if element.tag in _NO_TEXT:
        return True
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
        return True
    names = f"{attributes.get('id', '')} {attributes.get('class', '')}"
    return len(names) > 1 and _CONSENT.search(names[:LONGEST_NAME]) is not None
