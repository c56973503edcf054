"""Web addresses as pages and feeds write them."""

import re
from urllib.parse import urljoin, urlsplit

from services.ingest.readers.encoding import clean

# The longest that servers and browsers agree on is far below; what is longer is data, no address.
LONGEST = 2_000  # characters

_SCHEMES = ("http", "https")
_SPACE = re.compile(r"\s+")


def address(text: str | None, base: str | None = None) -> str | None:
    """The absolute address that ``text`` stands for in a page at ``base``, without its fragment.

    None where it is none of the web, or has no host. Never raises.
    """
    written = _SPACE.sub("", clean(text)) if text else ""
    if not written or len(written) > LONGEST:
        return None
    try:
        found = urljoin(base, written) if base else written
        parts = urlsplit(found)
        host, _ = parts.hostname, parts.port  # both raise ValueError where they are nonsense
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not host:
        return None
    return parts._replace(fragment="").geturl()


def host(uri: str | None) -> str | None:
    """The host of an ``address``, without a leading ``www.``."""
    return (urlsplit(uri).hostname or "").removeprefix("www.") or None if uri else None
