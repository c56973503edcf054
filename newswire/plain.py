"""Whether a text has nothing in it that wants cleaning, told at the speed of memory."""

import re

# Faster than asking whether they are in it: that stops at every space.
_TWO_SPACES = re.compile("  ").search
_PLAIN = bytes((ord("\n"), *range(ord(" "), ord("~") + 1)))
# The last text that was asked about, and the answer: each step of reading one asks the same of it.
_last = ("", True)


def is_plain(text: str) -> bool:
    """Whether every character is a line feed or printable; of white space, only the space is."""
    global _last  # noqa: PLW0603 - both in one, so that another thread sees a pair that belongs together
    known, answer = _last
    if known is not text:
        # What is left is little: the characters beyond ASCII, and the controls.
        rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
        answer = not rest or rest.decode("utf-8", "surrogatepass").isprintable()
        _last = (text, answer)
    return answer


def is_tidy(text: str) -> bool:
    """Whether it is plain and no two of its spaces stand together: so are all of its lines."""
    return not _TWO_SPACES(text) and is_plain(text)
