"""Entries of feeds whose writers put markup into them without escaping it."""

import re

# The elements whose text may be markup, by their usual names.
_QUOTED = r"(?:[\w.-]{1,20}:)?(?:title|description|encoded|summary|content|abstract|full-text)"
_TAGS = re.compile(
    rf"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?P<end>/?)(?P<name>{_QUOTED})(?=[\s/>])(?P<rest>[^<>]{{0,1000}})>", re.DOTALL
)
_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")


def quoted(record: str) -> str:
    """``record`` with the markup inside its titles and texts escaped; what is escaped already stays as it is."""
    parts: list[str] = []
    position = start = 0
    open_name = ""
    for tag in _TAGS.finditer(record):
        if tag["name"] is None or tag["rest"].endswith("/"):
            continue
        if not open_name and not tag["end"]:
            open_name, start = tag["name"], tag.end()
        elif open_name == tag["name"] and tag["end"]:
            parts += [record[position:start], _escaped(record[start : tag.start()])]
            position, open_name = tag.start(), ""
    return "".join((*parts, record[position:]))


def _escaped(text: str) -> str:
    if "<![CDATA[" in text:
        return text
    return _AMPERSAND.sub("&amp;", text).replace("<", "&lt;")
