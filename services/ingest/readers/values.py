"""What a value says, where a part of an article has a name: its paragraphs, one line, an instant.

For ``fields``. A value is what JSON or a table holds there: a text, a number, a
thing with a name, a list of these.
"""

import re
from datetime import datetime, tzinfo
from typing import Any

from services.ingest.readers.encoding import clean
from services.ingest.readers.instants import epoch, instant
from services.ingest.readers.markup import Flat, flatten, plain, unescape
from services.ingest.readers.names import VALUES
from services.ingest.readers.paragraphs import paragraphs
from services.ingest.readers.wire.when import moment

# What becomes of an article's text where somebody wrote markup: an end tag or a break, a mere "<" is neither.
_MARKUP = re.compile(r"</(?:p|div|h[1-6]|li|ul|ol|a|b|i|em|strong|span|blockquote|table)\s?>|<br\s?/?>", re.IGNORECASE)

# Markup that says where paragraphs are; where there is other markup alone, blank lines do.
_BLOCKS = re.compile(r"<(?:p|div|br|li|h[1-6]|tr|blockquote)[\s/>]", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n(?:[^\S\n]*\n)+")

# Where a service shows the beginning of a text: "… [+1234 chars]".
CUT_CHARACTERS = 30
_CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+?\d{1,7} chars\]\s*\Z")

# The parts of a text that is a list of objects, by their type; others are pictures, links, names.
_PARAGRAPHS = frozenset(("", "p", "text", "html", "paragraph", "sanitized_html"))

# Unix time as text; fewer digits are a day.
_NUMBER = re.compile(r"\d{9,14}(?:\.\d{1,9})?", re.ASCII)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")

_TEXT_NAMES = ("content", "rendered", "text", "value", "html")


def texts_of(value: Any) -> list[str] | None:
    """The paragraphs in ``value``: a text, a thing that holds one, or a list of these; None where it is none."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        kind = str(value.get("subtype", value.get("type", ""))).lower()
        found = next((value[key] for key in _TEXT_NAMES if key in value), None)
        return [found] if isinstance(found, str) and kind in _PARAGRAPHS else None
    if not isinstance(value, list):
        return None
    texts = [None if isinstance(one, list) else texts_of(one) for one in value]
    found = [text for some in texts if some for text in some]
    return found if found and (any(isinstance(one, dict) for one in value) or None not in texts) else None


def flat_of(texts: list[str]) -> Flat:
    """The paragraphs of ``texts``, with or without markup."""
    whole = "\n\n".join(texts)
    if cut := _CUT.search(whole, max(0, len(whole) - CUT_CHARACTERS)):
        whole = whole[: cut.start()]
    if "<" in whole and _MARKUP.search(whole):
        blocks = _BLOCKS.search(whole) if len(texts) == 1 else None
        return flatten(whole if blocks else _BLANK_LINE.sub("<p>", whole).replace("\n", "<br>"))
    if _ENTITY.search(whole):
        whole = unescape(whole)
    return Flat("\n\n".join(paragraphs(clean(whole))), [])


def line_of(value: Any) -> str | None:
    """A text of one line; a thing with a name is its name, several are joined by commas. Raises ValueError."""
    match value:
        case None:
            return None
        case str():
            return " ".join(clean(value).split()) or None
        case bool():
            raise ValueError
        case int():
            return str(value)
        case list():
            return ", ".join(dict.fromkeys(text for item in value if (text := line_of(item)))) or None
        case dict():
            texts = [one for key in VALUES if isinstance(one := value.get(key), str)]
            if texts:
                return next(filter(None, map(line_of, texts)), None)
    raise ValueError


def headline_of(text: str) -> str | None:
    """``text`` without markup."""
    return plain(text) or None if _ENTITY.search(text) or _MARKUP.search(text) else text


def instant_of(value: Any, zone: tzinfo) -> datetime:
    """The instant that ``value`` names, as text or as Unix time. Raises ValueError with the end of a sentence."""
    if isinstance(value, dict):
        value = next((value[key] for key in VALUES if key in value), value)
        return instant_of(value, zone) if not isinstance(value, dict) else instant_of(value.get("$numberLong"), zone)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return epoch(value)
    if not isinstance(value, str):
        raise ValueError("is not a text with a date")
    if _NUMBER.fullmatch(value.strip()):
        return epoch(float(value))
    try:
        return instant(value, zone)
    except ValueError:
        if found := moment(value, None, zone):
            return found
        raise
