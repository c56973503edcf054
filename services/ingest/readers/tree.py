"""What readers ask of an XML tree.

Names are without namespaces: agencies leave them out, misspell them, and use
prefixes that they never declare. Texts are clean and on one line.
"""

import copy
from collections.abc import Iterator

from lxml import etree

from services.ingest.readers.encoding import clean

Element = etree._Element


def name(element: Element) -> str:
    """The name of ``element`` without its namespace or prefix."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


def children(element: Element | None, *path: str) -> Iterator[Element]:
    """The elements at ``path`` below ``element``, in document order."""
    if element is None:
        return
    if not path:
        yield element
        return
    for child in element:
        if name(child) == path[0]:
            yield from children(child, *path[1:])


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at ``path`` below ``element``."""
    return next(children(element, *path), None)


def attribute(element: Element | None, *names: str) -> str | None:
    """The first of the attributes ``names`` that says something; ``xml:lang`` is ``lang``."""
    if element is None:
        return None
    for wanted in names:
        value = element.get(wanted)
        if value is None:
            # Not by items(): that looks for each value from the first attribute on.
            key = next((key for key in element.attrib if _local(str(key)) == wanted), None)
            value = None if key is None else element.get(key)
        if value is not None and (text := line(value)):
            return text
    return None


def text_of(element: Element | None) -> str | None:
    """The whole text of ``element``; None where it has none."""
    return None if element is None else line("".join(map(str, element.itertext())))


def text_at(element: Element | None, *path: str) -> str | None:
    """The text of the first element at ``path`` that has any."""
    return next((text for found in children(element, *path) if (text := text_of(found))), None)


def line(text: str | None) -> str | None:
    """``text`` on one line; None where it is blank."""
    return " ".join(clean(text).split()) or None if text else None


def markup(element: Element) -> str:
    """``element`` as it was written."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def shallow(element: Element) -> Element:
    """``element`` without what is in it: its name and its attributes."""
    bare = copy.deepcopy(element)
    del bare[:]
    bare.text = bare.tail = None
    return bare


def empty(element: Element) -> None:
    """Take everything out of ``element``; the text after it stays."""
    element.clear(keep_tail=True)


def _local(written: str) -> str:
    return written.rpartition("}")[2].rpartition(":")[2]
